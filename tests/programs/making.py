"""Calls and applications in every state, by the commands a person uses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from expertdesk.demo.specimens import specimen
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import ProgramApplication, ProgramCall
from expertdesk.programs import commands
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
    ReportData,
    ReviewData,
    Spent,
)
from tests.world import World

YEAR = 2026
D = Decimal
SCORES = {"NEED": 16, "EXPERT": 26, "PLAN": 15, "GOALS": 17, "BUDGET": 8}


def at(day: str, hour: int = 10):
    """The business clock on a day."""
    moment = datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    return clock.at(moment)


def call_data(**changes) -> CallData:
    values: dict = {
        "year": YEAR, "kind": "HEFE", "name": "2026年高端外国专家引进计划", "name_en": "High-end experts 2026",
        "opens_on": date(2026, 11, 1), "closes_on": date(2026, 12, 10), "quota": 3, "unit_quota": 3,
        "funds": D(500000), "indicators": ("PAPERS", "TRAINED"),
    }  # fmt: skip
    return CallData(**{**values, **changes})


def call(world: World, **changes) -> ProgramCall:
    manager = world.actor("manager")
    made = commands.make_call(call_data(**changes), manager)
    commands.announce_call(made.id, manager)
    return made


def particulars(**changes) -> Particulars:
    values: dict = {
        "title": "重组蛋白药物工艺开发", "title_en": "Process development of recombinant protein drugs", "field": "I",
        "priority_field": "MED", "starts_on": date(2026, 12, 1), "ends_on": date(2027, 11, 30), "unit_rank": 1,
        "contact_name": "何静", "contact_phone": "0999-8812 3301", "need": "工艺放大经验不足。",
        "tasks": "指导中试放大，培训工程师。", "partners": "李明博士团队，五人。", "ip_terms": "归双方共有。",
    }  # fmt: skip
    return Particulars(**{**values, **changes})


def expert_data(**changes) -> ExpertData:
    values: dict = {
        "surname": "FERREIRA-GOMES", "given_name": "ANA LUISA", "sex": "2", "birth_on": date(1984, 3, 19),
        "nationality": "PT", "passport_number": "CB128382", "degree": "doctorate", "employer": "Universidade de Lisboa",
        "post": "Professora", "mode": "visits", "entry_on": date(2026, 12, 10), "visits": 2, "visit_days": 30,
        "months_requested": D("2"), "tasks": "工艺开发",
    }  # fmt: skip
    return ExpertData(**{**values, **changes})


def budget(**changes) -> dict[str, BudgetEntry]:
    values = {
        "TRAVEL": BudgetEntry(D(26000), D(0), "两次往返"),
        "ALLOWANCE": BudgetEntry(D(18000)),
        "LIVING": BudgetEntry(D(30000), D(6000)),
        "INSURANCE": BudgetEntry(D(0), D(3000)),
    }
    return {**values, **changes}


def draft(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    """Begun by the organisation, with nothing but its particulars."""
    return commands.begin_application(
        the_call, world.organisation_id, particulars(**changes), world.actor("employer")
    )


def filled(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    """Complete, not submitted."""
    actor = world.actor("employer")
    application = draft(world, the_call, **changes)
    expert = commands.add_expert(application, expert_data(), actor)
    commands.set_budget(application, budget(), actor, None)
    commands.set_goals(application, Goals("建成中试平台。", {"PAPERS": 2, "TRAINED": 6}), actor, None)
    for document in ("CONTRACT", "PASSPORT", "CV"):
        name = "CONTRACT" if document == "CONTRACT" else "PASSPORT"
        commands.add_file(application, document, specimen(name), actor, None if document == "CONTRACT" else expert.id)
    return application


def submitted(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    return commands.submit_application(filled(world, the_call, **changes), world.actor("employer"))


def in_review(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    application, manager = submitted(world, the_call, **changes), world.actor("manager")
    commands.pass_check(application, manager)
    outside = [OutsideReviewer("王教授", "江州理工大学"), OutsideReviewer("陈研究员", "江州药物所")]
    commands.assign_reviewers(application, [world.accounts["reviewer"]], outside, date(2026, 12, 20), manager)
    return application


def review_data(**changes) -> ReviewData:
    values: dict = {"scores": dict(SCORES), "recommendation": "support", "opinion": "方案可行，建议立项。"}
    return ReviewData(**{**values, **changes})


def reviewed(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    application, manager = in_review(world, the_call, **changes), world.actor("manager")
    for review in list(application.reviews):
        if review.reviewer_id:
            commands.give_review(review, review_data(), world.actor("reviewer"))
        else:
            commands.record_outside_review(application, review.id, review_data(), manager)
    commands.finish_review(application, manager)
    return application


def proposed(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    application = reviewed(world, the_call, **changes)
    decision = Decision(application.id, "propose", D(70000), D("2"))
    commands.hold_meeting(the_call, MeetingData(clock.today(), "高岚"), [decision], world.actor("manager"))
    return application


def publicised(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    application = proposed(world, the_call, **changes)
    commands.publicise(the_call, [application.id], clock.today(), world.actor("manager"))
    return application


def approval(**changes) -> Approval:
    lines = {"TRAVEL": D(26000), "ALLOWANCE": D(18000), "LIVING": D(26000)}
    values: dict = {"number": "江外专批〔2026〕1号", "on": clock.today(), "months": D("2"), "lines": lines}
    return Approval(**{**values, **changes})


def approved(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    application = publicised(world, the_call, **changes)
    with at("2026-12-03"):
        commands.approve_application(application, approval(), world.actor("manager"))
    return application


def running(world: World, the_call: ProgramCall, **changes) -> ProgramApplication:
    application = approved(world, the_call, **changes)
    with at("2026-12-04"):
        commands.start_project(application, date(2026, 12, 4), world.actor("employer"))
    return application


def settled(world: World, the_call: ProgramCall) -> ProgramApplication:
    application, employer = running(world, the_call), world.actor("employer")
    with at("2027-11-20"):
        visit(application, world)
        commands.file_report(
            application, ReportData("annual", 2026, date(2027, 1, 10), "两次来华完成。", D(2000)), employer
        )
        spent = {"TRAVEL": Spent(D(25000)), "ALLOWANCE": Spent(D(9000)), "LIVING": Spent(D(17000), D(6000))}
        commands.file_settlement(application, spent, "第二次来华缩短。", employer)
        commands.accept_settlement(application, "", world.actor("manager"))
    return application


def closed(world: World, the_call: ProgramCall) -> ProgramApplication:
    application = settled(world, the_call)
    with at("2027-12-01"):
        report = ReportData("final", 2027, date(2027, 11, 30), "平台建成。", None, {"PAPERS": 2, "TRAINED": 7})
        commands.file_report(application, report, world.actor("employer"))
        commands.close_project(application, "按期完成。", world.actor("manager"))
    return application


def evaluated(world: World, the_call: ProgramCall) -> ProgramApplication:
    application = closed(world, the_call)
    with at("2027-12-10"):
        commands.evaluate_project(application, "good", "指标全部完成，来华天数略少。", world.actor("manager"))
    return application


def visit(
    application: ProgramApplication, world: World, first: date = date(2027, 3, 1), last: date = date(2027, 3, 30)
):
    expert = application.experts[0]
    return commands.record_visit(application, expert.id, first, last, "中试放大指导。", world.actor("employer"))


def change(**changes) -> ChangeData:
    values: dict = {
        "kind": "budget", "reason": "机票涨价。", "from_item": "LIVING", "to_item": "TRAVEL", "amount": D(2000),
    }  # fmt: skip
    return ChangeData(**{**values, **changes})


def fresh(application: ProgramApplication) -> ProgramApplication:
    db.session.commit()
    return db.session.get_one(ProgramApplication, application.id)
