"""What was typed and the papers chosen are kept: through errors, the other language, an ended session, a closed tab."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from expertdesk.foundation import clock
from expertdesk.foundation.database import db, write_apart
from expertdesk.models import Case, Draft, ServerSession
from tests.cases_pages.counting import statements
from tests.intake.filled import file, in_china, pdf
from tests.intake.sending import NEW, PREVIEW, send, taken, token_of, value_of, work_out


def test_the_other_language_keeps_everything(client_for, read):
    client = client_for("officer")
    token = token_of(client)
    answer = send(client, form_token=token, do=None, switch_language="zh", salary_month="五万",
                  **{"paper-PASSPORT": file(pdf(), "护照.pdf")})  # fmt: skip
    assert answer.status_code == 303 and answer.headers["Location"] == f"/intake/new?draft={token}"
    page = read(client.get(answer.headers["Location"]))
    assert page.root.get("lang") == "zh-CN" and "新收件" in page.text
    assert value_of(page, "post") == "制剂研发总监" and value_of(page, "salary_month") == "五万"
    assert "护照.pdf" in page.text and value_of(page, "form_token") == token
    # and the language stays
    assert "新收件" in read(client.get(NEW)).text


def test_the_switch_stands_outside_and_enter_does_not_press_it(client_for, read):
    page = read(client_for("officer").get(NEW))
    buttons = [button for button in page.all("button") if button.get("form") == "intake"]
    assert buttons[0].get("name") is None and buttons[0].get("hidden") is not None
    assert buttons[1].get("name") == "switch_language"


def test_a_saved_draft_is_offered_and_comes_back(client_for, read):
    client = client_for("officer")
    token = token_of(client)
    saved = work_out(client, form_token=token, do="save", **{"paper-PASSPORT": file(pdf(2), "护照.pdf")})
    assert "draft saved" in saved.text
    page = read(client.get(NEW))
    assert "1 intake begun and not sent yet" in page.text and "Константин Преображенский" in page.text
    back = read(client.get(f"{NEW}?draft={token}"))
    assert value_of(back, "surname") == "PREOBRAZHENSKII" and "护照.pdf" in back.text
    # another officer is offered nothing, and the mark alone opens nothing
    other = client_for("officer2")
    assert "not sent yet" not in read(other.get(NEW)).text
    assert value_of(read(other.get(f"{NEW}?draft={token}")), "surname") == ""


def test_many_begun_intakes_cost_no_more_queries_than_one(client_for):
    client = client_for("officer")
    counts = []
    for more in (1, 4):
        for _ in range(more):
            work_out(client, form_token=token_of(client), do="save")
        client.get(NEW)
        with statements() as seen:
            assert "not sent yet" in client.get(NEW).text
        counts.append(len(seen))
    assert counts[1] == counts[0] <= 8, counts


def test_two_forms_at_once_do_not_mix(client_for):
    """Two tabs: each form has a draft and papers of its own."""
    client = client_for("officer")
    first, second = token_of(client), token_of(client)
    work_out(client, form_token=first, **{"paper-PASSPORT": file(pdf(), "first.pdf")})
    page = work_out(client, form_token=second, **{"paper-CONTRACT": file(pdf(), "second.pdf")})
    assert "second.pdf" in page.text and "first.pdf" not in page.text


def test_a_draft_is_done_with_once_the_case_is_there(client_for, read):
    client = client_for("officer")
    token = token_of(client)
    work_out(client, form_token=token)
    taken(send(client, form_token=token))
    page = read(client.get(NEW))
    assert "not sent yet" not in page.text
    gone = read(client.get(f"{NEW}?draft={token}"))
    assert "This draft is gone" in gone.text


def test_a_draft_can_be_discarded(client_for, read):
    client = client_for("officer")
    token = token_of(client)
    work_out(client, form_token=token)
    answer = client.post("/intake/discard", data={"form_token": token})
    assert answer.status_code == 303
    assert "not sent yet" not in read(client.get(NEW)).text


def test_drafts_are_encrypted(client_for):
    client = client_for("officer")
    work_out(client)
    bodies = list(db.session.scalars(select(Draft.body)))
    assert bodies and all(b"PREOBRAZHENSKII" not in body and b"758213946" not in body for body in bodies)


def test_a_form_sent_after_the_session_ended_comes_back(app, client_for, read, world):
    client = client_for("officer")
    token = token_of(client)
    old = clock.real_now() - timedelta(hours=2)
    with write_apart() as session:
        session.execute(update(ServerSession).values(seen_at=old))
    answer = client.post(NEW, data=in_china(form_token=token, post="总工程师"))
    assert answer.status_code == 303 and "/sign-in" in answer.headers["Location"]
    assert not db.session.scalar(select(func.count(Case.id)))
    answer = client.post(answer.headers["Location"], data={"username": "officer", "password": world.password})
    assert answer.status_code == 303 and answer.headers["Location"].endswith(NEW)
    page = read(client.get(NEW))
    assert value_of(page, "post") == "总工程师" and value_of(page, "salary_month") == "52,000"
    assert "The draft is back" in page.text
    taken(client.post(NEW, data={**page.form_values("new"), "seen_all": "1", "do": "take_in"}))
    assert value_of(read(client.get(NEW)), "post") == ""


def test_live_answers_say_nothing_before_it_is_their_turn(client_for, read):
    """While somebody fills the form in, empty fields are no mistakes; a pressed button lists what is badly written."""
    client = client_for("officer")
    values = {"form_token": token_of(client), "procedure": "NEW_IN_CHINA", "salary_month": "abc"}
    live = client.post(PREVIEW, data=values, headers={"X-Part": "1"})
    page = read(live)
    assert not page.all("div", class_="ed-errors") and "Enter an amount in yuan" in page.text
    pressed = read(client.post(PREVIEW, data={**values, "do": "work_out"}), 422)
    assert "1 thing to correct" in pressed.text


def test_working_out_writes_nothing(client_for):
    from expertdesk.models import Event, Person

    db.session.rollback()
    before = db.session.scalar(select(func.count(Event.id))), db.session.scalar(select(func.count(Person.id)))
    work_out(client_for("officer"))
    db.session.rollback()
    after = db.session.scalar(select(func.count(Event.id))), db.session.scalar(select(func.count(Person.id)))
    assert before == after
