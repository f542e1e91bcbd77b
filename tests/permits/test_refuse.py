"""Refusing and sending back: grounds of the table, facts and reasons in both languages, the decision on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from expertdesk.cases.commands import recommend_case
from expertdesk.cases.issuing import letter_bytes
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import CaseState, LetterKind, Permit
from expertdesk.permits.commands import refuse_permit, send_back
from expertdesk.permits.decision import draft_of
from expertdesk.permits.letters import refusal_basis
from tests.permits.making import FACTS_OF_REFUSAL, REASONS_OF_REFUSAL, recommended, weak_case


def text_of(pdf: bytes) -> str:
    """The words on paper, without the breaks of lines."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def squeezed(text: str) -> str:
    return "".join(text.split())


def refused(world, **changes):
    case = recommended(world, weak_case(world), is_grant=False, opinion="相关工作经历不足。")
    values = {"grounds": ["J03"], "facts": FACTS_OF_REFUSAL, "reasons": REASONS_OF_REFUSAL, **changes}
    refuse_permit(case, world.actor("reviewer"), seen_version=case.row_version, **values)
    db.session.commit()
    return case


def test_the_decision_says_facts_reasons_law_and_remedies_in_both_languages(world):
    case = refused(world)
    assert case.state is CaseState.REFUSED and case.decision["outcome"] == "refused"
    letter = next(letter for letter in case.letters if letter.kind is LetterKind.REFUSAL_DECISION)
    text = text_of(letter_bytes(letter))
    for words in (
        *(FACTS_OF_REFUSAL.zh, FACTS_OF_REFUSAL.en, REASONS_OF_REFUSAL.zh, REASONS_OF_REFUSAL.en),
        "《中华人民共和国行政许可法》第三十八条",
        "《关于全面实施外国人来华工作许可制度的通知》",
        "对上述申请不予行政许可",
        "60日内向江州市人民政府申请行政复议",
        "6个月内向江州市云溪区人民法院提起行政诉讼",
        "within 60 days of receiving it",
        "within 6 months of receiving it",
        letter.number_zh,
        case.number,
    ):
        assert squeezed(words) in text, words
    assert db.session.scalar(select(Permit.id)) is None and case.person.permit_number is None


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"grounds": []}, {"grounds"}),
        ({"grounds": ["J99"]}, {"grounds"}),
        ({"facts": Bilingual("有。", "  ")}, {"facts_en"}),
        ({"reasons": Bilingual("", "")}, {"reasons_zh", "reasons_en"}),
    ],
)
def test_a_refusal_without_its_parts_is_not_made(world, changes, fields):
    case = recommended(world, weak_case(world), is_grant=False, opinion="相关工作经历不足。")
    values = {"grounds": ["J03"], "facts": FACTS_OF_REFUSAL, "reasons": REASONS_OF_REFUSAL, **changes}
    with pytest.raises(RuleBroken) as broken:
        refuse_permit(case, world.actor("reviewer"), seen_version=case.row_version, **values)
    assert set(broken.value.problems) == fields
    assert case.state is CaseState.RECOMMENDED


def test_the_proposal_gives_figures_and_names_the_condition_each_fails(world):
    case = recommended(world, weak_case(world), is_grant=False, opinion="相关工作经历不足。")
    draft = draft_of(case)
    assert draft.grounds == ("J03",)
    for figure in ("12,000", "高级研究员", "学士"):
        assert figure in draft.facts.zh, figure
    assert "CNY 12,000 a month" in draft.facts.en and "Senior researcher" in draft.facts.en
    total = sum(factor["score"] for factor in _points(case))
    assert f"得{total}分" in draft.facts.zh and f"scores {total}" in draft.facts.en
    assert "1年整，少于2年" in draft.reasons.zh and "fewer than 2" in draft.reasons.en
    assert "12,000元，低于47,748元（北京，2026年2月4日起）" in draft.reasons.zh and "低于60分" in draft.reasons.zh
    assert "71,622" not in draft.reasons.zh, "category A was not applied for"
    assert "<" not in draft.reasons.zh + draft.reasons.en
    assert draft.facts.zh.count("学士") == 1 and "高级工" not in draft.facts.zh


def _points(case):
    from expertdesk.cases.judging import judgement_of

    factors = judgement_of(case).classification.points.factors
    return [{"score": factor.score} for factor in factors]


def test_each_ground_brings_its_own_law_once(world):
    case = recommended(world, weak_case(world), is_grant=False, opinion="材料不真实。")
    both = refusal_basis(case, ["J03", "J04", "J06"])
    assert both.zh.count("外专发〔2017〕40号") == 1
    assert "第七十八条" in both.zh and both.zh.endswith("第三十八条。")


def test_refusing_is_for_the_second_pair_of_eyes_too(world):
    case = recommended(world, weak_case(world), is_grant=False, opinion="相关工作经历不足。")
    case.officer_id = case.entered_by_id = case.recommended_by_id = world.accounts["reviewer"]
    db.session.flush()
    with pytest.raises(NotAllowedNow) as found:
        refuse_permit(
            case, world.actor("reviewer"), seen_version=case.row_version, grounds=["J03"],
            facts=FACTS_OF_REFUSAL, reasons=REASONS_OF_REFUSAL,
        )  # fmt: skip
    assert "four_eyes" in {reason.code for reason in found.value.reasons}


def test_sending_back_needs_a_reason_and_the_case_comes_again(world):
    case = recommended(world)
    reviewer = world.actor("reviewer")
    with pytest.raises(RuleBroken) as broken:
        send_back(case, reviewer, seen_version=case.row_version, reason=" ")
    assert set(broken.value.problems) == {"reason"}
    send_back(case, reviewer, seen_version=case.row_version, reason="请核对第7页薪酬。")
    assert case.state is CaseState.ACCEPTED and case.decided_on is None
    recommend_case(case, "已核对。", True, world.actor("officer"), case.row_version)
    assert case.state is CaseState.RECOMMENDED
