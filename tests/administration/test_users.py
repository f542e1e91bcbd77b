"""Accounts and rights: who may change what, two people at once, the last administrator."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts import commands
from expertdesk.accounts.actors import actor_by_username
from expertdesk.foundation.database import db
from expertdesk.models import Account, Event, Organisation
from tests.accounts.conftest import is_signed_in

NEW = "A-heron-stands-in-shallow-water"
DETAILS = {"name": "周敏", "name_latin": "Zhou Min", "email": "officer@jiangzhou.example", "phone": "", "window": ""}


@pytest.fixture
def admin(sign_in):
    return sign_in("admin")


def path_of(world, username: str, end: str = "") -> str:
    return f"/administration/users/{world.accounts[username]}{end}"


def form_of(client, world, username: str, read) -> dict:
    """The form as a browser sends it back, with lists for ticked boxes."""
    page = read(client.get(path_of(world, username)))
    values = page.form_values(path_of(world, username))
    for name in ("roles", "districts", "memberships"):
        ticked = [box.get("value") for box in page.all("input", type="checkbox", name=name) if "checked" in box.attrib]
        if ticked or name in values:
            values[name] = ticked
    return values


# --- the list --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_names_people_rights_and_what_is_set(sign_in, read, language):
    client = sign_in("admin")
    client.post("/language", data={"language": language, "next": "/"})
    page = read(client.get("/administration"))
    assert "周敏" in page.text and "officer2" in page.text
    assert "ASVS" in page.text and "http://127.0.0.1:8000" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=officer", {"officer", "officer2"}),
        ("q=周敏", {"officer"}),
        ("q=zhou min", {"officer"}),
        ("q=reviewer@jiangzhou", {"reviewer"}),
        ("role=employer", {"employer", "employer2"}),
        ("role=officer&q=han", {"officer2"}),
        ("q=%25", set()),
        ("q=nobody at all", set()),
    ],
)
def test_accounts_are_found(admin, world, read, query, found):
    page = read(admin.get(f"/administration?{query}"))
    names = {world_name for world_name, account in world.accounts.items() if f'/users/{account}"' in page.html}
    assert names == found


def test_many_accounts_come_in_pages_with_the_same_number_of_queries(app, admin, world, read, counted):
    for number in range(60):
        commands.create_account(
            username=f"person{number:03}", name=f"人{number}", roles=[Role.LIAISON], password="",
            districts=["990101", "990102"], actor=SYSTEM,
        )  # fmt: skip
    db.session.commit()
    first = read(admin.get("/administration"))
    following = first.one("a", rel="next").get("href")
    second = read(admin.get(following))
    seen = [re.findall(r"/administration/users/(\d+)", page.html) for page in (first, second)]
    assert len(set(seen[0])) == 50 and not set(seen[0]) & set(seen[1])
    assert len(set(seen[0]) | set(seen[1])) == 60 + len(world.accounts)
    with counted() as statements:
        admin.get("/administration")
    assert len(statements) <= 10, "\n".join(statements)


# --- a new account ---------------------------------------------------------------------------------------------

STAFF = {
    "username": "ducheng",
    "name": "杜程",
    "name_latin": "Du Cheng",
    "email": "du@jiangzhou.example",
    "roles": ["officer"],
    "districts": ["990102"],
    "language": "zh",
}


def test_a_new_colleague_sets_the_own_password_with_the_one_time_address(app, admin, read):
    read(admin.get("/administration/users/new"))
    page = read(admin.post("/administration/users/new", data=STAFF))
    address = page.words(page.one("span", id="address"))
    path = address.removeprefix("http://127.0.0.1:8000")
    colleague = app.test_client()
    assert colleague.post(path, data={"password": NEW, "again": NEW}).status_code == 303
    assert is_signed_in(colleague)
    actor = actor_by_username("ducheng")
    assert actor.roles == {Role.OFFICER} and actor.districts == {"990102"}
    assert address not in admin.get("/administration").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"username": "officer"}, "taken"),
        ({"name": ""}, "Enter the name"),
        ({"roles": []}, "at least one role"),
        ({"roles": ["expert"]}, "Choose from the list"),
        ({"roles": ["auditor", "admin"]}, "holds no other role"),
        ({"districts": ["110101"]}, "Choose from the list"),
        ({"email": "not an address"}, "full e-mail address"),
    ],
)
def test_a_wrong_form_says_why_and_keeps_what_was_typed(admin, read, change, says):
    page = read(admin.post("/administration/users/new", data={**STAFF, **change}), 422)
    assert says in page.text
    assert page.one("input", id="name_latin").get("value") == "Du Cheng"
    assert db.session.scalar(select(Account.id).where(Account.username == "ducheng")) is None


# --- changing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["officer", "expert", "employer", "admin"])
def test_saving_an_untouched_form_changes_nothing(admin, world, read, username):
    before = db.session.scalar(select(Account.row_version).where(Account.username == username))
    form = form_of(admin, world, username, read)
    assert admin.post(path_of(world, username), data=form).status_code == 303
    assert db.session.scalar(select(Account.row_version).where(Account.username == username)) == before


def test_a_new_role_holds_from_the_next_sign_in_and_ends_the_sessions(sign_in, admin, world, read):
    officer = sign_in("officer")
    form = form_of(admin, world, "officer", read)
    form["roles"], form["districts"] = ["reviewer"], []
    assert admin.post(path_of(world, "officer"), data=form).status_code == 303
    assert not is_signed_in(officer)
    actor = actor_by_username("officer")
    assert actor.roles == {Role.REVIEWER} and actor.districts == frozenset()
    event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert event.name == "account.roles_changed" and event.actor_id == world.accounts["admin"]
    assert event.payload["before"]["roles"] == ["liaison", "officer"]
    assert event.payload["after"]["roles"] == ["reviewer"]
    page = read(admin.get(path_of(world, "officer")))
    assert "Roles or districts changed" in page.text


def test_an_organisation_is_added_and_taken_away(admin, world, read):
    code = db.session.scalar(select(Organisation.credit_code).where(Organisation.id == world.organisation2_id))
    form = form_of(admin, world, "employer", read)
    assert admin.post(path_of(world, "employer"), data={**form, "add_code": "12345"}).status_code == 422
    form.update(add_code=f" {code[:4]} {code[4:].lower()}", add_right="read_only")
    assert admin.post(path_of(world, "employer"), data=form).status_code == 303
    assert actor_by_username("employer").organisations == {world.organisation_id, world.organisation2_id}
    form = form_of(admin, world, "employer", read)
    form["memberships"] = [f"{world.organisation2_id}:read_only"]
    assert admin.post(path_of(world, "employer"), data=form).status_code == 303
    assert actor_by_username("employer").organisations == {world.organisation2_id}
    form = form_of(admin, world, "employer", read)
    form["memberships"] = []
    page = read(admin.post(path_of(world, "employer"), data=form), 422)
    assert "at least one organisation" in page.text


@pytest.mark.parametrize("bad", ["1", "x:handler", "1:boss", "99999999999:handler", "1:handler:2"])
def test_a_made_up_membership_is_refused(admin, world, read, bad):
    form = form_of(admin, world, "employer", read)
    form["memberships"] = [bad]
    answer = admin.post(path_of(world, "employer"), data=form)
    assert answer.status_code == 422


# --- two people at once ----------------------------------------------------------------------------------------


def test_who_saves_second_sees_both_versions_and_chooses(admin, sign_in, world, read):
    form = form_of(admin, world, "officer", read)
    commands.set_roles(
        world.accounts["officer"],
        roles=[Role.OFFICER, Role.LIAISON],
        districts=["990101", "990103"],
        is_municipal=False,
        memberships=(),
        actor=world.actor("admin"),
    )
    db.session.commit()
    form.update(phone="0999-1", districts=["990101", "990102"], roles=["officer"])
    answer = admin.post(path_of(world, "officer"), data=form)
    page = read(answer, 409)
    assert "Yunxi, Wangling" in page.text and "Yunxi, Chenghu" in page.text
    assert "Case officer, Liaison officer" in page.text
    assert "Wu Tong" in page.text or "吴桐" in page.text
    assert actor_by_username("officer").districts == {"990101", "990103"}

    resolved = page.form_values(path_of(world, "officer"))
    assert resolved["districts"] == "990101,990102"  # mine is ticked beforehand
    resolved["districts"] = "990101,990103"  # the stored one is chosen
    assert admin.post(path_of(world, "officer"), data=resolved).status_code == 303
    actor = actor_by_username("officer")
    assert actor.districts == {"990101", "990103"} and actor.roles == {Role.OFFICER} and actor.phone == "0999-1"


def test_a_stale_disable_is_refused_too(admin, world):
    commands.set_details(world.accounts["officer"], **{**DETAILS, "phone": "7"}, actor=SYSTEM)
    db.session.commit()
    assert admin.post(path_of(world, "officer", "/disable"), data={"version": "1"}).status_code == 409
    assert db.session.scalar(select(Account.is_active).where(Account.username == "officer"))


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "99999999999999999999"])
def test_a_form_without_a_real_version_is_refused(admin, world, read, version):
    form = form_of(admin, world, "officer", read)
    form["version"] = version
    assert admin.post(path_of(world, "officer"), data=form).status_code == 422


# --- rules -----------------------------------------------------------------------------------------------------


def test_nobody_changes_the_own_role_but_may_change_the_own_phone(admin, world, read):
    form = form_of(admin, world, "admin", read)
    form["phone"] = "0999-8800"
    assert admin.post(path_of(world, "admin"), data=form).status_code == 303
    form = form_of(admin, world, "admin", read)
    form["roles"] = ["admin", "officer"]
    assert "Nobody changes their own role" in read(admin.post(path_of(world, "admin"), data=form), 409).text
    assert actor_by_username("admin").roles == {Role.ADMIN}
    assert admin.post(path_of(world, "admin", "/disable"), data={}).status_code == 409


def second_admin(world) -> int:
    account = commands.create_account(
        username="admin2", name="乙", roles=[Role.ADMIN], password=NEW + "-77", actor=SYSTEM
    )
    db.session.commit()
    return account.id


def test_the_last_administrator_stays(app, world):
    other = second_admin(world)
    actor = actor_by_username("admin2")
    commands.disable(world.accounts["admin"], actor)
    db.session.commit()
    from expertdesk.foundation.errors import NotAllowedNow

    with pytest.raises(NotAllowedNow):
        commands.disable(other, SYSTEM)
    with pytest.raises(NotAllowedNow):
        commands.set_roles(other, roles=[Role.MANAGER], districts=(), is_municipal=True, memberships=(), actor=SYSTEM)
    db.session.rollback()
    commands.enable(world.accounts["admin"], actor)
    commands.disable(other, SYSTEM)


def test_an_administrator_who_cannot_sign_in_does_not_count(app, world):
    from expertdesk.foundation.errors import NotAllowedNow

    commands.create_account(username="admin2", name="乙", roles=[Role.ADMIN], password="", actor=SYSTEM)
    db.session.commit()
    with pytest.raises(NotAllowedNow):
        commands.disable(world.accounts["admin"], SYSTEM)


def test_disabling_ends_sessions_and_enabling_lets_in_again(app, sign_in, admin, world, read):
    officer = sign_in("officer")
    page = read(admin.get(path_of(world, "officer")))
    version = page.form_values("/disable")["version"]
    assert admin.post(path_of(world, "officer", "/disable"), data={"version": version}).status_code == 303
    assert not is_signed_in(officer)
    data = {"username": "officer", "password": world.password}
    assert app.test_client().post("/sign-in", data=data).status_code == 422
    assert "Disabled" in read(admin.get(path_of(world, "officer"))).text
    assert admin.post(path_of(world, "officer", "/enable")).status_code == 303
    assert app.test_client().post("/sign-in", data=data).status_code == 303


def test_an_administrator_ends_the_sessions_of_somebody(sign_in, admin, world):
    officer = sign_in("officer")
    assert admin.post(path_of(world, "officer", "/sign-out")).status_code == 303
    assert not is_signed_in(officer)


def test_a_reset_shows_the_address_once(admin, world, read):
    page = read(admin.post(path_of(world, "officer", "/reset")))
    assert "/invitation/" in page.words(page.one("span", id="address"))
    later = read(admin.get(path_of(world, "officer")))
    assert "A one-time address is open until" in later.text and "/invitation/" not in later.html


@pytest.mark.parametrize("user_id", ["0", "999", "2147483648", "99999999999999999999"])
def test_an_unknown_account_is_a_404(admin, user_id):
    assert admin.get(f"/administration/users/{user_id}").status_code == 404
    for action in ("reset", "disable", "enable", "sign-out"):
        assert admin.post(f"/administration/users/{user_id}/{action}").status_code == 404
    assert admin.post(f"/administration/invitations/{user_id}/withdraw").status_code == 404


# --- who may ---------------------------------------------------------------------------------------------------

GETS = {
    "/administration": {"admin"},
    "/administration/users/new": {"admin"},
    "/administration/users/1": {"admin"},
    "/administration/settings": {"admin"},
    "/administration/counts": {"admin"},
    "/administration/invitations": {"admin", "officer"},
    "/administration/outbox": {"officer", "manager"},
    "/administration/history": {"auditor"},
    "/administration/access-log": {"auditor"},
}
POSTS = {
    "/administration/users/new": {"admin"},
    "/administration/users/1": {"admin"},
    "/administration/users/1/disable": {"admin"},
    "/administration/users/1/enable": {"admin"},
    "/administration/users/1/reset": {"admin"},
    "/administration/users/1/sign-out": {"admin"},
    "/administration/invitations": {"officer"},
    "/administration/invitations/1/withdraw": {"admin", "officer"},
    "/administration/outbox/1/again": {"officer", "manager"},
}


@pytest.mark.parametrize(
    "username", ["officer", "reviewer", "liaison", "manager", "admin", "auditor", "expert", "employer"]
)
def test_every_page_is_for_its_roles_only(sign_in, username):
    client = sign_in(username)
    for path, allowed in GETS.items():
        assert (client.get(path).status_code == 200) is (username in allowed), path
        if username not in allowed:
            assert client.get(path).status_code == 403, path
    for path, allowed in POSTS.items():
        if username not in allowed:
            assert client.post(path).status_code == 403, path


def test_visitors_are_sent_to_sign_in(visitor, world):
    for path in GETS:
        assert visitor.get(path).headers["Location"] == f"/sign-in?next={path}"
