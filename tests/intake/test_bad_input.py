"""Wrong and missing input: said at the field in the reader's language, everything else kept, nothing stored."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from expertdesk.foundation.database import db
from expertdesk.models import Case, Person
from tests.intake.filled import file, locked_pdf, pdf, photo
from tests.intake.sending import PREVIEW, problems, send, taken, token_of, value_of, work_out


def nothing_stored() -> bool:
    db.session.expire_all()
    return not db.session.scalar(select(func.count(Case.id))) and db.session.scalar(select(func.count(Person.id))) == 2


def test_an_empty_form_names_everything_at_once(client_for):
    found = problems(client_for("officer").post("/intake/new", data={"do": "take_in"}))
    assert set(found) >= {
        "surname", "passport_number", "nationality", "birth_on", "passport_expires_on", "organisation", "received_on",
        "procedure", "post", "occupation", "contract_start_on", "contract_end_on", "salary_month", "claimed_category",
    }  # fmt: skip
    assert nothing_stored()


@pytest.mark.parametrize(
    ("field", "value", "en", "zh"),
    [
        ("salary_month", "", "Enter the monthly amount in figures.", "请用数字填写月薪。"),
        ("salary_month", "fifty", "Enter an amount in yuan", "元"),
        ("salary_month", "NaN", "Enter an amount in yuan", "元"),
        ("salary_month", "-5", "Enter an amount in yuan", "元"),
        ("salary_month", "0", "The salary cannot be nothing.", "薪资不能为零。"),
        ("contract_start_on", "2026-02-30", "Enter a real date", "日期"),
        ("contract_end_on", "2026-12-10", "not after its start", "不晚于起始日"),
        ("contract_end_on", "2026-12-09", "not after its start", "不晚于起始日"),
        ("received_on", "2026-11-25", "lies in the future", "晚于今天"),
        ("received_on", "yesterday", "Enter a real date", "日期"),
        ("education", "professor", "Choose one from the list.", "请从列表"),
        ("procedure", "CANCELLATION", "Choose one from the list.", "请从列表"),
        ("experience_years", "many", "Enter a number", "请填写数字"),
        ("experience_years", "71", "Enter a number from 0 to 70.", "0 至 70"),
        ("months_per_year", "13", "Enter a number from 0 to 12.", "0 至 12"),
        ("bonus", "11", "The bonus must be a whole number from 0 to 10.", "0至10"),
        ("bonus", "1.5", "Enter a whole number.", "请填写整数"),
        ("email", "no address", "Enter an e-mail address", "邮箱"),
        ("phone", "call me", "Enter a telephone number", "电话"),
        ("organisation", "天外来客", "No organisation on file has this name", "没有这个名称的单位档案"),
        ("organisation", "91110108MA01KPRT4O", "codes have only digits and capitals", "18"),
        ("in_country_ground", "", "Choose the ground", "请选择境内申请情形"),
        ("chinese_name", "Kang", "Chinese characters", "汉字"),
        ("post", "x" * 201, "at most 200 fit", "200"),
        ("native_name", "a\x07b", "invisible control character", "控制字符"),
        ("native_name", "abc\u202edef", "writing direction", "方向"),
        ("residence_ends_on", "2026-11-23", "The stay has ended already", "停留居留期已满"),
    ],
)
def test_wrong_input_is_said_and_kept(client_for, read, field, value, en, zh):
    for language, said in (("en", en), ("zh", zh)):
        client = client_for("officer", language)
        answer = send(client, **{field: value})
        found = problems(answer)
        assert said in found.get(field, ""), (field, found)
        page = read(answer, 422)
        assert _control(page, field).get("aria-invalid") == "true"
        assert value_of(page, "post" if field != "post" else "salary_month") in ("制剂研发总监", "52,000")
    assert nothing_stored()


def _control(page, field):
    return next(found[0] for kind in ("input", "select", "textarea") if (found := page.all(kind, id=field)))


def test_month_and_year_that_do_not_agree_are_asked_about(client_for):
    client = client_for("officer")
    found = problems(send(client, salary_year="600,000"))
    assert "12 × the monthly salary is CNY 624,000, not CNY 600,000." in found["salary_year"]
    case = taken(send(client, salary_year="700,000", salary_confirmed="y"))
    assert (case.salary_month, case.salary_year) == (52000, 700000)


def test_a_year_alone_is_enough(client_for):
    case = taken(send(client_for("officer"), salary_month="", salary_year="576,000"))
    assert (case.salary_month, case.salary_year) == (48000, 576000)


# --- files -----------------------------------------------------------------------------------------------------

BAD_FILES = {
    "wrong type": (b"MZ" + b"\0" * 400, "contract.exe", "Files of this kind are not taken"),
    "no PDF inside": (b"hello, this is text", "contract.pdf", "whatever its name says"),
    "a picture called PDF": (photo(), "contract.pdf", "inside it is JPEG"),
    "empty": (b"", "contract.pdf", "The file is empty"),
    "too large": (b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024), "contract.pdf", "at most 10 MB are taken"),
    "locked": (locked_pdf(), "contract.pdf", "protected by a password"),
    "cut off": (pdf()[:300], "contract.pdf", "damaged or cut off"),
    "too many pages": (pdf(61), "contract.pdf", "at most 60 are taken"),
    "a page in a paper": (pdf() + b"<script>", "contract.pdf", "hidden inside"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_says_why_and_everything_else_is_kept(client_for, read, kind):
    data, name, said = BAD_FILES[kind]
    client = client_for("officer")
    token = token_of(client)
    good = file(pdf(), "护照.pdf")
    answer = send(client, form_token=token, **{"paper-PASSPORT": good, "paper-CONTRACT": file(data, name)})
    found = problems(answer)
    assert said in found["paper-CONTRACT"], found
    page = read(answer, 422)
    assert page.one("input", id="paper-CONTRACT").get("aria-invalid") == "true"
    # the good file is kept, with its name and pages, and so is every field
    assert "护照.pdf" in page.text
    assert value_of(page, "post") == "制剂研发总监" and value_of(page, "salary_month") == "52,000"
    assert nothing_stored()
    # sending again without choosing anything takes the kept file along
    case = taken(send(client, form_token=token))
    papers = {paper.document: paper for paper in case.papers}
    assert papers["PASSPORT"].versions[0].file_name == "护照.pdf"
    assert not papers["CONTRACT"].versions


def test_a_photo_is_a_picture(client_for):
    found = problems(send(client_for("officer"), **{"paper-PHOTO": file(pdf(), "photo.pdf")}))
    assert "JPEG" in found["paper-PHOTO"]


def test_refusals_of_files_speak_chinese_too(client_for):
    found = problems(send(client_for("officer", "zh"), **{"paper-CONTRACT": file(locked_pdf(), "合同.pdf")}))
    assert "密码" in found["paper-CONTRACT"]


def test_a_file_can_be_replaced_and_removed(client_for, read):
    client = client_for("officer")
    token = token_of(client)
    page = work_out(client, form_token=token, **{"paper-PASSPORT": file(pdf(), "old.pdf")})
    assert "old.pdf" in page.text
    page = work_out(client, form_token=token, **{"paper-PASSPORT": file(pdf(3), "new.pdf")})
    assert "new.pdf" in page.text and "old.pdf" not in page.text and "3 pages" in page.text
    page = read(client.post(PREVIEW, data={"form_token": token, "procedure": "NEW_IN_CHINA", "drop_file": "PASSPORT"}))
    assert "new.pdf" not in page.text


def test_a_paper_that_is_none(client_for):
    found = problems(send(client_for("officer"), **{"paper-NOTHING": file(pdf(), "x.pdf")}))
    assert "no such paper" in found["paper-NOTHING"]


def test_days_of_issue(client_for):
    days = {"issued-NO_CRIMINAL": "2026-13-01", "issued-MEDICAL": "2026-11-25"}
    found = problems(send(client_for("officer"), **days))
    assert "Enter a real date" in found["issued-NO_CRIMINAL"]
    assert "lies in the future" in found["issued-MEDICAL"]


def test_names_that_would_be_code_are_shown_as_text(client_for, read):
    evil = '<img src=x onerror="alert(1)"><b>'
    page = work_out(client_for("officer"), native_name=evil, post=evil, duties=evil)
    assert "<img src=x" not in page.html and "&lt;img" in page.html
    case = taken(send(client_for("officer"), native_name=evil, post=evil))
    assert case.person.native_name == evil


def test_a_form_without_its_mark_is_one_all_the_same(client_for):
    for token in ("", "short", "x" * 500, "../../etc/passwd"):
        answer = send(client_for("officer"), form_token=token, salary_month="")
        assert answer.status_code == 422


def test_another_ones_form_token_gives_no_file(client_for):
    """Drafts and files belong to the account that sent them."""
    token = token_of(client_for("officer"))
    work_out(client_for("officer"), form_token=token, **{"paper-PASSPORT": file(pdf(), "secret.pdf")})
    page = work_out(client_for("officer2"), form_token=token)
    assert "secret.pdf" not in page.text


def test_enter_in_a_field_does_not_send(client_for, read):
    """A form sent without a button (the Enter key) is worked out, not taken in."""
    answer = send(client_for("officer"), do=None)
    read(answer)
    assert nothing_stored()
