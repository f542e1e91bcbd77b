"""History and access log for the audit reader: masked, filtered, by key, and broken chains are seen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from expertdesk.access import SYSTEM
from expertdesk.accounts.access_log import ACTION_NAMES, RECORD_NAMES, note_access
from expertdesk.administration.event_names import EVENT_NAMES, RECORD_KINDS
from expertdesk.administration.logs import Filter, history_page
from expertdesk.foundation.database import db
from expertdesk.models import Event, Message, MessageState
from expertdesk.workflow import append_event

SOURCE = Path(__file__).parents[2] / "expertdesk"
WORDS = "Paper refused because of a private matter of the person"


@pytest.fixture
def auditor(sign_in):
    return sign_in("auditor")


@pytest.fixture
def a_word(world):
    """An event whose payload holds somebody's words beside codes."""
    append_event(
        db.session(),
        "case.returned",
        "case",
        17,
        world.actor("officer"),
        payload={"ground": "RT1", "reason": WORDS, "count": 3, "papers": ["DEGREE", "张三的证明"], "empty": None},
    )
    db.session.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", ["/administration/history", "/administration/access-log"])
def test_names_and_words_of_people_are_covered(sign_in, a_word, world, read, language, path):
    officer = world.actor("officer")
    db.session.rollback()
    note_access(officer, "viewed", "person", world.person_id, "费安娜 的护照")
    client = sign_in("auditor")
    client.post("/language", data={"language": language, "next": "/"})
    page = read(client.get(path))
    for secret in ("周敏", "Zhou Min", "费安娜", "Ana Luísa", "何静", WORDS, "张三"):
        assert secret not in page.html
    assert "周•••" in page.text


def test_codes_and_numbers_stay_readable(auditor, a_word, read):
    page = read(auditor.get("/administration/history"))
    assert "ground: RT1" in page.text and "count: 3" in page.text and "papers: DEGREE, •••" in page.text
    assert "Papers returned" in page.text and "empty" not in page.text


def test_the_history_is_filtered_by_record_event_and_day(auditor, a_word, world, read):
    page = read(auditor.get("/administration/history?kind=account"))
    assert "Papers returned" not in page.words(page.one("tbody"))
    account = world.accounts["officer"]
    page = read(auditor.get(f"/administration/history?kind=account&number={account}"))
    assert len(page.all("tr")) == 2  # the head and the making of the account
    page = read(auditor.get("/administration/history?action=case.returned"))
    assert len(page.all("tr")) == 2
    assert len(read(auditor.get("/administration/history?day=2026-11-24")).all("tr")) > 5
    assert "No entry fits" in read(auditor.get("/administration/history?day=2020-01-01")).text


@pytest.mark.parametrize(
    "query", ["day=2026-13-45", "kind=nothing", "number=%00", "after=abc", "after=99999999999999999999", "action=%27"]
)
def test_a_wrong_filter_breaks_nothing(auditor, query):
    assert auditor.get(f"/administration/history?{query}").status_code == 200
    assert auditor.get(f"/administration/access-log?{query}").status_code == 200


def test_paging_by_key_shows_every_entry_once(app, world):
    for number in range(75):
        append_event(db.session(), "case.edited", "case", number, SYSTEM)
    db.session.commit()
    total = db.session.scalar(select(func.count()).select_from(Event))
    seen: list[int] = []
    after = None
    while True:
        page = history_page(Filter(after=after))
        seen += [row.id for row in page.rows]
        if page.older is None:
            break
        after = page.older
    assert seen == list(range(total, 0, -1))
    back = history_page(Filter(before=seen[40]))
    assert [row.id for row in back.rows] == seen[10:40]


def test_the_whole_chain_is_checked_on_demand(auditor, world, read):
    page = read(auditor.get("/administration/history?check=1"))
    assert "unbroken" in page.text


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"ground": "RT2"}},
        {"actor_name": "somebody else"},
        {"subject_id": 18},
        {"name": "case.accepted"},
    ],
)
def test_a_changed_entry_is_seen_on_the_page_and_by_the_check(auditor, a_word, read, change):
    number = db.session.scalar(select(func.max(Event.id)))
    db.session.execute(update(Event).where(Event.id == number).values(**change))
    db.session.commit()
    page = read(auditor.get("/administration/history"))
    assert "does not fit the chain" in page.text and "do not fit" in page.text
    assert f"broken at entry {number}" in read(auditor.get("/administration/history?check=1")).text


def test_a_removed_entry_is_seen(auditor, a_word, read):
    db.session.execute(Event.__table__.delete().where(Event.id == 5))
    db.session.commit()
    assert "does not fit the chain" in read(auditor.get("/administration/history")).text
    assert "broken at entry 5" in read(auditor.get("/administration/history?check=1")).text


def test_the_number_of_queries_does_not_grow_with_the_history(auditor, world, counted):
    for number in range(60):
        append_event(db.session(), "case.edited", "case", number, SYSTEM)
    db.session.commit()
    for path in ("/administration/history", "/administration/access-log"):
        auditor.get(path)
        with counted() as statements:
            auditor.get(path)
        assert len(statements) <= 8, "\n".join(statements)


def test_the_access_log_shows_refusals_and_failed_sign_ins(app, auditor, sign_in, read):
    sign_in("officer").get("/administration")
    app.test_client().post("/sign-in", data={"username": "officer", "password": "Wrong-one-entirely"})
    page = read(auditor.get("/administration/access-log?action=refused"))
    assert "administration:account:manage /administration" in page.text
    page = read(auditor.get("/administration/access-log?action=sign_in_failed"))
    assert "Sign-in failed" in page.text and "127.0.0.1" in page.text


def test_the_audit_reader_changes_nothing(auditor, world):
    before = db.session.scalar(select(func.count()).select_from(Event))
    for path in ("/administration/users/new", f"/administration/users/{world.accounts['officer']}/disable"):
        assert auditor.post(path, data={"username": "x"}).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(Event)) == before


# --- messages --------------------------------------------------------------------------------------------------


@pytest.fixture
def messages(world):
    """One message of each state, without a case."""
    from expertdesk.notices.outbox import queue

    for state in MessageState:
        queue(
            db.session(),
            "invitation",
            email="ana.ferreira@mail.example",
            language="en",
            parameters={"code": "secret-code-of-the-invitation", "expires_on": "2026-12-08"},
            dedup=f"test:{state}",
        )
        db.session.execute(update(Message).where(Message.dedup == f"test:{state}").values(state=state, attempts=3))
    db.session.commit()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_message_log_shows_texts_states_and_no_secrets(sign_in, messages, read, language):
    client = sign_in("officer")
    client.post("/language", data={"language": language, "next": "/"})
    page = read(client.get("/administration/outbox"))
    assert len(page.one("tbody").findall("{http://www.w3.org/1999/xhtml}tr")) == len(MessageState)
    assert "secret-code" not in page.html
    assert "ana.ferreira@mail.example" not in page.html and "a•••@m•••.example" in page.text


def test_messages_are_filtered_by_state(sign_in, messages, read):
    page = read(sign_in("officer").get("/administration/outbox?state=dead"))
    assert "Given up" in page.words(page.one("tbody"))
    assert len(page.one("tbody").findall("{http://www.w3.org/1999/xhtml}tr")) == 1


def test_a_message_given_up_is_tried_again_once(sign_in, messages, read):
    client = sign_in("officer")
    dead = db.session.scalar(select(Message.id).where(Message.state == MessageState.DEAD))
    assert client.post(f"/administration/outbox/{dead}/again").status_code == 303
    message = db.session.get_one(Message, dead)
    assert (message.state, message.attempts) == (MessageState.READY, 0)
    client.post(f"/administration/outbox/{dead}/again")
    assert "was sent or is being sent already" in client.get("/administration/outbox").text
    assert client.post("/administration/outbox/999/again").status_code == 404


def test_every_event_that_is_written_has_a_name():
    """Codes in the source that name what was done to a record of a known kind; `{part}` is one of the lists of rows."""
    kinds = "|".join((*RECORD_KINDS, "liaison"))
    written = re.compile(rf'"((?:{kinds})\.(?:\w|{{part}})*(?:ed|_set|taken))"')
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if path.name != "event_names.py":
            found |= set(written.findall(path.read_text(encoding="utf-8")))
    rows = {code for code in found if "{part}" in code}
    found -= rows
    found |= {code.replace("{part}", part) for code in rows for part in ("education", "employment", "family")}
    assert {"case.granted", "permit.reminded", "person.family_updated", "liaison.taken"} <= found
    assert found <= set(EVENT_NAMES), sorted(found - set(EVENT_NAMES))


def test_every_look_that_is_noted_has_a_name():
    """What was done and to which kind of record, as the source calls it."""
    noted = re.compile(r'note_access\([^,]+,\s*"(\w+)",\s*"(\w+)"')
    sources = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    found = {pair for text in sources for pair in noted.findall(text)}
    assert ("viewed", "case") in found and ("viewed", "training_project") in found
    assert {action for action, _ in found} <= set(ACTION_NAMES)
    assert {kind for _, kind in found} <= set(RECORD_NAMES)
