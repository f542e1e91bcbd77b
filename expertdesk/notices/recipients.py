"""Who is told about a case: the expert and the people at the organisation who handle it, each in the own language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expertdesk.models import Account, Case, Membership, MembershipRight, OrganisationContact, Person
from expertdesk.notices.outbox import queue


@dataclass(frozen=True)
class Recipient:
    account_id: int | None
    email: str
    language: str

    @property
    def key(self) -> str:
        """Stable part of the dedup; the address of somebody without an account stays out of it."""
        return f"a{self.account_id}" if self.account_id else "mail"


def queue_for_case(
    session: Session, kind: str, case: Case, *, event_id: int, parameters: Mapping[str, Any] | None = None
) -> int:
    """Tell everybody concerned about one event of a case; returns how many messages were written.

    An expert without an account is written to by mail; somebody without either learns it at the counter and from the
    letter. The same event never tells the same person twice.
    """
    found = (("expert", _expert(session, case)), ("employer", _organisation(session, case)))
    told: set[str] = set()
    count = 0
    for side, recipients in found:
        for recipient in recipients:
            if recipient.email and recipient.email.casefold() in told:
                continue
            told.add(recipient.email.casefold())
            queue(
                session,
                kind,
                case_id=case.id,
                account_id=recipient.account_id,
                email=recipient.email,
                language=recipient.language,
                parameters={"number": case.number, **(parameters or {})},
                dedup=f"{kind}:{case.id}:{event_id}:{side}:{recipient.key}",
            )
            count += 1
    return count


def _expert(session: Session, case: Case) -> Iterator[Recipient]:
    accounts = session.scalars(
        select(Account).where(Account.person_id == case.person_id, Account.is_active).order_by(Account.id)
    ).all()
    for account in accounts:
        yield Recipient(account.id, account.email, account.language)
    if not accounts:
        email = session.scalar(select(Person.email).where(Person.id == case.person_id))
        if email:
            yield Recipient(None, email, "en")


def _organisation(session: Session, case: Case) -> Iterator[Recipient]:
    accounts = session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(
            Membership.organisation_id == case.organisation_id,
            Membership.right == MembershipRight.HANDLER,
            Account.is_active,
        )
        .order_by(Account.id)
    ).all()
    for account in accounts:
        yield Recipient(account.id, account.email, account.language)
    if not accounts and case.contact_id is not None:
        email = session.scalar(select(OrganisationContact.email).where(OrganisationContact.id == case.contact_id))
        if email:
            yield Recipient(None, email, "zh")
