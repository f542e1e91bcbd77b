"""The page of the recommendation: what the rules say about criteria, papers and period, beside the opinion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from expertdesk.access import Actor
from expertdesk.cases import guards
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.case_record import case_record
from expertdesk.cases.forms import JudgeForm, RecommendForm
from expertdesk.cases.judging import Judged, judgement_of
from expertdesk.cases.result_parts import Result, result_of
from expertdesk.cases.step_pages import Effect, draft_opinion, effects_of
from expertdesk.cases.stepping import Between
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case
from expertdesk.web import page


@dataclass(frozen=True)
class CheckedPoint:
    """One thing that was looked at. `state`: ok, warn, bad or open."""

    state: str
    name: Any
    text: Any
    url: str = ""


@dataclass(frozen=True)
class RecommendPage:
    head: CaseHead
    result: Result
    points: tuple[CheckedPoint, ...]
    effects: tuple[Effect, ...]
    between: Between | None
    needs_opinion: bool


def prefill(form: RecommendForm, case: Case) -> None:
    """Grant with the usual opinion where the rules allow it; else nothing is chosen."""
    judged = judgement_of(case)
    form.is_grant.data = "yes" if judged.category and judged.period.ok and not judged.failed_checks else None
    if form.is_grant.data == "yes" and not judged.needs_officer:
        form.opinion.data = draft_opinion(case, judged)


def recommend_page(loaded: Loaded, actor: Actor, between: Between | None) -> RecommendPage:
    case = loaded.case
    judged = judgement_of(case)
    return RecommendPage(
        head=case_head(case, actor),
        result=result_of(case, judged, actor),
        points=_points(case, judged),
        effects=effects_of(case, "recommend"),
        between=between,
        needs_opinion=judged.needs_officer,
    )


def _points(case: Case, judged: Judged) -> tuple[CheckedPoint, ...]:
    """Category, open verdicts, conditions, papers, period, limit: each with where it can be mended."""
    case_url, check_url = url_for("cases.case", number=case.number), url_for("cases.check", number=case.number)
    found = judged.classification
    points = [
        CheckedPoint("ok" if judged.category else "bad", lazy("Category"), found.summary, f"{case_url}#why-h"),
        *(CheckedPoint("warn", lazy("To weigh"), warning.text) for warning in found.warnings),
        *(
            CheckedPoint("warn", code, lazy("The claim still waits for its proof."), f"{case_url}#judge")
            for code in judged.open_verdicts
        ),
    ]
    for check in judged.checks:
        state = "ok" if check.met else "bad" if check.met is False else "open"
        points.append(CheckedPoint(state, check.name, check.why))
    gaps = guards.papers_ready(case, _READER)
    if gaps:
        points += [CheckedPoint("warn", lazy("Papers"), reason.text, check_url) for reason in gaps]
    else:
        points.append(CheckedPoint("ok", lazy("Papers"), lazy("Complete and checked.")))
    points += [
        CheckedPoint("warn", lazy("Papers"), reason.text, check_url)
        for reason in guards.deferred_papers_in(case, _READER)
    ]
    points.append(CheckedPoint("ok" if judged.period.ok else "bad", lazy("Permit period"), judged.period.text))
    return tuple(points)


_READER = Actor(id=0, username="", name="")


def judge_again(loaded: Loaded, actor: Actor, form: JudgeForm, texts: Iterable[Any], status: int) -> Response:
    """The case page once more, with what was wrong with the verdict and what was typed."""
    record = case_record(loaded, actor)
    asked = record.result.to_judge if record.result is not None else ()
    is_there = any(item.code == form.criterion.data for item in asked)
    problems = [(f"r-{form.criterion.data}" if is_there else "", text) for text in texts]
    return page("cases/case.html", status, record=record, judged=form, judge_problems=problems)
