"""Tells the training contacts of the units, each in the own language; in the transaction of what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from expertdesk.foundation.database import db
from expertdesk.models import (
    Account,
    Membership,
    MembershipRight,
    PlanState,
    TrainingPlan,
    TrainingProject,
    TrainingUnit,
)
from expertdesk.notices.outbox import queue


def tell_units(plan: TrainingPlan, kind: str) -> None:
    """Every training contact of every unit in the plan, once for this state of the plan."""
    units = db.session.scalars(select(TrainingUnit.organisation_id).where(TrainingUnit.plan_id == plan.id)).all()
    due = plan.declare_until if plan.state is PlanState.FIRST_SUBMISSION else plan.revise_until
    for account in contacts_of(units):
        _queue(account, kind, plan.year, due, key=f"{plan.id}:{plan.row_version}")


def tell_unit(project: TrainingProject, kind: str, due: date | None = None) -> None:
    """The contacts of one group's unit."""
    for account in contacts_of([project.organisation_id]):
        key = f"{project.id}:{project.row_version}"
        _queue(account, kind, project.plan.year, due, key=key, number=project.number)


def contacts_of(units: Iterable[int]) -> list[Account]:
    """The training contacts of these units who can sign in."""
    holders = select(Membership.account_id).where(
        Membership.organisation_id.in_(list(units)), Membership.right == MembershipRight.TRAINING
    )
    statement = select(Account).where(Account.id.in_(holders), Account.is_active).order_by(Account.id)
    return list(db.session.scalars(statement))


def _queue(account: Account, kind: str, year: int, due: date | None, *, key: str, number: str = "") -> None:
    parameters: dict[str, object] = {"year": year}
    if number:
        parameters["number"] = number
    if due is not None:
        parameters["due_on"] = due.isoformat()
    queue(
        db.session(), kind, account_id=account.id, email=account.email, language=account.language,
        parameters=parameters, dedup=f"{kind}:{key}:{account.id}",
    )  # fmt: skip
