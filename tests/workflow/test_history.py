"""The chain of the history finds every change, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from expertdesk.access import SYSTEM
from expertdesk.foundation.database import db
from expertdesk.models import Event, HistoryHead
from expertdesk.workflow import append_event, first_bad_event


@pytest.fixture
def chain(app):
    for number in range(1, 8):
        append_event(db.session(), f"test.step_{number}", "test", number, SYSTEM, payload={"n": number, "名": "值"})
    db.session.commit()
    assert first_bad_event(db.session()) is None
    return db.session


def test_an_empty_history_is_whole(app):
    assert first_bad_event(db.session()) is None


CHANGES = {
    "payload": {"payload": {"n": 4, "名": "别的"}},
    "name": {"name": "test.other"},
    "subject": {"subject_id": 99},
    "actor": {"actor_name": "somebody"},
    "role": {"actor_role": "officer"},
    "public": {"is_public": True},
    "hash": {"hash": "0" * 64},
    "previous": {"previous_hash": "1" * 64},
    "salt": {"salt": "0" * 32},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_is_found_by_its_number(chain, what):
    chain.execute(update(Event).where(Event.id == 4).values(**CHANGES[what]))
    chain.commit()
    found = first_bad_event(chain())
    assert found is not None and found[0] == 4, (what, found)


def test_a_moved_instant_is_found(chain):
    event = chain.get(Event, 3)
    chain.execute(update(Event).where(Event.id == 3).values(at=event.at + timedelta(seconds=1)))
    chain.commit()
    assert first_bad_event(chain()) == (3, "fields")


@pytest.mark.parametrize("number", [1, 5, 7])
def test_a_missing_row_is_found(chain, number):
    chain.execute(delete(Event).where(Event.id == number))
    chain.commit()
    assert first_bad_event(chain()) == (number, "missing")


def test_a_row_added_by_hand_behind_the_end_is_found(chain):
    row = {column.key: getattr(chain.get(Event, 7), column.key) for column in Event.__mapper__.column_attrs}
    chain.execute(insert(Event).values(**{**row, "id": 8, "hash": "2" * 64}))
    chain.commit()
    assert first_bad_event(chain()) == (8, "head")


def test_a_head_that_was_set_back_is_found(chain):
    chain.execute(update(HistoryHead).values(last_hash="3" * 64))
    chain.commit()
    assert first_bad_event(chain()) == (7, "head")


def test_audit_verify_names_the_first_bad_event(app, chain):
    runner = app.test_cli_runner()
    good = runner.invoke(args=["audit", "verify"])
    assert good.exit_code == 0 and "7" in good.output
    chain.execute(update(Event).where(Event.id.in_([3, 6])).values(name="test.changed"))
    chain.commit()
    bad = runner.invoke(args=["audit", "verify"])
    assert bad.exit_code == 1
    assert "Event 3" in bad.stderr and bad.stderr.count("\n") == 1
