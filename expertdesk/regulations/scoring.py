"""Points: each factor of the table in force, from facts (积分要素计分赋值表). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.figures import exact
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.rows import Row

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Factor:
    """One factor judged. `value`: the fact as text in both languages; `stated` False: empty, scores 0 (D-PT-08);
    `band`: the band or option it falls into."""

    row: Row
    score: int
    stated: bool
    value: Bilingual
    band: Bilingual

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def max(self) -> int:
        return self.row.max


@dataclass(frozen=True)
class Points:
    """`total` None: no points table in force. `provisional`: a factor is empty. `needed_missing`: empty factors without
    which the points route cannot be chosen (D-PT-08)."""

    total: int | None
    factors: tuple[Factor, ...]
    provisional: bool
    needed_missing: tuple[Factor, ...]

    @property
    def reachable(self) -> int:
        """The greatest total that filling in the missing needed factors could give."""
        return (self.total or 0) + sum(factor.max for factor in self.needed_missing)

    @property
    def is_empty(self) -> bool:
        return not any(factor.stated for factor in self.factors)


def score(book: RuleBook, facts: Facts) -> Points:
    """Judge every factor of the edition in force on the book's day."""
    factors = tuple(_factor(book, row, facts) for row in book.rows("points"))
    if not factors:
        return Points(None, (), provisional=False, needed_missing=())
    open_ones = tuple(factor for factor in factors if not factor.stated)
    needed = tuple(factor for factor in open_ones if factor.row.needed_for_points)
    return Points(sum(factor.score for factor in factors), factors, bool(open_ones), needed)


def _factor(book: RuleBook, row: Row, facts: Facts) -> Factor:
    match row.kind:
        case "choice":
            return _choice(book, row, _fact(row, facts))
        case "any_of":
            return _any_of(book, row, facts.elite)
        case "manual":
            return _manual(book, row, facts.bonus)
    number = _number(book, row, facts)
    if number is None:
        return _empty(book, row)
    if row.kind == "formula":
        years = int(number)
        text = book.say("FULL_YEARS", years=years)
        return Factor(row, formula_score(row, years), True, text, text)
    return _banded(book, row, number)


def _empty(book: RuleBook, row: Row) -> Factor:
    return Factor(row, 0, False, book.say("NOT_STATED", what=row.short), Bilingual("", ""))


def _number(book: RuleBook, row: Row, facts: Facts) -> Decimal | None:
    """The figure the bands are about, in the unit of the table."""
    match row.code:
        case "SALARY":
            year = facts.year_salary
            return None if year is None else year / row.unit_size
        case "EXPERIENCE":
            return facts.experience_years
        case "ANNUAL_MONTHS":
            return None if facts.months_per_year is None else Decimal(int(facts.months_per_year))
        case "AGE":
            age = facts.age_on(book.day)
            return None if age is None else Decimal(age)
    return None


def _fact(row: Row, facts: Facts) -> str | None:
    stated = {"EDUCATION": facts.education, "CHINESE": facts.chinese, "LOCATION": facts.location}[row.code]
    return stated or row.default_fact


def formula_score(row: Row, years: int) -> int:
    """Experience: below the first step the low score, then one point per further full year, to the cap."""
    formula = row.formula
    if years < formula.below_years:
        return formula.below_score
    extra = (years - formula.at_years) * formula.per_extra_full_year
    return min(formula.at_score + extra, formula.cap)


def band_of(row: Row, number: Decimal) -> tuple[int, Decimal | None, Decimal | None] | None:
    """(score, min, max) of the band; `band`: lower bound in, upper out; `closed_band`: both in (ages)."""
    closed = row.kind == "closed_band"
    for band in row.bands:
        if number < band.min:
            continue
        if band.max is None or number < band.max or (closed and number == band.max):
            return band.score, band.min, band.max
    return None


def _banded(book: RuleBook, row: Row, number: Decimal) -> Factor:
    unit = book.say("UNIT_YEAR_SALARY") if row.unit_size else row.unit
    shown = _shown(row, number)
    value = Bilingual(f"{shown.zh}{unit.zh}", f"{shown.en} {unit.en}")
    found = band_of(row, number)
    if found is None:
        return Factor(row, 0, True, value, book.say("NO_BAND"))
    points, low, high = found
    if high is None:
        band = book.say("BAND_FROM", low=_shown(row, low), unit=unit)
    elif not low:
        band = book.say("BAND_BELOW", high=_shown(row, high), unit=unit)
    else:
        band = book.say("BAND", low=_shown(row, low), high=_shown(row, high), unit=unit)
    return Factor(row, points, True, value, band)


def _shown(row: Row, number: Decimal | None) -> Bilingual:
    """The figure as people write it: salaries in 10,000 yuan in Chinese, in yuan in English."""
    if number is None:
        return Bilingual("", "")
    return Bilingual(exact(number), exact(number * (row.unit_size or 1)))


def _choice(book: RuleBook, row: Row, fact: str | None) -> Factor:
    if fact is None:
        return _empty(book, row)
    option = next((option for option in row.options if option.fact == fact), None)
    if option is None:
        name = _fact_name(book, row, fact)
        return Factor(row, 0, True, name, book.say("NOT_IN_EDITION", what=name))
    return Factor(row, option.score, True, option.name, option.name)


def _fact_name(book: RuleBook, row: Row, fact: str) -> Bilingual:
    table = {"EDUCATION": "education_facts", "CHINESE": "chinese_facts", "LOCATION": "location_facts"}.get(row.code)
    return book.name_of(table or "elite_facts", fact)


def _any_of(book: RuleBook, row: Row, claimed: tuple[str, ...] | None) -> Factor:
    if claimed is None:
        return _empty(book, row)
    held = [option for option in row.options if option.fact in claimed]
    if not held:
        none = book.say("BONUS_NONE")
        if claimed:
            none = book.say("NOT_IN_EDITION", what=_fact_name(book, row, claimed[0]))
        return Factor(row, 0, True, none, none)
    name = Bilingual("、".join(option.name.zh for option in held), "; ".join(option.name.en for option in held))
    return Factor(row, max(option.score for option in held), True, name, name)


def _manual(book: RuleBook, row: Row, bonus: int | None) -> Factor:
    """The provincial bonus: empty is 0, and not a gap (D-PT-10)."""
    given = bonus or 0
    if not row.least <= given <= row.max:
        raise RuleInputError({"bonus": book.say("BONUS_RANGE", least=row.least, most=row.max)})
    text = book.say("BONUS_GIVEN", score=given) if given else book.say("BONUS_NONE")
    return Factor(row, given, True, text, text)
