"""`/my`: the sentence first, the own file only, light enough for a poor network."""

from __future__ import annotations

import gzip
import re

import pytest
from sqlalchemy import event

from expertdesk.cases import commands, papers
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Event, Membership, MembershipRight
from tests.cases import steps
from tests.portal.conftest import SECRET_WORDS, case_now

HUNDRED_KB = 100_000


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_case_yet_says_what_to_do(client_for, read, language):
    page = read(client_for("expert", language).get("/my"))
    assert page.one("a", href="/status") is not None
    assert {"en": "The employer applies for you", "zh": "申请由用人单位提出"}[language] in page.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sentence_comes_first(client_for, read, correction, language):
    page = read(client_for("expert", language).get("/my"))
    heading = page.words(page.one("h1"))
    assert {"en": "please send 3 more by", "zh": "再补交3项"}[language] in heading
    assert "0999-8812" not in page.text, "a number of the organisation is not whom to ask"
    assert correction.number in page.text
    stages = [item for item in page.all("li") if item.get("aria-current") == "step"]
    assert len(stages) >= 1
    before_form = page.html.index(heading[:10]) < page.html.index('type="file"')
    assert before_form


def test_what_to_do_stands_with_problem_and_demand(client_for, read, correction):
    page = read(client_for("expert").get("/my"))
    assert len(page.all("input", type="file")) == 3
    assert SECRET_WORDS in page.text, "the expert reads what was wrong"
    assert "Supply a new one" in page.text
    assert "up to 10 MB" in page.text


def test_everything_weighs_less_than_100_kb(client_for, correction):
    """With an empty cache: the page itself and every file it names, as they travel."""
    client = client_for("expert")
    answer = client.get("/my")
    weight = len(answer.data)
    names = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', answer.text))
    assert any(name.endswith(".css") for name in names)
    for name in names:
        weight += len(client.get(name, headers={"Accept-Encoding": "gzip"}).data)
    assert weight < HUNDRED_KB, weight
    assert len(gzip.compress(answer.data)) < HUNDRED_KB // 5


def test_a_page_needs_few_queries(client_for, correction):
    client = client_for("expert")
    client.get("/my")
    seen: list[str] = []
    engine = db.engine

    def count(connection, cursor, statement, *rest):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        client.get("/my")
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(seen) <= 13, "\n".join(seen)


def test_somebody_elses_file_is_not_there(client_for, correction):
    for username in ("expert2", "employer2"):
        client = client_for(username)
        assert client.get(f"/my/{correction.number}").status_code == 404
        assert client.get(f"/my/{correction.number}/answer").status_code == 404
        assert client.post(f"/my/{correction.number}/answer", data={"do": "send"}).status_code == 404
        assert correction.number not in client.get("/my").text
        for letter in correction.letters:
            assert client.get(f"/my/{correction.number}/letters/{letter.id}.pdf").status_code == 404
    for username in ("expert", "employer"):
        assert client_for(username).get(f"/my/{correction.number}").status_code == 200


def test_staff_have_no_file_of_their_own(client_for, correction):
    for username in ("officer", "reviewer", "admin", "auditor", "manager", "liaison"):
        assert client_for(username).get("/my").status_code == 403


def test_a_draft_is_not_shown(app, world, client_for):
    case = commands.open_case(steps.new_case(world), world.actor("officer"))
    db.session.commit()
    for username in ("expert", "employer"):
        client = client_for(username)
        assert client.get(f"/my/{case.number}").status_code == 404
        assert case.number not in client.get("/my").text


def test_strange_addresses_are_404(client_for, correction):
    client = client_for("expert")
    for path in ("/my/ED9999-1", f"/my/{correction.number}/letters/99999999999999999999.pdf",
                 f"/my/{correction.number}/papers/0", "/my/%00", "/my/" + "x" * 500):  # fmt: skip
        assert client.get(path).status_code in (400, 404), path


def test_letters_are_the_stored_bytes(client_for, submitted):
    client = client_for("expert")
    letter = submitted.receipt
    first = client.get(f"/my/{submitted.case.number}/letters/{letter.id}.pdf")
    assert first.status_code == 200 and first.data.startswith(b"%PDF-")
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in first.headers["Content-Security-Policy"]
    import hashlib

    assert hashlib.sha256(first.data).hexdigest() == letter.sha256
    assert client.get(f"/my/{submitted.case.number}/letters/{letter.id}.pdf").data == first.data


def test_a_decision_is_not_there_before_it_is_delivered(app, world, client_for, read):
    from expertdesk.permits.commands import grant_permit

    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    case = steps.recommended(world, officer)
    db.session.commit()
    grant_permit(case, reviewer, seen_version=case.row_version)
    db.session.commit()
    client = client_for("expert")
    decisions = [
        letter.id for letter in case_now(case.number).letters if letter.kind.value.startswith(("NOTIF", "GRANT"))
    ]
    assert len(decisions) == 2
    for letter_id in decisions:
        assert client.get(f"/my/{case.number}/letters/{letter_id}.pdf").status_code == 404
    case = case_now(case.number)
    commands.deliver_case(case, clock.today(), officer, case.row_version)
    db.session.commit()
    for letter_id in decisions:
        assert client.get(f"/my/{case.number}/letters/{letter_id}.pdf").status_code == 200
    page = read(client.get("/my"))
    assert "Notification Letter" in page.text
    assert "Your work permit" in page.text


# --- the organisation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_organisation_sees_first_what_it_must_do(app, world, client_for, read, correction, language):
    steps.submitted(world, world.actor("officer"), person_id=world.person2_id, passport_id=world.passport2_id)
    db.session.commit()
    page = read(client_for("employer", language).get("/my"))
    tables = page.all("table")
    assert correction.number in page.words(tables[0]) and correction.number not in page.words(tables[1])
    assert {"en": "Send 3 papers", "zh": "补交 3 份材料"}[language] in page.words(tables[0])
    assert {"en": "the bureau: ", "zh": "本局："}[language] in page.words(tables[1]), "whose limit it is"
    assert read(client_for("employer2", language).get("/my")) is not None


def test_the_organisation_sees_the_reason_but_not_the_words_about_a_criminal_record(client_for, read, correction):
    page = read(client_for("employer").get(f"/my/{correction.number}"))
    assert SECRET_WORDS not in page.text
    assert "older than 6 months" in page.text, "the name of the reason code"


def test_the_organisation_opens_what_it_sent_except_what_is_private(app, world, client_for, correction):
    employer = world.actor("employer")
    versions = {
        document: papers.add_version(correction, document, steps.upload(document.lower()), employer).id
        for document in ("CONTRACT", "NO_CRIMINAL")
    }
    db.session.commit()
    path = f"/my/{correction.number}/papers/"
    assert client_for("employer").get(f"{path}{versions['CONTRACT']}").status_code == 200
    assert client_for("employer").get(f"{path}{versions['NO_CRIMINAL']}").status_code == 404
    for version in versions.values():
        answer = client_for("expert").get(f"{path}{version}")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
        assert client_for("expert2").get(f"{path}{version}").status_code == 404
        assert client_for("employer2").get(f"{path}{version}").status_code == 404


def test_papers_the_officer_took_in_stay_closed_to_the_organisation(app, world, client_for, submitted):
    version = papers.add_version(submitted.case, "CONTRACT", steps.upload(), world.actor("officer"))
    db.session.commit()
    path = f"/my/{submitted.case.number}/papers/{version.id}"
    assert client_for("employer").get(path).status_code == 404
    assert client_for("expert").get(path).status_code == 200


def test_a_contact_reaches_every_area_on_a_phone(client_for, read):
    """The row of areas is not shown there, so a menu holds them; an expert has all on the page."""
    menu = read(client_for("employer").get("/my")).one("details", class_="ed-menu")
    assert "/training" in [link.get("href") for link in menu.iter() if str(link.tag).endswith("a")]
    assert read(client_for("expert").get("/my")).all("details", class_="ed-menu") == []


def test_a_contact_who_may_only_read_has_nothing_to_send(app, world, client_for, read, correction):
    db.session.query(Membership).filter_by(account_id=world.accounts["employer"]).update(
        {"right": MembershipRight.READ_ONLY}
    )
    db.session.commit()
    page = read(client_for("employer").get(f"/my/{correction.number}"))
    assert page.all("input", type="file") == []
    assert "Another contact of your organisation does this" in page.text
    listed = read(client_for("employer").get("/my")).text
    assert "another contact: Send 3 papers" in listed and "Cases that wait for your organisation" not in listed
    assert client_for("employer").get(f"/my/{correction.number}/answer").status_code == 404
    assert client_for("employer").post(f"/my/{correction.number}/answer", data={"do": "send"}).status_code == 404


# --- history, messages, who looked -------------------------------------------------------------------------------


def test_the_timeline_shows_public_events_only(client_for, read, accepted):
    page = read(client_for("expert").get("/my"))
    assert "Application accepted" in page.text and "Application received" in page.text
    assert "Papers checked" not in page.text
    private = db.session.query(Event).filter_by(subject_kind="case", subject_id=accepted.id, is_public=False).count()
    assert private, "there is something to hide"


def test_messages_are_unread_until_the_page_was_opened(client_for, read, correction):
    client = client_for("expert")
    assert "2 new messages" in read(client.get("/my")).text
    client.head("/my/messages")
    page = read(client.get("/my/messages"))
    assert len(page.all("li", class_="ed-panel")) == 2
    assert page.text.count("new ") and f"/my/{correction.number}" in page.html
    assert "new message" not in read(client.get("/my")).text
    assert "2 new messages" not in read(client_for("expert2").get("/my")).text


def test_the_expert_sees_which_office_looked(client_for, read, correction):
    letter = correction.letters[0].id
    client_for("employer").get(f"/my/{correction.number}")
    client_for("employer").get(f"/my/{correction.number}/letters/{letter}.pdf")
    client_for("expert").get(f"/my/{correction.number}")
    page = read(client_for("expert").get("/my/access"))
    rows = [page.words(row) for row in page.all("tr")][1:]
    assert len(rows) == 2 and all("Organisation contact" in row for row in rows)
    assert "Downloaded" in rows[0] and "Letter" in rows[0] and "Viewed" in rows[1]
    assert "何静" not in page.text, "offices, not names"
    assert client_for("employer").get("/my/access").status_code == 302
    assert "Organisation contact" not in read(client_for("expert2").get("/my/access")).text


def test_after_the_grant_the_liaison_officer_is_whom_to_ask(app, world, client_for, read):
    from expertdesk.liaison.commands import take_person
    from expertdesk.permits.commands import grant_permit

    officer = world.actor("officer")
    case = steps.recommended(world, officer)
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    commands.deliver_case(case, clock.today(), officer, case.row_version)
    db.session.commit()
    assert "Zhou Min" in read(client_for("expert").get("/my")).text
    take_person(world.person_id, world.actor("liaison"))
    db.session.commit()
    page = read(client_for("expert").get("/my"))
    assert "Shen Qing" in page.text and "Zhou Min" not in page.text


def test_several_cases_are_listed(app, world, client_for, read, correction):
    case = case_now(correction.number)
    commands.withdraw_case(case, "不再需要", world.actor("officer"), case.row_version)
    db.session.commit()
    newer = steps.submitted(world, world.actor("officer")).case
    db.session.commit()
    page = read(client_for("expert").get("/my"))
    assert newer.number in page.text
    assert page.one("a", href=f"/my/{correction.number}") is not None
    assert "withdrew" in read(client_for("expert").get(f"/my/{correction.number}")).text


def test_no_text_of_the_own_file_escapes_translation(client_for, correction):
    from tests.house.test_every_page import unmarked

    for username in ("expert", "employer"):
        client = client_for(username, "qps")
        letter = correction.letters[0].id
        paths = ("/my", f"/my/{correction.number}", f"/my/{correction.number}/answer", "/my/messages", "/my/access")
        client_for("employer").get(f"/my/{correction.number}/letters/{letter}.pdf")
        for path in paths:
            found = list(unmarked(client.get(path, follow_redirects=True).text))
            assert not found, (username, path, found[:5])
