"""Pages of permits and of the decision: what stands on them, who may open them, what a form keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from expertdesk.experts.commands import person_data, update_person
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Case, CaseState, Permit, Person
from expertdesk.permits.queries import PAGE_SIZE, PermitFilter, permits
from tests.permits.making import accepted, granted, recommended, second_case, weak_case
from tests.world import CHENGHU, YUNXI

REFUSAL = {
    "grounds": ["J03"],
    "facts_zh": "申请人从事相关工作13个月。",
    "facts_en": "The applicant did related work for 13 months.",
    "reasons_zh": "相关工作经历不足2年。",
    "reasons_en": "Less than 2 years of related work.",
}


def seen(page) -> dict[str, str]:
    """The hidden marks of the page: version of the case, last event."""
    values = page.form_values("/send-back")
    return {name: values[name] for name in ("version", "seen")}


def case_of(number: str) -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case).where(Case.number == number)).one()


# --- the decision ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_approver_sees_everything_for_one_decision(world, client_for, read, language):
    number = recommended(world, opinion="符合B1条件，建议准予。").number
    db.session.commit()
    page = read(client_for("reviewer", language).get(f"/cases/{number}/decide"))
    words = {
        "en": ("recommends to grant", "1 December 2026", "30 November 2028", "greatest length for the category", "B1"),
        "zh": ("建议准予", "2026年12月1日", "2028年11月30日", "终止日由类别最长期限决定", "B1"),
    }[language]
    for word in (*words, "符合B1条件，建议准予。", "CB128382", number):
        assert word in page.text, word
    drafts = [link.get("href") for link in page.all("a") if (link.get("href") or "").endswith(".pdf")]
    assert {address.rpartition("/")[2] for address in drafts} == {"NOTIFICATION_LETTER.pdf", "GRANT_DECISION.pdf"}


def test_the_page_asks_few_questions_of_the_database(app, world, client_for):
    number = recommended(world).number
    db.session.commit()
    client = client_for("reviewer")
    client.get(f"/cases/{number}/decide")
    asked: list[str] = []

    def count(connection, cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        client.get(f"/cases/{number}/decide")
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) <= 9, "\n".join(asked)  # eight of the page, one of the session


def test_granting_from_the_page_prints_and_shows_the_letters(world, client_for, read):
    number = recommended(world).number
    db.session.commit()
    client = client_for("reviewer")
    page = read(client.get(f"/cases/{number}/decide"))
    answer = client.post(f"/cases/{number}/grant", data={**seen(page), "opinion": "同意。"}, follow_redirects=True)
    page = read(answer)
    case = case_of(number)
    permit = db.session.scalars(select(Permit)).one()
    assert case.state is CaseState.GRANTED and permit.number in page.text and "同意。" in page.text
    assert "Notification Letter" in page.text and "No other case waits" in page.text
    letter = client_for("officer").get(f"/permits/{permit.id}/letters/{case.letters[-1].id}.pdf")
    assert letter.status_code == 200 and letter.data.startswith(b"%PDF-")
    assert client_for("officer2").get(f"/permits/{permit.id}/letters/{case.letters[-1].id}.pdf").status_code == 404


def test_a_form_that_names_no_version_decides_nothing(world, client_for):
    number = recommended(world).number
    db.session.commit()
    assert client_for("reviewer").post(f"/cases/{number}/grant", data={}).status_code == 409
    assert case_of(number).state is CaseState.RECOMMENDED


def test_a_stale_approval_shows_both_versions_and_keeps_what_was_typed(world, client_for, read):
    case = recommended(world)
    number = case.number
    db.session.commit()
    client = client_for("reviewer")
    old = seen(read(client.get(f"/cases/{number}/decide")))
    person = db.session.get_one(Person, world.person_id)
    update_person(
        person.id, replace(person_data(person), birth_place="Porto"), world.actor("officer"), person.row_version
    )
    db.session.commit()
    answer = client.post(f"/cases/{number}/refuse", data={**old, **REFUSAL, "facts_zh": "已录入的事实。"})
    page = read(answer, 409)
    assert "Nothing was decided" in page.text
    stale = page.words(page.one("section", aria_labelledby="stale-h"))
    assert "The expert or the organisation was changed" in stale and "Zhou Min" in stale
    assert "As you saw it" in stale and "Porto" in stale
    assert "已录入的事实。" in page.html
    assert case_of(number).state is CaseState.RECOMMENDED
    again = client.post(f"/cases/{number}/refuse", data={**seen(page), **REFUSAL})
    assert again.status_code == 303 and case_of(number).state is CaseState.REFUSED


def test_changes_after_the_last_look_are_marked_new(app, world, client_for, read):
    case = recommended(world)
    number, case_id = case.number, case.id
    yesterday = clock.real_now() - timedelta(days=1)
    reviewer_id = world.accounts["reviewer"]
    entry = AccessEntry(account_id=reviewer_id, action="viewed", record_kind="case", record_id=case_id, at=yesterday)
    db.session.add(entry)
    person = db.session.get_one(Person, world.person_id)
    changed = replace(person_data(person), birth_place="Braga")
    update_person(person.id, changed, world.actor("officer"), person.row_version)
    db.session.commit()
    page = read(client_for("reviewer").get(f"/cases/{number}/decide"))
    assert "you last looked" in page.text and "new to you" in page.text and "Braga" in page.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_refusal_with_gaps_comes_back_with_messages_and_text(world, client_for, read, language):
    number = recommended(world, weak_case(world), is_grant=False, opinion="不足。").number
    db.session.commit()
    client = client_for("reviewer", language)
    marks = seen(read(client.get(f"/cases/{number}/decide")))
    typed = {"facts_zh": "仅有中文。", "facts_en": "", "reasons_zh": "", "reasons_en": ""}
    answer = client.post(f"/cases/{number}/refuse", data={**marks, **typed})
    page = read(answer, 422)
    assert "仅有中文。" in page.html
    for field in ("grounds", "facts_en", "reasons_zh", "reasons_en"):
        assert [link for link in page.all("a") if link.get("href") == f"#{field}"], field
    assert case_of(number).state is CaseState.RECOMMENDED


def test_the_draft_of_a_refusal_shows_what_was_typed_and_stores_nothing(world, client_for):
    number = recommended(world, weak_case(world), is_grant=False, opinion="不足。").number
    db.session.commit()
    answer = client_for("reviewer").post(f"/cases/{number}/refuse/preview", data=REFUSAL)
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
    case = case_of(number)
    assert case.state is CaseState.RECOMMENDED and "REFUSAL_DECISION" not in {letter.kind for letter in case.letters}


def test_sending_back_leads_on_to_the_next_case(world, client_for, read):
    first = recommended(world).number
    second = recommended(world, second_case(world), "officer2").number
    db.session.commit()
    client = client_for("reviewer")
    marks = seen(read(client.get(f"/cases/{first}/decide")))
    assert client.post(f"/cases/{first}/send-back", data={**marks, "reason": ""}).status_code == 422
    answer = client.post(f"/cases/{first}/send-back", data={**marks, "reason": "请核对薪酬。"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/cases/{second}/decide")
    assert case_of(first).state is CaseState.ACCEPTED
    told = read(client.get(answer.headers["Location"])).text
    assert f"{first} was sent back" in told, "said on the page of another case, so it names its own"


@pytest.mark.parametrize("role", ["officer", "liaison", "manager", "admin", "auditor", "expert", "employer"])
def test_nobody_else_opens_the_page(world, client_for, role):
    number = recommended(world).number
    db.session.commit()
    client = client_for(role)
    assert client.get(f"/cases/{number}/decide").status_code == 403
    for action in ("grant", "refuse", "send-back"):
        assert client.post(f"/cases/{number}/{action}", data=REFUSAL).status_code == 403
    assert case_of(number).state is CaseState.RECOMMENDED


def test_a_case_that_is_not_there_yet_can_be_read_but_not_decided(world, client_for, read):
    number = accepted(world).number
    db.session.commit()
    page = read(client_for("reviewer").get(f"/cases/{number}/decide"))
    assert "under review" in page.text and not page.all("form", action=f"/cases/{number}/grant")
    assert client_for("reviewer").get("/cases/ED2026-999999/decide").status_code == 404


# --- permits -----------------------------------------------------------------------------------------------------


def test_the_list_filters_by_the_end(app, world):
    permit = granted(world)
    officer = world.actor("officer")

    def shown(show: str, day: date) -> int:
        with clock.at(clock.at_shanghai(day)), app.test_request_context("/permits"):
            return len(permits(officer, PermitFilter(show=show)).rows)

    end = permit.ends_on
    assert shown("in_force", end) == 1 and shown("in_force", end + timedelta(days=1)) == 0
    assert shown("lapsed", end) == 0 and shown("lapsed", end + timedelta(days=1)) == 1
    for days in (120, 90, 60, 45, 35):
        assert shown(str(days), end - timedelta(days=days)) == 1, days
        assert shown(str(days), end - timedelta(days=days + 1)) == 0, days
    assert shown("all", end + timedelta(days=400)) == 1


def test_the_list_goes_on_by_key_forwards_and_back(app, world):
    permit = granted(world)
    values = {
        column.name: getattr(permit, column.name)
        for column in Permit.__table__.columns
        if column.name not in ("id", "case_id", "number", "ends_on", "row_version")
    }
    extra = PAGE_SIZE + 10
    for step in range(extra):
        case = Case(
            number=f"ED2025-{step:06}", procedure="NEW_IN_CHINA", district=YUNXI, person_id=world.person_id,
            passport_id=world.passport_id, organisation_id=world.organisation_id, received_on=date(2025, 1, 2),
            rules_date=date(2025, 1, 2), updated_at=clock.now(),
        )  # fmt: skip
        db.session.add(case)
        db.session.flush()
        ends_on = date(2027, 1, 1) + timedelta(days=step // 3)
        db.session.add(Permit(**values, number=permit.number, case_id=case.id, ends_on=ends_on))
    db.session.commit()
    officer = world.actor("officer")

    def shown(**changes: str):
        with app.test_request_context("/permits"):
            return permits(officer, PermitFilter(**changes))

    first = shown()
    second = shown(after=first.next)
    assert len(first.rows) == PAGE_SIZE and not first.previous
    assert len(second.rows) == extra + 1 - PAGE_SIZE and not second.next
    ids = [row.id for row in (*first.rows, *second.rows)]
    assert len(set(ids)) == extra + 1
    ends = [row.ends_on for row in (*first.rows, *second.rows)]
    assert ends == sorted(ends)
    back = shown(before=second.previous)
    assert [row.id for row in back.rows] == [row.id for row in first.rows]
    for broken in ("x", "2027-01-01_", "2027-13-01_1", "_5", "2027-01-01_99999999999"):
        assert len(shown(after=broken).rows) == PAGE_SIZE


def test_rows_follow_the_reader(world, client_for, read):
    own = granted(world)
    other = granted(world, second_case(world), "officer2")
    own_id, other_id = own.id, other.id
    answers = {
        "officer": (200, 200),  # holds the liaison role too: permits in force
        "officer2": (404, 200),
        "reviewer": (200, 200),
        "manager": (200, 200),
        "liaison": (200, 200),
        "admin": (403, 403),
        "auditor": (403, 403),
        "expert": (403, 403),
        "employer": (403, 403),
    }
    for role, expected in answers.items():
        client = client_for(role)
        found = tuple(client.get(f"/permits/{permit_id}").status_code for permit_id in (own_id, other_id))
        assert found == expected, role
    assert client_for("reviewer").get("/permits/99999999999999").status_code == 404
    assert client_for("reviewer").get("/permits/0").status_code == 404
    listed = read(client_for("officer2").get("/permits"))
    assert other.number in listed.text and own.number not in listed.text
    narrowed = read(client_for("reviewer").get(f"/permits?district={CHENGHU}"))
    assert other.number in narrowed.text and own.number not in narrowed.text


def test_liaison_sees_permits_in_force_only(world, client_for):
    permit = granted(world)
    permit_id = permit.id
    permit.ends_on = date(2026, 11, 23)
    db.session.commit()
    assert client_for("liaison").get(f"/permits/{permit_id}").status_code == 404
    assert client_for("officer").get(f"/permits/{permit_id}").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_permit_page_gives_period_cause_letters_and_the_window(world, client_for, read, language):
    permit = granted(world)
    page = read(client_for("officer", language).get(f"/permits/{permit.id}"))
    cause = {"en": "because of the greatest length for the category", "zh": "终止日由类别最长期限决定"}[language]
    days = {"en": ("2 August 2028", "31 October 2028"), "zh": ("2028年8月2日", "2028年10月31日")}[language]
    for word in (permit.number, cause, *days):
        assert word in page.text, word
    assert len([link for link in page.all("a") if "/letters/" in (link.get("href") or "")]) == 2


def test_the_extension_button_shows_while_the_window_is_open(app, world, client_for, read):
    permit = granted(world)
    permit_id, ends = permit.id, permit.ends_on
    client = client_for("officer")
    offered = {}
    for days in (121, 120, 30, 29):
        clock.start_at(clock.at_shanghai(ends - timedelta(days=days)))
        offered[days] = "procedure=EXTENSION" in client.get(f"/permits/{permit_id}").text
    assert offered == {121: False, 120: True, 30: True, 29: False}
