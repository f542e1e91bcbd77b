"""From the filled form to the receipt: everything in one transaction, once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Case, CaseState, Event, Letter, LetterKind, Organisation, PaperState, Person
from tests.intake.filled import file, lines, pdf, photo
from tests.intake.sending import problems, send, taken, token_of, work_out


def counts():
    db.session.expire_all()
    return tuple(db.session.scalar(select(func.count(kind.id))) for kind in (Person, Organisation, Case, Letter, Event))


def test_a_prepared_case_is_taken_in(client_for, read):
    client = client_for("officer")
    answer = send(client)
    case = taken(answer)
    assert case.state is CaseState.SUBMITTED and case.category == "B" and case.main_criterion == "B4"
    assert case.person.native_name == "Константин Преображенский" and case.person.native_lang == "ru"
    assert (case.salary_month, case.salary_year) == (Decimal("52000"), Decimal("624000"))
    assert case.facts["education"] == "doctorate" and case.received_on == date(2026, 11, 24)
    assert case.officer.username == "officer" and case.contact_id is not None
    required = [paper for paper in case.papers if paper.requirement == "required"]
    assert required and all(paper.state is PaperState.ORIGINAL_SEEN for paper in required)
    assert [letter.kind for letter in case.letters] == [LetterKind.RECEIPT]
    page = read(client.get(answer.headers["Location"]))
    assert case.number in page.text and "27 Nov 2026" in page.text
    receipt = next(link for link in page.all("a") if "receipt" in page.words(link))
    sheet = client.get(receipt.get("href"))
    assert sheet.mimetype == "application/pdf" and sheet.data.startswith(b"%PDF-")


def test_the_receipt_carries_number_and_code_in_both_languages(client_for, read):
    import io

    from pypdf import PdfReader

    client = client_for("officer")
    answer = send(client)
    page = read(client.get(answer.headers["Location"]))
    code = page.words(page.one("span", id="access-code"))
    url = next(link.get("href") for link in page.all("a") if "receipt" in page.words(link))
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(client.get(url).data)).pages)
    assert code in text.replace(" ", "") and taken(answer).number in text
    assert "收件" in text and "Receipt" in text


def test_the_access_code_is_shown_once(client_for, read):
    client = client_for("officer")
    answer = send(client)
    first = read(client.get(answer.headers["Location"]))
    second = read(client.get(answer.headers["Location"]))
    code = first.words(first.one("span", id="access-code"))
    assert len(code) == 8 and code not in second.text
    assert "it stands on the receipt" in second.text
    # and nobody else's page ever showed it
    case = taken(answer)
    assert code not in str(case.facts) + str(case.decision) + case.access_code_digest


def test_the_same_form_sent_twice_makes_one_case(client_for):
    client = client_for("officer")
    token = token_of(client)
    first, second = send(client, form_token=token), send(client, form_token=token)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.scalar(select(func.count(Case.id))) == 1
    assert db.session.scalar(select(func.count(Person.id))) == 3


def test_the_same_form_sent_at_once_makes_one_case(app, client_for):
    """Two requests in flight at the same moment, as a double click sends them."""
    from concurrent.futures import ThreadPoolExecutor

    from tests.intake.filled import in_china

    client = client_for("officer")
    token = token_of(client)
    cookies = list(client._cookies.values())

    def press():
        with app.app_context():
            other = app.test_client()
            for cookie in cookies:
                other.set_cookie(cookie.key, cookie.value)
            return other.post("/intake/new", data=in_china(form_token=token))

    with ThreadPoolExecutor(2) as pool:
        answers = [job.result() for job in [pool.submit(press), pool.submit(press)]]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_nothing_is_written_when_the_last_step_fails(client_for, monkeypatch, read):
    """The receipt cannot be printed: neither person nor organisation nor case stays, and the form is kept."""
    from expertdesk.cases import issuing
    from expertdesk.documents import MissingGlyph

    client = client_for("officer")
    before = counts()

    def broken(context):
        raise MissingGlyph("name", ("\U0002ceee",))

    monkeypatch.setattr(issuing, "print_letter", broken)
    new = {"organisation": "91110000802100433B", "org_name_zh": "江州望岭精密仪器有限公司", "org_district": "990103"}
    answer = send(client, **new)
    page = read(answer, 422)
    assert "no font has the character" in page.text
    assert counts() == before
    assert page.form_values("new")["post"] == "制剂研发总监"


def test_a_new_organisation_is_entered_with_few_fields(client_for, read):
    client = client_for("officer")
    page = work_out(client, organisation="91110000802100433B")
    assert "Not on file yet; the code is in order" in page.text
    found = problems(send(client, organisation="91110000802100433B"))
    assert set(found) >= {"org_name_zh", "org_district"}
    case = taken(send(client, organisation="9111 0000 8021 0043 3b", org_name_zh="江州云溪精密仪器有限公司",
                      org_name_en="Jiangzhou Precision Instruments Co., Ltd.", org_district="990101",
                      org_contact_name="罗宁", org_contact_phone="0999-8812 0000"))  # fmt: skip
    assert case.organisation.credit_code == "91110000802100433B" and case.district == "990101"
    assert case.organisation.contacts[0].name == "罗宁" and case.contact_id == case.organisation.contacts[0].id


def test_an_old_code_needs_the_reason(client_for):
    client = client_for("officer")
    old = "91110000802100433X"
    new = {"organisation": old, "org_name_zh": "江州老字号有限公司", "org_district": "990101"}
    found = problems(send(client, **new))
    assert "The last sign should be B, but is X" in found["organisation"] and "org_code_note" in found
    case = taken(send(client, **new, org_code_note="证书上即为此代码，1998年登记沿用"))
    assert case.organisation.credit_code == old and "1998" in case.organisation.credit_code_note


def test_an_organisation_is_found_by_part_of_its_name(client_for):
    client = client_for("officer")
    page = work_out(client, organisation="云溪生物")
    assert "Jiangzhou Yunxi Biotechnology" in page.text
    assert taken(send(client, organisation="云溪生物")).organisation.credit_code == "91110108MA01KPRT4B"


def test_the_organisation_on_file_shows_its_contact(client_for):
    page = work_out(client_for("officer"))
    assert "handled by 何静" in page.text


def test_uploaded_papers_and_originals_seen(client_for):
    client = client_for("officer")
    case = taken(
        send(client, seen_all=None, **{
            "paper-PASSPORT": file(pdf(2), "护照.pdf"), "paper-PHOTO": file(photo(), "photo.jpg", "image/jpeg"),
            "seen-CONTRACT": "1", "seen-NO_CRIMINAL": "1", "issued-NO_CRIMINAL": "2026-09-01",
        })
    )  # fmt: skip
    papers = {paper.document: paper for paper in case.papers}
    assert papers["PASSPORT"].state is PaperState.UPLOADED and papers["PASSPORT"].pages == 2
    assert papers["PASSPORT"].versions[0].file_name == "护照.pdf"
    assert papers["PHOTO"].state is PaperState.UPLOADED
    assert papers["CONTRACT"].state is PaperState.ORIGINAL_SEEN
    assert papers["NO_CRIMINAL"].issued_on == date(2026, 9, 1) and papers["NO_CRIMINAL"].valid_until == date(2027, 3, 1)
    assert papers["MEDICAL"].state is PaperState.MISSING


def test_from_abroad_with_commitments_and_promises(client_for):
    client = client_for("officer")
    case = taken(
        send(client, procedure="NEW_ABROAD", in_country_ground="", embassy="中国驻俄罗斯大使馆", salary_month="80,000",
             **{"commit-NO_CRIMINAL": "1", "defer-MEDICAL": "1"})
    )  # fmt: skip
    papers = {paper.document: paper for paper in case.papers}
    assert case.category == "A" and case.embassy == "中国驻俄罗斯大使馆"
    assert papers["NO_CRIMINAL"].state is PaperState.COMMITTED
    assert papers["MEDICAL"].state is PaperState.DEFERRED
    assert papers["HEALTH_COMMIT"].state is PaperState.ORIGINAL_SEEN


def test_the_medical_examination_makes_the_health_commitment_fall_away(client_for):
    client = client_for("officer")
    case = taken(
        send(client, procedure="NEW_ABROAD", in_country_ground="", embassy="中国驻俄罗斯大使馆",
             **{"seen-MEDICAL": "1", "seen-HEALTH_COMMIT": "1", "issued-MEDICAL": "2026-11-01"})
    )  # fmt: skip
    documents = {paper.document for paper in case.papers}
    assert "MEDICAL" in documents and "HEALTH_COMMIT" not in documents


def test_a_missing_paper_does_not_stop_the_counter(client_for, read):
    """Receipt is due for what was handed in; what lacks is asked for at once in one notice (art. 32)."""
    client = client_for("officer")
    answer = send(client, seen_all=None)
    case = taken(answer)
    page = read(client.get(answer.headers["Location"]))
    assert case.state is CaseState.SUBMITTED
    assert "Still missing" in page.text and "Papers are still missing" in page.text


def test_announced_family_is_entered_next(client_for, read):
    client = client_for("officer")
    answer = send(client, has_family="y")
    case = taken(answer)
    assert case.circumstances["has_family"] is True
    assert {"FAMILY": "required"}.items() <= {paper.document: paper.requirement for paper in case.papers}.items()
    page = read(client.get(answer.headers["Location"]))
    assert any("family members" in page.words(link) for link in page.all("a"))


def test_looking_at_somebody_on_file_is_noted(client_for, world):
    client = client_for("officer")
    work_out(client, mrz="", find_person="CB128382", do="find")
    entry = db.session.scalars(
        select(AccessEntry).where(AccessEntry.record_kind == "person", AccessEntry.record_id == world.person_id)
    ).first()
    assert entry is not None and entry.action == "viewed"


def test_others_have_no_door(client_for):
    for role in ("reviewer", "manager", "admin", "auditor", "expert", "employer"):
        for path in ("/intake/new", "/intake/preview", "/intake/read-passport"):
            assert client_for(role).get(path).status_code == 403, (role, path)
            assert client_for(role).post(path, data={}).status_code == 403


def test_a_case_of_another_district_has_no_page(client_for):
    case = taken(send(client_for("officer")))
    assert client_for("officer2").get(f"/intake/{case.number}/done").status_code == 404
    assert client_for("officer").get("/intake/ED2026-999999/done").status_code == 404


def test_the_photo_of_the_day_received(client_for):
    """The rules of the day of receipt judge: before the new salary line the same pay was no category B by salary."""
    client = client_for("officer")
    found = problems(send(client, received_on="2026-11-25"))
    assert "today is 24 Nov 2026" in found["received_on"]
    case = taken(send(client, received_on="2026-11-20", mrz=lines(number="700000001")))
    assert case.received_on == date(2026, 11, 20) and case.rules_date == date(2026, 11, 20)
