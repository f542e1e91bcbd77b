"""Which applications a person may see and write to: one place for lists, pages and exports.

Managers see everything that was submitted; case officers what organisations of their districts submitted; contacts of
an organisation all of its own, drafts included; a reviewer the applications assigned to them while they review.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.access import Actor, Permission
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import (
    Organisation,
    ProgramApplication,
    ProgramCall,
    ProgramReview,
    ProgramState,
)

_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
LARGEST_ID = 2**31 - 1
YEARS = range(2000, 2100)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition on ProgramApplication for the bureau's own pages."""
    if not actor.may(Permission.PROGRAM_READ):
        return false()
    submitted = ProgramApplication.state != ProgramState.DRAFT
    if actor.may(Permission.PROGRAM_MANAGE) or actor.is_municipal:
        return submitted
    own = select(Organisation.id).where(Organisation.district.in_(sorted(actor.districts))).correlate(None)
    return and_(submitted, ProgramApplication.organisation_id.in_(own))


def own(actor: Actor) -> ColumnElement[bool]:
    """The condition on ProgramApplication for contacts of organisations."""
    if not actor.may(Permission.PROGRAM_APPLY) or not actor.organisations:
        return false()
    return ProgramApplication.organisation_id.in_(sorted(actor.organisations))


def seen(actor: Actor) -> ColumnElement[bool]:
    return or_(visible(actor), own(actor))


def acting_organisations(actor: Actor) -> frozenset[int]:
    """Organisations this contact may apply for: as handler or as training contact."""
    if not actor.may(Permission.PROGRAM_APPLY):
        return frozenset()
    return actor.handled_organisations | actor.training_organisations


def is_own(application: ProgramApplication, actor: Actor) -> bool:
    return application.organisation_id in acting_organisations(actor)


def manages(actor: Actor) -> bool:
    return actor.may(Permission.PROGRAM_MANAGE)


def find_application(number: str, actor: Actor, *, for_page: bool = False) -> ProgramApplication:
    """The application of this number, or NotFound; `for_page` reads with it what its page shows."""
    found = None
    if _NUMBER.fullmatch(number):
        statement = select(ProgramApplication).where(ProgramApplication.number == number, seen(actor))
        statement = statement.options(
            joinedload(ProgramApplication.call),
            joinedload(ProgramApplication.organisation),
            joinedload(ProgramApplication.budget),
        )
        wanted = with_parts(statement) if for_page else statement
        found = db.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise NotFound(number)
    return found


def find_own(number: str, actor: Actor) -> ProgramApplication:
    """An application of an organisation this contact reads for."""
    found = find_application(number, actor)
    if found.organisation_id not in actor.organisations:
        raise NotFound(number)
    return found


def with_parts(statement: Select[Any]) -> Select[Any]:
    """Everything the page shows, in few queries: short lists come with the row itself, the longer ones in one query
    each."""
    a = ProgramApplication
    return statement.options(
        joinedload(a.budget), joinedload(a.runs), joinedload(a.changes), joinedload(a.meeting),
        joinedload(a.settlement), joinedload(a.reports), selectinload(a.experts), selectinload(a.files),
        selectinload(a.visits), selectinload(a.reviews).joinedload(ProgramReview.reviewer).lazyload("*"),
    )  # fmt: skip


def find_review(number: str, actor: Actor) -> ProgramReview:
    """The review this person was assigned, whatever became of it, or NotFound."""
    found = None
    if _NUMBER.fullmatch(number):
        application = joinedload(ProgramReview.application)
        rows = db.session.scalars(
            select(ProgramReview)
            .join(ProgramApplication, ProgramReview.application_id == ProgramApplication.id)
            .where(ProgramApplication.number == number, ProgramReview.reviewer_id == actor.id)
            .options(
                joinedload(ProgramReview.reviewer).lazyload("*"),
                application.joinedload(ProgramApplication.call),
                application.joinedload(ProgramApplication.organisation),
                application.joinedload(ProgramApplication.budget),
                application.selectinload(ProgramApplication.experts),
                application.selectinload(ProgramApplication.files),
                application.selectinload(ProgramApplication.reviews)
                .joinedload(ProgramReview.reviewer)
                .lazyload("*"),
            )
        )
        found = rows.unique().one_or_none()
    if found is None:
        raise NotFound(number)
    return found


def find_call(call_id: int, actor: Actor) -> ProgramCall:
    """A call: the bureau sees all of them, others what was announced."""
    call = db.session.get(ProgramCall, call_id) if 0 < call_id <= LARGEST_ID else None
    if call is None or not (actor.may(Permission.PROGRAM_READ) or call.announced_on is not None):
        raise NotFound(str(call_id))
    return call


def may_open_file(application: ProgramApplication, actor: Actor) -> bool:
    """Annexes: the bureau and the own organisation; a reviewer through the review page, without passports."""
    return actor.may(Permission.PROGRAM_READ) or application.organisation_id in actor.organisations


