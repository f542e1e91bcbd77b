"""Writes of the administration pages: one save for a whole account, with both versions when somebody was faster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select

from expertdesk.access import STAFF_ROLES, Actor, Role
from expertdesk.accounts import commands as accounts
from expertdesk.accounts.invitations import reset_address
from expertdesk.accounts.names import RIGHT_NAMES, joined, role_list
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, RuleBroken, Stale
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import current_language, gettext, lazy
from expertdesk.models import Account, Event, MembershipRight, Organisation
from expertdesk.regulations.current import rules_today

_MOST_DIGITS = 9  # ids beyond it do not fit the column


@dataclass(frozen=True)
class AccountData:
    """Everything of an account that an administrator types. `None` = this kind of account does not have it."""

    name: str
    name_latin: str
    email: str
    phone: str
    window: str
    roles: tuple[Role, ...] | None = None
    districts: tuple[str, ...] | None = None
    is_municipal: bool | None = None
    memberships: tuple[tuple[int, MembershipRight], ...] | None = None


@dataclass(frozen=True)
class CodedDifference(FieldDifference):
    """A field of codes: names to read, codes to send back."""

    stored_value: str = ""
    yours_value: str = ""


LABELS: dict[str, Any] = {
    "name": lazy("Name"),
    "name_latin": lazy("Name in Latin letters"),
    "email": lazy("E-mail"),
    "phone": lazy("Phone"),
    "window": lazy("Window"),
    "roles": lazy("Roles"),
    "districts": lazy("Districts"),
    "is_municipal": lazy("All districts"),
    "memberships": lazy("Organisations"),
}


def stored_data(account: Account) -> AccountData:
    """The account as it is stored now, in the shape of the form."""
    roles = tuple(role for role in Role if role in {held.role for held in account.roles})
    is_staff = bool(set(roles) & STAFF_ROLES)
    return AccountData(
        name=account.name,
        name_latin=account.name_latin,
        email=account.email,
        phone=account.phone,
        window=account.window,
        roles=roles if is_staff else None,
        districts=tuple(sorted(held.district for held in account.districts)) if is_staff else None,
        is_municipal=account.is_municipal if is_staff else None,
        memberships=tuple(sorted((held.organisation_id, held.right) for held in account.memberships))
        if Role.EMPLOYER in roles
        else None,
    )


def save_user(account_id: int, data: AccountData, actor: Actor, seen_version: int) -> Account:
    """Details and rights together. Raises Stale with both versions, RuleBroken at a field, NotAllowedNow."""
    account = accounts.lock_account(account_id, None)
    if account.row_version != seen_version:
        raise _stale(account, data, seen_version)
    stored = stored_data(account)
    accounts.set_details(
        account_id,
        name=data.name,
        name_latin=data.name_latin,
        email=data.email,
        phone=data.phone,
        window=data.window,
        actor=actor,
    )
    rights_wanted = (data.roles, data.districts, data.is_municipal, data.memberships)
    rights_stored = (stored.roles, stored.districts, stored.is_municipal, stored.memberships)
    if rights_wanted == rights_stored:
        return account
    return accounts.set_roles(
        account_id,
        roles=data.roles if data.roles is not None else [held.role for held in account.roles],
        districts=data.districts or (),
        is_municipal=bool(data.is_municipal),
        memberships=data.memberships or (),
        actor=actor,
    )


def add_user(data: AccountData, *, username: str, language: str, actor: Actor) -> tuple[Account, str]:
    """A staff account without a password, and the code of the one-time address that sets it."""
    account = accounts.create_account(
        username=username,
        name=data.name,
        name_latin=data.name_latin,
        roles=data.roles or (),
        password="",
        email=data.email,
        phone=data.phone,
        language=language,
        districts=data.districts or (),
        is_municipal=bool(data.is_municipal),
        window=data.window,
        actor=actor,
    )
    return account, reset_address(account.id, actor)


def address_for(code: str) -> str:
    """What is handed to the person."""
    return f"{settings().base_url}/invitation/{code}"


def organisation_for(credit_code: str, field: str) -> int:
    """The organisation with this code. Raises RuleBroken at the field."""
    tidy = "".join(credit_code.split()).upper()
    found = db.session.scalar(select(Organisation.id).where(Organisation.credit_code == tidy))
    if found is None:
        raise RuleBroken({field: lazy("No organisation with this code is in the register.")})
    return found


# --- two versions ----------------------------------------------------------------------------------------------


def _stale(account: Account, data: AccountData, seen_version: int) -> Stale:
    stored = stored_data(account)
    last = db.session.scalars(
        select(Event)
        .where(Event.subject_kind == "account", Event.subject_id == account.id)
        .order_by(Event.id.desc())
        .limit(1)
    ).one_or_none()
    return Stale(
        seen=seen_version,
        current=account.row_version,
        changed_by=last.actor_name if last is not None else "",
        changed_at=last.recorded_at if last is not None else None,
        differences=tuple(_differences(stored, data)),
    )


def _differences(stored: AccountData, yours: AccountData) -> Iterable[CodedDifference]:
    for field in fields(AccountData):
        before, after = getattr(stored, field.name), getattr(yours, field.name)
        if before != after and before is not None and after is not None:
            yield CodedDifference(
                field.name,
                LABELS[field.name],
                shown(field.name, before),
                shown(field.name, after),
                sent(field.name, before),
                sent(field.name, after),
            )


def shown(field: str, value: Any) -> str:
    """A value for reading."""
    if field == "roles":
        return role_list(value)
    if field == "districts":
        return joined(str(rules_today().name_of("districts", code)) for code in value)
    if field == "is_municipal":
        return gettext("yes") if value else gettext("no")
    if field == "memberships":
        names = organisation_names(place for place, _ in value)
        return joined(f"{names.get(place, place)} ({RIGHT_NAMES[right]})" for place, right in value)
    return str(value)


def sent(field: str, value: Any) -> str:
    """The same value as the form sends it."""
    if field in {"roles", "districts"}:
        return ",".join(value)
    if field == "is_municipal":
        return "y" if value else ""
    if field == "memberships":
        return ",".join(membership_code(place, right) for place, right in value)
    return str(value)


def membership_code(organisation_id: int, right: MembershipRight) -> str:
    return f"{organisation_id}:{right.value}"


def membership_of(code: str) -> tuple[int, MembershipRight]:
    """Raises RuleBroken for what the form cannot have sent."""
    place, _, right = code.partition(":")
    if not (place.isascii() and place.isdigit() and len(place) <= _MOST_DIGITS) or right not in set(MembershipRight):
        raise RuleBroken({"memberships": lazy("Choose from the list.")})
    return int(place), MembershipRight(right)


def organisation_names(ids: Iterable[int]) -> dict[int, str]:
    """Names in the reader's language, read at once."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Organisation.id, Organisation.name_zh, Organisation.name_en).where(Organisation.id.in_(wanted))
    )
    is_english = current_language() != "zh"
    return {row.id: row.name_en if is_english and row.name_en else row.name_zh for row in rows}
