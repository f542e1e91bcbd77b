"""The category result as the page shows it: the answer, each criterion and each point with its reason, and what an
officer still has to judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from expertdesk.access import Actor, Permission
from expertdesk.cases import guards
from expertdesk.cases.judging import Judged, newest_verdicts
from expertdesk.foundation.locale import Bilingual, current_language, lazy
from expertdesk.models import Case, CaseState, Verdict
from expertdesk.regulations import Classification, Factor, Route, RuleBook


@dataclass(frozen=True)
class Criterion:
    code: str
    name: Any
    why: Any
    state: str
    source: Any
    confidence: str
    verdict: Any = ""
    more_sources: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Point:
    name: Any
    fact: Any
    points: int
    maximum: int
    evidence: Any
    confidence: str


@dataclass(frozen=True)
class ToJudge:
    """A claim that rests on evidence. `verdict` "ask" = open; `papers`: what would prove it."""

    code: str
    name: Any
    verdict: str
    verdict_name: Any
    reason: str
    papers: Any


@dataclass(frozen=True)
class Result:
    """`lead` is the answer in one sentence; `lines`: (category, from which points)."""

    letter: str
    lead: Any
    sub: tuple[Any, ...]
    points: int | None
    maximum: int
    lines: tuple[tuple[str, int], ...]
    criteria: tuple[Criterion, ...]
    not_claimed: str
    factors: tuple[Point, ...]
    warnings: tuple[Any, ...]
    to_judge: tuple[ToJudge, ...]
    may_judge: bool
    rules_on: Any
    period: Any
    period_ok: bool
    checks: tuple[Criterion, ...]


_VERDICTS: dict[str, Any] = {
    Verdict.ASK.value: lazy("proof is asked for"),
    Verdict.PROVED.value: lazy("proved"),
    Verdict.NOT_USED.value: lazy("not used"),
}
_JUDGED_IN = (CaseState.SUBMITTED, CaseState.IN_CORRECTION, CaseState.ACCEPTED)


def result_of(case: Case, judged: Judged, actor: Actor) -> Result:
    """Everything about the category; `asserted` tells of claims that still wait for proof."""
    found, book = judged.classification, judged.classification.book
    lines = [row for row in book.rows("point_lines") if row.category and found.points.total is not None]
    may_judge = (
        actor.may(Permission.CASE_PRECHECK) and case.state in _JUDGED_IN and not guards.in_own_hands(case, actor)
    )
    return Result(
        letter=judged.category,
        lead=found.summary,
        sub=_sub(judged),
        points=None if found.points.is_empty else found.points.total,
        maximum=sum(factor.max for factor in found.points.factors),
        lines=tuple((row.category, row.total) for row in sorted(lines, key=lambda row: row.total)),
        criteria=_criteria(case, judged),
        not_claimed=("、" if current_language() == "zh" else ", ").join(_not_claimed(found)),
        factors=tuple(_point(book, factor) for factor in found.points.factors),
        warnings=tuple(warning.text for warning in (*found.blocked, *found.warnings)),
        to_judge=_to_judge(case, book),
        may_judge=may_judge,
        rules_on=case.rules_date,
        period=judged.period.text,
        period_ok=judged.period.ok,
        checks=tuple(
            Criterion(check.code, check.name, check.why, _state(check.met), check.row.sources, check.row.confidence)
            for check in judged.checks
        ),
    )


def _sub(judged: Judged) -> tuple[Any, ...]:
    found = judged.classification
    said = []
    if found.distance_text is not None:
        said.append(found.distance_text)
    if judged.asserted.category and judged.asserted.category != found.category:
        said.append(lazy("If every claim is proved: category %(letter)s.", letter=judged.asserted.category))
    return tuple(said)


def _state(met: bool | None) -> str:
    return "none" if met is None else "met" if met else "not_met"


def _criteria(case: Case, judged: Judged) -> tuple[Criterion, ...]:
    """What is met first, then what still needs proof, then what is not met."""
    verdicts = newest_verdicts(case)
    routes = {route.code: route for route in judged.classification.relevant}
    routes |= {route.code: route for route in judged.asserted.relevant if route.code not in routes or route.claimed}
    rows = []
    for route in routes.values():
        line = verdicts.get(route.code)
        decides = judged.classification.route(route.code) or route
        state = "needs_proof" if line is not None and line.verdict == Verdict.ASK.value else _state(decides.met)
        rows.append(_criterion(route, decides, state, _VERDICTS.get(line.verdict, "") if line else ""))
    order = {"met": 0, "needs_proof": 1, "not_met": 2, "none": 3}
    return tuple(sorted(rows, key=lambda row: order[row.state]))


def _criterion(route: Route, decides: Route, state: str, verdict: Any) -> Criterion:
    why = decides.why if state != "needs_proof" else route.why
    first, *more = sources_of(route.source)
    return Criterion(route.code, route.row.name, why, state, first, route.confidence, verdict, tuple(more))


def sources_of(source: Bilingual) -> list[Bilingual]:
    """The sources of a row one by one; the first is the one that decides."""
    zh, en = source.zh.split("；"), source.en.split("; ")
    if len(zh) != len(en) or not source:
        return [source or Bilingual("—", "—")]
    return [Bilingual(*pair) for pair in zip(zh, en, strict=True)]


def _not_claimed(found: Classification) -> list[str]:
    relevant = {route.code for route in found.relevant}
    return [route.code for route in found.routes if route.code not in relevant and not route.row.parent]


def _point(book: RuleBook, factor: Factor) -> Point:
    names = [book.document(code).short for code in factor.row.evidence or () if book.find("documents", code)]
    evidence = ("、" if current_language() == "zh" else ", ").join(str(name) for name in names)
    same = str(factor.value) == str(factor.band) or not factor.band
    fact = factor.value if same else lazy("%(value)s (%(band)s)", value=factor.value, band=factor.band)
    return Point(factor.row.short, fact, factor.score, factor.max, evidence or "—", factor.row.confidence)


def _to_judge(case: Case, book: RuleBook) -> tuple[ToJudge, ...]:
    """Claims with a verdict, the open ones first."""
    claimed = case.facts.get("criteria") or ()
    found = []
    for code, line in newest_verdicts(case).items():
        row = book.find("criteria", code)
        if row is None or code not in claimed:
            continue
        papers = [str(book.document(paper).short) for paper in row.evidence or ()]
        found.append(
            ToJudge(
                code,
                row.name,
                line.verdict,
                _VERDICTS[line.verdict],
                line.reason,
                ("、" if current_language() == "zh" else ", ").join(papers),
            )
        )
    return tuple(sorted(found, key=lambda item: item.verdict != Verdict.ASK.value))
