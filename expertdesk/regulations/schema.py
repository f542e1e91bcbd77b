"""What the fields of a table may hold: small typed readers that turn a node into a value or name the fault.

A reader never raises: it adds a Problem and returns None, so that every fault of every table is reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.problems import Problem
from expertdesk.regulations.source import Item

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]{1,12}")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")


class Record:
    """An immutable bag of named values; a name that is not there is an AttributeError with the names there are."""

    __slots__ = ("values",)
    values: Mapping[str, Any]

    def __init__(self, values: Mapping[str, Any]) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(values)))

    def __getattr__(self, name: str) -> Any:
        if name == "values":
            raise AttributeError(name)
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"no {name!r}; there are {sorted(self.values)}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a rule is read-only")

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and dict(self.values) == dict(other.values)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.values)))

    def __repr__(self) -> str:
        return f"Record({dict(self.values)!r})"


@dataclass
class Report:
    """Where the readers leave their problems; knows the file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, item: Item, zh: str, en: str) -> None:
        self.problems.append(Problem(self.file, item.line, Bilingual(zh, en)))


class Field:
    """Base of the readers. `required`: the key must be there; `default` is the value when it is not."""

    def __init__(self, *, required: bool = False, default: Any = None) -> None:
        self.required = required
        self.default = default

    def read(self, item: Item, where: str, report: Report) -> Any:
        raise TypeError(f"{type(self).__name__} does not read")

    def _words(self, item: Item, where: str, report: Report) -> str | None:
        if item.text is None or item.items is not None or item.pairs is not None:
            report.add(item, f"“{where}”必须填写一个值。", f"“{where}” must be one value.")
            return None
        return item.text


class Text(Field):
    """Any text that is not empty."""

    def read(self, item: Item, where: str, report: Report) -> str | None:
        text = self._words(item, where, report)
        if text is not None and not text.strip():
            report.add(item, f"“{where}”不能为空。", f"“{where}” must not be empty.")
            return None
        return text


class Choice(Field):
    """One of the given words."""

    def __init__(self, *allowed: str, required: bool = False, default: Any = None) -> None:
        super().__init__(required=required, default=default)
        self.allowed = allowed

    def read(self, item: Item, where: str, report: Report) -> str | None:
        text = self._words(item, where, report)
        if text is not None and text not in self.allowed:
            known = ", ".join(self.allowed)
            report.add(item, f"“{where}”是“{text}”，只能是：{known}。", f"“{where}” is “{text}”; allowed: {known}.")
            return None
        return text


class Whole(Field):
    """A whole number."""

    def read(self, item: Item, where: str, report: Report) -> int | None:
        text = self._words(item, where, report)
        if text is None:
            return None
        if not _WHOLE.fullmatch(text):
            report.add(item, f"“{where}”是“{text}”，应为整数。", f"“{where}” is “{text}”; it must be a whole number.")
            return None
        return int(text)


class Amount(Field):
    """A decimal number, exact as typed; never a float: no exponent, no infinity."""

    def read(self, item: Item, where: str, report: Report) -> Decimal | None:
        text = self._words(item, where, report)
        if text is None:
            return None
        if not _AMOUNT.fullmatch(text):
            zh = f"“{where}”是“{text}”，应为十进制数。"
            report.add(item, zh, f"“{where}” is “{text}”; it must be a plain decimal number.")
            return None
        return Decimal(text)


class Day(Field):
    """A day as YYYY-MM-DD that exists."""

    def read(self, item: Item, where: str, report: Report) -> date | None:
        text = self._words(item, where, report)
        if text is None:
            return None
        try:
            if not _DAY.fullmatch(text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            zh = f"“{where}”是“{text}”，应为存在的日期（YYYY-MM-DD）。"
            report.add(item, zh, f"“{where}” is “{text}”; it must be a day that exists, as YYYY-MM-DD.")
            return None


class Flag(Field):
    """true or false, spelt out; yes, no, on and off are not understood."""

    def __init__(self, *, required: bool = False, default: bool = False) -> None:
        super().__init__(required=required, default=default)

    def read(self, item: Item, where: str, report: Report) -> bool | None:
        text = self._words(item, where, report)
        if text is not None and text not in ("true", "false"):
            zh = f"“{where}”是“{text}”，只能是 true 或 false。"
            report.add(item, zh, f"“{where}” is “{text}”; it must be true or false.")
            return None
        return text == "true"


class Both(Field):
    """A name or sentence in both languages: {zh: …, en: …}."""

    def read(self, item: Item, where: str, report: Report) -> Bilingual | None:
        if item.pairs is None:
            report.add(item, f"“{where}”须有 zh 和 en。", f"“{where}” needs zh and en.")
            return None
        for name, child in item.pairs:
            if name not in ("zh", "en"):
                report.add(child, f"“{where}”中不认识“{name}”。", f"“{where}” has an unknown “{name}”.")
        texts: dict[str, str] = {}
        for language in ("zh", "en"):
            child = item.child(language)
            if child is None or child.text is None or not child.text.strip():
                zh, en = ("中文", "Chinese") if language == "zh" else ("英文", "English")
                report.add(child or item, f"“{where}”缺少{zh}。", f"“{where}” lacks its {en} text.")
            else:
                texts[language] = child.text
        return Bilingual(**texts) if len(texts) == len(("zh", "en")) else None


class ListOf(Field):
    """A list of one kind; absent = empty. A single value stands for a list of one when `or_one`."""

    def __init__(self, kind: Field, *, required: bool = False, or_one: bool = False, filled: bool = False) -> None:
        super().__init__(required=required, default=())
        self.kind = kind
        self.or_one = or_one
        self.filled = filled

    def read(self, item: Item, where: str, report: Report) -> tuple[Any, ...] | None:
        if item.items is None:
            if self.or_one and item.text is not None:
                return (self.kind.read(item, where, report),)
            report.add(item, f"“{where}”应为列表。", f"“{where}” must be a list.")
            return None
        if self.filled and not item.items:
            report.add(item, f"“{where}”不能为空。", f"“{where}” must not be empty.")
        return tuple(self.kind.read(child, f"{where}[{n}]", report) for n, child in enumerate(item.items, 1))


class MapOf(Field):
    """A map from codes to one kind; absent = empty."""

    def __init__(self, kind: Field, *, keys: tuple[str, ...] = (), required: bool = False) -> None:
        super().__init__(required=required, default=MappingProxyType({}))
        self.kind = kind
        self.keys = keys

    def read(self, item: Item, where: str, report: Report) -> Mapping[str, Any] | None:
        if item.pairs is None:
            report.add(item, f"“{where}”应为键值对。", f"“{where}” must be a map.")
            return None
        for name, child in item.pairs:
            if self.keys and name not in self.keys:
                known = ", ".join(self.keys)
                zh = f"“{where}”中不认识“{name}”（{known}）。"
                report.add(child, zh, f"“{where}” has an unknown “{name}” ({known}).")
        return MappingProxyType({name: self.kind.read(child, f"{where}.{name}", report) for name, child in item.pairs})


class RecordOf(Field):
    """A map with exactly these fields."""

    def __init__(self, fields: Mapping[str, Field], *, required: bool = False) -> None:
        super().__init__(required=required)
        self.fields = fields

    def read(self, item: Item, where: str, report: Report) -> Record | None:
        values = read_fields(item, self.fields, where, report)
        return None if values is None else Record(values)


def read_fields(item: Item, fields: Mapping[str, Field], where: str, report: Report) -> dict[str, Any] | None:
    """The values of a map by its schema: unknown and missing keys are faults, an empty optional one is its default."""
    if item.pairs is None:
        report.add(item, f"“{where}”应为键值对。", f"“{where}” must be a map.")
        return None
    given = dict(item.pairs)
    for name, child in given.items():
        if name not in fields:
            report.add(child, f"“{where}”中不认识“{name}”。", f"“{where}” has an unknown field “{name}”.")
    values: dict[str, Any] = {}
    for name, kind in fields.items():
        child = given.get(name)
        if child is None or child.is_nothing:
            if kind.required:
                report.add(child or item, f"“{where}”缺少“{name}”。", f"“{where}” lacks “{name}”.")
            values[name] = kind.default
        else:
            values[name] = kind.read(child, f"{where}.{name}", report)
    return values
