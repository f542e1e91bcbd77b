"""Finds what a schema cannot see: gaps, overlaps, unknown references, half-translated rows; then the figures.

Used by `check` and at every start; a problem names file, line and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from string import Formatter
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.foundation.numbers import NumberProblem, number_pattern
from expertdesk.regulations.loading import Table
from expertdesk.regulations.problems import Problem
from expertdesk.regulations.references import NEEDED, REFERENCES
from expertdesk.regulations.rows import Row
from expertdesk.regulations.schema import Record
from expertdesk.regulations.shapes import CATEGORIES, NATION, SHAPES, STEPS

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[a-z]{4,}")
_DECISION = re.compile(r"D-[A-Z]{2}-[0-9]{2}")
_ONE_DAY = timedelta(days=1)


class Linter:
    """Collects problems; `codes(table)` are the codes a table knows on any day."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.problems: list[Problem] = []
        self._codes = {name: {row.code for row in table.rows} for name, table in tables.items()}

    def rows(self, table: str) -> tuple[Row, ...]:
        return self.tables[table].rows if table in self.tables else ()

    def codes(self, table: str) -> set[str]:
        return self._codes.get(table, set())

    def add(self, row: Row, zh: str, en: str) -> None:
        place = f"{row.table}.{row.code}"
        self.problems.append(Problem(row.file, row.line, Bilingual(f"“{place}”{zh}", f"“{place}” {en}")))


def lint_tables(tables: Mapping[str, Table]) -> list[Problem]:
    """Every problem of tables that fit their schemas, in the order of file and line. The worked examples are
    recomputed only when nothing else is wrong: they need tables that can be used."""
    from expertdesk.regulations.lint_examples import EXAMPLES
    from expertdesk.regulations.lint_figures import FIGURES
    from expertdesk.regulations.lint_training import TRAINING_EXAMPLES, TRAINING_FIGURES

    linter = Linter(tables)
    for rule in (*_RULES, *FIGURES, *TRAINING_FIGURES):
        rule(linter)
    if not linter.problems:
        for rule in (*EXAMPLES, *TRAINING_EXAMPLES):
            rule(linter)
    return sorted(linter.problems, key=lambda problem: (problem.file, problem.line))


# --- dates and codes ---------------------------------------------------------------------------------------------


def _dates(linter: Linter) -> None:
    """Rows of one code and region follow each other without gap or overlap; a `single` table counts as one code."""
    for name, table in linter.tables.items():
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in table.rows:
            code = "" if SHAPES[name].single else row.code
            groups.setdefault((code, row.region), []).append(row)
        for rows in groups.values():
            for before, after in pairwise(sorted(rows, key=lambda row: (row.valid_from, row.line))):
                _follows(linter, before, after)


def _follows(linter: Linter, before: Row, after: Row) -> None:
    if before.valid_to is None or after.valid_from <= before.valid_to:
        zh = f"与第{before.line}行的期间重叠：前一行应先写终止日。"
        linter.add(after, zh, f"overlaps the row in line {before.line}: end that row first.")
    elif after.valid_from > before.valid_to + _ONE_DAY:
        zh = f"与第{before.line}行之间有空档（{before.valid_to}之后没有规则）。"
        en = f"leaves a gap after the row in line {before.line} (nothing in force after {before.valid_to})."
        linter.add(after, zh, en)


def _needed(linter: Linter) -> None:
    """Codes that the program itself asks for: without them a page or a letter would fail later."""
    for name, codes in NEEDED.items():
        table = linter.tables.get(name)
        missing = sorted(set(codes) - linter.codes(name)) if table else []
        if table and missing:
            what = ", ".join(missing)
            sentence = Bilingual(f"表“{name}”缺少代码：{what}。", f"The table “{name}” lacks the codes {what}.")
            linter.problems.append(Problem(table.file, table.line, sentence))


def _known(linter: Linter) -> None:
    """Factors and conditions are judged by program: a new code would never be reached."""
    for name in ("points", "conditions"):
        for row in linter.rows(name):
            if row.code not in NEEDED[name]:
                known = ", ".join(sorted(NEEDED[name]))
                zh = f"不是程序认识的代码，永远用不到（{known}）。"
                linter.add(row, zh, f"is not a code the program knows and would never be reached ({known}).")


# --- references ------------------------------------------------------------------------------------------------


def _references(linter: Linter) -> None:
    for name, table in linter.tables.items():
        for row in table.rows:
            for field in row:
                wanted = REFERENCES.get((name, field)) or REFERENCES.get(("", field))
                if wanted:
                    _look_up(linter, row, field, row.get(field), wanted)


def _look_up(linter: Linter, row: Row, field: str, value: Any, wanted: tuple[str, ...]) -> None:
    codes = value if isinstance(value, tuple) else (value,)
    for code in codes:
        if isinstance(code, str) and not any(code in linter.codes(name) for name in wanted):
            where = ", ".join(wanted)
            zh = f"的 {field} 中没有“{code}”（应在 {where} 表中）。"
            linter.add(row, zh, f"names in {field} an unknown “{code}” (tables {where}).")


def _checklists(linter: Linter) -> None:
    documents, conditions = linter.codes("documents"), linter.codes("conditions")
    for row in linter.rows("checklists"):
        named = [*row.common, *(code for letters in row.by_category.values() for code in letters)]
        named += [*row.becomes_required, *row.becomes_waived]
        for code in sorted(set(named) - documents):
            linter.add(row, f"列有不认识的材料“{code}”。", f"lists an unknown paper “{code}”.")
        given = {code for codes in (*row.becomes_required.values(), *row.becomes_waived.values()) for code in codes}
        for code in sorted(given - conditions):
            linter.add(row, f"列有不认识的条件“{code}”。", f"names an unknown condition “{code}”.")
        if row.by_category:
            _every_category(linter, row, row.code, set(row.by_category))
    listed = linter.codes("checklists")
    for row in linter.rows("procedures"):
        if row.open and row.code not in listed:
            linter.add(row, "已开通，但没有材料清单。", "is open but has no checklist.")


def _every_category(linter: Linter, row: Row, procedure: str, given: set[str]) -> None:
    """A category left out would silently fall back on something else."""
    found = next((line for line in linter.rows("procedures") if line.code == procedure), None)
    wanted = set(CATEGORIES if found is None or not found.categories else found.categories)
    missing = ", ".join(sorted(wanted - given))
    if missing:
        linter.add(row, f"缺少类别{missing}。", f"leaves out category {missing}.")


def _limits(linter: Linter) -> None:
    procedures = linter.codes("procedures") | {"ANY"}
    for row in linter.rows("time_limits"):
        if row.procedure not in procedures:
            linter.add(row, f"的业务“{row.procedure}”不存在。", f"is for an unknown procedure “{row.procedure}”.")
        expected = f"{row.procedure}.{row.step}.{row.layer}"
        if row.code != expected:
            # two rows for one step would hide each other
            linter.add(row, f"的代码应为“{expected}”。", f"must have the code “{expected}”.")
        _every_category(linter, row, row.procedure, set(row.wd))
        for category, days in row.wd.items():
            if days < 1:
                zh = f"类别{category}的工作日数应至少为1。"
                linter.add(row, zh, f"needs at least 1 working day for category {category}.")
        if row.layer == "promised" and row.region == NATION:
            linter.add(row, "承诺时限须注明地区。", "is a promise and needs a region.")
    for row in linter.rows("extension_windows"):
        if row.open_days <= row.close_days:
            linter.add(row, "开放日数应大于截止日数。", "must open before it closes.")


def _stages(linter: Linter) -> None:
    for row in linter.rows("stages"):
        for step in row.steps:
            if step not in STEPS:
                linter.add(row, f"的步骤“{step}”不存在。", f"names an unknown step “{step}”.")
    places = {row.code: row.place for row in linter.rows("stages")}
    for row in linter.rows("case_states"):
        if row.stage in places and row.place != places[row.stage]:
            linter.add(row, "的位置与其环节不一致。", "stands at another place than its stage.")


# --- texts -----------------------------------------------------------------------------------------------------


def _texts(linter: Linter) -> None:
    decisions = linter.codes("decisions")
    for table in linter.tables.values():
        head = Record({"title": table.title, "note": table.note})
        for field, text in _bilingual(head):
            for problem in _text_problems(field, text, decisions):
                sentence = Bilingual(f"表“{table.code}”{problem.zh}", f"The table “{table.code}” {problem.en}")
                linter.problems.append(Problem(table.file, table.line, sentence))
        for row in table.rows:
            for field, text in _bilingual(row):
                for problem in _text_problems(field, text, decisions):
                    linter.add(row, problem.zh, problem.en)


def _text_problems(field: str, text: Bilingual, decisions: set[str]) -> Iterator[Bilingual]:
    if _HAN.search(text.en):
        yield Bilingual(f"的 {field} 英文中有汉字。", f"has Chinese characters in the English of {field}.")
    if _WORDS.search(text.zh) and text.zh == text.en:
        yield Bilingual(f"的 {field} 中文未翻译。", f"has English in the Chinese of {field}.")
    for code in sorted(set(_DECISION.findall(f"{text.zh} {text.en}")) - decisions):
        zh = f"的 {field} 引用了不存在的口径“{code}”。"
        yield Bilingual(zh, f"cites in {field} an unknown decision “{code}”.")


def _bilingual(record: Record, prefix: str = "") -> Iterator[tuple[str, Bilingual]]:
    for field in record:
        value = record.get(field)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Bilingual):
                yield prefix + field, item
            elif isinstance(item, Record):
                yield from _bilingual(item, f"{prefix}{field}.")


def _sentences(linter: Linter) -> None:
    for row in linter.rows("sentences"):
        try:
            zh, en = (_places(text) for text in (row.name.zh, row.name.en))
        except ValueError:
            linter.add(row, "的花括号不成对。", "has braces that do not pair.")
            continue
        if zh != en:
            differing = ", ".join(sorted(zh ^ en))
            zh_text = f"两种语言的填空不一致：{differing}。"
            linter.add(row, zh_text, f"has different places in the two languages: {differing}.")


def _places(text: str) -> set[str]:
    return {place for _, place, _, _ in Formatter().parse(text) if place is not None}


def _numbers(linter: Linter) -> None:
    for row in linter.rows("number_formats"):
        for text in (row.pattern, row.pattern_en):
            if text is None or not row.per_year:
                continue
            try:
                number_pattern(text, is_address=bool(row.is_address))
            except NumberProblem as error:
                linter.add(row, f"的格式“{text}”不可用（{error}）。", f"has an unusable format “{text}” ({error}).")


_RULES: tuple[Callable[[Linter], None], ...] = (
    _dates,
    _needed,
    _known,
    _references,
    _checklists,
    _limits,
    _stages,
    _texts,
    _sentences,
    _numbers,
)
