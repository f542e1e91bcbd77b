"""For the worker: reports of groups that came back. The unit hears of them ahead and when they are late, the managers
when nothing came after that either (rule R20: report_days, remind_days, escalate_days).

What was told is known by its key, so a second round or a second worker tells nothing twice, and a worker that stood
still for days tells only what holds now: of a report that is late already nobody is reminded ahead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from expertdesk.access import Role
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Account, AccountRole, ProjectState, TrainingProject
from expertdesk.notices.outbox import queue, told_of
from expertdesk.regulations.current import rules_today
from expertdesk.training.telling import contacts_of

SOON, LATE, STILL_LATE = "training_report_soon", "training_report_late", "training_report_missing"


def remind_of_reports() -> int:
    """Queue what is due and was not told yet; answers how many messages. Commits nothing."""
    rule = rules_today().find("training_rules", "R20")
    if rule is None:
        return 0
    today, ahead = clock.today(), timedelta(days=int(rule.params["remind_days"]))
    patience = timedelta(days=int(rule.params["escalate_days"]))
    managers = _managers()
    notes = [
        (kind, project, reader)
        for project in _waiting(today + ahead)
        for kind, reader in _readers(project, today, patience, managers)
    ]
    told = told_of(db.session(), [_key(*note) for note in notes])
    new = [note for note in notes if _key(*note) not in told]
    for kind, project, reader in new:
        _put(kind, project, reader)
    return len(new)


def _waiting(until: date) -> Sequence[TrainingProject]:
    """Groups that are back, whose report is expected by this day and is not here; the longest due first."""
    return db.session.scalars(
        select(TrainingProject)
        .where(
            TrainingProject.state == ProjectState.REPORT_DUE,
            TrainingProject.report_due_on <= until,
            ~TrainingProject.report.has(),  # once filed the group waits for its settlement, not for the unit
        )
        .options(joinedload(TrainingProject.plan), joinedload(TrainingProject.organisation))
        .order_by(TrainingProject.report_due_on, TrainingProject.id)
    ).all()


def _readers(
    project: TrainingProject, today: date, patience: timedelta, managers: Sequence[Account]
) -> Iterator[tuple[str, Account]]:
    due = project.report_due_on
    if due is None:
        return
    kind = SOON if today <= due else LATE
    for account in contacts_of([project.organisation_id]):
        yield kind, account
    if today > due + patience:
        for account in managers:
            yield STILL_LATE, account


def _managers() -> Sequence[Account]:
    holds = exists().where(AccountRole.account_id == Account.id, AccountRole.role == Role.MANAGER)
    return db.session.scalars(select(Account).where(holds, Account.is_active).order_by(Account.id)).all()


def _key(kind: str, project: TrainingProject, reader: Account) -> str:
    """A later day to report by is told anew."""
    return f"{kind}:{project.id}:{project.report_due_on}:{reader.id}"


def _put(kind: str, project: TrainingProject, reader: Account) -> None:
    due = project.report_due_on
    parameters = {
        "year": project.plan.year,
        "number": project.number,
        "due_on": due.isoformat() if due else "",
        "unit": project.organisation.name_zh,
        "unit_en": project.organisation.name_en,
    }
    queue(
        db.session(), kind, account_id=reader.id, email=reader.email, language=reader.language, parameters=parameters,
        dedup=_key(kind, project, reader),
    )  # fmt: skip
