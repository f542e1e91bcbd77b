"""Sessions live on the server, end when they should, and are written seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts import commands
from expertdesk.accounts.hooks import DatabaseSessions, drop_ended_sessions
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.secrets import hash_token
from expertdesk.models import Account, MembershipRight, ServerSession
from expertdesk.web.sessions import StoredSession
from tests.accounts.conftest import is_signed_in


def rows() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ServerSession)) or 0


def test_a_visitor_gets_no_row(visitor, world):
    assert visitor.get("/sign-in").status_code == 200
    assert rows() == 0


def test_the_table_holds_the_digest_of_the_token_only(sign_in):
    client = sign_in("officer")
    token = client.get_cookie("expertdesk").value
    row = db.session.scalars(select(ServerSession)).one()
    assert row.token_digest == hash_token(token)
    assert token not in str(row.data)
    assert "password" not in str(row.data).lower()


def test_signing_in_again_begins_a_new_session_and_carries_nothing_over(sign_in, world):
    client = sign_in("officer")
    first = client.get_cookie("expertdesk").value
    client.post("/sign-in", data={"username": "expert", "password": world.password})
    assert client.get_cookie("expertdesk").value != first
    assert "Ana Luísa" in client.get("/account").text


def test_signing_out_ends_the_row_not_only_the_cookie(app, sign_in):
    client = sign_in("officer")
    token = client.get_cookie("expertdesk").value
    assert client.post("/sign-out").status_code == 303
    assert rows() == 0
    thief = app.test_client()
    thief.set_cookie("expertdesk", token)
    assert not is_signed_in(thief)


def test_sign_out_takes_a_post(sign_in):
    client = sign_in("officer")
    assert client.get("/sign-out").status_code == 405
    assert is_signed_in(client)


def test_a_row_is_written_at_most_once_a_minute(sign_in, set_back):
    client = sign_in("officer")
    client.get("/account")  # the first page puts the form's token into the session
    set_back("officer", seen=timedelta(seconds=50))
    before = db.session.scalar(select(ServerSession.seen_at))
    client.get("/account")
    assert db.session.scalar(select(ServerSession.seen_at)) == before
    set_back("officer", seen=timedelta(seconds=61))
    client.get("/account")
    assert clock.real_now() - db.session.scalar(select(ServerSession.seen_at)) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("username", "minutes", "goes_on"),
    [("officer", 14, True), ("officer", 15, False), ("expert", 29, True), ("expert", 30, False)],
)
def test_idle_time_is_15_minutes_for_staff_and_30_for_others(sign_in, set_back, username, minutes, goes_on):
    client = sign_in(username)
    set_back(username, seen=timedelta(minutes=minutes, seconds=2))
    answer = client.get("/account")
    assert (answer.status_code == 200) is goes_on
    if not goes_on:
        assert answer.headers["Location"] == "/sign-in?next=/account&why=expired"


def test_twelve_hours_are_the_end_in_any_case(sign_in, set_back):
    client = sign_in("expert")
    set_back("expert", created=timedelta(hours=11, minutes=59))
    assert is_signed_in(client)
    set_back("expert", created=timedelta(hours=12, seconds=1))
    assert not is_signed_in(client)


def change_roles(account_id: int) -> None:
    commands.set_roles(
        account_id, roles=[Role.OFFICER], districts=["990101"], is_municipal=False, memberships=(), actor=SYSTEM
    )


def change_districts(account_id: int) -> None:
    commands.set_roles(
        account_id,
        roles=[Role.OFFICER, Role.LIAISON],
        districts=["990101", "990102"],
        is_municipal=False,
        memberships=(),
        actor=SYSTEM,
    )


def change_to_municipal(account_id: int) -> None:
    commands.set_roles(
        account_id,
        roles=[Role.OFFICER, Role.LIAISON],
        districts=["990101"],
        is_municipal=True,
        memberships=(),
        actor=SYSTEM,
    )


def disable(account_id: int) -> None:
    commands.disable(account_id, SYSTEM)


def change_password(account_id: int) -> None:
    commands.set_password(commands.find_account(account_id), "A-heron-stands-in-shallow-water", SYSTEM)


@pytest.mark.parametrize("change", [change_roles, change_districts, change_to_municipal, disable, change_password])
def test_a_change_of_rights_ends_every_session_at_once(sign_in, world, change):
    first, second, other = sign_in("officer"), sign_in("officer"), sign_in("reviewer")
    change(world.accounts["officer"])
    db.session.commit()
    assert not is_signed_in(first)
    assert not is_signed_in(second)
    assert is_signed_in(other)
    assert first.get("/account").headers["Location"].endswith("why=ended")


def test_a_form_sent_after_signing_out_elsewhere_leads_to_signing_in(app, visitor, read):
    """The token went with the session: a sentence about that, not about a damaged form."""
    app.config["WTF_CSRF_ENABLED"] = True
    answer = visitor.post("/account/password", data={"current": "x"})
    assert answer.status_code == 303 and answer.location.endswith("why=ended&lost=1"), answer.location
    page = read(visitor.get(answer.location))
    assert "Your session has ended" in page.text and "was not saved" in page.text
    assert visitor.post("/status", data={"number": "ED2026-000001"}).status_code == 400, "a public form has no session"


def test_a_contact_of_an_organisation_lands_on_its_cases(sign_in):
    assert sign_in("employer").get("/sign-in").location == "/my"


def test_a_change_of_membership_ends_the_session(sign_in, world):
    client = sign_in("employer")
    commands.set_roles(
        world.accounts["employer"],
        roles=[Role.EMPLOYER],
        districts=(),
        is_municipal=False,
        memberships=[(world.organisation_id, MembershipRight.READ_ONLY)],
        actor=SYSTEM,
    )
    db.session.commit()
    assert not is_signed_in(client)


def test_a_change_of_the_name_alone_ends_nothing(sign_in, world):
    client = sign_in("officer")
    commands.set_details(
        world.accounts["officer"], name="周敏", name_latin="Zhou Min", email="", phone="1", window="3", actor=SYSTEM
    )
    db.session.commit()
    assert is_signed_in(client)


def test_rights_taken_back_by_a_rollback_leave_the_session(sign_in, world):
    client = sign_in("officer")
    disable(world.accounts["officer"])
    db.session.rollback()
    assert is_signed_in(client)


def stored(account: Account, **more: object) -> StoredSession:
    now = clock.real_now()
    return StoredSession(account.id, {"account_version": account.row_version, **more}, now, now, 900)


def test_somebody_disabled_while_signing_in_gets_no_session(app, world):
    account = commands.find_account(world.accounts["officer"])
    prepared = stored(account)
    commands.disable(account.id, SYSTEM)
    db.session.commit()
    DatabaseSessions(app).create("token", prepared)
    assert rows() == 0


def test_somebody_whose_roles_changed_while_signing_in_gets_no_session(app, world):
    account = commands.find_account(world.accounts["officer"])
    prepared = stored(account)
    change_roles(account.id)
    db.session.commit()
    DatabaseSessions(app).create("token", prepared)
    assert rows() == 0


def test_saving_does_not_bring_an_ended_session_back(app, world):
    store = DatabaseSessions(app)
    account = commands.find_account(world.accounts["officer"])
    prepared = stored(account)
    db.session.rollback()  # lets go of the writer's place
    store.create("token", prepared)
    assert rows() == 1
    commands.end_sessions(account.id)
    db.session.commit()
    store.save("token", {"a": 1}, clock.real_now())
    assert rows() == 0


def test_ended_rows_stay_a_day_for_forms_that_come_late_and_then_go(sign_in, set_back):
    sign_in("officer")
    set_back("officer", seen=timedelta(hours=20))
    assert drop_ended_sessions() == 0
    set_back("officer", seen=timedelta(hours=37))
    assert drop_ended_sessions() == 1


def test_own_sessions_are_listed_and_can_be_ended(sign_in, read):
    here = sign_in("officer", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/130.0"})
    there = sign_in(
        "officer", headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Safari/604.1"}
    )
    page = read(here.get("/account"))
    assert "Firefox, Linux" in page.text and "Safari, iPhone" in page.text
    key = page.one("input", type="hidden", name="session").get("value")
    assert key == hash_token(there.get_cookie("expertdesk").value)
    assert here.post("/account/sessions/end", data={"session": key}).status_code == 303
    assert not is_signed_in(there)
    assert is_signed_in(here)


def test_nobody_ends_a_session_of_somebody_else(sign_in):
    mine, other = sign_in("officer"), sign_in("reviewer")
    key = hash_token(other.get_cookie("expertdesk").value)
    assert mine.post("/account/sessions/end", data={"session": key}).status_code == 404
    assert is_signed_in(other)


def test_signing_out_everywhere_ends_this_browser_too(sign_in):
    here, there = sign_in("officer"), sign_in("officer")
    assert here.post("/account/sessions/end").headers["Location"] == "/sign-in"
    assert not is_signed_in(here)
    assert not is_signed_in(there)


def test_the_database_being_away_is_a_503_page_not_a_lost_session(app, sign_in, monkeypatch, read):
    from sqlalchemy.exc import OperationalError

    client = sign_in("officer")

    def away(self, token):
        raise OperationalError("select", {}, Exception("gone"))

    with monkeypatch.context() as patched:
        patched.setattr(DatabaseSessions, "load", away)
        answer = client.get("/account")
        read(answer, 503)
        assert answer.headers["Retry-After"]
    assert is_signed_in(client)
