"""A small plan for the tests: one unit that may organise groups, one institution, numbers handed out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Organisation, PlanPart, ReviewSide, TrainingPlan, TrainingProject, TrainingProvider
from expertdesk.training import declaring, executing, planning, registering, rounds, supplementing
from expertdesk.training.declaring import ProjectData
from expertdesk.training.planning import Numbers, QuotaData, UnitData

YEAR = 2027
AMOUNTS = ("budget_training", "budget_travel", "budget_lodging", "budget_meals", "budget_incidentals", "budget_other")


@dataclass
class Year:
    """The plan and who acts on it."""

    plan: TrainingPlan
    manager: Actor
    unit: Organisation
    provider: TrainingProvider

    def data(self, **changes: Any) -> ProjectData:
        """A declaration that keeps every limit."""
        amounts = {name: Decimal(1000 * (n + 1)) for n, name in enumerate(AMOUNTS)}
        sound = ProjectData(
            name="智能制造培训", name_en="Smart manufacturing", key_field="industry_tech", approval_type="review",
            destinations=("DE",), cities=("慕尼黑",), provider_id=self.provider.id, people_planned=12,
            leaders_planned=0, days=14, depart_month=5, fundings=("municipal",),
            budget_total=sum(amounts.values(), Decimal(0)),
            subsidy_requested=Decimal(5000), is_for_training_only=True, is_without_agents_or_family=True,
            is_without_sponsors=True, **amounts,
        )  # fmt: skip
        return replace(sound, **changes)

    def group(self, **changes: Any) -> TrainingProject:
        return declaring.create_project(self.plan, self.unit.id, self.data(**changes), self.manager)

    def numbers(
        self, quota: int = 20, unit: int = 20, budget: int | None = 2_000_000, least: int | None = None
    ) -> None:
        amount = None if budget is None else Decimal(budget)
        numbers = Numbers(
            [QuotaData(PlanPart.ABROAD, quota, least)], [UnitData(self.unit.id, {PlanPart.ABROAD: unit}, amount)]
        )
        planning.set_numbers(self.plan, numbers, self.manager)

    def checked(self, **changes: Any) -> TrainingProject:
        """A group that has passed the bureau's check."""
        group = self.group(**changes)
        declaring.declare(group, self.manager)
        rounds.review_project(group, rounds.Opinion("recommend"), self.manager)
        return group

    def approved(self, people: int = 12) -> TrainingProject:
        """Two rounds later."""
        group = self.checked()
        rounds.send_up(self.plan, self.manager)
        rounds.take_feedback(self.plan, [QuotaData(PlanPart.ABROAD, 20)], {}, self.manager)
        rounds.send_up_again(self.plan, self.manager)
        line = rounds.Approval(group.number, True, people, Decimal(4000), "江外培〔2027〕1号")
        rounds.record_approval(self.plan, [line], self.manager, document="批1号", on=clock.today())
        return group

    def ready_to_leave(self) -> TrainingProject:
        """Everything the task approval asks for, but the approval itself."""
        group = self.approved()
        people = [
            supplementing.PersonData("张三", birth_on=date(1980, 1, 1), passport="E12345678", is_leader=True),
            supplementing.PersonData("李四", birth_on=date(1985, 2, 3), passport="E87654321"),
        ]
        supplementing.set_roster(group, people, self.manager)
        days = [
            supplementing.DayData(1, "lecture", Decimal(6), "授课"),
            supplementing.DayData(2, "visit", Decimal(6), "考察"),
        ]
        supplementing.set_schedule(group, days, self.manager)
        for side in ReviewSide:
            review = supplementing.ReviewData(side, "审核单位", clock.today(), "516号文", {}, True, "同意")
            supplementing.record_review(group, review, self.manager)
        executing.set_invitation(group, "katharina  weiß", self.manager)
        record = executing.PublicityData(
            date(2026, 11, 2), date(2026, 11, 20), "公告栏", "目标、内容、人员、日程、预算"
        )
        executing.publicise(group, record, self.manager)
        return group


def begin(world: Any) -> Year:
    """Plan 2027, open for declarations."""
    manager = world.actor("manager")
    unit = world.organisation
    unit.may_organise_groups = True
    provider = registering.register_provider(
        registering.ProviderData(
            name_en="Technical University of Munich", name_zh="慕尼黑工业大学", country="DE", kind="university",
            level="national_partner", operating_unit="International Center", authorised_person="K. Weiß",
            signatories=("Katharina Weiß",),
        ),
        manager,
    )  # fmt: skip
    plan = planning.open_plan(YEAR, manager)
    year = Year(plan, manager, unit, provider)
    year.numbers()
    planning.call_units(plan, manager)
    db.session.commit()
    return year
