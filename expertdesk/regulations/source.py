"""Reads a YAML file as nodes that know their line; nothing is guessed.

Every plain value stays the text it was typed as (`NO` is Norway, `on` is a word, 1.10 keeps its nought); the schema
alone turns text into numbers, dates and flags. A key given twice is refused. Aliases and tags are refused as well: a
table must read the same to a person as to the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.problems import Problem

_NOTHING = ("", "~", "null")
# the one in C is ten times as fast and gives the same nodes and marks
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Item:
    """A node: text (None for an empty plain value), a list, or a map; with the line it begins on."""

    line: int
    text: str | None = None
    items: tuple[Item, ...] | None = None
    pairs: tuple[tuple[str, Item], ...] | None = None

    @property
    def is_nothing(self) -> bool:
        """An empty plain value: nothing was filled in."""
        return self.text is None and self.items is None and self.pairs is None

    def child(self, key: str) -> Item | None:
        return next((item for name, item in self.pairs or () if name == key), None)


_parsed: dict[str, Item] = {}
_MOST_KEPT = 64  # the shipped files and a bureau's own


class _Refused(Exception):
    def __init__(self, line: int, sentence: Bilingual) -> None:
        super().__init__(sentence.en)
        self.line = line
        self.sentence = sentence


def read_source(path: Path, problems: list[Problem]) -> Item | None:
    """The file as nodes, or None with a problem added."""
    try:
        return read_text(path.read_text(encoding="utf-8"), path.name, problems)
    except (OSError, UnicodeDecodeError) as error:
        sentence = Bilingual(f"文件无法读取（{error}）。", f"The file cannot be read ({error}).")
        problems.append(Problem(path.name, 0, sentence))
        return None


def read_text(text: str, name: str, problems: list[Problem]) -> Item | None:
    """As read_source, from a text that is already in memory. A text without a fault is parsed once a process."""
    if text in _parsed:
        return _parsed[text]
    before = len(problems)
    root = _parse(text, name, problems)
    if root is not None and len(problems) == before and len(_parsed) < _MOST_KEPT:
        _parsed[text] = root
    return root


def _parse(text: str, name: str, problems: list[Problem]) -> Item | None:
    try:
        _refuse_aliases(text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or "syntax"
        sentence = Bilingual(f"不是有效的 YAML：{what}。", f"This is not valid YAML: {what}.")
        problems.append(Problem(name, mark.line + 1 if mark else 0, sentence))
        return None
    except yaml.YAMLError as error:
        problems.append(Problem(name, 0, Bilingual(f"不是有效的 YAML：{error}。", f"This is not valid YAML: {error}.")))
        return None
    except _Refused as error:
        problems.append(Problem(name, error.line, error.sentence))
        return None
    if node is None:
        problems.append(Problem(name, 0, Bilingual("文件是空的。", "The file is empty.")))
        return None
    return _item(node, name, problems)


def _refuse_aliases(text: str) -> None:
    for event in _events(text):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            zh = "不允许使用锚点和引用，请写出完整内容。"
            sentence = Bilingual(zh, "Anchors and aliases are not allowed; write it out.")
            raise _Refused(event.start_mark.line + 1, sentence)
        tag = getattr(event, "tag", None)
        if tag:
            sentence = Bilingual(f"不允许使用标签“{tag}”。", f"The tag {tag!r} is not allowed.")
            raise _Refused(event.start_mark.line + 1, sentence)


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def _item(node: yaml.Node, name: str, problems: list[Problem]) -> Item:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        is_nothing = node.style is None and node.value in _NOTHING
        return Item(line, text=None if is_nothing else str(node.value))
    if isinstance(node, yaml.SequenceNode):
        return Item(line, items=tuple(_item(child, name, problems) for child in node.value))
    pairs: list[tuple[str, Item]] = []
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in seen:
            sentence = Bilingual(f"“{key}”写了两次。", f"“{key}” is given twice.")
            problems.append(Problem(name, key_node.start_mark.line + 1, sentence))
            continue
        seen.add(key)
        pairs.append((key, _item(value_node, name, problems)))
    return Item(line, pairs=tuple(pairs))
