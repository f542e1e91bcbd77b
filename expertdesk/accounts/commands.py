"""Writes on accounts: plain values and an actor in; never commits. A change of rights ends the person's sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import STAFF_ROLES, Actor, Role
from expertdesk.accounts import passwords, rules
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, Reason, RuleBroken, Stale
from expertdesk.foundation.locale import lazy
from expertdesk.models import (
    Account,
    AccountDistrict,
    AccountRole,
    Invitation,
    Membership,
    MembershipRight,
    Organisation,
    ServerSession,
)
from expertdesk.workflow import append_event

LARGEST_ID = 2**31 - 1  # what fits an id column on PostgreSQL; a larger number in an address is no row
Memberships = Iterable[tuple[int, MembershipRight]]


def create_account(
    *,
    username: str,
    name: str,
    name_latin: str = "",
    roles: Iterable[Role],
    password: str,
    email: str = "",
    phone: str = "",
    language: str = "zh",
    districts: Iterable[str] = (),
    is_municipal: bool = False,
    person_id: int | None = None,
    memberships: Memberships = (),
    window: str = "",
    actor: Actor,
) -> Account:
    """A new account. An empty password makes one that a one-time address must open first."""
    key = rules.username_key(username)
    held, member_of = frozenset(roles), tuple(memberships)
    _check_new(key, name, held, person_id, member_of)
    if password:
        words = own_words(key, name, name_latin, email)
        passwords.check_password(password, is_staff=bool(held & STAFF_ROLES), own_words=words)
    now = clock.real_now()
    account = Account(
        username=key,
        name=name,
        name_latin=name_latin,
        email=email,
        phone=phone,
        language=language,
        window=window,
        is_municipal=is_municipal,
        person_id=person_id,
        created_at=now,
        password_hash=passwords.hash_password(password) if password else "",
        password_changed_at=now if password else None,
        roles=[AccountRole(role=role) for role in Role if role in held],
        districts=[AccountDistrict(district=code) for code in sorted(set(districts))],
        memberships=[Membership(organisation_id=place, right=right) for place, right in member_of],
    )
    db.session.add(account)
    db.session.flush()
    _tell(actor, account, "account.created", _rights(account))
    return account


def _check_new(
    key: str, name: str, roles: frozenset[Role], person_id: int | None, memberships: tuple[Any, ...]
) -> None:
    problems: dict[str, Any] = {}
    wrong = rules.username_problem(key)
    if wrong is not None:
        problems["username"] = wrong
    elif db.session.scalar(select(Account.id).where(Account.username == key)) is not None:
        problems["username"] = lazy("This user name is taken. Choose another one.")
    if not name.strip():
        problems["name"] = lazy("Enter the name.")
    problems.update(_role_problems(roles, person_id, memberships))
    if problems:
        raise RuleBroken(problems)


def _role_problems(roles: frozenset[Role], person_id: int | None, memberships: tuple[Any, ...]) -> dict[str, Any]:
    """Staff and outside roles never stand on one account: what one sees at work is not one's own file."""
    if not roles:
        return {"roles": lazy("Choose at least one role.")}
    if roles & STAFF_ROLES and roles - STAFF_ROLES:
        return {"roles": lazy("A staff account cannot also be the account of an expert or an organisation contact.")}
    if Role.AUDITOR in roles and len(roles) > 1:
        return {"roles": lazy("An audit reader holds no other role, so that nobody checks their own work.")}
    if Role.EXPERT in roles and person_id is None:
        return {"roles": lazy("An expert's account begins with an invitation from the expert's page.")}
    if Role.EMPLOYER in roles and not memberships:
        return {"memberships": lazy("Name at least one organisation the contact acts for.")}
    return {}


def own_words(username: str, name: str, name_latin: str, email: str) -> tuple[str, ...]:
    """What a stranger who knows the person would try first."""
    return (username, name, name_latin, *name_latin.split(), *name.split(), email.partition("@")[0])


# --- passwords -------------------------------------------------------------------------------------------------


def change_password(account_id: int, current: str, new: str, actor: Actor) -> Account:
    """By the person: the present password, then the new one. Ends every session; the route begins a new one."""
    account = find_account(account_id)
    if actor.id != account_id:
        raise NotPermitted()
    if not passwords.password_matches(account.password_hash, current):
        raise RuleBroken({"current": lazy("This is not your present password.")})
    if rules.password_key(current) == rules.password_key(new):
        raise RuleBroken({"password": lazy("The new password is the same as the present one.")})
    set_password(account, new, actor)
    return account


def set_password(account: Account, new: str, actor: Actor) -> None:
    """Check, hash, end the sessions, note it. The caller has made sure that it is the person."""
    is_staff = any(held.role in STAFF_ROLES for held in account.roles)
    words = own_words(account.username, account.name, account.name_latin, account.email)
    passwords.check_password(new, is_staff=is_staff, own_words=words)
    account.password_hash = passwords.hash_password(new)
    account.password_changed_at = clock.real_now()
    db.session.flush()
    end_sessions(account.id)
    _tell(actor, account, "account.password_changed", {})


# --- rights ----------------------------------------------------------------------------------------------------


def set_roles(
    account_id: int,
    *,
    roles: Iterable[Role],
    districts: Iterable[str],
    is_municipal: bool,
    memberships: Memberships,
    actor: Actor,
    seen_version: int | None = None,
) -> Account:
    """Roles, districts and memberships as a whole. Nobody changes the own role; the last administrator stays."""
    account = lock_account(account_id, seen_version)
    wanted, places, held_memberships = frozenset(roles), frozenset(districts), frozenset(memberships)
    before = _rights(account)
    if wanted != {held.role for held in account.roles}:
        _refuse_own(account, actor)
        if Role.ADMIN not in wanted:
            refuse_last_administrator(account)
    problems = _role_problems(wanted, account.person_id, tuple(held_memberships))
    if problems:
        raise RuleBroken(problems)
    _replace_roles(account, wanted)
    _replace_districts(account, places, is_municipal)
    _replace_memberships(account, held_memberships)
    after = _rights(account)
    if after == before:
        return account
    flag_modified(account, "is_municipal")  # the rights stand in other tables; the account's version moves with them
    db.session.flush()
    end_sessions(account.id)
    _tell(actor, account, "account.roles_changed", {"before": before, "after": after})
    return account


def _replace_roles(account: Account, wanted: frozenset[Role]) -> None:
    for held in [held for held in account.roles if held.role not in wanted]:
        account.roles.remove(held)
    present = {held.role for held in account.roles}
    account.roles.extend(AccountRole(role=role) for role in Role if role in wanted - present)


def _replace_districts(account: Account, wanted: frozenset[str], is_municipal: bool) -> None:
    account.is_municipal = is_municipal
    for held in [held for held in account.districts if held.district not in wanted]:
        account.districts.remove(held)
    present = {held.district for held in account.districts}
    account.districts.extend(AccountDistrict(district=code) for code in sorted(wanted - present))


def _replace_memberships(account: Account, wanted: frozenset[tuple[int, MembershipRight]]) -> None:
    known = set(db.session.scalars(select(Organisation.id).where(Organisation.id.in_({place for place, _ in wanted}))))
    if known != {place for place, _ in wanted}:
        raise RuleBroken({"memberships": lazy("This organisation is not in the register.")})
    for held in [held for held in account.memberships if (held.organisation_id, held.right) not in wanted]:
        account.memberships.remove(held)
    present = {(held.organisation_id, held.right) for held in account.memberships}
    account.memberships.extend(
        Membership(organisation_id=place, right=right) for place, right in sorted(wanted - present)
    )


def disable(account_id: int, actor: Actor, seen_version: int | None = None) -> Account:
    """The person cannot sign in any more; sessions and open one-time addresses end at once."""
    account = lock_account(account_id, seen_version)
    _refuse_own(account, actor)
    refuse_last_administrator(account)
    if account.is_active:
        account.is_active = False
        db.session.flush()
        end_sessions(account.id)
        db.session.execute(delete(Invitation).where(Invitation.account_id == account.id, Invitation.used_at.is_(None)))
        _tell(actor, account, "account.disabled", {})
    return account


def enable(account_id: int, actor: Actor, seen_version: int | None = None) -> Account:
    account = lock_account(account_id, seen_version)
    _refuse_own(account, actor)
    if not account.is_active:
        account.is_active = True
        db.session.flush()
        _tell(actor, account, "account.enabled", {})
    return account


def set_details(
    account_id: int,
    *,
    name: str,
    name_latin: str,
    email: str,
    phone: str,
    window: str,
    actor: Actor,
    seen_version: int | None = None,
) -> Account:
    """Name and ways to reach somebody; rights stay, the sessions go on."""
    account = lock_account(account_id, seen_version)
    if not name.strip():
        raise RuleBroken({"name": lazy("Enter the name.")})
    values = {"name": name, "name_latin": name_latin, "email": email, "phone": phone, "window": window}
    changed = sorted(key for key, value in values.items() if getattr(account, key) != value)
    if changed:
        for key in changed:
            setattr(account, key, values[key])
        db.session.flush()
        _tell(actor, account, "account.edited", {"fields": changed})
    return account


def end_sessions(account_id: int, *, but: str = "") -> int:
    """End every session of a person in the present transaction (`but` = digest of one that stays)."""
    ended = db.session.execute(
        delete(ServerSession)
        .where(ServerSession.account_id == account_id, ServerSession.token_digest != but)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(ended, "rowcount", 0))


def end_session(account_id: int, token_digest: str) -> None:
    """End one session of one's own. Raises NotFound for anybody else's."""
    ended = db.session.execute(
        delete(ServerSession)
        .where(ServerSession.account_id == account_id, ServerSession.token_digest == token_digest)
        .execution_options(synchronize_session=False)
    )
    if not getattr(ended, "rowcount", 0):
        raise NotFound(token_digest)


# --- inside ----------------------------------------------------------------------------------------------------


def find_account(account_id: int) -> Account:
    account = db.session.get(Account, account_id) if 0 < account_id <= LARGEST_ID else None
    if account is None:
        raise NotFound(str(account_id))
    return account


def lock_account(account_id: int, seen_version: int | None) -> Account:
    """The row, locked and fresh. Raises Stale when somebody saved since `seen_version`."""
    if not 0 < account_id <= LARGEST_ID:
        raise NotFound(str(account_id))
    account = db.session.scalar(
        select(Account).where(Account.id == account_id).with_for_update().execution_options(populate_existing=True)
    )
    if account is None:
        raise NotFound(str(account_id))
    if seen_version is not None and seen_version != account.row_version:
        raise Stale(seen=seen_version, current=account.row_version)
    return account


def _refuse_own(account: Account, actor: Actor) -> None:
    if actor.id == account.id:
        reason = Reason("account.own", lazy("Nobody changes their own role or disables their own account."))
        raise NotAllowedNow([reason], action="account.own")


def refuse_last_administrator(account: Account) -> None:
    """Somebody must be left who can give roles."""
    if not account.is_active or all(held.role is not Role.ADMIN for held in account.roles):
        return
    others = db.session.scalars(
        select(Account.id)
        .join(AccountRole)
        .where(AccountRole.role == Role.ADMIN, Account.is_active, Account.password_hash != "")
        .where(Account.id != account.id)
        .with_for_update(of=Account)
    ).all()
    if not others:
        reason = Reason(
            "account.last_administrator",
            lazy("This is the last administrator. Make another person administrator first."),
        )
        raise NotAllowedNow([reason], action="account.last_administrator")


def is_empty_installation() -> bool:
    return not db.session.scalar(select(func.count()).select_from(Account))


def _rights(account: Account) -> dict[str, Any]:
    """Codes only, for the history."""
    return {
        "roles": sorted(held.role.value for held in account.roles),
        "districts": sorted(held.district for held in account.districts),
        "is_municipal": account.is_municipal,
        "memberships": sorted([held.organisation_id, held.right.value] for held in account.memberships),
    }


def _tell(actor: Actor, account: Account, name: str, payload: dict[str, Any]) -> None:
    append_event(db.session(), name, "account", account.id, actor, payload=payload)
