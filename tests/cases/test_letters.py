"""Letters of a case: number, code, stored bytes, frozen context, reprint, drafts, characters no font has."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from sqlalchemy import func, select

from expertdesk.cases import commands
from expertdesk.cases.issuing import issue_letter, letter_bytes
from expertdesk.cases.letters import category_name, non_acceptance
from expertdesk.documents import print_letter
from expertdesk.documents.freezing import freeze, thaw
from expertdesk.documents.wording import wording
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow
from expertdesk.foundation.installed import storage
from expertdesk.foundation.locale import Bilingual, use_language
from expertdesk.foundation.numbers import is_verification_code
from expertdesk.models import Letter, LetterKind, LetterStatus, Series
from expertdesk.permits.commands import grant_permit
from expertdesk.regulations.current import rules_on
from tests.cases import steps
from tests.cases.test_matrix import MAKERS
from tests.documents import samples

D = date


def text_of(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    "context",
    [
        samples.notification(), samples.acceptance(), samples.correction(), samples.refusal(), samples.non_acceptance(),
        samples.grant(), samples.receipt(), samples.notification(spouse=None, children=()),
    ],
    ids=lambda context: context.kind,
)  # fmt: skip
def test_a_frozen_context_thaws_to_the_same_bytes(context):
    import json

    frozen = json.loads(json.dumps(freeze(context), ensure_ascii=False))
    assert thaw(frozen) == context
    assert print_letter(thaw(frozen)).sha256 == print_letter(context).sha256


@pytest.mark.parametrize("state", ["granted", "refused", "not_accepted", "in_correction"])
def test_every_letter_is_kept_as_it_was_printed(world, state):
    case = MAKERS[state](world, world.actor("officer"))
    db.session.commit()
    db.session.expire_all()
    assert case.letters
    for letter in case.letters:
        stored = letter_bytes(letter)
        assert hashlib.sha256(stored).hexdigest() == letter.sha256 and len(stored) == letter.size
        assert letter_bytes(letter) == stored  # a reprint is the same file
        assert is_verification_code(letter.code)
        assert letter.wording_version == wording(letter.kind.value, letter.issued_on).version
        assert letter.rules_date == case.rules_date and letter.issued_by_id
        assert letter.holder_initials == "F.-G. A. L." and letter.passport_tail == "•••382"
        assert letter.context["kind"] == letter.kind.value
        if letter.kind is not LetterKind.RECEIPT:
            # printed again from what is kept, long after: the same bytes
            with clock.at(steps.shanghai(D(2028, 1, 1))):
                assert print_letter(thaw(letter.context)).sha256 == letter.sha256
            text = text_of(stored)
            assert letter.number_zh in text and case.passport.number in text
    codes = [letter.code for letter in case.letters]
    assert len(set(codes)) == len(codes)


def test_a_changed_file_is_refused_not_shown(world):
    from expertdesk.foundation.files import StorageProblem

    letter = steps.submitted(world, world.actor("officer")).receipt
    db.session.commit()
    path = storage()._path(letter.file_key)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(raw))
    with pytest.raises(StorageProblem) as error:
        letter_bytes(letter)
    assert error.value.code == "file.changed"


def test_numbers_run_in_each_series_and_year(world):
    officer, other = world.actor("officer"), world.actor("officer2")
    second = {"person_id": world.person2_id, "passport_id": world.passport2_id,
              "organisation_id": world.organisation2_id, "contact_id": None, "district": "990102"}  # fmt: skip
    steps.accepted(world, officer)
    case = steps.accepted(world, other, **second)
    commands.withdraw_case(case, "撤回。", other, case.row_version)
    with clock.at(steps.shanghai(D(2027, 1, 4))):
        later = steps.accepted(world, other, contract_start_on=D(2027, 2, 1), **second)
    numbers = [letter.number_zh for letter in db.session.scalars(select(Letter).order_by(Letter.id))]
    assert numbers == [
        "江外专收〔2026〕1号", "江外专受〔2026〕1号", "江外专收〔2026〕2号", "江外专受〔2026〕2号",
        "江外专收〔2027〕1号", "江外专受〔2027〕1号",
    ]  # fmt: skip
    assert later.letters[0].number_en == "JWZR [2027] No. 1"


def test_a_draft_has_neither_number_nor_code_and_leaves_no_trace(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    db.session.commit()
    files, rows = set(storage().list()), db.session.scalar(select(func.count()).select_from(Series))
    drafts = [
        commands.preview_correction(case, commands.correction_draft(case), officer),
        commands.preview_acceptance(case),
        commands.preview_non_acceptance(case, "NA2", Bilingual("不属于本局职权。", "Not ours."),
                                        body=Bilingual("省局", "the provincial bureau")),
    ]  # fmt: skip
    for draft in drafts:
        text = text_of(draft.pdf)
        assert "草稿" in text and "编号待取" in text and "验证码待取" in text
    assert set(storage().list()) == files
    assert db.session.scalar(select(func.count()).select_from(Series)) == rows
    assert len(case.letters) == 1 and not db.session.dirty
    assert "2026年12月22日" in text_of(drafts[0].pdf).replace(" ", "")


def test_a_character_no_font_has_stops_the_letter_and_is_named(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    steps.supply(case, officer)
    world.organisation.name_zh = "江州\U0001f9ec生物公司"
    db.session.commit()
    with pytest.raises(NotAllowedNow) as error:
        commands.accept_case(case, officer, case.row_version)
    (reason,) = error.value.reasons
    assert reason.code == "missing_glyph"
    with use_language("en"):
        assert "U+1F9EC" in str(reason.text) and "name of the employer" in str(reason.text)
    with use_language("zh"):
        assert "用人单位名称" in str(reason.text) and str(reason.who)
    db.session.rollback()
    assert case.state == "submitted" and len(case.letters) == 1
    world.organisation.name_zh = "江州生物公司"
    db.session.commit()
    commands.accept_case(case, officer, case.row_version)
    assert case.letters[-1].number_zh == "江外专受〔2026〕1号"  # the failed try used up no number


@pytest.mark.parametrize(
    ("native", "lang", "is_left_out"),
    [
        ("الحربي ناصر", "ar", True),
        ("Ana Luísa Ferreira-Gomes", "pt", False),
        ("Ђорђе Љубичић", "sr", False),
        ("Nguyễn Thị Hồng Ánh", "vi", False),
        ("陈䶮", "zh", False),
        ("\U0001f9ec\U0001f9ec", "en", True),
    ],
)
def test_an_optional_spelling_is_left_out_and_reported(world, native, lang, is_left_out):
    world.person.native_name, world.person.native_lang = native, lang
    db.session.flush()
    case = steps.accepted(world, world.actor("officer"))
    letter = case.letters[-1]
    assert letter.left_out == ([["name.native", native]] if is_left_out else [])
    assert "FERREIRA-GOMES ANA LUISA" in text_of(letter_bytes(letter)).replace("\n", " ")


def test_a_correction_of_a_letter_is_a_new_letter_that_names_the_old(world):
    officer = world.actor("officer")
    case = steps.accepted(world, officer)
    old = case.letters[-1]
    context = thaw(old.context)
    from dataclasses import replace

    new = issue_letter(case, "ACCEPTANCE_NOTICE", lambda head: replace(context, head=head), officer, replaces=old)
    db.session.commit()
    assert (old.status, old.replaced_by_id) == (LetterStatus.REPLACED, new.id)
    assert new.number_zh == "江外专受〔2026〕2号" and new.context["head"]["replaces"]["zh"] == old.number_zh
    assert letter_bytes(old) != letter_bytes(new)


def test_the_acceptance_notice_gives_both_limits_and_the_papers(world):
    case = steps.accepted(world, world.actor("officer"))
    context = case.letters[-1].context
    assert (context["promised_by"], context["promised_days"]) == ("2026-12-01", 5)
    assert (context["legal_by"], context["legal_days"], context["legal_extension_days"]) == ("2026-12-22", 20, 10)
    assert context["category"] == {"zh": "B（外国专业人才）", "en": "B (Foreign Professional Talents)"}
    assert len(context["papers"]) == 10 and context["papers"][0]["number"] == 1
    assert context["applied_on"] == context["accepted_on"] == "2026-11-24"


def test_the_receipt_counts_what_was_handed_in(world):
    from expertdesk.cases import papers

    officer = world.actor("officer")
    case = commands.open_case(steps.new_case(world), officer)
    papers.mark_original_seen(case, "CONTRACT", officer, pages=6)
    papers.add_version(case, "PASSPORT", steps.upload(), officer)
    done = commands.submit_case(case, officer)
    context = done.receipt.context
    assert (context["papers"], context["pages"], context["precheck_by"]) == (2, 7, "2026-11-27")
    assert (context["access_code"], context["received_by"]) == ("", "周敏")
    grouped = f"{done.access_code[:4]} {done.access_code[4:]}"
    assert grouped in text_of(letter_bytes(done.receipt))


def test_category_names_as_letters_print_them():
    book = rules_on(D(2026, 11, 24))
    assert [category_name(book, code).zh for code in "ABC"] == [
        "A（外国高端人才）", "B（外国专业人才）", "C（其他外国人员）"
    ]  # fmt: skip
    assert category_name(book, "A").en == "A (High-end Foreign Talents)"


def test_the_non_acceptance_notice_cites_the_whole_law(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    why = commands_why(case)
    from expertdesk.cases.issuing import draft_head

    context = non_acceptance(case, draft_head(), why)
    assert context.legal_basis.zh == "《中华人民共和国行政许可法》第三十二条第一款第二项。"
    assert context.legal_basis.en.startswith("Administrative License Law of the People’s Republic of China, art. 32")
    assert context.remedies.lawsuit_months == 6


def commands_why(case):
    from expertdesk.cases.accepting import non_acceptance_reasons

    return non_acceptance_reasons(case, "NA2", Bilingual("不属于本局职权。", "Not ours."),
                                  Bilingual("省局", "the provincial bureau"))  # fmt: skip


def test_the_letters_of_a_grant_run_in_one_transaction_with_it(world):
    case = steps.recommended(world, world.actor("officer"))
    db.session.commit()
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    db.session.rollback()
    assert case.state == "recommended" and {letter.kind.value for letter in case.letters} == {
        "RECEIPT", "ACCEPTANCE_NOTICE"
    }  # fmt: skip
    permit = grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    db.session.commit()
    kinds = {letter.kind.value: letter for letter in case.letters}
    assert kinds["NOTIFICATION_LETTER"].permit_id == kinds["GRANT_DECISION"].permit_id == permit.id
    assert kinds["NOTIFICATION_LETTER"].number_zh == "JZ2026-TZ-000001"
    assert kinds["NOTIFICATION_LETTER"].valid_until == D(2027, 5, 24)
