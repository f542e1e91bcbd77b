"""Reads for reviewers: what was assigned to them, and the sheet of one application.

A reviewer reads what the judgement needs: the project, the experts' record and plan, the budget, the annexes except
passports and visas; no dates of birth beyond the year, no contact details. Others' scores appear once all are in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.cases.rows import organisation_name
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import country_name, lazy
from expertdesk.models import Organisation, ProgramApplication, ProgramCall, ProgramReview, ProgramState
from expertdesk.permits.rows import Chip
from expertdesk.programs import application_parts as parts
from expertdesk.programs import checking, guards
from expertdesk.programs.application_records import IndicatorLine, Money, ReviewLine
from expertdesk.programs.rows import kind_name, project_title, state_chip

_MOST = 200
# what a reviewer does not need: identity papers
PRIVATE = frozenset({"PASSPORT", "VISA", "REVIEW"})


@dataclass(frozen=True)
class Assigned:
    number: str
    url: str
    title: str
    lang: str
    kind: Any
    organisation: str
    assigned_at: datetime
    due_on: date | None
    chip: Chip
    total: int | None


@dataclass(frozen=True)
class Assignments:
    waiting: tuple[Assigned, ...]
    done: tuple[Assigned, ...]


@dataclass(frozen=True)
class ReviewedExpert:
    name: str
    country: str
    born_in: int
    role: Any
    employer: str
    post: str
    degree: Any
    mode: Any
    visits: int
    visit_days: int
    months: Decimal
    tasks: str
    record: str
    grants: str
    works: str


@dataclass(frozen=True)
class ReviewSheet:
    number: str
    title: str
    lang: str
    kind: Any
    organisation: str
    field: Any
    starts_on: date | None
    ends_on: date | None
    due_on: date | None
    chip: Chip
    version: int
    texts: tuple[tuple[Any, str], ...]
    goals: str
    indicators: tuple[IndicatorLine, ...]
    experts: tuple[ReviewedExpert, ...]
    money: Money
    files: tuple[Any, ...]
    may_write: bool
    has_conflict: bool
    conflict_note: str
    own: ReviewLine | None
    others: tuple[ReviewLine, ...]
    criteria: tuple[Any, ...]


def assignments(actor: Actor) -> Assignments:
    """What waits for this reviewer, soonest first, and what was done."""
    a, r = ProgramApplication, ProgramReview
    found = db.session.execute(
        select(
            a.number, a.title, a.title_en, a.state, a.review_due_on, r.assigned_at, r.submitted_at, r.has_conflict,
            r.total, ProgramCall.kind, Organisation.name_zh, Organisation.name_en,
        )
        .select_from(r)
        .join(a, r.application_id == a.id)
        .join(ProgramCall, a.call_id == ProgramCall.id)
        .join(Organisation, a.organisation_id == Organisation.id)
        .where(r.reviewer_id == actor.id)
        .order_by(r.id.desc())
        .limit(_MOST)
    )  # fmt: skip
    waiting, done = [], []
    for item in found:
        is_open = item.submitted_at is None and not item.has_conflict and item.state is ProgramState.IN_REVIEW
        (waiting if is_open else done).append(_assigned(item, is_open))
    waiting.sort(key=lambda line: (line.due_on or date.max, line.number))
    return Assignments(tuple(waiting), tuple(done))


def _assigned(item: Any, is_open: bool) -> Assigned:
    title, lang = project_title(item.title, item.title_en)
    if item.has_conflict:
        chip = Chip("", "cross", lazy("conflict declared"))
    elif item.submitted_at is not None:
        chip = Chip("ok", "tick", lazy("review sent"))
    else:
        chip = Chip("now", "clock", lazy("waits for you")) if is_open else Chip("", "dash", lazy("ended without you"))
    return Assigned(
        item.number, url_for("programs.review", number=item.number), title, lang, kind_name(item.kind),
        organisation_name(item.name_zh, item.name_en), item.assigned_at, item.review_due_on, chip, item.total,
    )  # fmt: skip


def review_sheet(review: ProgramReview, actor: Actor) -> ReviewSheet:
    """The sheet of one reviewer; empty of content for somebody who fell out."""
    application = review.application
    book = checking.book_of(application)
    title, lang = project_title(application.title, application.title_en)
    gone = bool(review.has_conflict)
    organisation = application.organisation
    lines = {line.id: line for line in parts.reviews_of(application, book)} if guards.all_in(application) else {}
    own = parts.own_review_line(review, book) if review.submitted_at is not None else None
    return ReviewSheet(
        number=application.number, title=title, lang=lang, kind=kind_name(application.call.kind),
        organisation=organisation_name(organisation.name_zh, organisation.name_en),
        field=parts.named(book, "program_fields", application.field), starts_on=application.starts_on,
        ends_on=application.ends_on, due_on=application.review_due_on,
        chip=state_chip(book, str(application.state)), version=application.row_version,
        texts=() if gone else parts.texts_of(application), goals="" if gone else application.goals,
        indicators=() if gone else parts.indicators_of(application, book, False),
        experts=() if gone else tuple(_expert(expert, book) for expert in application.experts),
        money=parts.money_of(application, book), files=() if gone else _files(application, book),
        may_write=application.state is ProgramState.IN_REVIEW and not guards.review_is_open(application, actor),
        has_conflict=gone, conflict_note=review.conflict_note, own=own,
        others=tuple(line for number, line in lines.items() if number != review.id) if not gone else (),
        criteria=book.rows("program_criteria"),
    )  # fmt: skip


def _expert(expert: Any, book: Any) -> ReviewedExpert:
    return ReviewedExpert(
        name=expert.latin_name, country=country_name(expert.nationality), born_in=expert.birth_on.year,
        role=book.name_of("program_roles", expert.role), employer=expert.employer, post=expert.post,
        degree=parts.named(book, "education_facts", expert.degree), mode=book.name_of("program_modes", expert.mode),
        visits=expert.visits, visit_days=expert.visit_days, months=expert.months_requested, tasks=expert.tasks,
        record=expert.record, grants=expert.grants, works=expert.works,
    )  # fmt: skip


def _files(application: ProgramApplication, book: Any) -> tuple[Any, ...]:
    return tuple(
        {
            "document": book.name_of("program_documents", file.document),
            "name": file.file_name,
            "url": url_for("programs.review_file", number=application.number, file_id=file.id),
        }
        for file in application.files
        if file.document not in PRIVATE
    )
