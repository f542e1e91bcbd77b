"""Reads the shipped tables and a bureau's own, by their schemas, and refuses what does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.problems import Problem
from expertdesk.regulations.rows import Row
from expertdesk.regulations.schema import Both, Choice, Day, ListOf, Record, RecordOf, Report, Text, read_fields
from expertdesk.regulations.shapes import COMMON, CONFIDENCES, FILES, NATION, SHAPES
from expertdesk.regulations.source import Item, read_source

SHIPPED = Path(__file__).parent / "tables"

_DEFAULTS = RecordOf(
    {
        "valid_from": Day(),
        "valid_to": Day(),
        "region": Text(default=NATION),
        "source": ListOf(Text()),
        "confidence": Choice(*CONFIDENCES),
        "decision": Choice("ours"),
    }
)
_HEAD = {"title": Both(required=True), "note": Both(), "defaults": _DEFAULTS}


@dataclass(frozen=True)
class Table:
    """A table as read: its code, title, note and every row of every date and region, in the order of the file."""

    code: str
    file: str
    line: int
    title: Bilingual
    note: Bilingual | None
    rows: tuple[Row, ...]


def read_tables(overrides: Path | None) -> tuple[dict[str, Table], list[Problem]]:
    """Every table of the schema. A file of the same name in `overrides` replaces the shipped file; a file there that
    we do not know is a problem."""
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    for name in FILES:
        path = SHIPPED / f"{name}.yaml"
        own = overrides / path.name if overrides else None
        chosen = own if own and own.is_file() else path
        if not chosen.is_file():
            problems.append(Problem(path.name, 0, Bilingual("缺少此规则文件。", "This rule file is missing.")))
            continue
        root = read_source(chosen, problems)
        if root is not None:
            report = Report(path.name, problems)
            tables.update(_read_file(name, root, report))
    for own in sorted(overrides.glob("*.yaml")) if overrides else ():
        if own.stem not in FILES:
            known = ", ".join(FILES)
            zh = f"没有名为“{own.stem}”的规则文件（{known}）。"
            sentence = Bilingual(zh, f"There is no rule file “{own.stem}” ({known}).")
            problems.append(Problem(own.name, 0, sentence))
    return tables, problems


def _read_file(name: str, root: Item, report: Report) -> dict[str, Table]:
    body = root.child("tables")
    expected = [code for code, shape in SHAPES.items() if shape.file == name]
    for key, item in root.pairs or ():
        if key != "tables":
            report.add(item, f"不认识“{key}”，文件只含 tables。", f"Unknown “{key}”; a file holds only tables.")
    if body is None or body.pairs is None:
        report.add(root, "文件应以 tables: 开头。", "The file must begin with tables:.")
        return {}
    found: dict[str, Table] = {}
    for code, item in body.pairs:
        if code not in expected:
            known = ", ".join(expected)
            report.add(item, f"本文件没有表“{code}”（{known}）。", f"This file has no table “{code}” ({known}).")
            continue
        table = _read_table(code, item, report)
        if table is not None:
            found[code] = table
    for code in expected:
        if code not in found and body.child(code) is None:
            report.add(body, f"缺少表“{code}”。", f"The table “{code}” is missing.")
    return found


def _read_table(code: str, item: Item, report: Report) -> Table | None:
    if item.pairs is None:
        report.add(item, f"表“{code}”应为键值对。", f"The table “{code}” must be a map.")
        return None
    rows_item = item.child("rows")
    head_item = Item(item.line, pairs=tuple(pair for pair in item.pairs if pair[0] != "rows"))
    head = read_fields(head_item, _HEAD, code, report) or {}
    if rows_item is None or not rows_item.items:
        report.add(rows_item or item, f"表“{code}”没有行。", f"The table “{code}” has no rows.")
        return None
    defaults = head.get("defaults")
    rows = [_read_row(code, child, defaults, report) for child in rows_item.items]
    title = head.get("title") or Bilingual(code, code)
    return Table(code, report.file, item.line, title, head.get("note"), tuple(row for row in rows if row is not None))


def _read_row(code: str, item: Item, defaults: Record | None, report: Report) -> Row | None:
    before = len(report.problems)
    named = item.child("code")
    where = f"{code}.{named.text}" if named is not None and named.text else code
    values = read_fields(item, {**COMMON, **SHAPES[code].fields}, where, report)
    if values is None:
        return None
    _inherit(values, item, defaults)
    for name, zh, en in _NEEDED:
        child = item.child(name)
        if not values[name] and (child is None or child.is_nothing or child.items == ()):
            report.add(child or item, f"“{where}”缺少{zh}。", f"“{where}” lacks {en}.")
    start, end = values["valid_from"], values["valid_to"]
    if isinstance(start, date) and isinstance(end, date) and end < start:
        zh = f"“{where}”的终止日早于起始日，永远不生效。"
        report.add(item, zh, f"“{where}” ends before it begins and is never in force.")
    if len(report.problems) > before:
        return None
    return Row(code, report.file, item.line, values)


_NEEDED = (
    ("valid_from", "起始日 valid_from", "valid_from, its first day"),
    ("source", "来源 source", "source, where it comes from"),
    ("confidence", "可信度 confidence", "confidence"),
)


def _inherit(values: dict[str, Any], item: Item, defaults: Record | None) -> None:
    if defaults is None:
        return
    for name in ("valid_from", "valid_to", "region", "source", "confidence", "decision"):
        if item.child(name) is None and defaults.get(name):
            values[name] = defaults.get(name)
