"""One sentence for every state, in both languages; the stage line; who holds it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from expertdesk.cases import commands
from expertdesk.cases.guards import counts_as_granted
from expertdesk.cases.status import status_of
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow
from expertdesk.foundation.locale import use_language
from expertdesk.models import Permit
from expertdesk.permits.commands import grant_permit, refuse_permit
from tests.cases import steps
from tests.cases.test_matrix import MAKERS, TEXT

D = date

SENTENCES = {
    "draft": ("用人单位正在准备申请，尚未提交。", "is being prepared by the employer"),
    "submitted": ("您的申请于2026年11月24日收到，经办人正在预审材料，2026年11月27日前答复。",
                  "came on 24 November 2026; the case officer is checking the papers and answers by 27 November 2026."),
    "in_correction": ("请在2026年12月22日前再补交10项", "please send 10 more by 22 December 2026"),
    "accepted": ("您的申请已于2026年11月24日受理，由经办人审查，2026年12月1日前作出决定。",
                 "was accepted on 24 November 2026; the case officer reviews it by 1 December 2026."),
    "recommended": ("由审批人决定，2026年12月1日前作出决定。", "the approving officer decides by 1 December 2026."),
    "granted": ("您的申请已于2026年11月24日准予，经办人2026年12月8日前送达文书。",
                "the case officer delivers the letters by 8 December 2026."),
    "refused": ("您的申请于2026年11月24日不予许可", "was refused on 24 November 2026"),
    "delivered": ("文书已于2026年11月24日送达给您；下一步请您在2027年5月24日前办理", "by 24 May 2027"),
    "closed": ("您的案件已于2026年11月24日办结", "was closed on 24 November 2026"),
    "not_accepted": ("您的申请于2026年11月24日不予受理", "was not accepted on 24 November 2026"),
    "returned": ("您的申请材料已于2026年11月24日退回", "were returned on 24 November 2026"),
    "withdrawn": ("用人单位已于2026年11月24日撤回申请", "withdrew the application on 24 November 2026"),
}  # fmt: skip

HERE = {
    "draft": "submission", "submitted": "precheck", "in_correction": "precheck", "accepted": "review",
    "recommended": "decision", "granted": "delivery", "refused": "delivery",
}  # fmt: skip


@pytest.mark.parametrize("state", MAKERS)
def test_the_sentence_of_every_state(world, state):
    case = MAKERS[state](world, world.actor("officer"))
    zh, en = SENTENCES[state]
    with use_language("zh"):
        status = status_of(case)
        said = str(status.sentence)
        assert zh in said and said.endswith("。") and said.count("。") == 1
    with use_language("en"):
        said = str(status.sentence)
        assert en in said and said.endswith(".")
        # the slip passes through many hands: roles, never people
        assert "周敏" not in said and "FERREIRA" not in said
    now = [item.code for item in status.stage_line if item.state == "now"]
    assert now == ([HERE[state]] if state in HERE else now)
    assert bool(status.for_you) == (state in ("in_correction", "delivered"))
    assert status.due_on is None or status.due_on >= D(2026, 11, 24)


def test_late_is_said_with_the_legal_day(world):
    officer = world.actor("officer")
    case = steps.accepted(world, officer)
    with clock.at(steps.shanghai(D(2026, 12, 3))), use_language("en"):
        status = status_of(case)
        assert "was promised for 1 December 2026 and is late, and by law it must come by 22 December 2026" in str(
            status.sentence
        )
        assert (status.tone, status.due_on) == ("late", D(2026, 12, 22))


def test_a_late_check_names_the_day_of_silence(world):
    case = steps.submitted(world, world.actor("officer")).case
    with clock.at(steps.shanghai(D(2026, 11, 30))), use_language("zh"):
        assert "承诺2026年11月27日前答复，现已逾期，依法最迟2026年12月1日答复。" in str(status_of(case).sentence)


def test_a_pause_is_told_with_its_reason_and_no_date(world):
    officer = world.actor("officer")
    case = steps.accepted(world, officer)
    commands.pause_clock(case, "EXPERT_REVIEW", "专家评审会。", officer, case.row_version)
    status = status_of(case)
    assert status.due_on is None and status.tone == ""
    with use_language("zh"):
        assert "自2026年11月24日起暂停计时（专家评审），恢复计时后确定决定日期。" in str(status.sentence)
    with use_language("en"):
        assert "the clock stands since 24 November 2026 (Expert review)" in str(status.sentence)


def test_an_extended_limit_is_told(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    case = steps.accepted(world, officer)
    commands.extend_limit(case, "需要核实。", reviewer, case.row_version)
    with use_language("en"):
        assert "because the limit was extended the decision comes by" in str(status_of(case).sentence)


def test_a_refusal_names_the_last_day_for_reconsideration(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    case = steps.recommended(world, officer)
    refuse_permit(case, reviewer, seen_version=case.row_version, grounds=["J03"], facts=TEXT, reasons=TEXT)
    commands.deliver_case(case, None, officer, case.row_version)
    with use_language("en"):
        assert "until 23 January 2027 you may apply for reconsideration" in str(status_of(case).sentence)
    assert status_of(case).due_on == D(2027, 1, 23)


def test_an_extension_whose_permit_ran_out_counts_as_granted(world):
    """行政许可法 art. 50: applied for in time, not decided before the end. It can be granted, not refused (D-PR-07)."""
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    with clock.at(steps.shanghai(D(2025, 3, 3))):
        first = steps.recommended(
            world, officer, contract_start_on=D(2025, 3, 11), contract_end_on=D(2027, 2, 1)
        )
        permit = grant_permit(first, reviewer, seen_version=first.row_version)
        commands.deliver_case(first, None, officer, first.row_version)
    assert permit.ends_on == D(2027, 2, 1)
    with clock.at(steps.shanghai(D(2026, 12, 28))):
        case = steps.recommended(
            world, officer, procedure="EXTENSION", in_country_ground="", previous_permit_id=permit.id,
            contract_start_on=D(2027, 2, 2), contract_end_on=D(2029, 2, 1),
        )  # fmt: skip
        assert not counts_as_granted(case)
    with clock.at(steps.shanghai(D(2027, 2, 2))):
        assert counts_as_granted(case)
        with use_language("en"):
            assert "ended on 1 February 2027 without a decision, so its extension counts as granted by law" in str(
                status_of(case).sentence
            )
        with pytest.raises(NotAllowedNow) as error:
            refuse_permit(case, reviewer, seen_version=case.row_version, grounds=["J03"], facts=TEXT, reasons=TEXT)
        assert {reason.code for reason in error.value.reasons} == {"counts_as_granted"}
        following = grant_permit(case, reviewer, seen_version=case.row_version)
    assert (following.starts_on, following.number) == (D(2027, 2, 2), permit.number)
    assert not counts_as_granted(case)
    assert db.session.scalars(select(Permit)).all()
