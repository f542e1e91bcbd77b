"""A message is written with its event or not at all, once, with codes and plain values only."""

from __future__ import annotations

from datetime import date

import pytest

from expertdesk.foundation.database import db
from expertdesk.models import MessageState
from expertdesk.notices import inbox, outbox
from tests.notices.conftest import stored


def queue(**changes) -> None:
    values = {"email": "ana@mail.example", "parameters": {"number": "ED2026-000001"}, "dedup": "one", **changes}
    outbox.queue(db.session, values.pop("kind", "case_accepted"), **values)


def test_a_message_goes_with_its_transaction(app, world):
    queue()
    db.session.rollback()
    assert stored() == []
    queue()
    db.session.commit()
    (message,) = stored()
    assert (message.state, message.language, message.attempts) == (MessageState.READY, "en", 0)


def test_the_same_event_tells_once(app, world):
    queue()
    queue(email="other@mail.example")
    db.session.commit()
    queue()
    db.session.commit()
    assert [message.email for message in stored()] == ["ana@mail.example"]


def test_dates_are_stored_plain_and_strange_values_refused(app, world):
    queue(parameters={"number": "ED2026-000001", "due_on": date(2026, 12, 21), "items": 2})
    db.session.commit()
    assert stored()[0].parameters == {"number": "ED2026-000001", "due_on": "2026-12-21", "items": 2}
    with pytest.raises(ValueError, match="are kept"):
        queue(dedup="two", parameters={"person": object()})


@pytest.mark.parametrize("changes", [{"kind": "case_forgotten"}, {"dedup": ""}, {"dedup": "x" * 121}])
def test_a_mistake_of_the_caller_is_no_silent_message(app, world, changes):
    with pytest.raises(ValueError):
        queue(**changes)


def test_an_unknown_language_is_english(app, world):
    queue(language="fr")
    db.session.commit()
    assert stored()[0].language == "en"


def test_the_code_of_an_invitation_lies_sealed(app, world):
    queue(kind="invitation", parameters={"code": "opens-a-door", "expires_on": date(2026, 12, 1)})
    db.session.commit()
    (message,) = stored()
    assert "opens-a-door" not in str(message.parameters)
    assert outbox.opened(message.parameters)["code"] == "opens-a-door"
    assert "code" not in outbox.without_secret(message.parameters)


def test_after_a_restore_nothing_is_sent_again(app, world):
    queue(kind="invitation", parameters={"code": "opens-a-door"})
    queue(dedup="two")
    assert outbox.hold_unsent(db.session) == 2
    db.session.commit()
    assert {message.state for message in stored()} == {MessageState.SHOWN}
    assert all("code" not in message.parameters for message in stored())


def test_an_inbox_holds_the_own_messages_in_the_language_of_the_reader(app, world):
    from expertdesk.foundation.locale import use_language

    mine, others = world.accounts["expert"], world.accounts["expert2"]
    queue(account_id=mine, language="zh", parameters={"number": "ED2026-000001", "due_on": date(2026, 12, 1)})
    queue(account_id=others, dedup="two")
    db.session.commit()
    with use_language("en"):
        (line,) = inbox.messages_of(mine)
        assert line.subject == "Application ED2026-000001 accepted"
        assert "1 December 2026" in line.paragraphs[1]
        assert (line.path, line.is_read) == ("/my/ED2026-000001", False)
    with use_language("zh"):
        assert inbox.messages_of(mine)[0].subject == "申请 ED2026-000001 已受理"


def test_reading_marks_what_was_shown_and_nothing_newer(app, world):
    mine = world.accounts["expert"]
    queue(account_id=mine)
    db.session.commit()
    first = inbox.messages_of(mine)[0].id
    queue(account_id=mine, dedup="two")
    db.session.commit()
    inbox.mark_read(mine, first)
    db.session.rollback()
    assert inbox.unread_count(mine) == 1
    assert [line.is_read for line in inbox.messages_of(mine)] == [False, True]
