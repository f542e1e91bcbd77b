"""What organisations and reviewers are told about programmes: who, when, in which words, and never twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts.commands import create_account
from expertdesk.foundation.database import db
from expertdesk.models import Account, MembershipRight, Message, ProgramState
from expertdesk.notices.wording import text_of
from expertdesk.programs import commands
from expertdesk.programs.entry import Decision, MeetingData, OutsideReviewer, ReportData, Spent
from expertdesk.programs.telling import tell_due
from expertdesk.serving.background import jobs, run_job
from tests.programs import making
from tests.programs.making import D

NUMBER = "YC2026-0001"


@pytest.fixture
def call(world):
    return making.call(world)


def told(kind: str | None = None) -> list[tuple[str, str]]:
    """Kind and who was told, in the order of telling."""
    statement = select(Message.kind, Account.username).join(Account, Message.account_id == Account.id)
    if kind is not None:
        statement = statement.where(Message.kind == kind)
    return [(row[0], row[1]) for row in db.session.execute(statement.order_by(Message.id))]


def last(kind: str) -> Message:
    statement = select(Message).where(Message.kind == kind).order_by(Message.id.desc())
    found = db.session.scalars(statement).first()
    assert found is not None, kind
    return found


def words(kind: str, language: str) -> str:
    text = text_of(kind, last(kind).parameters, language)
    return "\n".join((text.subject, *text.paragraphs, text.path))


def contact(world, name: str, right: MembershipRight, language: str = "zh") -> Account:
    return create_account(
        username=name, name=name, roles=(Role.EMPLOYER,), password=world.password, email=f"{name}@mail.example",
        language=language, memberships=((world.organisation_id, right),), actor=SYSTEM,
    )  # fmt: skip


# --- with an event ----------------------------------------------------------------------------------------------


def test_everything_on_the_way_is_told_once(world, call):
    making.evaluated(world, call)
    assert told() == [
        ("program_received", "employer"), ("program_review_assigned", "reviewer"), ("program_publicised", "employer"),
        ("program_approved", "employer"), ("program_settled", "employer"),
    ]  # fmt: skip


def test_contacts_who_may_act_are_told_in_their_language_and_nobody_else(world, call):
    contact(world, "second", MembershipRight.TRAINING, "en")
    contact(world, "reader", MembershipRight.READ_ONLY)
    gone = contact(world, "gone", MembershipRight.HANDLER)
    gone.is_active = False
    making.submitted(world, call)
    assert sorted(told("program_received")) == [("program_received", "employer"), ("program_received", "second")]
    to_second = select(Message.language).join(Account, Message.account_id == Account.id)
    assert db.session.scalars(to_second.where(Account.username == "second")).all() == ["en"]


def test_without_an_account_the_contact_of_the_application_gets_the_mail(world, call):
    application = making.submitted(world, call, contact_email="he.jing@yunxi-bio.example")
    db.session.get_one(Account, world.accounts["employer"]).is_active = False
    commands.return_application(application, "缺少合同签字页。", world.actor("manager"))
    message = last("program_returned")
    assert (message.account_id, message.email, message.language) == (None, "he.jing@yunxi-bio.example", "zh")


def test_received_and_returned(world, call):
    application = making.submitted(world, call)
    assert words("program_received", "en").splitlines() == [
        f"Programme application {NUMBER} received",
        f"The programme application {NUMBER} is with the bureau, which checks whether it is complete.",
        "You need not do anything until you hear from us. You can take it back until the approval.",
        f"/my/programs/{NUMBER}",
    ]
    assert f"项目申报{NUMBER}已经送达本局" in words("program_received", "zh")
    commands.return_application(application, "缺少合同签字页。", world.actor("manager"))
    assert "returned" in words("program_returned", "en") and "签字页" not in words("program_returned", "zh")
    assert "申报截止后仍可提交" in words("program_returned", "zh")
    commands.submit_application(application, world.actor("employer"))
    commands.return_application(application, "仍缺签字页。", world.actor("manager"))
    assert len(told("program_returned")) == 2, "each time it is returned is told"


def test_a_reviewer_is_told_once_and_the_one_added_later_alone(world, call):
    second = create_account(
        username="reviewer2", name="许岚", roles=(Role.REVIEWER,), password=world.password, actor=SYSTEM,
        email="reviewer2@mail.example",
    )  # fmt: skip
    application = making.in_review(world, call)
    assert told("program_review_assigned") == [("program_review_assigned", "reviewer")]
    chosen = [world.accounts["reviewer"], second.id]
    commands.assign_reviewers(application, chosen, (), date(2026, 12, 22), world.actor("manager"))
    assert told("program_review_assigned")[1:] == [("program_review_assigned", "reviewer2")]
    english = words("program_review_assigned", "en")
    assert "Please give your review by 22 December 2026." in english
    assert english.endswith(f"/programs/reviews/{NUMBER}")
    assert "请于2026年12月22日前提交评审意见。" in words("program_review_assigned", "zh")


def test_the_decision_of_the_meeting(world, call):
    application, manager = making.reviewed(world, call), world.actor("manager")
    decision = Decision(application.id, "reject", note="经费不足。")
    commands.hold_meeting(call, MeetingData(date(2026, 11, 24), "高岚"), [decision], manager)
    assert told("program_rejected") == [("program_rejected", "employer")]
    assert "was not selected" in words("program_rejected", "en") and "未予立项" in words("program_rejected", "zh")


def test_publicity_and_approval_with_funds(world, call):
    making.approved(world, call)
    assert "made public from 24 November 2026 to 30 November 2026" in words("program_publicised", "en")
    assert "公示期为2026年11月24日至2026年11月30日" in words("program_publicised", "zh")
    english, chinese = words("program_approved", "en"), words("program_approved", "zh")
    assert "approved with a subsidy of CNY 70,000" in english and "lapses" in english
    assert "31 December 2026" in english and "截至2026年12月31日既未启动又未延期的，自动作废。" in chinese
    assert "70,000" in chinese


@pytest.mark.parametrize(
    ("agreed", "english", "chinese"), [(True, "It is agreed", "同意变更"), (False, "It is refused", "不同意变更")]
)
def test_a_change_that_was_decided(world, call, agreed, english, chinese):
    application = making.running(world, call)
    commands.ask_change(application, making.change(), world.actor("employer"))
    commands.decide_change(application, agreed, "见会议纪要。", world.actor("manager"))
    assert told("program_change_decided") == [("program_change_decided", "employer")]
    assert english in words("program_change_decided", "en") and chinese in words("program_change_decided", "zh")


def test_a_settlement_returned_and_accepted(world, call):
    application, manager, employer = making.running(world, call), world.actor("manager"), world.actor("employer")
    with making.at("2027-11-20"):
        commands.file_settlement(application, {"TRAVEL": Spent(D(25000))}, "节约。", employer)
        commands.return_settlement(application, "住宿发票缺失。", manager)
        assert application.settlement is None
        assert "returned the settlement" in words("program_settlement_returned", "en")
        assert "决算已退回" in words("program_settlement_returned", "zh")
        commands.file_settlement(application, {"TRAVEL": Spent(D(24000))}, "节约，补发票。", employer)
        commands.accept_settlement(application, "", manager)
    assert application.runs[-1].spent == Decimal(24000)
    assert [kind for kind, _ in told()][-2:] == ["program_settlement_returned", "program_settled"]
    assert "决算已经通过" in words("program_settled", "zh")


def test_an_end_before_its_time(world, call):
    commands.terminate_project(making.running(world, call), "专家不能来华。", world.actor("manager"))
    assert "terminated" in words("program_terminated", "en") and "提前终止" in words("program_terminated", "zh")


# --- by the worker ----------------------------------------------------------------------------------------------


def job(name: str):
    return next(item for item in jobs() if item.run.__name__ == name)


def test_the_worker_lets_lapse_what_was_neither_started_nor_extended(app, world, call):
    application, other = making.approved(world, call), making.approved(world, call, title="二", unit_rank=2)
    with making.at("2026-12-10"):
        extension = making.change(kind="extension", ends_on=date(2027, 12, 31))
        commands.ask_change(other, extension, world.actor("employer"))
    ids = application.id, other.id
    db.session.commit()
    lapse = job("lapse_due")
    with making.at("2026-12-31", 23):
        assert run_job(app, lapse) == 0
    with making.at("2027-01-01", 0):
        assert run_job(app, lapse) == 1 and run_job(app, lapse) == 0
    application, other = (db.session.get_one(type(application), number, populate_existing=True) for number in ids)
    assert application.state is ProgramState.LAPSED
    assert other.state is ProgramState.APPROVED, "its extension waits for the bureau"
    assert told("program_lapsed") == [("program_lapsed", "employer")]
    assert "既未启动又未延期，已自动作废" in words("program_lapsed", "zh")
    assert "neither started nor extended" in words("program_lapsed", "en")
    with making.at("2027-01-04"):
        commands.decide_change(other, False, "理由不充分。", world.actor("manager"))
        db.session.commit()
        assert run_job(app, lapse) == 1


def days(first: str, *more: str) -> list[int]:
    """How many messages each of these days brings, each day asked twice."""
    counts = []
    for day in (first, *more):
        with making.at(day):
            counts.append(tell_due())
            assert tell_due() == 0, day
    return counts


def test_a_call_is_told_when_it_opens_to_everybody_who_may_apply(app, world):
    making.call(world, opens_on=date(2026, 12, 1), closes_on=date(2026, 12, 31))
    commands.make_call(making.call_data(name="未公布"), world.actor("manager"))
    assert days("2026-11-30", "2026-12-01", "2026-12-02") == [0, 2, 0]
    assert sorted(who for _, who in told("program_call_opened")) == ["employer", "employer2"]
    english = words("program_call_opened", "en")
    assert english.startswith("Call for applications: High-end experts 2026") and "31 December 2026" in english
    assert words("program_call_opened", "zh").startswith("申报通知：2026年高端外国专家引进计划")
    message = last("program_call_opened")
    nameless = {**message.parameters, "name_en": ""}
    assert "2026年高端外国专家引进计划" in text_of("program_call_opened", nameless, "en").subject


def test_the_end_of_a_call_is_told_to_those_who_have_not_submitted(world, call):
    making.draft(world, call)
    making.submitted(world, call, title="二", unit_rank=2)
    tell_due()
    assert days("2026-12-02", "2026-12-03", "2026-12-10", "2026-12-11") == [0, 1, 0, 0]
    assert told("program_call_closing") == [("program_call_closing", "employer")]
    assert "The call closes at the end of 10 December 2026." in words("program_call_closing", "en")
    assert "本次申报于2026年12月10日日终截止" in words("program_call_closing", "zh")
    data = replace(making.call_data(), closes_on=date(2026, 12, 20))
    commands.change_call(call.id, data, world.actor("manager"), call.row_version)
    assert days("2026-12-14") == [1], "a prolonged call is told again"


def test_a_project_to_be_started(world, call):
    making.approved(world, call)
    with making.at("2026-11-30"):
        tell_due()
    assert days("2026-11-30", "2026-12-01", "2026-12-20") == [0, 1, 0]
    assert "An extension into the next year can be asked for until 15 December 2026." in words(
        "program_start_due", "en"
    )
    assert "2026年12月15日前申请" in words("program_start_due", "zh")


def test_reports_are_asked_for_ahead_and_once_they_are_late(world, call):
    """A year that is over, and the results; the project ends on 30 November 2027."""
    application, employer = making.running(world, call), world.actor("employer")
    tell_due()
    assert days("2026-12-30", "2026-12-31", "2027-01-14", "2027-01-15", "2027-02-01") == [0, 1, 0, 1, 0]
    assert "Annual summary due on 14 January 2027" in words("program_report_due", "en")
    assert "年度总结应于2027年1月14日前提交" in words("program_report_due", "zh")
    with making.at("2027-02-01"):
        commands.file_report(application, ReportData("annual", 2026, date(2027, 2, 1), "已来华。"), employer)
    assert days("2027-11-29", "2027-11-30", "2027-12-15") == [0, 1, 1]
    assert "was due on 14 December 2027 and has not come: Result report." in words("program_report_overdue", "en")
    assert "成果报告应当于2027年12月14日前提交，至今未收到" in words("program_report_overdue", "zh")


def test_a_report_that_is_there_is_not_asked_for(world, call):
    application, employer = making.running(world, call), world.actor("employer")
    with making.at("2027-10-30"):
        for kind, year in (("annual", 2026), ("final", 2027)):
            commands.file_report(application, ReportData(kind, year, date(2027, 10, 30), "完成。"), employer)
    assert days("2028-03-01") == [0]


def test_a_late_review_is_asked_for_once(world, call):
    application = making.in_review(world, call)
    with making.at("2026-12-11"):
        tell_due()
    assert days("2026-12-20", "2026-12-21", "2026-12-28") == [0, 1, 0]
    assert told("program_review_late") == [("program_review_late", "reviewer")]
    assert "was due on 20 December 2026" in words("program_review_late", "en")
    assert "2026年12月20日" in words("program_review_late", "zh")
    with making.at("2026-12-28"):
        more: Sequence[OutsideReviewer] = [OutsideReviewer("李教授", "江州大学")]
        commands.assign_reviewers(application, [], more, date(2027, 1, 5), world.actor("manager"))
    with making.at("2027-01-06"):
        own = next(item for item in application.reviews if item.reviewer_id)
        commands.declare_conflict(own, "同一单位。", world.actor("reviewer"))
        assert tell_due() == 0, "who has a conflict is not asked"


def test_the_worker_does_both(app, world, call):
    db.session.commit()
    with making.at("2026-11-25"):
        assert run_job(app, job("tell_due")) == 2 and run_job(app, job("tell_due")) == 0
    assert {"lapse_due", "tell_due"} <= {item.run.__name__ for item in jobs()}


def test_no_message_holds_what_is_in_the_papers(world, call):
    making.evaluated(world, call)
    for message in db.session.scalars(select(Message)):
        kept = json.dumps(message.parameters, ensure_ascii=False)
        for secret in ("FERREIRA", "CB128382", "重组蛋白", "何静"):
            assert secret not in kept, message.kind
