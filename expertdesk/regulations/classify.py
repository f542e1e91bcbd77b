"""The category of a person: every criterion judged, with its reason and source (decisions: rule commands). Pure.

A claimed criterion is evidence asserted: whether the papers prove it is for the officer. What can be computed from the
facts (age, degree, years, salary, points) is checked in any case. Met is true, false, or None: not evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.criteria import Outcome, Route, judge_criterion
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.months import add_months
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.rows import Row
from expertdesk.regulations.scoring import Points, score
from expertdesk.regulations.shapes import NATION

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Warn:
    """Something to look at. `needs_officer`: an officer must record a ground before the category can stand."""

    code: str
    text: Bilingual
    needs_officer: bool = False


@dataclass(frozen=True)
class Classification:
    """The answer. `category` None: no criterion met, or a base condition blocks; never C by default (D-CA-05).

    `suggested`: the route proposed as main criterion, the highest category with a met criterion. `distance`: points
    short of each line not reached. `blocked`: base conditions that fail.
    """

    category: str | None
    points: Points
    routes: tuple[Route, ...]
    needs_officer: bool
    suggested: Route | None
    warnings: tuple[Warn, ...]
    blocked: tuple[Warn, ...]
    distance: tuple[tuple[str, int], ...]
    summary: Bilingual
    distance_text: Bilingual | None
    category_row: Row | None
    facts: Facts
    book: RuleBook

    def route(self, code: str) -> Route | None:
        return next((route for route in self.routes if route.code == code), None)

    @property
    def relevant(self) -> tuple[Route, ...]:
        """What a page shows first: claimed and computed criteria; the others are "not claimed"."""
        return tuple(route for route in self.routes if route.claimed or route.row.computed)

    def as_json(self) -> dict[str, Any]:
        from expertdesk.regulations.answers import classification_json

        return classification_json(self)


def classify(book: RuleBook, facts: Facts) -> Classification:
    """Judge the facts by the rules of the book's day and region. Raises RuleInputError for an unknown criterion."""
    unknown = [code for code in facts.criteria if not book.is_known("criteria", code)]
    if unknown:
        title = book.title("criteria")
        raise RuleInputError({"criteria": book.say("UNKNOWN_CODE", code=", ".join(unknown), table=title)})
    points = score(book, facts)
    routes = _routes(book, facts, points)
    met = [route for route in routes if route.met]
    blocked = _blocked(book, facts)
    suggested = _suggest(facts, met)
    category = suggested.row.category if suggested and not blocked else None
    warnings = _warnings(book, facts, points, suggested, routes)
    distance = _distance(book, points)
    return Classification(
        category=category,
        points=points,
        routes=routes,
        needs_officer=any(warning.needs_officer for warning in warnings),
        suggested=suggested,
        warnings=warnings,
        blocked=blocked,
        distance=distance,
        summary=_summary(book, category, met, blocked),
        distance_text=_distance_text(book, points, distance),
        category_row=book.find("categories", category) if category else None,
        facts=facts,
        book=book,
    )


def _routes(book: RuleBook, facts: Facts, points: Points) -> tuple[Route, ...]:
    rows = book.rows("criteria")
    alone = {row.code: judge_criterion(book, row, facts, points) for row in rows}
    routes: list[Route] = []
    for row in rows:
        route = alone[row.code]
        items = [alone[item.code] for item in rows if item.parent == row.code]
        routes.append(_lift(book, route, items) if items and route.met is not True else route)
    return (*routes, *_out_of_force(book, facts, set(alone)))


def _out_of_force(book: RuleBook, facts: Facts, judged: set[str]) -> list[Route]:
    """Criteria without a row on this day, and claimed ones of another region: not evaluated, and why (decisions: a
    date before any row says so, never "not met")."""
    latest = {row.code: row for row in book.history("criteria") if row.code not in judged}
    routes: list[Route] = []
    for code, row in latest.items():
        claimed = code in facts.criteria
        if row.region not in (NATION, book.region):
            if claimed:
                why = book.say("NOT_IN_REGION", region=book.name_of("regions", row.region))
                routes.append(Route(row, Outcome(None, why), claimed=True))
            continue
        why = book.no_figure(code)
        routes.append(Route(row, Outcome(None, why), claimed=claimed))
    return routes


def _lift(book: RuleBook, group: Route, items: list[Route]) -> Route:
    """A group holds when one of its items does; it fails when all that were judged fail."""
    held = next((item for item in items if item.met), None)
    if held is not None:
        found = held.outcome
        outcome = Outcome(True, book.say("ITEM_MET", code=held.code), found.shown, found.limit, found.gaps)
        return Route(group.row, outcome, claimed=group.claimed or held.claimed)
    failed = next((item for item in items if item.claimed and item.met is False), None)
    if failed is not None and group.met is None:
        return Route(group.row, failed.outcome, claimed=group.claimed or failed.claimed)
    return group


def _suggest(facts: Facts, met: list[Route]) -> Route | None:
    """The highest category first (A before B before C); in it a criterion the applicant names, items before groups,
    then the one that needs no recorded ground."""

    def rank(route: Route) -> tuple[Any, ...]:
        code = route.code
        named = facts.criteria.index(code) if code in facts.criteria else len(facts.criteria)
        return (route.row.category, named, len(route.outcome.gaps), not route.row.parent, code)

    return min(met, key=rank, default=None)


def _blocked(book: RuleBook, facts: Facts) -> tuple[Warn, ...]:
    """Base conditions that the facts contradict; they apply to category A too (D-CA-10)."""
    age = facts.age_on(book.day)
    found: list[Warn] = []
    for row in book.rows("base_conditions"):
        if row.fact == "age" and age is not None and age < row.least:
            found.append(Warn(row.code, book.say("UNDER_AGE", age=age, least=row.least)))
    return tuple(found)


def _warnings(
    book: RuleBook, facts: Facts, points: Points, suggested: Route | None, routes: tuple[Route, ...]
) -> tuple[Warn, ...]:
    found: list[Warn] = []
    if suggested is not None:
        found += _age_warnings(book, facts, suggested.row.category)
        found += [Warn(gap.code, gap.text, needs_officer=True) for gap in suggested.outcome.gaps]
    found += _threshold_warnings(book, facts, routes)
    if points.provisional and not points.is_empty:
        names = [factor.row.short for factor in points.factors if not factor.stated]
        what = Bilingual("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        found.append(Warn("PROVISIONAL", book.say("PROVISIONAL", what=what)))
    return tuple(found)


def _age_warnings(book: RuleBook, facts: Facts, category: str) -> list[Warn]:
    """60 passes with a warning; 61 and more: the officer records the relaxation relied on or refuses (D-CA-07)."""
    row, age = book.find("categories", category), facts.age_on(book.day)
    if row is None or row.age_most is None:
        return []
    if age is None:
        return [Warn("AGE_UNKNOWN", book.say("AGE_UNKNOWN"))]
    if age > row.age_most:
        text = book.say("AGE_ABOVE_LIMIT", age=age, most=row.age_most, category=row.short)
        return [Warn("AGE_ABOVE_LIMIT", text, needs_officer=True)]
    if row.age_warn is not None and age >= row.age_warn:
        return [Warn("AGE_AT_LIMIT", book.say("AGE_AT_LIMIT", age=age, category=row.short))]
    return []


def _threshold_warnings(book: RuleBook, facts: Facts, routes: tuple[Route, ...]) -> list[Warn]:
    row = book.find("salary_thresholds", "SALARY")
    if row is None:
        relies = any(route.claimed and _on_salary(route.row) for route in routes)
        text = book.say("NO_SALARY_ROW", region=book.region_name, day=book.day)
        return [Warn("NO_SALARY_ROW", text, needs_officer=True)] if relies else []
    months = book.setting("THRESHOLD_OLD_MONTHS")
    if facts.year_salary is not None and add_months(row.valid_from, months) < book.day:
        return [Warn("THRESHOLD_OLD", book.say("THRESHOLD_OLD", since=row.valid_from, months=months))]
    return []


def _on_salary(row: Row) -> bool:
    return any(test.fact == "salary" for test in row.tests)


def _distance(book: RuleBook, points: Points) -> tuple[tuple[str, int], ...]:
    if points.total is None or points.is_empty:
        return ()
    lines = [row for row in book.rows("point_lines") if row.category]
    return tuple((row.category, row.total - points.total) for row in lines if points.total < row.total)


def _distance_text(book: RuleBook, points: Points, distance: tuple[tuple[str, int], ...]) -> Bilingual | None:
    """About the nearest line above, as on the case page: 84 points, 1 short of category A."""
    if not distance:
        return None
    category, short = min(distance, key=lambda pair: pair[1])
    name = book.find("categories", category)
    what = name.short if name is not None else Bilingual(category, category)
    return book.say("DISTANCE", total=points.total, points=short, category=what)


def _summary(book: RuleBook, category: str | None, met: list[Route], blocked: tuple[Warn, ...]) -> Bilingual:
    if blocked:
        what = Bilingual("；".join(item.text.zh for item in blocked), "; ".join(item.text.en for item in blocked))
        return book.say("SUMMARY_BLOCKED", what=what)
    if category is None:
        return book.say("SUMMARY_NONE") if book.rows("criteria") else book.say("SUMMARY_NO_RULES", day=book.day)
    lifted = {route.row.parent for route in met if route.row.parent}
    codes = [route.code for route in met if route.row.category == category and route.code not in lifted]
    row = book.row("categories", category)
    return book.say("SUMMARY_MET", category=row.name, criteria=Bilingual("、".join(codes), ", ".join(codes)))

