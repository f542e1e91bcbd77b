"""Programmes of the demo bureau: calls, applications in every state and two introduction plans, planned on the agenda
and told through the commands a person would use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from expertdesk.access import SYSTEM, Actor, Role
from expertdesk.accounts.actors import actor_by_username
from expertdesk.accounts.commands import create_account
from expertdesk.demo.cast import read_lines
from expertdesk.demo.specimens import specimen
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Account, MembershipRight, Organisation, Person, ProgramApplication, ProgramCall
from expertdesk.programs import commands, rules
from expertdesk.programs.entry import (
    Approval,
    BudgetEntry,
    CallData,
    ChangeData,
    Decision,
    ExpertData,
    Goals,
    MeetingData,
    OutsideReviewer,
    Particulars,
    PlanData,
    ReportData,
    ReviewData,
    Spent,
    Target,
)
from expertdesk.regulations.current import rules_today

if TYPE_CHECKING:
    from expertdesk.demo.bureau import Bureau

_MINUTES_BETWEEN = 17
_DAYS_OF_A_VISIT = 26
_SCORES = {"NEED": 17, "EXPERT": 26, "PLAN": 17, "GOALS": 16, "BUDGET": 8}
_LOW = {"NEED": 11, "EXPERT": 17, "PLAN": 10, "GOALS": 9, "BUDGET": 5}
_OUTSIDE = (("王砚", "江州理工大学"), ("陈嘉树", "江州市科技评估中心"))
_TERM = 330  # days a project runs
_DISTRICTS = ("990101", "990102", "990103")


def plan_programs(bureau: Bureau) -> None:
    """Put every call, application and plan on the agenda."""
    told: Any = read_lines("programs.yaml")
    calls = {line["code"]: _Call(line) for line in told["calls"]}
    for number, call in enumerate(calls.values(), 1):
        call.plan(bureau, number)
    for number, line in enumerate(told["projects"], 1):
        _Project(line, calls[line["call"]], number * _MINUTES_BETWEEN).plan(bureau)
    for line in told["plans"]:
        bureau.agenda.put(bureau.agenda.moment(line.get("year_of", 6), 40), lambda line=line: _plan(bureau, line))


def _year(bureau: Bureau, line: dict[str, Any]) -> int:
    """The year a call or plan is for: that of a day in the past, or of one ahead."""
    if "year_of" in line:
        return bureau.agenda.day_before(line["year_of"]).year
    return (clock.day_of(bureau.agenda.now) + timedelta(days=line["year_ahead"])).year


def _manager() -> Actor:
    return actor_by_username("manager")


@dataclass
class _Call:
    line: dict[str, Any]
    call_id: int = 0

    def plan(self, bureau: Bureau, number: int) -> None:
        bureau.agenda.put(bureau.agenda.moment(self.line["opens"], 5 + number), lambda: self._make(bureau))

    def _make(self, bureau: Bureau) -> None:
        line, year = self.line, _year(bureau, self.line)
        today = clock.today()
        ahead = clock.day_of(bureau.agenda.now) + timedelta(days=line.get("closes_in", 0))
        closes = bureau.agenda.day_before(line["closes"]) if "closes" in line else ahead
        data = CallData(
            year=year, kind=line["kind"], name=f"{year}年{line['zh']}", name_en=f"{line['en']} {year}",
            notice_number=f"江外专发〔{today.year}〕{20 + line['opens']}号", opens_on=today, closes_on=closes,
            quota=line.get("quota"), unit_quota=line.get("unit_quota"),
            funds=Decimal(line["funds"]) if "funds" in line else None, indicators=tuple(line["indicators"]),
            note=line.get("note", ""),
        )  # fmt: skip
        made = commands.make_call(data, _manager())
        commands.announce_call(made.id, _manager())
        self.call_id = made.id

    @property
    def row(self) -> ProgramCall:
        return db.session.get_one(ProgramCall, self.call_id)


@dataclass
class _Project:
    """An application on its way. Steps are `name:working days back`; the draft is begun the day before the first."""

    line: dict[str, Any]
    call: _Call
    minute: int
    application_id: int = 0
    visits: int = field(default=0)

    def plan(self, bureau: Bureau) -> None:
        steps = [(name, int(back)) for name, _, back in (part.partition(":") for part in self.line["steps"].split())]
        first = steps[0][1] if steps else 2
        bureau.agenda.put(bureau.agenda.moment(first + 1, self.minute), lambda: self._begin(bureau))
        for number, (name, back) in enumerate(steps):
            moment = bureau.agenda.moment(back, self.minute) + timedelta(minutes=number)
            bureau.agenda.put(min(moment, bureau.agenda.now - timedelta(minutes=1)), self._step(bureau, name))

    def _step(self, bureau: Bureau, name: str) -> Callable[[], None]:
        return lambda: _STEPS[name](self, bureau)

    @property
    def row(self) -> ProgramApplication:
        return db.session.get_one(ProgramApplication, self.application_id)

    # --- the organisation ---------------------------------------------------------------------------------------

    def contact(self, bureau: Bureau) -> Actor:
        """The account of the organisation's contact, opened when it first applies."""
        number = self.line["unit"]
        _, organisation_id = bureau.organisations[number - 1]
        username = f"contact{number}"
        if db.session.scalar(select(Account.id).where(Account.username == username)) is None:
            organisation = db.session.get_one(Organisation, organisation_id)
            person = organisation.contacts[0]
            create_account(
                username=username, name=person.name, roles=(Role.EMPLOYER,), password=bureau.password,
                email=person.email, language="zh", memberships=((organisation_id, MembershipRight.HANDLER),),
                actor=SYSTEM,
            )  # fmt: skip
            db.session.flush()
        return actor_by_username(username)

    def _begin(self, bureau: Bureau) -> None:
        line, actor = self.line, self.contact(bureau)
        _, organisation_id = bureau.organisations[line["unit"] - 1]
        contact = db.session.get_one(Organisation, organisation_id).contacts[0]
        first = self._first_day(bureau)
        data = Particulars(
            title=line["zh"], title_en=line["en"], field=line.get("field", ""), priority_field=line["priority"],
            starts_on=first, ends_on=first + timedelta(days=_TERM), unit_rank=line.get("rank", 1),
            contact_name=contact.name, contact_phone=contact.phone, contact_email=contact.email, need=line["need"],
            tasks=line["tasks"], partners=line["partners"], ip_terms="" if line.get("gaps") else "归双方共有。",
        )  # fmt: skip
        application = commands.begin_application(self.call.row, organisation_id, data, actor)
        self.application_id = application.id
        for expert in line["experts"]:
            commands.add_expert(application, _expert(expert, first), actor)
        budget = {item: BudgetEntry(Decimal(asked), Decimal(own)) for item, (asked, own) in line["budget"].items()}
        commands.set_budget(application, budget, actor, None)
        if line["targets"]:
            commands.set_goals(application, Goals(line["goals"], line["targets"], line.get("base", {})), actor, None)
        self._annexes(application, actor)

    def _first_day(self, bureau: Bureau) -> date:
        """The day the project starts on if it does, else the spring of the year."""
        year = _year(bureau, self.call.line)
        starts = dict(part.split(":") for part in self.line["steps"].split()).get("start")
        if starts is not None:
            return bureau.agenda.day_before(int(starts))
        return date(year, 3, 1) if "year_ahead" in self.call.line else date(year, 12, 1)

    def _annexes(self, application: ProgramApplication, actor: Actor) -> None:
        commands.add_file(application, "CONTRACT", specimen("CONTRACT"), actor)
        for expert in application.experts[: 0 if self.line.get("gaps") else None]:
            commands.add_file(application, "PASSPORT", specimen("PASSPORT"), actor, expert.id)
            commands.add_file(application, "CV", specimen("WORK_EXPERIENCE"), actor, expert.id)

    def submit(self, bureau: Bureau) -> None:
        commands.submit_application(self.row, self.contact(bureau))

    def withdraw(self, bureau: Bureau) -> None:
        commands.withdraw_application(self.row, "专家日程有变，本年度不能来华。", self.contact(bureau))

    # --- the bureau ---------------------------------------------------------------------------------------------

    def check(self, bureau: Bureau) -> None:
        commands.pass_check(self.row, _manager())

    def send_back(self, bureau: Bureau) -> None:
        commands.return_application(self.row, self.line["reason"], _manager())

    def assign(self, bureau: Bureau) -> None:
        outside = [OutsideReviewer(name, body) for name, body in _OUTSIDE]
        reviewer = actor_by_username("reviewer")
        commands.assign_reviewers(self.row, [reviewer.id], outside, clock.today() + timedelta(days=21), _manager())

    def review(self, bureau: Bureau) -> None:
        own = next(item for item in self.row.reviews if item.reviewer_id)
        commands.give_review(own, self._opinion(len(_OUTSIDE)), actor_by_username("reviewer"))
        self._record(len(_OUTSIDE))

    def outside(self, bureau: Bureau) -> None:
        """One reviewer from outside has answered; the other and the one with an account are still waited for."""
        self._record(1)

    def _record(self, count: int) -> None:
        row = self.row
        outside = [item for item in row.reviews if not item.reviewer_id][:count]
        for number, review in enumerate(outside):
            commands.record_outside_review(row, review.id, self._opinion(number), _manager())

    def _opinion(self, number: int) -> ReviewData:
        is_low = bool(self.line.get("low"))
        scores: dict[str, int | None] = {
            code: points - (number if code == "GOALS" else 0) for code, points in (_LOW if is_low else _SCORES).items()
        }
        if is_low:
            return ReviewData(scores, "reduced", "任务与目标联系不紧，人月数偏高，建议核减。")
        return ReviewData(scores, "support", "需求明确，专家与任务匹配，目标可以考核，建议立项。")

    def finish(self, bureau: Bureau) -> None:
        commands.finish_review(self.row, _manager())

    def meet(self, bureau: Bureau) -> None:
        row = self.row
        funds = sum((line.subsidy for line in row.budget), rules.ZERO)
        months = sum((expert.months_requested for expert in row.experts), rules.ZERO)
        data = MeetingData(clock.today(), "高岚", "周敏、韩雪、沈清", f"〔{clock.today().year}〕{row.id}号纪要")
        commands.hold_meeting(self.call.row, data, [Decision(row.id, "propose", funds, months)], _manager())

    def refuse(self, bureau: Bureau) -> None:
        row = self.row
        decision = Decision(row.id, "reject", note="专家作用不明确，评审分数低于其他项目。")
        data = MeetingData(clock.today(), "高岚", "周敏、韩雪、沈清", f"〔{clock.today().year}〕{row.id}号纪要")
        commands.hold_meeting(self.call.row, data, [decision], _manager())

    def publicise(self, bureau: Bureau) -> None:
        commands.publicise(self.call.row, [self.row.id], clock.today(), _manager())

    def approve(self, bureau: Bureau) -> None:
        row = self.row
        lines = {line.item: line.subsidy for line in row.budget}
        number = f"江外专批〔{clock.today().year}〕{row.id}号"
        months = row.proposed_months or rules.ZERO
        commands.approve_application(row, Approval(number, clock.today(), months, lines), _manager())

    # --- the run ------------------------------------------------------------------------------------------------

    def start(self, bureau: Bureau) -> None:
        commands.start_project(self.row, clock.today(), self.contact(bureau))

    def visit(self, bureau: Bureau) -> None:
        """A visit that ended the day before."""
        row, last = self.row, clock.today() - timedelta(days=1)
        first = max(last - timedelta(days=_DAYS_OF_A_VISIT), row.started_on or last)
        work = "按工作计划开展联合试验和培训。"
        commands.record_visit(row, row.experts[0].id, first, last, work, self.contact(bureau))

    def ask_change(self, bureau: Bureau) -> None:
        wanted = ChangeData("budget", "国际机票涨价，住宿费有结余。", None, "LIVING", "TRAVEL", Decimal(3000))
        commands.ask_change(self.row, wanted, self.contact(bureau))

    def agree(self, bureau: Bureau) -> None:
        commands.decide_change(self.row, True, "同意，总额不变。", _manager())

    def report(self, bureau: Bureau) -> None:
        row = self.row
        reached = {code: value // 2 for code, value in self.line.get("reached", {}).items()}
        spent = sum((run.funds for run in row.runs[:1]), rules.ZERO).quantize(Decimal(1)) // 2
        text = "完成第一次来华，试验按计划推进。"
        data = ReportData("progress", row.runs[0].year, clock.today(), text, spent, reached)
        commands.file_report(row, data, self.contact(bureau))

    def final(self, bureau: Bureau) -> None:
        row = self.row
        text = "全部任务完成，示范线投入使用；成果已在单位内部推广。"
        data = ReportData("final", row.runs[-1].year, clock.today(), text, None, self.line["reached"])
        commands.file_report(row, data, self.contact(bureau))

    def settle(self, bureau: Bureau) -> None:
        spent = {
            line.item: Spent(((line.approved or rules.ZERO) * 9 // 10).quantize(Decimal(1)), line.own)
            for line in self.row.budget
        }
        text = "第二次来华缩短四日，住宿和零用费有结余，已办理退回。"
        commands.file_settlement(self.row, spent, text, self.contact(bureau))

    def accept(self, bureau: Bureau) -> None:
        commands.accept_settlement(self.row, "凭证齐全，结余已退回。", _manager())

    def close(self, bureau: Bureau) -> None:
        commands.close_project(self.row, "成果报告已审核，同意结题。", _manager())

    def evaluate(self, bureau: Bureau) -> None:
        text = "目标全部完成，培训人数超过计划，来华天数略少。"
        commands.evaluate_project(self.row, self.line["grade"], text, _manager())


_STEPS: dict[str, Callable[[_Project, Bureau], None]] = {
    "submit": _Project.submit, "withdraw": _Project.withdraw, "check": _Project.check, "return": _Project.send_back,
    "assign": _Project.assign, "review": _Project.review, "outside": _Project.outside, "finish": _Project.finish,
    "meet": _Project.meet, "refuse": _Project.refuse, "publicise": _Project.publicise, "approve": _Project.approve,
    "start": _Project.start, "visit": _Project.visit, "change": _Project.ask_change,
    "ask_change": _Project.ask_change, "agree": _Project.agree, "report": _Project.report, "final": _Project.final,
    "settle": _Project.settle, "accept": _Project.accept, "close": _Project.close, "evaluate": _Project.evaluate,
}  # fmt: skip


def _passport(line: dict[str, Any]) -> str:
    """The number in the story, or that of somebody of the cast, who is then known again by it."""
    if not line.get("on_file"):
        return str(line["passport"])
    wanted = Person.surname == line["surname"], Person.birth_on == line["birth"]
    return db.session.scalars(select(Person).where(*wanted)).one().passports[0].number


def _expert(line: dict[str, Any], first: date) -> ExpertData:
    return ExpertData(
        surname=line["surname"], given_name=line["given"], chinese_name=line["chinese"], sex=str(line["sex"]),
        birth_on=line["birth"], nationality=line["country"], passport_number=_passport(line),
        role=line.get("role", "lead"), degree="doctorate", employer=line["employer"], post=line["post"],
        record="曾两次来华讲学。", works="代表作五篇，国际会议特邀报告三次。", mode=line.get("mode", "visits"),
        entry_on=first + timedelta(days=20), visits=line["visits"], visit_days=line["days"],
        months_requested=Decimal(str(line["months"])), tasks="",
    )  # fmt: skip


# --- the introduction plan --------------------------------------------------------------------------------------


def _plan(bureau: Bureau, line: dict[str, Any]) -> None:
    year = _year(bureau, line)
    adopted = bureau.agenda.day_before(line["adopted"]) if "adopted" in line else None
    number = line.get("document", "").format(year=year)
    targets = list(_targets(line))
    data = PlanData(number, adopted, line.get("note", ""))
    commands.save_plan(year, data, targets, _manager())


def _targets(line: dict[str, Any]) -> Iterator[Target]:
    """The city's figures, and shares of them for the districts where the line says so."""
    rows = {row.code: row for row in rules_today().rows("introduction_indicators")}
    for code, value in line["city"].items():
        yield Target(code, "", value)
        for district, share in zip(_DISTRICTS, line.get("shares", ()), strict=False):
            if rows[code].by_district and code != "EMPLOYERS":
                yield Target(code, district, value * share // sum(line["shares"]))
