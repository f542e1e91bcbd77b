"""One-time addresses: an expert or organisation contact makes an account, somebody sets a new password, the first
administrator begins. The address holds a random code, the table its digest; each works once and for a limited time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select, update

from expertdesk.access import SYSTEM, Actor, Permission, Role
from expertdesk.accounts.actors import actor_of
from expertdesk.accounts.commands import create_account, find_account, set_password
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, write_apart
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, Reason, RuleBroken
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import LANGUAGES, lazy
from expertdesk.foundation.secrets import hash_token, new_token
from expertdesk.models import Account, Invitation, Membership, MembershipRight, Organisation, Person
from expertdesk.notices.outbox import queue
from expertdesk.workflow import append_event

VALID_FOR = timedelta(days=14)
RESET_VALID_FOR = timedelta(hours=24)
FIRST_VALID_FOR = timedelta(hours=24)
_INVITED = (Role.EXPERT, Role.EMPLOYER)


class InvitationState(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Found:
    """An invitation as its holder's page shows it."""

    id: int
    role: Role
    state: InvitationState
    name: str
    email: str
    username: str
    organisation: str
    language: str
    expires_at: datetime
    is_reset: bool


def invite(
    *,
    role: Role,
    name: str,
    email: str,
    language: str,
    person_id: int | None = None,
    organisation_id: int | None = None,
    right: str = "",
    actor: Actor,
) -> str:
    """A one-time code for an expert or an organisation contact; with an e-mail address it is sent. Returns the code."""
    if not actor.is_system and not actor.may(Permission.INVITATION_CREATE):
        raise NotPermitted(Permission.INVITATION_CREATE)
    held_right = _check_invited(role, name, person_id, organisation_id, right)
    now = clock.real_now()
    code = new_token()
    invitation = Invitation(
        code_digest=hash_token(code),
        role=role,
        email=email,
        name=name,
        language=language if language in LANGUAGES else "en",
        person_id=person_id if role is Role.EXPERT else None,
        organisation_id=organisation_id if role is Role.EMPLOYER else None,
        right=held_right,
        created_by_id=actor.id or None,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    db.session.add(invitation)
    db.session.flush()
    payload = {"role": role.value, "person_id": invitation.person_id, "organisation_id": invitation.organisation_id}
    append_event(db.session(), "invitation.created", "invitation", invitation.id, actor, payload=payload)
    if email:
        _send(invitation, code)
    return code


def _check_invited(role: Role, name: str, person_id: int | None, organisation_id: int | None, right: str) -> str:
    problems: dict[str, Any] = {}
    if role not in _INVITED:
        problems["role"] = lazy("Only experts and organisation contacts are invited; staff accounts are made directly.")
    if not name.strip():
        problems["name"] = lazy("Enter the name.")
    if role is Role.EXPERT and (person_id is None or db.session.get(Person, person_id) is None):
        problems["person"] = lazy("Choose the expert this account is for.")
    if role is Role.EMPLOYER and (organisation_id is None or db.session.get(Organisation, organisation_id) is None):
        problems["organisation"] = lazy("Choose the organisation this account is for.")
    if problems:
        raise RuleBroken(problems)
    if role is not Role.EMPLOYER:
        return ""
    return MembershipRight(right).value if right in set(MembershipRight) else MembershipRight.HANDLER.value


def _send(invitation: Invitation, code: str) -> None:
    organisation = (
        db.session.get(Organisation, invitation.organisation_id) if invitation.organisation_id is not None else None
    )
    parameters: dict[str, Any] = {"code": code, "expires_on": clock.day_of(invitation.expires_at)}
    if organisation is not None:
        is_english = invitation.language == "en" and organisation.name_en
        parameters["organisation"] = organisation.name_en if is_english else organisation.name_zh
    queue(
        db.session(),
        "invitation",
        email=invitation.email,
        language=invitation.language,
        parameters=parameters,
        dedup=f"invitation:{invitation.id}",
    )


def reset_address(account_id: int, actor: Actor) -> str:
    """A one-time address with which the person sets a new password; an older one stops working. Returns the code."""
    if not actor.is_system and not actor.may(Permission.ACCOUNTS_MANAGE):
        raise NotPermitted(Permission.ACCOUNTS_MANAGE)
    account = find_account(account_id)
    if not account.is_active:
        reason = Reason("account.disabled", lazy("The account is disabled. Enable it first."))
        raise NotAllowedNow([reason], action="account.reset")
    now = clock.real_now()
    db.session.execute(
        update(Invitation)
        .where(Invitation.account_id == account.id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    code = new_token()
    invitation = Invitation(
        code_digest=hash_token(code),
        role=account.roles[0].role,
        email=account.email,
        name=account.name,
        language=account.language,
        account_id=account.id,
        created_by_id=actor.id or None,
        created_at=now,
        expires_at=now + RESET_VALID_FOR,
    )
    db.session.add(invitation)
    append_event(db.session(), "account.reset_issued", "account", account.id, actor)
    return code


def withdraw_invitation(invitation_id: int, actor: Actor) -> None:
    """The address stops working at once."""
    invitation = db.session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None:
        raise NotFound(str(invitation_id))
    if state_of(invitation) is not InvitationState.OPEN:
        reason = Reason("invitation.over", lazy("This invitation was used, has expired or was withdrawn already."))
        raise NotAllowedNow([reason], action="invitation.withdraw")
    invitation.withdrawn_at = clock.real_now()
    append_event(db.session(), "invitation.withdrawn", "invitation", invitation.id, actor)


# --- accepting -------------------------------------------------------------------------------------------------


def state_of(invitation: Invitation) -> InvitationState:
    if invitation.used_at is not None:
        return InvitationState.USED
    if invitation.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    if invitation.expires_at <= clock.real_now():
        return InvitationState.EXPIRED
    return InvitationState.OPEN


def find_invitation(code: str, *, is_first: bool = False) -> Found:
    """What stands behind a code. Raises NotFound for an unknown one, and for one of the other kind."""
    invitation = _by_code(code)
    if invitation is None or (invitation.role is Role.ADMIN and invitation.account_id is None) is not is_first:
        raise NotFound("invitation")
    account = db.session.get(Account, invitation.account_id) if invitation.account_id is not None else None
    organisation = (
        db.session.get(Organisation, invitation.organisation_id) if invitation.organisation_id is not None else None
    )
    return Found(
        id=invitation.id,
        role=invitation.role,
        state=state_of(invitation),
        name=invitation.name,
        email=invitation.email,
        username=account.username if account is not None else "",
        organisation=organisation.name_zh if organisation is not None else "",
        language=invitation.language,
        expires_at=invitation.expires_at,
        is_reset=account is not None,
    )


def _by_code(code: str) -> Invitation | None:
    return db.session.scalar(select(Invitation).where(Invitation.code_digest == hash_token(code)))


def accept_invitation(code: str, *, username: str = "", password: str) -> Actor:
    """Make the account (or set the new password) and use the code up. Raises RuleBroken at username or password."""
    invitation = _take(code)
    if invitation.account_id is not None:
        account = find_account(invitation.account_id)
        if not account.is_active:
            raise NotFound("invitation")
        set_password(account, password, actor_of(account))
    else:
        account = _account_from(invitation, username, password)
    return _used(invitation, account)


def _account_from(invitation: Invitation, username: str, password: str) -> Account:
    memberships: tuple[tuple[int, MembershipRight], ...] = ()
    if invitation.organisation_id is not None:
        memberships = ((invitation.organisation_id, MembershipRight(invitation.right)),)
    return create_account(
        username=username,
        name=invitation.name,
        roles=(invitation.role,),
        password=_wanted(password),
        email=invitation.email,
        language=invitation.language,
        person_id=invitation.person_id,
        memberships=memberships,
        actor=SYSTEM,
    )


def _wanted(password: str) -> str:
    if not password:
        raise RuleBroken({"password": lazy("Enter a password.")})
    return password


def _take(code: str) -> Invitation:
    """Use the code up in this transaction: of two who come at once only one gets it."""
    now = clock.real_now()
    digest = hash_token(code)
    taken = db.session.execute(
        update(Invitation)
        .where(
            Invitation.code_digest == digest,
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not getattr(taken, "rowcount", 0):
        raise NotFound("invitation")
    return db.session.scalars(
        select(Invitation).where(Invitation.code_digest == digest).execution_options(populate_existing=True)
    ).one()


def _used(invitation: Invitation, account: Account) -> Actor:
    invitation.used_by_id = account.id
    db.session.flush()
    person = actor_of(account)
    if invitation.account_id is None:
        append_event(db.session(), "invitation.accepted", "invitation", invitation.id, person)
    return person


def join_organisation(code: str, actor: Actor) -> None:
    """Somebody who has an account already takes an invitation of a further organisation with it."""
    invitation = _take(code)
    if invitation.role is not Role.EMPLOYER or invitation.organisation_id is None or Role.EMPLOYER not in actor.roles:
        raise NotFound("invitation")
    account = find_account(actor.id)
    right = MembershipRight(invitation.right)
    if all((held.organisation_id, held.right) != (invitation.organisation_id, right) for held in account.memberships):
        account.memberships.append(Membership(organisation_id=invitation.organisation_id, right=right))
    _used(invitation, account)


# --- the first administrator -----------------------------------------------------------------------------------


def first_administrator_address() -> str | None:
    """On an installation without any account: the one-time address to print at the start, else None. Each call makes a
    new one; older ones stop working."""
    with write_apart() as session:
        if session.scalar(select(func.count()).select_from(Account)):
            return None
        session.execute(delete(Invitation).where(Invitation.role == Role.ADMIN, Invitation.used_at.is_(None)))
        now = clock.real_now()
        code = new_token()
        session.add(
            Invitation(
                code_digest=hash_token(code),
                role=Role.ADMIN,
                language="zh",
                created_at=now,
                expires_at=now + FIRST_VALID_FOR,
            )
        )
    return f"{settings().base_url}/first-administrator/{code}"


def accept_first_administrator(
    code: str, *, username: str, name: str, name_latin: str, email: str, password: str
) -> Actor:
    """The account of the first administrator. Only on an installation that has none."""
    invitation = _take(code)
    if invitation.role is not Role.ADMIN or db.session.scalar(select(func.count()).select_from(Account)):
        raise NotFound("invitation")
    account = create_account(
        username=username,
        name=name,
        name_latin=name_latin,
        roles=(Role.ADMIN,),
        password=_wanted(password),
        email=email,
        actor=SYSTEM,
    )
    return _used(invitation, account)
