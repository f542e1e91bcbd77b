"""Who looked at what, and what was refused, stays whatever becomes of the request."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from expertdesk.accounts import access_log
from expertdesk.accounts.access_log import entries_of, note_access
from expertdesk.foundation.database import collect_afterwards, db, run_afterwards
from expertdesk.foundation.errors import Busy
from expertdesk.models import AccessEntry, Account


def entries() -> list[AccessEntry]:
    db.session.rollback()
    return list(db.session.scalars(select(AccessEntry).order_by(AccessEntry.id)))


def test_an_entry_is_written_though_the_transaction_is_rolled_back(app, world):
    actor = world.actor("officer")
    db.session.rollback()
    collect_afterwards()
    db.session.execute(Account.__table__.update().values(phone="1"))
    note_access(actor, "downloaded", "paper", 7, "DEGREE")
    db.session.rollback()
    run_afterwards()
    assert [(e.account_id, e.action, e.record_kind, e.record_id, e.detail) for e in entries()] == [
        (actor.id, "downloaded", "paper", 7, "DEGREE")
    ]


def test_looking_again_within_ten_minutes_is_one_entry_printing_is_not(app, world):
    actor, other = world.actor("officer"), world.actor("reviewer")
    db.session.rollback()
    for _ in range(3):
        note_access(actor, "viewed", "case", 1)
        note_access(actor, "printed", "letter", 1)
    note_access(other, "viewed", "case", 1)
    note_access(actor, "viewed", "case", 2)
    counted = [(e.account_id, e.action, e.record_id) for e in entries()]
    assert counted.count((actor.id, "viewed", 1)) == 1
    assert counted.count((actor.id, "printed", 1)) == 3
    assert counted.count((other.id, "viewed", 1)) == 1
    assert counted.count((actor.id, "viewed", 2)) == 1


def test_refused_attempts_are_recorded(client_for, world):
    client = client_for("officer")
    assert client.get("/administration").status_code == 403
    last = entries()[-1]
    assert (last.action, last.account_id, last.record_kind) == ("refused", world.accounts["officer"], "page")
    assert last.detail == "administration:account:manage /administration"
    assert last.address == "127.0.0.1"


def test_a_log_that_cannot_be_written_does_not_take_the_page_away(app, world, monkeypatch, caplog):
    def away():
        raise Busy()

    actor = world.actor("officer")
    db.session.rollback()
    monkeypatch.setattr(access_log, "write_apart", away)
    note_access(actor, "printed", "letter", 1)
    assert "access log could not be written" in caplog.text


@pytest.mark.parametrize("detail", ["x" * 500])
def test_a_long_detail_is_cut_to_the_column(app, world, detail):
    note_access(None, "refused", "page", 0, detail)
    assert len(entries()[-1].detail) == 200


def test_the_entries_of_a_record_name_the_person_and_the_office(app, world):
    actor = world.actor("officer")
    db.session.rollback()
    note_access(actor, "printed", "person", 5, "")
    note_access(None, "refused", "person", 5, "")
    lines = entries_of("person", 5)
    assert [(line.action, line.name, line.office) for line in lines] == [
        ("refused", "", ""),
        ("printed", "周敏", "Case officer, Liaison officer"),
    ]
    assert str(lines[1].action_name) == "Printed"
