"""One-time addresses: made, sent, used once, withdrawn, expired; the first administrator."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from expertdesk.access import Role
from expertdesk.accounts import commands
from expertdesk.accounts.actors import actor_by_username
from expertdesk.accounts.invitations import (
    InvitationState,
    accept_invitation,
    find_invitation,
    first_administrator_address,
    invite,
    reset_address,
    withdraw_invitation,
)
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken
from expertdesk.foundation.secrets import hash_token
from expertdesk.models import Account, Event, Invitation, MembershipRight, Message
from tests.accounts.conftest import is_signed_in

NEW = "A-heron-stands-in-shallow-water"
FORM = {"username": "newcomer", "password": NEW, "again": NEW}


@pytest.fixture
def invited(world):
    """The code of an invitation for the second expert, made by an officer."""
    code = invite(
        role=Role.EXPERT,
        name="Nguyễn Thị Minh Hạnh",
        email="hanh@mail.example",
        language="en",
        person_id=world.person2_id,
        actor=world.actor("officer"),
    )
    db.session.commit()
    return code


def event_names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Event.name).order_by(Event.id.desc()).limit(2)))


def test_only_the_digest_of_the_code_is_stored(invited):
    row = db.session.scalars(select(Invitation)).one()
    assert row.code_digest == hash_token(invited)
    message = db.session.scalars(select(Message)).one()
    assert message.kind == "invitation" and message.email == "hanh@mail.example"
    assert invited not in str(message.parameters)
    assert event_names()[0] == "invitation.created"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_names_the_person_and_is_sound(visitor, invited, read, language):
    visitor.set_cookie("language", language)
    page = read(visitor.get(f"/invitation/{invited}"))
    assert "Nguyễn Thị Minh Hạnh" in page.text
    assert page.one("input", id="password").get("autocomplete") == "new-password"


def test_accepting_makes_the_account_and_signs_in_and_works_once(app, visitor, invited, world, read):
    answer = visitor.post(f"/invitation/{invited}", data=FORM)
    assert answer.status_code == 303
    assert is_signed_in(visitor)
    account = db.session.scalars(select(Account).where(Account.username == "newcomer")).one()
    assert account.person_id == world.person2_id
    assert [held.role for held in account.roles] == [Role.EXPERT]
    assert event_names() == ["invitation.accepted", "account.created"]
    other = app.test_client()
    assert "used already" in read(other.get(f"/invitation/{invited}"), 410).text
    again = other.post(f"/invitation/{invited}", data={**FORM, "username": "thief"})
    read(again, 410)
    assert db.session.scalar(select(Account.id).where(Account.username == "thief")) is None


def test_of_two_who_accept_at_once_one_gets_it(app, invited):
    results: list[str] = []
    gate = threading.Barrier(2)

    def accept(name: str) -> None:
        with app.app_context():
            from expertdesk.foundation.database import intend_to_write

            intend_to_write(True)
            gate.wait()
            try:
                accept_invitation(invited, username=name, password=NEW)
                db.session.commit()
                results.append(name)
            except NotFound:
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 1
    db.session.rollback()
    made = db.session.scalars(select(Account.username).where(Account.username.in_(("first", "second")))).all()
    assert list(made) == results


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"again": NEW + "x"}, "differ"),
        ({"username": "officer"}, "taken"),
        ({"username": ""}, "Choose a user name"),
        ({"username": "a b"}, "at least 3|Use Latin letters"),
    ],
)
def test_bad_input_is_answered_at_the_field_and_leaves_the_address_open(visitor, invited, read, change, says):
    page = read(visitor.post(f"/invitation/{invited}", data={**FORM, **change}), 422)
    assert any(part in page.text for part in says.split("|"))
    assert page.one("input", id="username").get("value") == {**FORM, **change}["username"]
    assert find_invitation(invited).state is InvitationState.OPEN
    assert visitor.post(f"/invitation/{invited}", data=FORM).status_code == 303


def test_an_expired_address_says_so(visitor, invited, read):
    db.session.execute(update(Invitation).values(expires_at=clock.real_now() - timedelta(seconds=1)))
    db.session.commit()
    assert "has expired" in read(visitor.get(f"/invitation/{invited}"), 410).text
    assert visitor.post(f"/invitation/{invited}", data=FORM).status_code == 410
    with pytest.raises(NotFound):
        accept_invitation(invited, username="newcomer", password=NEW)


def test_a_withdrawn_address_says_so(visitor, invited, world, read):
    withdraw_invitation(db.session.scalar(select(Invitation.id)), world.actor("officer"))
    db.session.commit()
    assert "was withdrawn" in read(visitor.get(f"/invitation/{invited}"), 410).text
    with pytest.raises(NotAllowedNow):
        withdraw_invitation(db.session.scalar(select(Invitation.id)), world.actor("officer"))


def test_an_unknown_address_is_a_404(visitor, world, read):
    read(visitor.get("/invitation/no-such-code"), 404)
    read(visitor.get("/first-administrator/no-such-code"), 404)


def test_an_invitation_is_no_first_administrator(visitor, invited):
    assert visitor.get(f"/first-administrator/{invited}").status_code == 404


def test_an_organisation_contact_gets_the_membership(visitor, world):
    code = invite(
        role=Role.EMPLOYER,
        name="何静",
        email="",
        language="zh",
        organisation_id=world.organisation_id,
        right="read_only",
        actor=world.actor("officer"),
    )
    db.session.commit()
    assert db.session.scalars(select(Message)).all() == []
    assert visitor.post(f"/invitation/{code}", data=FORM).status_code == 303
    actor = actor_by_username("newcomer")
    assert actor.organisations == {world.organisation_id}
    assert actor.handled_organisations == frozenset()


def test_a_contact_who_has_an_account_adds_the_organisation_to_it(sign_in, world, read):
    code = invite(
        role=Role.EMPLOYER,
        name="何静",
        email="",
        language="zh",
        organisation_id=world.organisation2_id,
        actor=world.actor("officer"),
    )
    db.session.commit()
    client = sign_in("employer")
    assert "You have an account already" in read(client.get(f"/invitation/{code}")).text
    assert client.post(f"/invitation/{code}/join").status_code == 303
    assert is_signed_in(client)
    held = commands.find_account(world.accounts["employer"]).memberships
    assert {row.organisation_id for row in held} == {world.organisation_id, world.organisation2_id}
    assert all(row.right is MembershipRight.HANDLER for row in held)
    assert client.post(f"/invitation/{code}/join").status_code == 410


def test_staff_cannot_join_an_organisation(sign_in, world):
    code = invite(
        role=Role.EMPLOYER,
        name="何静",
        email="",
        language="zh",
        organisation_id=world.organisation2_id,
        actor=world.actor("officer"),
    )
    db.session.commit()
    assert sign_in("officer").post(f"/invitation/{code}/join").status_code == 404
    assert find_invitation(code).state is InvitationState.OPEN


@pytest.mark.parametrize("username", ["reviewer", "manager", "admin", "auditor", "liaison", "expert", "employer"])
def test_only_case_officers_invite(world, username):
    with pytest.raises(NotPermitted):
        invite(
            role=Role.EXPERT,
            name="甲",
            email="",
            language="zh",
            person_id=world.person_id,
            actor=world.actor(username) if username != "liaison" else world.actor("liaison"),
        )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER, Role.AUDITOR])
def test_nobody_is_invited_to_a_staff_role(world, role):
    with pytest.raises(RuleBroken) as refused:
        invite(role=role, name="甲", email="", language="zh", actor=world.actor("officer"))
    assert "role" in refused.value.problems


# --- a new password --------------------------------------------------------------------------------------------


def test_a_reset_sets_the_password_ends_sessions_and_older_addresses(app, sign_in, visitor, world, read):
    old = sign_in("officer")
    first = reset_address(world.accounts["officer"], world.actor("admin"))
    second = reset_address(world.accounts["officer"], world.actor("admin"))
    db.session.commit()
    assert "was withdrawn" in read(visitor.get(f"/invitation/{first}"), 410).text
    page = read(visitor.get(f"/invitation/{second}"))
    assert not page.all("input", id="username") and "officer" in page.text
    assert visitor.post(f"/invitation/{second}", data={"password": "short", "again": "short"}).status_code == 422
    assert visitor.post(f"/invitation/{second}", data={"password": NEW, "again": NEW}).status_code == 303
    assert is_signed_in(visitor) and not is_signed_in(old)
    other = app.test_client()
    assert other.post("/sign-in", data={"username": "officer", "password": world.password}).status_code == 422
    assert other.post("/sign-in", data={"username": "officer", "password": NEW}).status_code == 303


def test_disabling_closes_an_open_reset_address(visitor, world):
    code = reset_address(world.accounts["officer"], world.actor("admin"))
    commands.disable(world.accounts["officer"], world.actor("admin"))
    db.session.commit()
    assert visitor.get(f"/invitation/{code}").status_code == 404
    with pytest.raises(NotAllowedNow):
        reset_address(world.accounts["officer"], world.actor("admin"))


def test_only_administrators_make_reset_addresses(world):
    with pytest.raises(NotPermitted):
        reset_address(world.accounts["reviewer"], world.actor("officer"))


# --- the first administrator -----------------------------------------------------------------------------------

FIRST = {"username": "boss", "name": "吴桐", "name_latin": "Wu Tong", "email": "", "password": NEW, "again": NEW}


def test_an_installation_with_accounts_has_no_such_address(app, world):
    assert first_administrator_address() is None


def test_the_first_administrator_begins_with_the_address_of_the_console(app, visitor, read):
    db.session.rollback()
    older = first_administrator_address()
    address = first_administrator_address()
    assert older and address and address.startswith("http://127.0.0.1:8000/first-administrator/")
    path, old_path = address.removeprefix("http://127.0.0.1:8000"), older.removeprefix("http://127.0.0.1:8000")
    assert visitor.get(old_path).status_code == 404
    read(visitor.get(path))
    weak = read(visitor.post(path, data={**FIRST, "password": "twelve chars", "again": "twelve chars"}), 422)
    assert "at least 15" in weak.text
    assert weak.one("input", id="name").get("value") == "吴桐"
    answer = visitor.post(path, data=FIRST)
    assert answer.headers["Location"] == "/administration"
    assert actor_by_username("boss").roles == {Role.ADMIN}
    assert visitor.post(path, data={**FIRST, "username": "second"}).status_code == 410
    over = read(app.test_client().get(path), 410).text
    assert "prints a new address when it starts" in over and "new invitation" not in over
    db.session.rollback()
    assert first_administrator_address() is None


def test_the_address_is_worth_nothing_once_there_is_an_account(app, visitor):
    from expertdesk.access import SYSTEM

    db.session.rollback()
    address = first_administrator_address()
    commands.create_account(username="boss", name="甲", roles=[Role.ADMIN], password=NEW, actor=SYSTEM)
    db.session.commit()
    path = address.removeprefix("http://127.0.0.1:8000")
    assert visitor.post(path, data={**FIRST, "username": "second"}).status_code == 404
    db.session.rollback()
    assert db.session.scalars(select(Account.username)).all() == ["boss"]
