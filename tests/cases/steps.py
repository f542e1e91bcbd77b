"""The usual steps of a case, each through the real command, for the tests of this folder."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import commands, papers
from expertdesk.foundation import clock
from expertdesk.foundation.uploads import CleanUpload, clean_upload
from expertdesk.models import Case

B_FACTS = {
    "education": "doctorate",
    "experience_years": 8,
    "months_per_year": 12,
    "location": "other",
    "criteria": ["B1"],
}
# rests on evidence alone; too few points for any other criterion
A_FACTS = {"criteria": ["A2.9"]}


def shanghai(day: date, hour: int = 9, minute: int = 30) -> datetime:
    return clock.at_shanghai(day, hour, minute)


def new_case(world: Any, **changes: Any) -> commands.NewCase:
    values: dict[str, Any] = {
        "procedure": "NEW_IN_CHINA",
        "person_id": world.person_id,
        "passport_id": world.passport_id,
        "organisation_id": world.organisation_id,
        "contact_id": world.contact_id,
        "district": "990101",
        "in_country_ground": "IC3",
        "post": "研发工程师",
        "post_en": "Research engineer",
        "contract_start_on": date(2026, 12, 1),
        "contract_end_on": date(2028, 11, 30),
        "salary_month": 32000,
        "claimed_category": "B",
        "facts": dict(B_FACTS),
    }
    return commands.NewCase(**{**values, **changes})


def picture_pdf(text: str = "paper") -> bytes:
    """A small true PDF."""
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    sheet = Canvas(stream, invariant=True)
    sheet.drawString(72, 720, text)
    sheet.showPage()
    sheet.save()
    return stream.getvalue()


def upload(text: str = "paper") -> CleanUpload:
    return clean_upload(picture_pdf(text), f"{text}.pdf", "application/pdf", papers.upload_limits(), isolate=False)


def supply(case: Case, actor: Actor, *, but: tuple[str, ...] = ()) -> None:
    """Show every required original at the counter, confirm commitments, promise what may follow, and check it."""
    for paper in list(case.papers):
        if paper.document in but:
            continue
        if paper.requirement == "required":
            papers.mark_original_seen(case, paper.document, actor)
        elif paper.requirement == "commitment":
            papers.commit_paper(case, paper.document, actor)
        elif paper.requirement == "deferred":
            papers.defer_paper(case, paper.document, actor)
    check_all(case, actor)


def check_all(case: Case, actor: Actor) -> None:
    results = [
        papers.CheckData(paper.document, True)
        for paper in case.papers
        if paper.state in ("uploaded", "original_seen") and paper.check == "unchecked"
    ]
    if results:
        papers.check_papers(case, results, actor)


def submitted(world: Any, actor: Actor, **changes: Any) -> commands.Submitted:
    case = commands.open_case(new_case(world, **changes), actor)
    return commands.submit_case(case, actor, seen_version=case.row_version)


def accepted(world: Any, actor: Actor, **changes: Any) -> Case:
    case = submitted(world, actor, **changes).case
    supply(case, actor)
    return commands.accept_case(case, actor, case.row_version)


def recommended(world: Any, actor: Actor, **changes: Any) -> Case:
    case = accepted(world, actor, **changes)
    return commands.recommend_case(case, "符合条件。", True, actor, case.row_version)


def later(days: int) -> datetime:
    return clock.now() + timedelta(days=days)
