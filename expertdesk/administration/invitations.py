"""Invitations as staff see them, and from the form to the command: an expert is named by passport number, an
organisation by its code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, true

from expertdesk.access import Actor, Permission, Role
from expertdesk.accounts.commands import LARGEST_ID
from expertdesk.accounts.invitations import InvitationState, state_of
from expertdesk.accounts.names import ROLE_NAMES
from expertdesk.administration.commands import organisation_for, organisation_names
from expertdesk.experts import policy
from expertdesk.experts.paging import read_slice
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import Account, Invitation, Passport, Person

STATE_CHIPS: dict[InvitationState, tuple[str, str, Any]] = {
    InvitationState.OPEN: ("hold", "wait", lazy("Open")),
    InvitationState.USED: ("ok", "tick", lazy("Accepted")),
    InvitationState.EXPIRED: ("", "clock", lazy("Expired")),
    InvitationState.WITHDRAWN: ("", "cross", lazy("Withdrawn")),
}
_MOST_DIGITS = 10


@dataclass(frozen=True)
class InvitationLine:
    id: int
    role: Any
    name: str
    email: str
    organisation: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    chip: tuple[str, str, Any]
    is_open: bool


@dataclass(frozen=True)
class InvitationsPage:
    rows: tuple[InvitationLine, ...]
    older: int | None
    newer: int | None


def invitations_page(actor: Actor, after: int | None = None, before: int | None = None) -> InvitationsPage:
    """Administrators see all, officers their own."""
    statement = select(Invitation).where(
        Invitation.role.in_((Role.EXPERT, Role.EMPLOYER)), Invitation.account_id.is_(None), _own(actor)
    )
    found = read_slice(statement, Invitation.id, after, before)
    organisations = organisation_names(row.organisation_id for row in found.rows if row.organisation_id is not None)
    makers = _names({row.created_by_id for row in found.rows if row.created_by_id is not None})
    rows = tuple(_line(row, organisations, makers) for row in found.rows)
    return InvitationsPage(rows, found.older, found.newer)


def _own(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.may(Permission.ACCOUNTS_MANAGE) else Invitation.created_by_id == actor.id


def check_own(invitation_id: int, actor: Actor) -> None:
    """Raises NotFound for an invitation of somebody else."""
    statement = select(Invitation.id).where(Invitation.id == invitation_id, _own(actor))
    if not 0 < invitation_id <= LARGEST_ID or db.session.scalar(statement) is None:
        raise NotFound("invitation")


def _line(row: Invitation, organisations: Mapping[int, str], makers: Mapping[int, str]) -> InvitationLine:
    state = state_of(row)
    return InvitationLine(
        id=row.id,
        role=ROLE_NAMES[row.role],
        name=row.name,
        email=row.email,
        organisation=organisations.get(row.organisation_id or 0, ""),
        created_at=row.created_at,
        created_by=makers.get(row.created_by_id or 0, ""),
        expires_at=row.expires_at,
        chip=STATE_CHIPS[state],
        is_open=state is InvitationState.OPEN,
    )


def _names(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))}


# --- the form --------------------------------------------------------------------------------------------------


def number(values: Mapping[str, str], name: str) -> int | None:
    """A row's id in an address, or None when it is none."""
    text = values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def suggested(values: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """First values when one comes from an expert's or an organisation's page (`person`, `organisation` = id)."""
    person_id, organisation_id = number(values, "person"), number(values, "organisation")
    if person_id is not None and actor.may(Permission.EXPERT_READ):
        person = policy.find_person(person_id, actor)
        passport = next((held.number for held in person.passports if held.is_current), "")
        return {"role": Role.EXPERT.value, "passport": passport, "name": person.display_name, "email": person.email}
    if organisation_id is not None and actor.may(Permission.ORGANISATION_READ):
        found = policy.find_organisation(organisation_id, actor)
        return {"role": Role.EMPLOYER.value, "organisation": found.credit_code, "language": "zh"}
    return {}


def invited_by(form: Any, actor: Actor) -> dict[str, Any]:
    """The arguments of `invite`. Raises RuleBroken at a field."""
    role = Role(form.role.data)
    values: dict[str, Any] = {
        "role": role,
        "name": form.name.data or "",
        "email": form.email.data or "",
        "language": form.language.data or "en",
        "right": form.right.data or "",
    }
    if role is Role.EXPERT:
        person = _person(form.passport.data or "", actor)
        values |= {
            "person_id": person.id,
            "name": values["name"] or person.display_name,
            "email": values["email"] or person.email,
        }
    else:
        values["organisation_id"] = _organisation(form.organisation.data or "")
    return values


def _person(passport: str, actor: Actor) -> Person:
    """An expert the actor may see."""
    tidy = tidy_passport_number(passport)
    if not tidy:
        raise RuleBroken({"passport": lazy("Enter the passport number of the expert.")})
    statement = policy.visible_people(select(Person).join(Passport).where(Passport.number == tidy), actor)
    found = db.session.scalars(statement.limit(2)).unique().all()
    if len(found) != 1:
        raise RuleBroken({"passport": lazy("No expert of yours has this passport number.")})
    return found[0]


def _organisation(credit_code: str) -> int:
    if not credit_code:
        raise RuleBroken({"organisation": lazy("Enter the unified social credit code of the organisation.")})
    return organisation_for(credit_code, "organisation")
