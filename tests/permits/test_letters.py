"""What stands on the letters of a grant: family of every size, long names, employers on two lines."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from expertdesk.cases.issuing import draft_head, letter_bytes
from expertdesk.cases.judging import judgement_of
from expertdesk.documents import print_letter
from expertdesk.foundation.database import db
from expertdesk.models import FamilyMember, LetterKind
from expertdesk.permits.letters import county_of, family_of, grant_decision, notification_letter
from tests.permits.making import granted, recommended

FAMILY = (
    ("SPOUSE", "TRAN VAN DUC", "Trần Văn Đức", "vi"),
    ("CHILD", "TRAN NGUYEN MINH KHOI", "Trần Nguyễn Minh Khôi", "vi"),
    ("CHILD", "TRAN NGUYEN BAO NGOC", "TRAN NGUYEN BAO NGOC", ""),
    ("PARENT", "ŽEMYNA ŠKĖLĖ-KAUNAITĖ", "", ""),
    ("PARENT_IN_LAW", "NGUYEN THI LAN", "", ""),
)


def pages_of(pdf: bytes) -> tuple[str, str]:
    """The Chinese and the English half of a letter, without the breaks of lines."""
    pages = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    half = len(pages) // 2
    return "".join(pages[:half]), "".join(pages[half:])


def with_family(world, members=FAMILY):
    case = recommended(world)
    for relation, latin, native, lang in members:
        case.person.family.append(
            FamilyMember(relation=relation, latin_name=latin, native_name=native, native_lang=lang, nationality="VN")
        )
    case.person.family.append(FamilyMember(relation="CHILD", latin_name="STAYS HOME", is_accompanying=False))
    db.session.flush()
    return case


def test_everybody_who_comes_along_stands_in_the_right_row(world):
    case = with_family(world)
    spouse, children, others = family_of(case)
    assert spouse is not None and spouse.native == "Trần Văn Đức"
    assert [child.latin for child in children] == ["TRAN NGUYEN MINH KHOI", "TRAN NGUYEN BAO NGOC"]
    assert children[1].native == "", "the same spelling is not printed twice"
    assert len(others) == 2
    letter = notification_letter(case, "JZ0000000000010", judgement_of(case).period)
    zh, en = pages_of(print_letter(letter).pdf)
    for name in ("TRANVANDUC", "TRANNGUYENMINHKHOI", "TRANNGUYENBAONGOC", "ŽEMYNAŠKĖLĖ-KAUNAITĖ", "NGUYENTHILAN"):
        assert name in zh and name in en, name
    assert "共5人" in zh and "5accompanyingfamilymember(s)" in en and "STAYSHOME" not in zh


def test_a_second_spouse_stands_with_the_others(world):
    case = with_family(world, (FAMILY[0], ("SPOUSE", "SECOND SPOUSE", "", "")))
    spouse, children, others = family_of(case)
    assert spouse is not None and spouse.latin == "TRAN VAN DUC"
    assert not children and [person.latin for person in others] == ["SECOND SPOUSE"]


def test_nobody_comes_along(world):
    case = recommended(world)
    pages = pages_of(print_letter(notification_letter(case, "JZ0000000000010", judgement_of(case).period)).pdf)
    assert "随行家属无" in pages[0] and "None" in pages[1]


@pytest.mark.parametrize("kind", [notification_letter, grant_decision])
def test_a_draft_of_a_first_grant_says_that_the_number_comes(world, kind):
    case = recommended(world)
    pages = pages_of(print_letter(kind(case, "", judgement_of(case).period, draft_head())).pdf)
    assert "（编号待取）" in pages[0] and "(numberonissue)" in pages[1]
    assert "草稿" in pages[0] and "DRAFT" in pages[1]


def test_long_names_and_two_line_employers_are_printed_whole(world):
    case = recommended(world)
    case.person.surname = "FERNANDEZ GUIMARAES DE ALBUQUERQUE E CASTRO DA CONCEICAO"
    case.person.given_name = "ANA LUCIA MARIA DOS SANTOS"
    case.organisation.name_zh = "江州㛃源先进计算与集成电路装备协同创新研究院有限责任公司"
    case.organisation.name_en = (
        "Jiangzhou Jieyuan Collaborative Innovation Institute for Advanced Computing and IC Equipment Co., Ltd."
    )
    db.session.flush()
    period = judgement_of(case).period
    for make in (notification_letter, grant_decision):
        letter = make(case, "JZ0000000000010", period)
        zh, en = pages_of(print_letter(letter).pdf)
        assert case.organisation.name_zh in zh, letter.kind
        assert "".join(case.organisation.name_en.split()) in en, letter.kind
        assert "FERNANDEZGUIMARAESDEALBUQUERQUEECASTRODACONCEICAOANALUCIAMARIADOSSANTOS" in zh


def test_the_issued_letters_carry_the_same_number_period_and_district(world):
    permit = granted(world)
    letters = {letter.kind: letter for letter in permit.case.letters}
    notification = pages_of(letter_bytes(letters[LetterKind.NOTIFICATION_LETTER]))
    decision = pages_of(letter_bytes(letters[LetterKind.GRANT_DECISION]))
    assert permit.number in notification[0] and permit.number in notification[1] and permit.number in decision[0]
    assert "24个月" in notification[0] and "自2026年12月1日起至2028年11月30日止" in decision[0]
    assert "江州市外国专家局" in notification[0] and "云溪" in notification[0] and "草稿" not in notification[0]
    assert permit.granted_on == date(2026, 11, 24)
    assert county_of(permit.case).zh == "云溪" and county_of(permit.case).en == "Yunxi"
