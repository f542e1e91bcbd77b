"""A message ready to be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A message ready to be read. `path` is the page it leads to, "" when there is none."""

    subject: str
    paragraphs: tuple[str, ...]
    path: str = ""
