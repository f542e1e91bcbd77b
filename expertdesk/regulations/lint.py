"""Finds what a schema cannot see: gaps, overlaps, unknown references, half-translated rows; then the figures.

Used by `check` and at every start; a problem names file, line and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from string import Formatter
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.foundation.numbers import NumberProblem, number_pattern
from expertdesk.regulations.loading import Table
from expertdesk.regulations.problems import Problem
from expertdesk.regulations.rows import Row
from expertdesk.regulations.schema import Record
from expertdesk.regulations.shapes import NATION, SHAPES

_HAN = re.compile(r"[\u3400-\u9fff]")
_ONE_DAY = timedelta(days=1)

# field → tables in which its codes must be found; "" stands for the field in any table
_REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "source"): ("sources", "laws", "articles"),
    ("", "region"): ("regions",),
    ("", "evidence"): ("documents",),
    ("", "part_of"): ("documents",),
    ("", "age_source"): ("sources", "laws"),
    ("", "law"): ("articles", "laws"),
    ("", "basis"): ("articles", "laws"),
    ("", "unit_code"): ("units",),
    ("points", "evidence"): ("documents",),
    ("point_lines", "criterion"): ("criteria",),
    ("point_examples", "education"): ("education_facts",),
    ("point_examples", "chinese"): ("chinese_facts",),
    ("point_examples", "location"): ("location_facts",),
    ("point_examples", "elite"): ("elite_facts",),
    ("criteria", "parent"): ("criteria",),
    ("criteria", "category"): ("categories",),
    ("relaxations", "categories"): ("categories",),
    ("base_conditions", "ground"): ("refusal_grounds",),
    ("documents", "legalisation"): ("legalisations",),
    ("documents", "required_when"): ("conditions",),
    ("documents", "committed_unless"): ("criteria",),
    ("documents", "claimed_by"): ("points",),
    ("conditions", "criteria"): ("criteria",),
    ("deferral", "criteria"): ("criteria",),
    ("deferral", "categories"): ("categories",),
    ("procedures", "categories"): ("categories",),
    ("procedures", "result"): ("letters",),
    ("procedures", "also_issues"): ("letters",),
    ("procedures", "flow"): ("flow_steps",),
    ("in_country_grounds", "use"): ("procedures",),
    ("in_country_grounds", "categories"): ("categories",),
    ("special_groups", "regions"): ("no_permit_regions",),
    ("event_deadlines", "unit"): ("units",),
    ("validity", "unit"): ("units",),
    ("remedies", "unit"): ("units",),
    ("service_settings", "unit"): ("units",),
    ("liaison_settings", "unit"): ("units",),
    ("category_years", "code"): ("categories",),
    ("checklists", "code"): ("procedures",),
    ("extension_windows", "code"): ("procedures",),
    ("period_examples", "procedure"): ("procedures",),
    ("period_examples", "cause"): ("period_causes",),
    ("correction_reasons", "documents"): ("documents",),
    ("case_states", "stage"): ("stages",),
    ("districts", "into"): ("districts",),
    ("employer_kinds", "uscc_prefixes"): ("uscc_prefixes",),
    ("education", "fact"): ("education_facts",),
    ("degrees", "fact"): ("education_facts",),
}


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
    """Every problem of tables that fit their schemas, in the order of file and line."""
    from expertdesk.regulations.lint_examples import EXAMPLES
    from expertdesk.regulations.lint_figures import FIGURES

    linter = Linter(tables)
    for rule in (*_RULES, *FIGURES):
        rule(linter)
    if not linter.problems:
        for rule in EXAMPLES:
            rule(linter)
    return sorted(linter.problems, key=lambda problem: (problem.file, problem.line))


# --- dates -----------------------------------------------------------------------------------------------------


def _dates(linter: Linter) -> None:
    """Rows of one code and region follow each other without gap or overlap; a `single` table counts as one code."""
    for name, table in linter.tables.items():
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in table.rows:
            code = "" if SHAPES[name].single else row.code
            groups.setdefault((code, row.region), []).append(row)
        for rows in groups.values():
            ordered = sorted(rows, key=lambda row: (row.valid_from, row.line))
            for before, after in zip(ordered, ordered[1:], strict=False):
                _follows(linter, before, after)


def _follows(linter: Linter, before: Row, after: Row) -> None:
    if before.valid_to is None or after.valid_from <= before.valid_to:
        zh = f"与第{before.line}行的期间重叠：前一行应先写终止日。"
        linter.add(after, zh, f"overlaps the row in line {before.line}: end that row first.")
    elif after.valid_from > before.valid_to + _ONE_DAY:
        zh = f"与第{before.line}行之间有空档（{before.valid_to}之后没有规则）。"
        linter.add(after, zh, f"leaves a gap after the row in line {before.line} (nothing in force after {before.valid_to}).")


# --- references ------------------------------------------------------------------------------------------------


def _references(linter: Linter) -> None:
    for name, table in linter.tables.items():
        for row in table.rows:
            for field in row:
                wanted = _REFERENCES.get((name, field)) or _REFERENCES.get(("", field))
                if wanted and not (name == "districts" and field == "parent"):
                    _look_up(linter, row, field, row.get(field), wanted)


def _look_up(linter: Linter, row: Row, field: str, value: Any, wanted: tuple[str, ...]) -> None:
    codes = value if isinstance(value, tuple) else (value,)
    for code in codes:
        if isinstance(code, str) and not any(code in linter.codes(name) for name in wanted):
            where = ", ".join(wanted)
            linter.add(row, f"的 {field} 中没有“{code}”（应在 {where} 表中）。", f"names in {field} an unknown “{code}” (tables {where}).")


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
    listed = linter.codes("checklists")
    for row in linter.rows("procedures"):
        if row.open and row.code not in listed:
            linter.add(row, "已开通，但没有材料清单。", "is open but has no checklist.")


def _limits(linter: Linter) -> None:
    procedures = linter.codes("procedures") | {"ANY"}
    for row in linter.rows("time_limits"):
        if row.procedure not in procedures:
            linter.add(row, f"的业务“{row.procedure}”不存在。", f"is for an unknown procedure “{row.procedure}”.")
        for category, days in row.wd.items():
            if days < 1:
                linter.add(row, f"类别{category}的工作日数应至少为1。", f"needs at least 1 working day for category {category}.")
        if row.layer == "promised" and row.region == NATION:
            linter.add(row, "承诺时限须注明地区。", "is a promise and needs a region.")
    for row in linter.rows("extension_windows"):
        if row.open_days <= row.close_days:
            linter.add(row, "开放日数应大于截止日数。", "must open before it closes.")


def _stages(linter: Linter) -> None:
    from expertdesk.regulations.shapes import STEPS

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
    for table in linter.tables.values():
        for row in table.rows:
            for field, text in _bilingual(row):
                if _HAN.search(text.en):
                    linter.add(row, f"的 {field} 英文中有汉字。", f"has Chinese characters in the English of {field}.")


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
        zh, en = ({place for _, place, _, _ in Formatter().parse(text) if place} for text in (row.name.zh, row.name.en))
        if zh - en and zh != en:
            missing = ", ".join(sorted(zh ^ en))
            linter.add(row, f"两种语言的填空不一致：{missing}。", f"has different places in the two languages: {missing}.")


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
    _references,
    _checklists,
    _limits,
    _stages,
    _texts,
    _sentences,
    _numbers,
)
