"""The correction notice: complete, told once, answered by the right people; the papers behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from expertdesk.cases import commands, papers
from expertdesk.cases.guards import running_clock
from expertdesk.cases.policy import may_read_paper
from expertdesk.cases.status import status_of
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted, RuleBroken
from expertdesk.foundation.installed import storage
from expertdesk.foundation.locale import Bilingual, use_language
from expertdesk.models import Event, Message, PaperVersion
from tests.cases import steps

D = date
B = Bilingual


def codes(error: Any) -> set[str]:
    return {reason.code for reason in error.value.reasons}


@pytest.fixture
def case(world):
    """Submitted, all papers in order but a missing photo and a no-crime certificate with a problem."""
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    steps.supply(case, officer, but=("PHOTO", "NO_CRIMINAL"))
    papers.mark_original_seen(case, "NO_CRIMINAL", officer, issued_on=D(2026, 4, 20))
    papers.check_paper(case, "NO_CRIMINAL", False, officer, "X06")
    return case


def test_the_draft_names_every_gap_in_both_languages(case):
    items = {item.document: item for item in commands.correction_draft(case)}
    assert set(items) == {"PHOTO", "NO_CRIMINAL"}
    assert "6个月" in items["NO_CRIMINAL"].problem.zh and items["NO_CRIMINAL"].demand.en
    assert items["PHOTO"].problem == B("未提交。", "Not supplied.")
    assert items["PHOTO"].demand == B(
        "请提交该材料。要求：自签发之日起6个月内。", "Supply this paper, issued within the last 6 months."
    )


def test_a_paper_that_is_not_here_is_asked_for_in_whole_sentences(world):
    case = steps.submitted(world, world.actor("officer")).case
    items = {item.document: item.demand for item in commands.correction_draft(case)}
    for demand in items.values():
        assert demand.zh.startswith("请提交该材料。") and demand.zh.endswith("。") and demand.en.endswith(".")
        assert demand.zh.count("：") <= 1 and "。。" not in demand.zh and ".." not in demand.en, demand
        assert "must state" not in demand.en and not demand.en.startswith("Supply this paper:"), demand
    assert "不接受本人宣誓性声明" in items["NO_CRIMINAL"].zh and ". Not a sworn statement" in items["NO_CRIMINAL"].en


def test_a_notice_that_leaves_something_out_is_refused(world, case):
    items = [item for item in commands.correction_draft(case) if item.document == "PHOTO"]
    with pytest.raises(RuleBroken) as error:
        commands.ask_correction(case, items, world.actor("officer"), case.row_version)
    with use_language("zh"):
        assert "无犯罪记录证明" in str(error.value.problems["items"])


def test_nothing_is_told_before_everything_was_looked_at(world, case):
    officer = world.actor("officer")
    papers.mark_original_seen(case, "PASSPORT", officer)  # supplied anew, not checked
    more = commands.CorrectionItemData("PASSPORT", "X12", B("问题", "p"), B("要求", "d"))
    items = [*commands.correction_draft(case), more]
    with pytest.raises(NotAllowedNow) as error:
        commands.ask_correction(case, items, officer, case.row_version)
    assert codes(error) == {"papers_unchecked"}


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (commands.CorrectionItemData("PHOTO", "X11", B("只有中文", ""), B("要求", "d")), "items-0-problem"),
        (commands.CorrectionItemData("PHOTO", "X11", B("p", "p"), B("", "")), "items-0-demand"),
        (commands.CorrectionItemData("PHOTO", "X99", B("p", "p"), B("d", "d")), "items-0-reason_code"),
        (commands.CorrectionItemData("UNICORN", "", B("p", "p"), B("d", "d")), "items-0-document"),
        (commands.CorrectionItemData("PHOTO", "X11", B("长" * 501, "p"), B("d", "d")), "items-0-problem"),
    ],
)
def test_an_item_says_problem_and_demand_in_both_languages(world, case, item, field):
    with pytest.raises(RuleBroken) as error:
        commands.ask_correction(case, [item], world.actor("officer"), case.row_version)
    assert field in error.value.problems


def test_notice_answer_and_second_notice(world, case):
    officer, expert = world.actor("officer"), world.actor("expert")
    correction = commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    letter = case.letters[-1]
    assert correction.letter_id == letter.id and letter.kind == "CORRECTION_NOTICE"
    # 20 working days after 24 November 2026
    assert correction.due_on == D(2026, 12, 22) == running_clock(case).promised_due_on
    assert letter.context["due_on"] == "2026-12-22" and letter.context["days"] == 20
    notice = db.session.scalars(select(Message).where(Message.kind == "correction_notice")).all()
    assert {row.account_id for row in notice} == {expert.id, world.actor("employer").id}
    assert all(row.parameters["items"] == 2 for row in notice)
    with use_language("en"):
        assert "please send 2 more by 22 December 2026" in str(status_of(case).sentence)

    with pytest.raises(NotAllowedNow) as error:
        commands.answer_correction(case, expert)
    assert codes(error) == {"items_open"}
    papers.add_version(case, "PHOTO", steps.upload("photo"), expert)
    with use_language("en"):
        assert "please send one more by 22 December 2026" in str(status_of(case).sentence)
        assert str(status_of(case).for_you) == "Send one paper"
    papers.add_version(case, "NO_CRIMINAL", steps.upload("certificate"), expert, issued_on=D(2026, 11, 2))
    commands.answer_correction(case, expert)
    assert case.state == "submitted" and running_clock(case).step == "precheck"
    line = next(line for line in papers.paper_grid(case, officer) if line.document == "NO_CRIMINAL")
    assert (line.check, line.gap, line.valid_until) == ("unchecked", "unchecked", D(2027, 5, 2))

    papers.check_paper(case, "PHOTO", False, officer, "X11")
    papers.check_paper(case, "NO_CRIMINAL", True, officer)
    items = commands.correction_draft(case)
    with pytest.raises(RuleBroken) as broken:
        commands.ask_correction(case, items, officer, case.row_version)
    assert set(broken.value.problems) == {"later_reason"}
    commands.ask_correction(case, items, officer, case.row_version, "补交的照片不符合标准，首次告知时尚未提交。")
    assert len(case.corrections) == 2 and case.corrections[1].later_reason
    assert case.letters[-1].number_zh == "江外专补〔2026〕2号"


def test_others_cannot_answer(world, case):
    officer = world.actor("officer")
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    for role in ("expert2", "employer2"):
        with pytest.raises(NotAllowedNow) as error:
            papers.add_version(case, "PHOTO", steps.upload(), world.actor(role))
        assert "not_yours" in codes(error), role
    for role in ("reviewer", "manager", "liaison", "admin", "auditor"):
        with pytest.raises(NotPermitted):
            papers.add_version(case, "PHOTO", steps.upload(), world.actor(role))
    with pytest.raises(NotAllowedNow):
        papers.add_version(case, "PHOTO", steps.upload(), world.actor("officer2"))


def test_an_applicant_supplies_what_is_asked_for_and_nothing_else(world, case):
    officer, expert = world.actor("officer"), world.actor("expert")
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    assert papers.may_supply(case, papers.paper_of(case, "PHOTO"), expert)
    assert not papers.may_supply(case, papers.paper_of(case, "PASSPORT"), expert)
    with pytest.raises(NotAllowedNow) as error:
        papers.add_version(case, "PASSPORT", steps.upload(), expert)
    assert codes(error) == {"not_asked_for"}


def test_more_time_once_on_a_reason(world, case):
    officer = world.actor("officer")
    correction = commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    with pytest.raises(NotAllowedNow) as error:
        commands.extend_correction(case, officer, case.row_version, " ")
    assert codes(error) == {"reason_missing"}
    commands.extend_correction(case, officer, case.row_version, "国外认证需时。")
    assert correction.is_extended and correction.due_on == running_clock(case).promised_due_on > D(2027, 1, 15)
    with pytest.raises(NotAllowedNow) as error:
        commands.extend_correction(case, officer, case.row_version, "再延。")
    assert codes(error) == {"extended_already"}


def test_papers_go_back_only_after_the_time_is_over(world, case):
    officer = world.actor("officer")
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    for call in (
        lambda: commands.return_papers(case, officer, case.row_version),
        lambda: commands.not_accept(case, "NA3", officer, case.row_version),
    ):
        with pytest.raises((NotAllowedNow, RuleBroken)):
            call()
    with clock.at(steps.shanghai(D(2026, 12, 23))):
        with use_language("en"):
            assert "may be returned" in str(status_of(case).sentence)
        assert status_of(case).tone == "late"
        commands.return_papers(case, officer, case.row_version)
    assert case.state == "returned" and running_clock(case) is None
    with use_language("zh"):
        assert "2026年12月23日退回" in str(status_of(case).sentence)


def test_after_the_time_the_case_may_also_not_be_accepted(world, case):
    officer = world.actor("officer")
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    with clock.at(steps.shanghai(D(2026, 12, 23))):
        commands.not_accept(case, "NA3", officer, case.row_version)
    assert case.letters[-1].kind == "NON_ACCEPTANCE_NOTICE" and case.decision["ground"] == "NA3"


def test_a_waived_paper_may_be_asked_for_and_is_then_required(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    steps.supply(case, officer)
    item = commands.CorrectionItemData(
        "SALARY_COMMITMENT", "X14", B("合同薪酬与申报不符。", "Pay differs."), B("请说明。", "Explain.")
    )
    commands.ask_correction(case, [item], officer, case.row_version)
    paper = papers.paper_of(case, "SALARY_COMMITMENT")
    assert (paper.requirement, paper.check) == ("required", "problem")
    commands.edit_case(case, {"duties": "别的"}, officer, case.row_version)  # the checklist is made anew
    assert paper.requirement == "required"
    papers.add_version(case, "SALARY_COMMITMENT", steps.upload(), world.actor("expert"))
    commands.answer_correction(case, world.actor("expert"))


def test_a_notice_does_not_wait_for_a_paper_that_is_not_needed_any_more(world):
    """The health commitment goes with an examination that follows later; once that is here, it falls away."""
    officer, expert = world.actor("officer"), world.actor("expert")
    case = steps.submitted(world, officer, procedure="NEW_ABROAD", in_country_ground="").case
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    for item in list(case.corrections[-1].items):
        if item.document == "MEDICAL":
            papers.add_version(case, item.document, steps.upload(), expert)
    for item in list(case.corrections[-1].items):
        if item.answered_at is None:
            papers.add_version(case, item.document, steps.upload(), expert)
    assert "HEALTH_COMMIT" not in {paper.document for paper in case.papers}
    commands.answer_correction(case, expert)


# --- papers -----------------------------------------------------------------------------------------------------


def test_an_upload_keeps_original_and_clean_copy_encrypted_under_random_keys(world, case):
    officer, expert = world.actor("officer"), world.actor("expert")
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    first = papers.add_version(case, "PHOTO", steps.upload("same"), expert)
    second = papers.add_version(case, "PHOTO", steps.upload("same"), expert)
    db.session.commit()
    rows = db.session.scalars(select(PaperVersion).order_by(PaperVersion.id)).all()
    assert len({row.clean_key for row in rows} | {row.original_key for row in rows}) == 4
    assert first.clean_sha256 == second.clean_sha256
    assert papers.paper_bytes(first).startswith(b"%PDF")
    assert papers.original_bytes(first) == steps.picture_pdf("same")
    assert b"%PDF" not in storage()._path(first.clean_key).read_bytes()
    line = next(line for line in papers.paper_grid(case, officer) if line.document == "PHOTO")
    assert [version.id for version in line.versions] == [second.id, first.id]
    event = db.session.scalars(select(Event).where(Event.name == "case.paper_added")).first()
    assert event.is_public and event.payload["document"] == "PHOTO"


def test_who_may_open_what(world):
    """The employer never sees medical and criminal-record papers, and else only what it uploaded itself."""
    officer, expert, employer = world.actor("officer"), world.actor("expert"), world.actor("employer")
    case = steps.submitted(world, officer).case
    by_expert = papers.add_version(case, "PHOTO", steps.upload("a"), expert)
    by_employer = papers.add_version(case, "CONTRACT", steps.upload("b"), employer)
    medical = papers.add_version(case, "MEDICAL", steps.upload("c"), employer)
    roles = "officer officer2 reviewer manager liaison admin auditor expert expert2 employer employer2"
    readers = {role: world.actor(role) for role in roles.split()}

    def open_to(version: PaperVersion) -> set[str]:
        return {role for role, actor in readers.items() if may_read_paper(version.paper, actor, version)}

    assert open_to(by_expert) == {"officer", "reviewer", "manager", "expert"}
    assert open_to(by_employer) == {"officer", "reviewer", "manager", "expert", "employer"}
    assert open_to(medical) == {"officer", "reviewer", "manager", "expert"}
    line = next(line for line in papers.paper_grid(case, employer) if line.document == "MEDICAL")
    assert line.state == "uploaded" and not line.versions[0].may_open


def test_a_paper_that_is_too_old_is_shown_with_its_last_day(world, case):
    line = next(line for line in papers.paper_grid(case, world.actor("officer")) if line.document == "NO_CRIMINAL")
    assert (line.valid_until, line.is_expired) == (D(2026, 10, 20), True)
    assert (line.gap, line.reason_code) == ("problem", "X06")


def test_commitment_and_deferral_follow_the_table(world):
    officer = world.actor("officer")
    case = commands.open_case(
        steps.new_case(world, procedure="NEW_ABROAD", in_country_ground="", facts=steps.A_FACTS, claimed_category="A",
                       entry_on=D(2026, 12, 31)),
        officer,
    )  # fmt: skip
    commands.submit_case(case, officer)
    lines = {line.document: line for line in papers.paper_grid(case, officer)}
    assert lines["NO_CRIMINAL"].requirement == "commitment" and lines["NO_CRIMINAL"].gap == "uncommitted"
    papers.commit_paper(case, "NO_CRIMINAL", officer)
    with pytest.raises(NotAllowedNow) as error:
        papers.commit_paper(case, "PASSPORT", officer)
    assert codes(error) == {"no_commitment"}
    medical = papers.defer_paper(case, "MEDICAL", officer)
    # 30 days after entry is Saturday 30 January 2027: the next working day
    assert medical.due_on == D(2027, 2, 1)
    with pytest.raises(NotAllowedNow) as error:
        papers.defer_paper(case, "CONTRACT", officer, reason="合同在签。")  # a core paper
    assert codes(error) == {"no_deferral"}
    lines = {line.document: line for line in papers.paper_grid(case, officer)}
    assert lines["NO_CRIMINAL"].gap == lines["MEDICAL"].gap == ""
    assert lines["NO_CRIMINAL"].requirement_name.zh == "告知承诺"


def test_a_commitment_falls_when_the_category_does_not_allow_it_any_more(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer, facts={**steps.B_FACTS, "criteria": ["A2.9", "B1"]}).case
    commands.judge(case, "A2.9", "proved", "任职证明。", officer)
    assert case.category == "A"
    papers.commit_paper(case, "NO_CRIMINAL", officer)
    commands.judge(case, "A2.9", "not_used", "证明不实。", officer)
    assert case.category == "B"
    paper = papers.paper_of(case, "NO_CRIMINAL")
    assert (paper.requirement, paper.state) == ("required", "missing")


def test_the_examination_is_required_once_it_is_here(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer, procedure="NEW_ABROAD", in_country_ground="").case
    assert {paper.document for paper in case.papers} >= {"MEDICAL", "HEALTH_COMMIT"}
    papers.mark_original_seen(case, "MEDICAL", officer, issued_on=D(2026, 11, 2))
    lines = {paper.document: paper.requirement for paper in case.papers}
    assert lines["MEDICAL"] == "required" and "HEALTH_COMMIT" not in lines


@pytest.mark.parametrize(
    "call",
    [
        lambda case, officer: papers.check_paper(case, "PHOTO", True, officer),  # not here
        lambda case, officer: papers.check_paper(case, "PASSPORT", False, officer),  # neither reason nor words
        lambda case, officer: papers.check_paper(case, "PASSPORT", False, officer, "X99"),
        lambda case, officer: papers.check_paper(case, "PASSPORT", False, officer, "", B("问题", ""), B("要求", "d")),
        lambda case, officer: papers.mark_original_seen(case, "PASSPORT", officer, issued_on=D(2027, 1, 1)),
        lambda case, officer: papers.mark_original_seen(case, "PASSPORT", officer, pages=0),
    ],
)
def test_a_check_that_says_nothing_is_refused(world, case, call):
    with pytest.raises(RuleBroken):
        call(case, world.actor("officer"))


def test_papers_are_closed_after_the_recommendation(world):
    officer = world.actor("officer")
    case = steps.recommended(world, officer)
    with pytest.raises(NotAllowedNow) as error:
        papers.mark_original_seen(case, "PHOTO", officer)
    assert codes(error) == {"papers_closed"}
    with pytest.raises(NotAllowedNow) as error:
        papers.check_paper(case, "PHOTO", True, officer)
    assert codes(error) == {"papers_closed"}


def test_a_promised_examination_may_come_after_the_grant(world):
    from expertdesk.permits.commands import grant_permit

    officer, expert = world.actor("officer"), world.actor("expert")
    case = steps.recommended(world, officer, procedure="NEW_ABROAD", in_country_ground="")
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    papers.add_version(case, "MEDICAL", steps.upload("medical"), expert)
    papers.check_paper(case, "MEDICAL", True, officer)
    with pytest.raises(NotAllowedNow):
        papers.add_version(case, "PHOTO", steps.upload(), expert)
