"""Where an application stands on its way, what happened to it, and how earlier projects of the organisation went."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.accounts.names import joined
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import lazy
from expertdesk.models import Event, ProgramApplication
from expertdesk.programs import checking
from expertdesk.programs.acting import SUBJECT
from expertdesk.programs.application_records import Happening, PastProject, Stage
from expertdesk.programs.rows import project_title
from expertdesk.regulations.book import RuleBook

_LINE = (
    (lazy("Application to a call"), ("draft", "returned")),
    (lazy("Completeness"), ("submitted", "checked")),
    (lazy("Expert review"), ("in_review", "reviewed")),
    (lazy("Decision and publicity"), ("proposed", "publicised")),
    (lazy("Yearly run"), ("approved", "running")),
    (lazy("Closing and evaluation"), ("settled", "closed")),
)
_BY_PLACE = {state: place for place, (_, states) in enumerate(_LINE) for state in states}
_ENDED_AT = {"evaluated": len(_LINE), "terminated": 4, "lapsed": 4}


def stages_of(application: ProgramApplication, book: RuleBook) -> tuple[Stage, ...]:
    """The stage line of six: done, now, to come."""
    state = str(application.state)
    place = _BY_PLACE.get(state, _ENDED_AT.get(state, -1))
    if place < 0:  # withdrawn or not selected: where it had come to
        place = 1 if application.meeting_id is None else 3
    stages = []
    for number, (name, _) in enumerate(_LINE):
        is_here = number == place
        note = book.name_of("program_states", state) if is_here else ""
        stages.append(Stage(name, note, "done" if number < place else "now" if is_here else "next"))
    return tuple(stages)


HAPPENED: dict[str, Any] = {
    "program.begun": lazy("Application begun"),
    "program.submitted": lazy("Application submitted"),
    "program.edited": lazy("Application changed"),
    "program.withdrawn": lazy("Application taken back"),
    "program.checked": lazy("Passed the check"),
    "program.returned": lazy("Returned for changes"),
    "program.expert_linked": lazy("Expert linked to the register"),
    "program.reviewers_assigned": lazy("Reviewers assigned"),
    "program.reviewers_added": lazy("Further reviewers assigned"),
    "program.conflict_declared": lazy("Conflict of interest declared"),
    "program.review_given": lazy("Review given"),
    "program.review_recorded": lazy("Opinion from outside entered"),
    "program.reviewed": lazy("Review finished"),
    "program.proposed": lazy("Proposed by the decision meeting"),
    "program.rejected": lazy("Not selected"),
    "program.publicised": lazy("Made public"),
    "program.objection_noted": lazy("Objection entered"),
    "program.approved": lazy("Approved with funds"),
    "program.started": lazy("Started"),
    "program.visit_recorded": lazy("Visit recorded"),
    "program.reported": lazy("Report filed"),
    "program.change_asked": lazy("Change asked for"),
    "program.change_decided": lazy("Change decided"),
    "program.settlement_filed": lazy("Settlement filed"),
    "program.settlement_returned": lazy("Settlement returned"),
    "program.settled": lazy("Settlement accepted"),
    "program.closed": lazy("Project closed"),
    "program.evaluated": lazy("Evaluated"),
    "program.terminated": lazy("Terminated"),
    "program.lapsed": lazy("Lapsed"),
    "program_call.made": lazy("Call made"),
    "program_call.changed": lazy("Call changed"),
    "program_call.announced": lazy("Call announced"),
    "program_call.decided": lazy("Decision meeting held"),
    "introduction_plan.saved": lazy("Figures of the introduction plan saved"),
}
_PARTS: dict[str, Any] = {
    "particulars": lazy("particulars"),
    "expert": lazy("expert"),
    "expert_removed": lazy("expert removed"),
    "budget": lazy("budget"),
    "goals": lazy("goals"),
    "file": lazy("annex added"),
    "file_removed": lazy("annex removed"),
}
_MOST_EVENTS = 200


def history(application: ProgramApplication, *, own: bool) -> tuple[Happening, ...]:
    """Newest first. Organisations see what is public, without the names of reviewers and officers; edits that follow
    each other become one line."""
    statement = select(Event).where(Event.subject_kind == SUBJECT, Event.subject_id == application.id)
    events = db.session.scalars(statement.order_by(Event.id.desc()).limit(_MOST_EVENTS)).all()
    found: list[Happening] = []
    for event in events:
        if own and not event.is_public and event.name != "program.edited":
            continue
        found.append(_happening(event, own=own))
    return tuple(_merged(found))


def _happening(event: Event, *, own: bool) -> Happening:
    lines = []
    part = _PARTS.get(event.payload.get("part", ""))
    if part is not None:
        lines.append({"text": part, "is_data": False})
    reason = event.payload.get("reason", "")
    if reason:
        lines.append({"text": reason, "is_data": True})
    is_office = event.actor_role not in ("employer", "")
    who = "" if own and is_office else event.actor_name
    return Happening(event.at, HAPPENED.get(event.name, event.name), tuple(lines), who)


def _merged(found: list[Happening]) -> list[Happening]:
    kept: list[Happening] = []
    for item in found:
        is_edit = item.title is HAPPENED["program.edited"]
        if is_edit and kept and kept[-1].title is item.title and kept[-1].who == item.who:
            known = {str(line["text"]) for line in kept[-1].lines}
            lines = (*kept[-1].lines, *(line for line in item.lines if str(line["text"]) not in known))
            kept[-1] = Happening(kept[-1].at, item.title, lines, item.who)
        else:
            kept.append(item)
    return [_in_one_line(item) for item in kept]


def _in_one_line(item: Happening) -> Happening:
    """The parts that were changed beside each other."""
    parts = [str(line["text"]) for line in item.lines if not line["is_data"]]
    if len(parts) <= 1:
        return item
    lines = ({"text": joined(parts), "is_data": False}, *(line for line in item.lines if line["is_data"]))
    return Happening(item.at, item.title, lines, item.who)


_MOST_PAST = 5


def past_projects(application: ProgramApplication) -> tuple[PastProject, ...]:
    """How the organisation's earlier projects went: who spent fully and finished well is preferred."""
    a = ProgramApplication
    found = db.session.scalars(
        select(a)
        .where(a.organisation_id == application.organisation_id, a.id != application.id, a.approved_on.is_not(None))
        .options(joinedload(a.call))
        .order_by(a.id.desc())
        .limit(_MOST_PAST)
    ).all()
    book = checking.book_of(application)
    return tuple(
        PastProject(
            item.number, project_title(item.title, item.title_en)[0], item.call.year,
            _how_it_went(book, item),
            item.funds_approved,
        )
        for item in found
    )  # fmt: skip


def _how_it_went(book: RuleBook, application: ProgramApplication) -> Any:
    """The grade, or how far it is."""
    if application.grade:
        return book.name_of("program_grades", application.grade)
    return book.name_of("program_states", str(application.state))
