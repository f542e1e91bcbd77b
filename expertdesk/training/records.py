"""From the rows of a group to the facts that the limits look at."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal, select, union_all

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import vault
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import (
    ProjectState,
    ProviderState,
    PublicityPhase,
    TrainingPerson,
    TrainingProject,
    TrainingProvider,
    TrainingUnit,
)
from expertdesk.regulations import RuleBook
from expertdesk.training.facts import AMOUNTS, GroupFacts, Traveller
from expertdesk.training.remembered import once

LEADER_FORM = "leader_form"
_ENDED = (ProjectState.REJECTED, ProjectState.CANCELLED)


@dataclass(frozen=True)
class Around:
    """What one group's limits need of the others: money left by unit, groups by traveller."""

    spent: dict[int, Decimal] = field(default_factory=dict)
    budgets: dict[int, Decimal | None] = field(default_factory=dict)
    groups_of: dict[str, frozenset[str]] = field(default_factory=dict)

    def budget_left(self, project: TrainingProject) -> Decimal | None:
        """The unit's budget of the year less the other rows not rejected or cancelled; None = not recorded."""
        budget = self.budgets.get(project.organisation_id)
        if budget is None:
            return None
        own = project.budget_total if project.state not in _ENDED else None
        return budget - self.spent.get(project.organisation_id, Decimal(0)) + (own or Decimal(0))


def around(plan_id: int, units: Iterable[int] | None = None, tokens: Sequence[str] | None = None) -> Around:
    """Read it for the whole plan, or for some units and travellers: two queries, whatever the size."""
    chosen = list(units) if units is not None else None
    spent: Any = select(
        literal("spent").label("what"),
        TrainingProject.organisation_id.label("unit"),
        func.sum(TrainingProject.budget_total).label("money"),
    ).where(TrainingProject.plan_id == plan_id, TrainingProject.state.not_in(_ENDED))
    budgets: Any = select(literal("budget"), TrainingUnit.organisation_id, TrainingUnit.annual_budget)
    budgets = budgets.where(TrainingUnit.plan_id == plan_id)
    if chosen is not None:
        spent = spent.where(TrainingProject.organisation_id.in_(chosen))
        budgets = budgets.where(TrainingUnit.organisation_id.in_(chosen))
    rows = db.session.execute(union_all(spent.group_by(TrainingProject.organisation_id), budgets)).all()
    return Around(
        spent={row.unit: row.money or Decimal(0) for row in rows if row.what == "spent"},
        budgets={row.unit: row.money for row in rows if row.what == "budget"},
        groups_of=_groups_of(plan_id, tokens),
    )


def _groups_of(plan_id: int, tokens: Sequence[str] | None) -> dict[str, frozenset[str]]:
    """For every traveller who stands on more than one roster of the plan: the numbers of those groups."""
    if tokens is not None and not tokens:
        return {}
    columns = (TrainingPerson.passport_token, TrainingPerson.person_token)
    gathered: dict[str, set[str]] = {}
    found: Any = db.session.execute(union_all(*(_twice(plan_id, column, tokens) for column in columns)))
    for token, number in found:
        gathered.setdefault(token, set()).add(number)
    return {token: frozenset(numbers) for token, numbers in gathered.items()}


def _twice(plan_id: int, column: Any, tokens: Sequence[str] | None) -> Any:
    """Token and group, where a token stands on several rosters."""
    twice = (
        select(column)
        .join(TrainingProject, TrainingProject.id == TrainingPerson.project_id)
        .where(TrainingProject.plan_id == plan_id, TrainingProject.state.not_in(_ENDED), column != "")
        .group_by(column)
        .having(func.count(func.distinct(TrainingProject.id)) > 1)
    )
    if tokens is not None:
        twice = twice.where(column.in_(tokens))
    return (
        select(column, TrainingProject.number)
        .join(TrainingProject, TrainingProject.id == TrainingPerson.project_id)
        .where(TrainingProject.plan_id == plan_id, TrainingProject.state.not_in(_ENDED), column.in_(twice))
    )


def around_one(project: TrainingProject) -> Around:
    """What the limits of this one group need."""
    tokens = [token for one in project.roster for token in (one.passport_token, one.person_token) if token]
    return once(("one", project.id), lambda: around(project.plan_id, [project.organisation_id], tokens))


def around_all(plan_id: int) -> Around:
    """What the limits of the declarations of a whole plan need."""
    return once(("all", plan_id), lambda: around(plan_id, tokens=[]))


def facts_of(project: TrainingProject, near: Around, book: RuleBook, *, whole: bool = True) -> GroupFacts:
    """`whole` False: without roster, schedule, publicity and reviews, for lists that judge declarations only."""
    budget = project.budget
    later = _later_facts(project, near, book) if whole else {}
    return GroupFacts(
        number=project.number,
        name=project.name,
        part=project.part.value,
        year=project.plan.year,
        state=project.state.value,
        unit=str(project.organisation_id),
        is_unit_qualified=project.organisation.may_organise_groups,
        key_field=project.key_field,
        approval_type=project.approval_type,
        destinations=tuple(project.destinations),
        cities=tuple(project.cities),
        has_provider=project.provider_id is not None,
        is_provider_active=is_provider_active(project.provider, clock.today()),
        provider_signatories=tuple(project.provider.signatories) if project.provider else (),
        people_planned=project.people_planned,
        leaders_planned=project.leaders_planned,
        days=project.days,
        term=project.term,
        depart_month=project.depart_month,
        fundings=tuple(project.fundings),
        amounts={name: getattr(project, name) for name in AMOUNTS},
        budget_total=project.budget_total,
        missing_standards=_items(budget.missing, book) if budget else (),
        over_standard=_items(budget.over_standard, book) if budget else (),
        budget_left=near.budget_left(project),
        subsidy_requested=project.subsidy_requested,
        subsidy_approved=project.subsidy_approved,
        people_approved=project.people_approved,
        people_actual=project.people_actual,
        is_secret=project.is_secret,
        awards_degree=project.awards_degree,
        banquet=project.banquet,
        gifts=project.gifts,
        is_for_training_only=project.is_for_training_only,
        is_without_agents_or_family=project.is_without_agents_or_family,
        is_without_sponsors=project.is_without_sponsors,
        has_leader_form=any(paper.kind == LEADER_FORM for paper in project.files),
        signatory=project.invitation_signatory,
        return_on=project.return_on,
        today=clock.today(),
        **later,
    )


def _items(codes: Sequence[str], book: RuleBook) -> tuple[Bilingual, ...]:
    """Names of cost items."""
    return tuple(book.name_of("cost_items", code) for code in codes)


def _later_facts(project: TrainingProject, near: Around, book: RuleBook) -> dict:
    """Roster, schedule, publicity, reviews and report: what the task approval and the return look at."""
    lectures = {row.code for row in book.rows("training_day_kinds") if row.counts_as == "lecture"}
    hours = [(day.kind, day.hours) for day in project.schedule]
    before = next((one for one in project.publicity if one.phase is PublicityPhase.BEFORE), None)
    report = project.report
    return {
        "lecture_hours": sum((spent for kind, spent in hours if kind in lectures), Decimal(0)) if hours else None,
        "total_hours": sum((spent for _, spent in hours), Decimal(0)) if hours else None,
        "publicity_from": before.from_on if before else None,
        "publicity_to": before.to_on if before else None,
        # publicity counts from the day after it began
        "publicity_working_days": book.calendar.working_days_between(before.from_on, before.to_on) if before else None,
        "roster": tuple(_traveller(one, project.number, near) for one in project.roster),
        "reviews_agreed": tuple(one.side.value for one in project.reviews if one.is_agreed),
        "reported_on": report.reported_on if report else None,
        "passports_returned_on": report.passports_returned_on if report else None,
    }


def _traveller(one: TrainingPerson, own: str, near: Around) -> Traveller:
    groups: set[str] = set()
    for token in (one.passport_token, one.person_token):
        groups |= near.groups_of.get(token, frozenset())
    return Traveller(one.name, one.birth_on, tuple(sorted(groups - {own})))


def is_provider_active(provider: TrainingProvider | None, today: date) -> bool:
    """In the register, not exited, authorisation not run out."""
    if provider is None:
        return False
    ended = provider.authorised_until is not None and provider.authorised_until < today
    return provider.state is not ProviderState.EXITED and not ended


def passport_token(number: str) -> str:
    """A blind index of a passport or permit number: letters and digits only, capitals."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", number).upper() if sign.isalnum())
    return vault().blind_index(plain, purpose="training passport") if plain else ""


def person_token(name: str, birth_on: date | None) -> str:
    """A blind index of name and date of birth; none without the date."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return vault().blind_index(f"{plain}|{birth_on}", purpose="training person") if plain and birth_on else ""
