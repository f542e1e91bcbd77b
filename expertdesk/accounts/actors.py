"""From an account row to the plain Actor that commands, policies and the workflow take."""

from __future__ import annotations

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.accounts.rules import username_key
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import Account, MembershipRight


def actor_of(account: Account) -> Actor:
    """Everything a policy needs of this person; a copy, so that it can lie in a session."""
    return Actor(
        id=account.id,
        username=account.username,
        name=account.name,
        name_latin=account.name_latin,
        roles=frozenset(held.role for held in account.roles),
        language=account.chosen_language,
        theme=account.theme,
        districts=frozenset(held.district for held in account.districts),
        is_municipal=account.is_municipal,
        person_id=account.person_id,
        organisations=frozenset(held.organisation_id for held in account.memberships),
        handled_organisations=frozenset(
            held.organisation_id for held in account.memberships if held.right is MembershipRight.HANDLER
        ),
        training_organisations=frozenset(
            held.organisation_id for held in account.memberships if held.right is MembershipRight.TRAINING
        ),
        phone=account.phone,
        window=account.window,
    )


def actor_by_username(username: str) -> Actor:
    """For the command line, the demo and tests. Raises NotFound."""
    account = db.session.scalar(select(Account).where(Account.username == username_key(username)))
    if account is None:
        raise NotFound(username)
    return actor_of(account)


def actor_by_id(account_id: int) -> Actor:
    """The person as the roles stand now. Raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound(str(account_id))
    return actor_of(account)
