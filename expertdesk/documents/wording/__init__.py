"""Dated wording of the letters, both languages together. A new wording is a new row; an old row is never
edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from expertdesk.foundation.locale import Bilingual

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Wording:
    kind: str
    version: str
    valid_from: date
    texts: dict[str, Bilingual]

    def get(self, key: str, lang: str, **values: object) -> str:
        """The text with its placeholders filled; a value is never read as a template itself."""
        text = self.texts[key].text(lang)
        return text.format(**values) if values else text


@lru_cache(maxsize=32)
def versions(kind: str) -> tuple[Wording, ...]:
    """All wordings of a letter, the newest first."""
    rows = yaml.safe_load((FOLDER / f"{kind.lower()}.yaml").read_text(encoding="utf-8"))
    shared = yaml.safe_load((FOLDER / "shared.yaml").read_text(encoding="utf-8"))
    out = []
    for row in rows:
        texts = {key: Bilingual(*pair) for key, pair in {**shared, **row["texts"]}.items()}
        out.append(Wording(kind, row["version"], row["valid_from"], texts))
    return tuple(sorted(out, key=lambda wording: wording.valid_from, reverse=True))


def wording(kind: str, day: date) -> Wording:
    """The wording in force on a day. Raises LookupError before the first one."""
    for candidate in versions(kind):
        if candidate.valid_from <= day:
            return candidate
    raise LookupError(f"no wording of {kind} on {day}")
