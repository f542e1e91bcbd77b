"""What stands above and beside the table of a sheet: unit, credit code, year, part, unit of the amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from expertdesk.models import PlanPart
from expertdesk.training.importing.columns import unit_in
from expertdesk.training.importing.reading import Grid, place
from expertdesk.training.importing.words import key_of, narrow

_UNIT_LABELS = tuple(
    map(key_of, ("组团单位", "申报单位", "填报单位", "单位名称", "编制单位", "报送单位", "单位", "Organising unit",
                 "Organizing unit", "Declaring unit", "Unit", "Name of the unit", "Organisation", "Compiled by"))
)  # fmt: skip
_CODE_LABELS = tuple(map(key_of, ("统一社会信用代码", "社会信用代码", "信用代码", "Unified social credit code",
                                  "Social credit code", "Credit code")))  # fmt: skip
_PART_LABELS = tuple(map(key_of, ("计划范围", "计划部分", "所属部分", "类别", "范围", "Part", "Part of the plan")))
_AMOUNT_LABELS = tuple(map(key_of, ("单位", "金额单位", "Unit", "Amounts in", "Amounts")))
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\s*年)|(?<!\d)(20\d\d)(?!\d)")
_PARTS = (
    (PlanPart.TAIWAN, re.compile(r"台湾|赴台|taiwan", re.I)),
    (PlanPart.HK_MACAO, re.compile(r"港澳|香港|澳门|hong\s*kong|macao|macau|\bhk\b", re.I)),
    (PlanPart.ABROAD, re.compile(r"出国(?![（(]境)|赴国外|国外部分|abroad", re.I)),
)
_LABEL_VALUE = re.compile(r"^\s*([^:]{1,40}?)\s*:\s*(.*)$", re.S)
_PIECES = re.compile(r"\n|;|\s+(?=(?:unified\s+)?(?:social\s+)?credit\s+code)|\s{2,}|\s+(?=[^\s:]{2,24}:)", re.I)
_LONGEST_AMOUNT_UNIT = len("人民币万元")


@dataclass(frozen=True)
class Found:
    """A fact and where it stands."""

    text: str
    cell: str


@dataclass(frozen=True)
class Head:
    """None = the sheet does not say. `part` None also where it names more than one."""

    unit: Found | None = None
    credit_code: Found | None = None
    year: Found | None = None
    part: PlanPart | None = None
    factor: Decimal | None = None


def read_head(grid: Grid, top: int) -> Head:
    """Everything said above row `top`, and by the name of the sheet."""
    pairs = list(_pairs(grid, top))
    texts = [text for text, _ in _texts(grid, top)]
    return Head(
        unit=_unit(pairs),
        credit_code=_credit_code(grid, top, pairs),
        year=_year(grid, top),
        part=_part(pairs, [*texts, grid.name]),
        factor=_factor(pairs),
    )


def _texts(grid: Grid, top: int) -> Iterator[tuple[str, str]]:
    for row in grid.filled_rows():
        if row >= top:
            return
        for column, text in grid.own_texts(row):
            yield narrow(text), place(row, column)


def _pairs(grid: Grid, top: int) -> Iterator[tuple[str, Found]]:
    """Label and value: "组团单位：某大学" in one cell (several to a cell too), or in two cells side by side."""
    for row in grid.filled_rows():
        if row >= top:
            return
        texts = grid.own_texts(row)
        for place_in_row, (column, text) in enumerate(texts):
            for piece in _PIECES.split(narrow(text)):
                found = _LABEL_VALUE.match(piece)
                if found and found[2].strip():
                    yield _label(found[1]), Found(found[2].strip(), place(row, column))
            after = texts[place_in_row + 1] if place_in_row + 1 < len(texts) else None
            plain = narrow(text).rstrip(":").strip()
            if after is not None and ":" not in plain:
                yield _label(plain), Found(narrow(after[1]), place(row, after[0]))


def _label(text: str) -> str:
    """A label may stand in both languages: "组团单位 Organising unit"."""
    return key_of(re.sub(r"\([^()]*\)", "", text))


def _is(label: str, known: tuple[str, ...]) -> bool:
    return label in known or any(label == first + second for first in known for second in known if first != second)


def _unit(pairs: list[tuple[str, Found]]) -> Found | None:
    for label, found in pairs:
        if _is(label, _UNIT_LABELS) and not _is_amount_unit(found.text):
            return found
    return None


def _is_amount_unit(text: str) -> bool:
    """ "万元" after "单位：" is no unit that declares groups."""
    return unit_in(text) is not None and len(key_of(text)) <= _LONGEST_AMOUNT_UNIT


def _credit_code(grid: Grid, top: int, pairs: list[tuple[str, Found]]) -> Found | None:
    for label, found in pairs:
        if _is(label, _CODE_LABELS):
            return Found(found.text.replace(" ", "").upper(), found.cell)
    for text, cell in _texts(grid, top):
        found_code = _CODE.search(text.upper())
        if found_code:
            return Found(found_code[0], cell)
    return None


def _year(grid: Grid, top: int) -> Found | None:
    """The year of the plan: a year with 年 first, else one that stands alone with the words of a plan."""
    for text, cell in _texts(grid, top):
        without_code = _CODE.sub("", text.upper())
        for found in _YEAR.finditer(without_code):
            is_date = re.match(r"\s*年?\s*[-./年]?\s*\d{1,2}\s*[-./月]", without_code[found.end() :])
            if not is_date:
                return Found(found[1] or found[2], cell)
    return None


def _part(pairs: list[tuple[str, Found]], texts: list[str]) -> PlanPart | None:
    for label, found in pairs:
        if _is(label, _PART_LABELS):
            named = _parts_in(found.text)
            if len(named) == 1:
                return named[0]
    for text in texts:
        named = _parts_in(text)
        if len(named) == 1 and named[0] is not PlanPart.ABROAD:
            return named[0]
    return PlanPart.ABROAD if any(_parts_in(text) == [PlanPart.ABROAD] for text in texts) else None


def _parts_in(text: str) -> list[PlanPart]:
    plain = narrow(text)
    return [part for part, pattern in _PARTS if pattern.search(plain)]


def _factor(pairs: list[tuple[str, Found]]) -> Decimal | None:
    """ "单位：万元" over the table."""
    for label, found in pairs:
        if _is(label, _AMOUNT_LABELS) and _is_amount_unit(found.text):
            return unit_in(found.text)
    return None
