"""Guessing is slowed down, across connections and at once; a stranger holds nobody up for more than 15 minutes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from expertdesk.accounts.limits import BOUNDS, LONGEST_WAIT, Bound, begin_try, note_failure, too_many
from expertdesk.foundation.database import db
from expertdesk.models import Attempt
from tests.accounts.conftest import is_signed_in

WRONG = {"username": "officer", "password": "Wrong-password-of-mine"}


@pytest.fixture(autouse=True)
def limits_on(with_settings):
    with_settings(rate_limits=True)


def moved_on(span: timedelta) -> None:
    """As if so much time had passed since the failures."""
    rows = db.session.execute(select(Attempt.id, Attempt.at)).all()
    for row in rows:
        db.session.execute(update(Attempt).where(Attempt.id == row.id).values(at=row.at - span))
    db.session.commit()


@pytest.mark.parametrize("bound", [bound for kind in BOUNDS.values() for bound in kind])
def test_waiting_grows_and_never_exceeds_15_minutes(bound: Bound):
    waits = [bound.wait_after(failures) for failures in range(2000)]
    assert waits[: bound.free] == [0] * bound.free
    assert waits[bound.free] > 0
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST_WAIT == 15 * 60


def test_after_five_wrong_passwords_one_has_to_wait(visitor, world, read):
    for _ in range(5):
        assert visitor.post("/sign-in", data=WRONG).status_code == 422
    answer = visitor.post("/sign-in", data={"username": "officer", "password": world.password})
    page = read(answer, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Too many failed tries" in page.text
    assert page.one("input", id="username").get("value") == "officer"
    assert not is_signed_in(visitor)


def test_after_the_wait_the_right_password_opens_and_clears_the_count(visitor, world):
    for _ in range(5):
        visitor.post("/sign-in", data=WRONG)
    moved_on(timedelta(seconds=31))
    assert visitor.post("/sign-in", data={"username": "officer", "password": world.password}).status_code == 303
    assert too_many("sign_in", "officer", "127.0.0.1") == 0
    stranger_count = db.session.scalar(select(func.count()).select_from(Attempt))
    assert stranger_count == 10  # five failures stay counted for the address and for everybody


def test_a_stranger_elsewhere_does_not_lock_the_person_out(app, world):
    stranger, person = app.test_client(), app.test_client()
    for _ in range(12):
        stranger.post("/sign-in", data=WRONG, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    refused = stranger.post("/sign-in", data=WRONG, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert refused.status_code == 429
    answer = person.post(
        "/sign-in",
        data={"username": "officer", "password": world.password},
        environ_base={"REMOTE_ADDR": "198.51.100.4"},
    )
    assert answer.status_code == 303


def test_a_stranger_at_the_same_address_does_not_hold_up_a_browser_that_signed_in_before(app, world):
    person, stranger = app.test_client(), app.test_client()
    person.post("/sign-in", data={"username": "officer", "password": world.password})
    person.post("/sign-out")
    for _ in range(40):
        stranger.post("/sign-in", data=WRONG)
    assert stranger.post("/sign-in", data=WRONG).status_code == 429
    assert person.post("/sign-in", data={"username": "officer", "password": world.password}).status_code == 303


def test_the_note_of_a_known_browser_helps_with_the_own_account_only(app, world):
    client = app.test_client()
    client.post("/sign-in", data={"username": "expert", "password": world.password})
    client.post("/sign-out")
    for _ in range(5):
        client.post("/sign-in", data=WRONG)
    assert client.post("/sign-in", data=WRONG).status_code == 429
    assert client.post("/sign-in", data={"username": "expert", "password": world.password}).status_code == 303


def test_a_known_browser_is_slowed_down_too(app, world):
    client = app.test_client()
    client.post("/sign-in", data={"username": "officer", "password": world.password})
    client.post("/sign-out")
    codes = [client.post("/sign-in", data=WRONG).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_a_forged_note_is_no_note(app, world):
    client = app.test_client()
    for _ in range(5):
        client.post("/sign-in", data=WRONG)
    client.set_cookie("expertdesk-known", "WzEsImFiYyJd.forged.signature")
    assert client.post("/sign-in", data=WRONG).status_code == 429


def test_many_tries_at_once_do_not_slip_through(app, world):
    """Counting and noting are one step, also for tries on connections of their own."""
    passed: list[int] = []
    gate = threading.Barrier(12)

    def guess() -> None:
        with app.app_context():
            gate.wait()
            if not begin_try("sign_in", "officer", "203.0.113.9").wait:
                passed.append(1)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == BOUNDS["sign_in"][0].free


def test_one_address_trying_many_names_is_slowed_down(app):
    for number in range(30):
        note_failure("sign_in", f"name{number}", "203.0.113.9")
    assert too_many("sign_in", "another", "203.0.113.9") > 0
    assert too_many("sign_in", "another", "198.51.100.4") == 0


def test_everybody_together_is_slowed_down_a_little(app, monkeypatch):
    monkeypatch.setitem(BOUNDS, "sign_in", (Bound(5, 30), Bound(30, 5), Bound(20, 1, 15)))
    for number in range(30):
        note_failure("sign_in", f"name{number}", f"203.0.113.{number}")
    assert 0 < too_many("sign_in", "another", "198.51.100.4") <= 15


def test_kinds_are_counted_apart(app):
    for _ in range(20):
        note_failure("access_code", "ED2026-000001", "203.0.113.9")
    assert too_many("access_code", "ED2026-000001", "203.0.113.9") > 0
    assert too_many("verify", "203.0.113.9") == 0
    assert too_many("sign_in", "officer", "203.0.113.9") == 0


def test_failures_are_forgotten_after_15_minutes(app):
    for _ in range(30):
        note_failure("sign_in", "officer", "203.0.113.9")
    assert 0 < too_many("sign_in", "officer", "203.0.113.9") <= LONGEST_WAIT
    moved_on(timedelta(minutes=15, seconds=1))
    assert too_many("sign_in", "officer", "203.0.113.9") == 0


def test_an_ipv6_visitor_cannot_change_the_address_within_the_own_network(app):
    for number in range(5):
        note_failure("sign_in", "officer", f"2001:db8:1:2::{number}")
    assert too_many("sign_in", "officer", "2001:db8:1:2:ffff::1") > 0
    assert too_many("sign_in", "officer", "2001:db8:1:3::1") == 0


def test_the_table_tells_neither_names_nor_addresses(app):
    note_failure("sign_in", "officer", "203.0.113.9")
    for key in db.session.scalars(select(Attempt.key)):
        assert "officer" not in key and "203.0.113" not in key and len(key) == 64


def test_old_rows_are_cleared(app):
    from expertdesk.accounts.cleaning import remove_expired

    note_failure("sign_in", "officer", "203.0.113.9")
    moved_on(timedelta(hours=2))
    assert remove_expired() == 3
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_the_setting_turns_limits_off(app, with_settings):
    with_settings(rate_limits=False)
    for _ in range(30):
        note_failure("sign_in", "officer", "203.0.113.9")
    assert too_many("sign_in", "officer", "203.0.113.9") == 0
    assert begin_try("sign_in", "officer", "203.0.113.9").wait == 0
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_stolen_open_session_cannot_guess_the_password_either(sign_in, read):
    client = sign_in("officer")
    new = "A-heron-stands-in-shallow-water"
    codes = [
        client.post("/account/password", data={"current": f"guess {n}", "password": new, "again": new}).status_code
        for n in range(6)
    ]
    assert codes == [422] * 5 + [429]


def test_guessing_one_time_addresses_is_slowed_down(visitor, world):
    codes = [visitor.get(f"/invitation/guess-{number}").status_code for number in range(12)]
    assert codes[:10] == [404] * 10 and codes[10:] == [429] * 2


def test_the_moment_of_the_last_failure_counts(app):
    for _ in range(5):
        note_failure("sign_in", "officer", "203.0.113.9")
    wait = too_many("sign_in", "officer", "203.0.113.9")
    assert 20 <= wait <= 30
