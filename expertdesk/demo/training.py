"""Overseas-training plans of the demo bureau: one year being carried out, the next one being declared; told through the
commands a person would use."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expertdesk.access import Actor
from expertdesk.accounts.actors import actor_by_username
from expertdesk.demo.cast import read_lines
from expertdesk.demo.specimens import specimen
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import PlanPart, ReviewSide, TrainingPlan, TrainingProject
from expertdesk.training import (
    budgeting,
    declaring,
    executing,
    planning,
    registering,
    rounds,
    supplementing,
)
from expertdesk.training.costs import Entered, Fare, Host, Stay
from expertdesk.training.declaring import ProjectData
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.planning import Numbers, QuotaData, UnitData

if TYPE_CHECKING:
    from expertdesk.demo.bureau import Bureau

_MINUTES_BETWEEN = 7
_SEED = 41
# how a typed total is spread over the six columns
_SHARES = (30, 22, 26, 11, 7, 4)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高梁"
_GIVEN = ("晓峰", "建国", "丽娜", "志远", "海燕", "俊杰", "雨桐", "国强", "思琪", "文博")
_POSTS = ("科长", "副研究员", "高级工程师", "主任医师", "副教授", "工程师", "处长", "讲师")


def plan_training(bureau: Bureau) -> None:
    """Put institutions, plans, rounds and groups on the agenda."""
    told: Any = read_lines("training.yaml")
    year = clock.day_of(bureau.agenda.now).year
    first = max(line["opens"] for line in told["plans"])
    shared = _Shared(bureau, told["rates"])
    bureau.agenda.put(bureau.agenda.moment(first + 1, 0), lambda: shared.register(told["institutions"]))
    plans = [_Plan(shared, line, year + line["year"]) for line in told["plans"]]
    for plan in plans:
        plan.put()
    for number, line in enumerate(told["groups"], 1):
        _Group(shared, plans[line["plan"]], line, number * _MINUTES_BETWEEN).put()


def _move() -> None:
    executing.move_travellers()


def _manager() -> Actor:
    return actor_by_username("manager")


class _Shared:
    """What plans and groups have in common: units, institutions, exchange rates, chance."""

    def __init__(self, bureau: Bureau, rates: dict[str, str]) -> None:
        self.bureau = bureau
        # of its own, so that the stories of the cases stay as they are
        self.chance = random.Random(_SEED)
        self.rates = {currency: Decimal(rate) for currency, rate in rates.items()}
        self.institutions: dict[str, tuple[int, str]] = {}

    def register(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            provider = registering.register_provider(
                registering.ProviderData(
                    name_en=line["en"], name_zh=line["zh"], country=line["country"], kind=line["kind"],
                    level=line["level"], operating_unit=line["office"], authorised_person=line["person"],
                    signatories=tuple(line["signs"]), state=line.get("state", "active"),
                ),
                _manager(),
            )  # fmt: skip
            self.institutions[line["code"]] = (provider.id, line["country"])

    def unit(self, number: int) -> int:
        from expertdesk.demo.bureau import training_units

        return training_units(self.bureau)[number - 1]


@dataclass
class _Plan:
    """One year's plan with its rounds."""

    shared: _Shared
    line: dict[str, Any]
    year: int
    # number of a group → people approved
    approved: dict[str, int] = field(default_factory=dict)

    def put(self) -> None:
        agenda = self.shared.bureau.agenda
        agenda.put(agenda.moment(self.line["opens"], 0), self._open)
        for name, _, back in (part.partition(":") for part in self.line["steps"].split()):
            agenda.put(agenda.moment(int(back), 400), lambda name=name: _ROUNDS[name](self))

    @property
    def row(self) -> TrainingPlan:
        from sqlalchemy import select

        return db.session.scalars(select(TrainingPlan).where(TrainingPlan.year == self.year)).one()

    def numbers(self) -> Numbers:
        line, today = self.line, clock.today()
        quotas = [QuotaData(PlanPart(code), number, line["least"].get(code)) for code, number in line["quotas"].items()]
        units = []
        for number in line["budgets"]:
            people = {}
            if number in line["units"]:
                people[PlanPart.ABROAD] = line["units"][number]
            if number in line["hk"]:
                people[PlanPart.HK_MACAO] = line["hk"][number]
            units.append(UnitData(self.shared.unit(number), people, Decimal(line["budgets"][number])))
        return Numbers(quotas, units, f"外专发〔{today.year}〕152号", today + timedelta(days=45), None,
                       "请于截止日期前在线申报或者报送申报表。")  # fmt: skip

    def _open(self) -> None:
        plan = planning.open_plan(self.year, _manager())
        planning.set_numbers(plan, self.numbers(), _manager())

    def call(self) -> None:
        planning.call_units(self.row, _manager())

    def up(self) -> None:
        rounds.send_up(self.row, _manager())

    def feedback(self) -> None:
        quotas = [QuotaData(quota.part, quota.headcount, quota.mid_long_least) for quota in self.row.quotas]
        comments = {self._numbers()[0]: "建议压缩团组规模，优先保障专业技术人员。"}
        rounds.take_feedback(self.row, quotas, comments, _manager(), revise_until=clock.today() + timedelta(days=30))

    def _numbers(self) -> list[str]:
        from expertdesk.models import ProjectState

        return [group.number for group in rounds.groups_in(self.row, [ProjectState.SUBMITTED_UP])]

    def again(self) -> None:
        rounds.send_up_again(self.row, _manager())

    def approve(self) -> None:
        from expertdesk.models import ProjectState

        groups = rounds.groups_in(self.row, [ProjectState.SUBMITTED_UP])
        lines = []
        for number, group in enumerate(groups, 1):
            people = self.approved.get(group.number, 0)
            lines.append(
                rounds.Approval(
                    group.number, people > 0, people or None, group.subsidy_requested if people else None,
                    f"江外培〔{self.year}〕{number}号" if people else "", "" if people else "年度内同类培训已安排。",
                )
            )  # fmt: skip
        rounds.record_approval(
            self.row, lines, _manager(), document=f"外专培批〔{self.year}〕18号", on=clock.today()
        )  # fmt: skip


_ROUNDS: dict[str, Callable[[_Plan], None]] = {
    "call": _Plan.call, "up": _Plan.up, "feedback": _Plan.feedback, "again": _Plan.again, "approve": _Plan.approve,
}  # fmt: skip


@dataclass
class _Group:
    """A training group on its way."""

    shared: _Shared
    plan: _Plan
    line: dict[str, Any]
    minute: int
    project_id: int = 0

    def put(self) -> None:
        agenda = self.shared.bureau.agenda
        steps = [(name, int(back)) for name, _, back in (part.partition(":") for part in self.line["steps"].split())]
        first = steps[0][1] if steps else 5
        agenda.put(agenda.moment(first + 1, self.minute), self._draft)
        for name, back in steps:
            agenda.put(agenda.moment(back, self.minute), lambda name=name: _STEPS[name](self))
        for name, back in (
            (part.partition(":")[0], int(part.partition(":")[2])) for part in self.line.get("run", "").split()
        ):
            if name == "leave":
                self._travel(back)
            else:
                agenda.put(agenda.moment(back, self.minute), lambda name=name: _STEPS[name](self))

    def _travel(self, back: int) -> None:
        """Departure, return and report on the days of the task approval."""
        agenda = self.shared.bureau.agenda
        self.leave_on = agenda.day_before(back)
        self.return_on = self.leave_on + timedelta(days=self.line["days"] - 1)
        agenda.put(agenda.moment(back, 1), _move)
        today = clock.day_of(agenda.now)
        if self.return_on < today:
            after = clock.at_shanghai(self.return_on + timedelta(days=1), 8)
            agenda.put(after, _move)
        if "report" in self.line:
            late = 38 if self.line["report"] == "late" else 20
            reported = clock.at_shanghai(self.return_on + timedelta(days=late), 10)
            agenda.put(reported, self.report)
            agenda.put(reported + timedelta(days=4), self.settle)

    @property
    def row(self) -> TrainingProject:
        return db.session.get_one(TrainingProject, self.project_id)

    def _draft(self) -> None:
        line = self.line
        provider_id, country = self.shared.institutions[line["to"]]
        data = ProjectData(
            part=PlanPart(line.get("part", "abroad")), name=line["zh"], name_en=line["en"], key_field=line["field"],
            approval_type="review", destinations=(country,), cities=tuple(line["cities"]), provider_id=provider_id,
            people_planned=line["people"], leaders_planned=line.get("leaders", 0), days=line["days"],
            depart_month=line["month"], fundings=("municipal", "unit"), subsidy_requested=Decimal(line["subsidy"]),
            is_for_training_only=True, is_without_agents_or_family=True, is_without_sponsors=True,
            rationale={"unit_background": "本单位承担相关领域的研究和人才培养任务。",
                       "problem_and_gap": "关键环节与国际先进水平存在差距。",
                       "content_mode_and_outline": "授课、研讨与专业考察相结合。",
                       "expected_goals_and_benefit": "形成可推广的工作方案，培养业务骨干。"},
        )  # fmt: skip
        if "typed" in line:
            data = replace(data, **_spread(Decimal(line["typed"])), budget_total=Decimal(line["typed"]))
        project = declaring.create_project(self.plan.row, self.shared.unit(line["unit"]), data, _manager())
        self.project_id = project.id
        self.plan.approved[project.number] = line.get("approved", 0)
        if line.get("form"):
            supplementing.add_file(project, "leader_form", specimen("CONTRACT"), _manager())
        if "nights" in line:
            budgeting.keep_budget(project, self._budget(), _manager())
        reasons = {key.removeprefix("reason_"): text for key, text in line.items() if key.startswith("reason_")}
        for code in ("R15", "R16"):
            reasons.setdefault(code, "培训内容专业性强，按实际需要安排。")
        declaring.give_reasons(project, reasons, _manager(), None)

    def _budget(self) -> budgeting.BudgetData:
        line, today = self.line, clock.today()
        entered = ()
        if "fee" in line:
            amount, document = line["fee"]
            entered = (Entered("training_fee", Decimal(amount) * line["training"], document, today),)
        return budgeting.BudgetData(
            first_day_on=date(self.plan.year, line["month"], 10),
            stays=tuple(Stay(city, nights) for city, nights in line["nights"].items()),
            training_days=line["training"], host=Host(),
            exchanges=tuple((code, rate, 1, today, "中国银行外汇牌价") for code, rate in self.shared.rates.items()),
            fares=(Fare("other", line["people"], Decimal(line["fare"])),), other=Decimal(400) * line["people"],
            entered=entered,
        )  # fmt: skip

    def declare(self) -> None:
        declaring.declare(self.row, _manager())

    def review(self) -> None:
        code = (
            "recommend_reduced" if self.line.get("approved", self.line["people"]) < self.line["people"] else "recommend"
        )
        rounds.review_project(self.row, rounds.Opinion(code), _manager())

    def give_back(self) -> None:
        rounds.return_project(self.row, self.line["why"], _manager())

    def publicise(self) -> None:
        today = clock.today()
        data = executing.PublicityData(
            today, today + timedelta(days=9), "单位公告栏和内网", "培训目标、内容、机构、人员、日程和预算。"
        )
        supplementing.set_roster(self.row, self._people(), _manager())
        executing.publicise(self.row, data, _manager())

    def _people(self) -> list[supplementing.PersonData]:
        chance = self.shared.chance
        return [
            supplementing.PersonData(
                name=chance.choice(_SURNAMES) + chance.choice(_GIVEN), sex=chance.choice("12"),
                birth_on=date(chance.randrange(1974, 1995), chance.randrange(1, 13), chance.randrange(1, 28)),
                unit="本单位", post=chance.choice(_POSTS), title="副高" if number % 2 else "中级",
                political_status="13",
                language_level="英语", passport=f"E{chance.randrange(10**7, 10**8)}", is_leader=number == 0,
                is_specialist=number > 0, health="健康",
            )
            for number in range(self.line["approved"])
        ]  # fmt: skip

    def task(self) -> None:
        project, today = self.row, clock.today()
        entries = (
            (2, "lecture", "专题授课"),
            (3, "lecture", "专题授课"),
            (4, "discussion", "小组研讨"),
            (5, "visit", "专业考察"),
        )
        days = [supplementing.DayData(day, kind, Decimal(6), topic) for day, kind, topic in entries]
        supplementing.set_schedule(project, days, _manager())
        executing.set_invitation(project, project.provider.signatories[0] if project.provider else "", _manager())
        for side, body in ((ReviewSide.TASK, "江州市人民政府外事办公室"), (ReviewSide.FINANCE, "江州市财政局")):
            review = supplementing.ReviewData(side, body, today, "财行〔2013〕516号", {}, True, "同意")
            supplementing.record_review(project, review, _manager())
        leave = getattr(self, "leave_on", today + timedelta(days=20))
        back = leave + timedelta(days=self.line["days"] - 1)
        executing.approve_task(project, f"江政外培〔{self.plan.year}〕{self.minute}号", leave, back, _manager())

    def report(self) -> None:
        project = self.row
        # settled a little below the budget, as it should be
        costs = {
            name: ((getattr(project, name) or Decimal(0)) * 97 / 100).quantize(Decimal("0.01")) for name in AMOUNTS
        }
        data = executing.ReportData(
            leave_on=self.leave_on, return_on=self.return_on, people=self.line["approved"],
            cities=tuple(self.line["cities"]), inviter=project.provider.name_en if project.provider else "",
            tasks_done="按批准的日程完成授课、研讨和专业考察。", lecture_hours=Decimal(48), visit_hours=Decimal(42),
            passports_returned_on=self.return_on + timedelta(days=3), discipline="", costs=costs, paid_by_host=None,
            over_standard="", results="形成工作方案两项，组织交流报告会一次。", follow_up="与培训机构建立联系机制。",
            trainee_score=5, provider_score=4,
        )  # fmt: skip
        executing.file_report(project, data, _manager())
        if self.line["report"] == "late":
            kept = {**project.reasons, "R20": "回国后参加防汛工作，总结延后报送，已说明。"}
            project.reasons = kept

    def settle(self) -> None:
        executing.settle(self.row, "", _manager())


_STEPS: dict[str, Callable[[_Group], None]] = {
    "declare": _Group.declare, "review": _Group.review, "return": _Group.give_back, "publicise": _Group.publicise,
    "task": _Group.task,
}  # fmt: skip


def _spread(total: Decimal) -> dict[str, Decimal]:
    """A typed total over the six columns; the last takes what is left."""
    parts = [(total * share / 100).quantize(Decimal(1)) for share in _SHARES[:-1]]
    return dict(zip(AMOUNTS, (*parts, total - sum(parts)), strict=True))
