"""What the sheets of the annual overseas-training plan are made from: frozen records, plain values in both languages.

Used by the training capability (a plan, a group or a unit → one of these records) and by the makers of the sheets:
plan_pdf, plan_xlsx, plan_csv, unit_sheet, review_form, roster. Same record, same bytes: nothing here asks the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from expertdesk.documents.contexts import NOTHING
from expertdesk.foundation.locale import Bilingual

# Lists come joined (、 in Chinese, ", " in English); money is yuan as Decimal; a month is 1 to 12. None = not
# applicable yet and prints as an empty cell; 0 is zero.
Cell = str | int | Decimal | date | Bilingual | None
Progress = Callable[[int, int], None]

COUNTED = frozenset({"people_planned", "leaders_planned", "people_approved", "people_actual"})
TOTAL = "budget_total_cny"
PARTS_OF_TOTAL = (
    "budget_training",
    "budget_travel",
    "budget_lodging",
    "budget_meals",
    "budget_incidentals",
    "budget_other",
)


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """A column of the plan table. kind: whole, text, choice, choices, country, list, money or month."""

    no: int
    key: str
    name: Bilingual
    band: str
    kind: str

    @property
    def is_summed(self) -> bool:
        return self.kind == "money" or (self.kind == "whole" and self.key in COUNTED)


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """A table of figures beside the plan (by country, field, term, unit, execution, funds). kind of a column: text,
    whole, money or percent (a Decimal where 86.9 means 86.9 %); `total` stands under the rows as it is."""

    code: str
    title: Bilingual
    columns: tuple[tuple[Bilingual, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True)
class PlanTable:
    """One part of a year's plan (abroad, Hong Kong and Macao, Taiwan) as it is printed.

    `bands` are (code, name) in the order of the columns. `notes` are further lines under the table (how the quota is
    used, what was left out …): the fixed explanations are the form's own wording. `verification` is (code, address that
    opens the check), for sheets that were issued; a draft has none. `data_at` is the time of the data, `digest` the
    SHA-256 of it (`digest_of`), both stand on the sheet.
    """

    year: int
    part: Bilingual
    part_code: str
    round: Bilingual
    compiled_by: Bilingual
    quota: int | None
    mid_long_min: int | None
    columns: tuple[PlanColumn, ...]
    bands: tuple[tuple[str, Bilingual], ...]
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[Bilingual, ...]
    data_at: datetime
    digest: str
    is_draft: bool
    sealed_on: date | None = None
    verification: tuple[str, str] | None = None
    summaries: tuple[SummaryTable, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewSide:
    """One of the two opinions of the review form: who, when, on what basis, line by line, and the opinion.

    `answers` and `amounts` are keyed by the lines of the form (TASK_LINES, FINANCE_LINES, AMOUNT_LINES). An answer is
    what was written, True or False (yes / no), or nothing yet. `is_agreed` None = not given yet.
    """

    body: Bilingual | str = ""
    on: date | None = None
    basis: Bilingual | str = ""
    answers: Mapping[str, Bilingual | str | bool | None] | None = None
    amounts: Mapping[str, Decimal | None] | None = None
    opinion: Bilingual | str = ""
    is_agreed: bool | None = None


# the lines of 财行〔2013〕516号, annex 1, beside reviewing body, date, basis and opinion
TASK_LINES = ("in_plan", "purpose", "time_and_country", "route", "group_size", "other")
FINANCE_LINES = ("in_budget", "prior_approval", "other")
AMOUNT_LINES = ("total", "training_fee", "travel", "lodging", "meals", "incidentals", "other_costs")


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """Task and budget review form of a group (财行〔2013〕516号, annex 1); amounts are CNY of the whole group.

    `leader` holds name and rank, `countries` the transit stops too. The training fee (财行〔2014〕4号) is a line of its
    own among the amounts, printed when there is one."""

    project_no: str
    group: Bilingual | str
    organising_unit: Bilingual | str
    leader: Bilingual | str
    members: int | None
    countries: Bilingual | str
    first_day: date | None
    last_day: date | None
    days: int | None
    task: ReviewSide
    finance: ReviewSide
    data_at: datetime
    digest: str = ""
    is_draft: bool = False
    wording_on: date | None = None


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """One line of the name list. `sex` is M, F or empty; a passport number may come masked, as the reader sees it."""

    name: str
    sex: str = ""
    birth_on: date | None = None
    unit: Bilingual | str = ""
    post: Bilingual | str = ""
    title: Bilingual | str = ""
    political_status: Bilingual | str = ""
    language_level: Bilingual | str = ""
    passport: str = ""
    is_leader: bool = False
    last_trip_on: date | None = None
    health: Bilingual | str = ""
    remarks: Bilingual | str = ""


@dataclass(frozen=True, slots=True)
class RosterTable:
    """The people of one group, in the order of the list."""

    year: int
    project_no: str
    group: Bilingual | str
    organising_unit: Bilingual | str
    destination: Bilingual | str
    people: tuple[RosterPerson, ...]
    data_at: datetime
    digest: str = ""
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class TermRange:
    """A term that follows from the days abroad (training_terms): least and most days, both counted in."""

    code: str
    name: Bilingual
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class UnitTemplate:
    """The declaration sheet of a unit. `choices` per column key: (code, name); `rows` fill the first lines.

    With `terms` the term follows from the days by a formula. `compiled_on` stands in the head and in the properties.
    """

    year: int
    part: Bilingual
    part_code: str
    unit: Bilingual
    credit_code: str
    control_number: int | None
    columns: tuple[PlanColumn, ...]
    choices: Mapping[str, tuple[tuple[str, Bilingual], ...]]
    rows: tuple[Mapping[str, Cell], ...] = ()
    bands: tuple[tuple[str, Bilingual], ...] = ()
    terms: tuple[TermRange, ...] = ()
    required: frozenset[str] = frozenset()
    compiled_on: date | None = None
    issued_by: Bilingual = NOTHING
    return_by: date | None = None


def in_language(cell: Cell, lang: str) -> Cell:
    """A bilingual cell in one language; the other language where one is empty."""
    if isinstance(cell, Bilingual):
        return cell.text(lang) or cell.zh or cell.en
    return cell


def choice_text(name: Bilingual) -> str:
    """How a choice stands in the drop-downs of the declaration sheet: both languages in one cell."""
    return name.zh if name.zh == name.en or not name.en else f"{name.zh} {name.en}"


def digest_of(rows: Iterable[Mapping[str, Cell]], keys: Sequence[str], *head: Cell) -> str:
    """SHA-256 of the data of a table: the head (year, part, round …), then every cell in the order of the columns."""
    state = hashlib.sha256("\x1f".join(_plain(cell) for cell in head).encode() + b"\x1e")
    for row in rows:
        state.update("\x1f".join(_plain(row.get(key)) for key in keys).encode())
        state.update(b"\x1e")
    return state.hexdigest()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Bilingual):
        return f"{cell.zh}\x1d{cell.en}"
    return format(cell.normalize(), "f") if isinstance(cell, Decimal) else str(cell)
