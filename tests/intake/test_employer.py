"""A contact of an organisation applies: the same form, for the own organisations, complete before it goes."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from expertdesk.foundation import clock
from expertdesk.models import CaseState, LetterKind, PaperState
from tests.intake.filled import file, lines, pdf, photo
from tests.intake.sending import problems, send, taken, token_of
from tests.permits.making import granted, new_case

APPLY, PREVIEW = "/my/apply", "/my/apply/preview"
REQUIRED = (
    "APP_FORM", "CONTRACT", "PASSPORT", "VISA_PAGE", "TALENT_PROOF", "MEDICAL", "SALARY_COMMITMENT", "WORK_EXPERIENCE",
    "DEGREE", "NO_CRIMINAL",
)  # fmt: skip


def papers():
    found = {f"paper-{document}": file(pdf(), f"{document}.pdf") for document in REQUIRED}
    return {**found, "paper-PHOTO": file(photo(), "photo.jpg", "image/jpeg")}


def apply(client, **changes):
    changes.setdefault("form_token", token_of(client, APPLY))
    return send(client, APPLY, **{"organisation": None, "seen_all": None, **changes})


def test_the_form_shows_the_own_organisation_only(client_for, read):
    page = read(client_for("employer").get(APPLY))
    assert "New application" in page.text and "Jiangzhou Yunxi Biotechnology" in page.text
    assert "Chenghu University" not in page.text
    assert not page.all("input", name="find_person") and not page.all("input", name="received_on")
    assert not page.all("input", name="seen_all")


def test_an_application_is_sent_and_received_today(client_for, read, world):
    client = client_for("employer")
    answer = apply(client, **papers())
    case = taken(answer)
    assert case.state is CaseState.SUBMITTED and case.received_on == date(2026, 11, 24)
    assert case.organisation_id == world.organisation_id and case.officer_id is None
    assert case.entered_by_id == world.accounts["employer"]
    assert [letter.kind for letter in case.letters] == [LetterKind.RECEIPT]
    required = [paper for paper in case.papers if paper.requirement == "required"]
    assert all(paper.state is PaperState.UPLOADED for paper in required)
    page = read(client.get(answer.headers["Location"]))
    assert case.number in page.text and len(page.words(page.one("span", id="access-code"))) == 8
    receipt = next(link.get("href") for link in page.all("a") if "receipt" in page.words(link))
    assert client.get(receipt).data.startswith(b"%PDF-")
    # the officer of the district finds it, and takes it up
    assert client_for("officer").get(f"/cases/{case.number}").status_code == 200


def test_every_required_paper_must_be_there(client_for):
    some = papers()
    some.pop("paper-DEGREE")
    found = problems(apply(client_for("employer"), **some))
    assert "paper-DEGREE" in found and "before the application can be sent" in found["paper-DEGREE"]
    assert found["paper-DEGREE"].startswith("Highest degree: "), "the list names the paper"


def test_originals_cannot_be_claimed_as_seen(client_for):
    found = problems(apply(client_for("employer"), seen_all="1", **{"seen-CONTRACT": "1"}))
    assert "paper-CONTRACT" in found


def test_another_organisation_cannot_be_applied_for(client_for, world):
    client = client_for("employer")
    answer = apply(client, organisation="1211010840001409XH", organisation_id=str(world.organisation2_id), **papers())
    assert taken(answer).organisation_id == world.organisation_id


def test_the_day_of_receipt_is_today_whatever_is_sent(client_for):
    assert taken(apply(client_for("employer"), received_on="2026-11-02", **papers())).received_on == date(2026, 11, 24)


def test_people_on_file_are_not_shown_and_not_chosen(client_for, read, world):
    client = client_for("employer")
    ana = lines(surname="FERREIRA GOMES", given_names="ANA LUIZA", country="PT", number="CC765432",
                birth_date=date(1984, 3, 19), sex="F", expiry_date=date(2034, 2, 2))  # fmt: skip
    page = read(client.post(PREVIEW, data={"mrz": ana, "form_token": token_of(client, APPLY), "do": "work_out"}))
    assert "Luísa" not in page.text and "on file" not in page.text
    case = taken(apply(client, mrz=ana, native_name="", person=str(world.person_id), **papers()))
    assert case.person_id != world.person_id


def test_the_very_passport_on_file_is_the_same_person(client_for, world):
    """The same document, country and date of birth: nobody is entered twice, and nothing of the record is changed."""
    ana = lines(surname="FERREIRA GOMES", given_names="ANA LUISA", country="PT", number="CB128382",
                birth_date=date(1984, 3, 19), sex="F", expiry_date=date(2031, 5, 5))  # fmt: skip
    case = taken(apply(client_for("employer"), mrz=ana, email="other@mail.example", **papers()))
    assert case.person_id == world.person_id and case.passport_id == world.passport_id
    assert case.person.email == "ana.ferreira@mail.example"


def test_an_extension_starts_from_the_own_permits(client_for, read, world):
    permit = granted(world, new_case(world, contract_end_on=date(2028, 11, 30)))
    clock.start_at(datetime(2028, 9, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    page = read(client_for("employer").get(f"{APPLY}?permit={permit.id}"))
    assert value_of_apply(page, "post") == "高级研究员"
    other = read(client_for("employer2").get(f"{APPLY}?permit={permit.id}"))
    assert value_of_apply(other, "post") == "" and permit.number not in other.text


def test_an_extension_is_sent(client_for, world):
    permit = granted(world, new_case(world, contract_end_on=date(2028, 11, 30)))
    clock.start_at(datetime(2028, 9, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    files = {f"paper-{name}": file(pdf(), f"{name}.pdf") for name in ("EXT_FORM", "CONTRACT", "PASSPORT", "VISA_PAGE")}
    nobody = dict.fromkeys(("mrz", "native_name", "email", "phone", "post", "occupation", "in_country_ground"), "")
    case = taken(
        apply(client_for("employer"), **nobody, **files, procedure="EXTENSION", permit=str(permit.id),
              salary_month="34,000", contract_start_on="2028-12-01", contract_end_on="2030-11-30", education="master",
              chinese="hsk3", experience_years="6", months_per_year="12", main_criterion="B1")
    )  # fmt: skip
    assert case.previous_permit_id == permit.id and case.person_id == world.person_id
    assert case.passport_id == world.passport_id and case.received_on == date(2028, 9, 1)


def value_of_apply(page, name):
    return page.form_values("apply").get(name, "")


def test_somebody_who_needs_no_permit_is_told_so(client_for, read):
    client = client_for("employer")
    mrz = lines(country="HK", number="K12345678", surname="CHAN", given_names="TAI MAN")
    page = read(client.post(PREVIEW, data={"mrz": mrz, "form_token": token_of(client, APPLY), "do": "work_out"}))
    assert "No permit is needed" in page.words(page.one("div", id="no-permit"))
    found = problems(apply(client, mrz=mrz, native_name=""))
    assert "No application is needed" in " ".join(found.values())


def test_the_page_is_in_chinese_too(client_for, read):
    client = client_for("employer", "zh")
    page = read(client.get(APPLY))
    assert "新申请" in page.text and "江州云溪生物技术有限公司" in page.text


def test_who_may_not_apply(client_for):
    for role in ("officer", "expert", "reviewer", "admin"):
        assert client_for(role).get(APPLY).status_code == 403, role
