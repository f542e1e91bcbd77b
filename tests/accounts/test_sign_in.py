"""The way in: one answer for every failure, no redirect to elsewhere, tokens, the figures of Argon2."""

from __future__ import annotations

import re
import threading
import time

import pytest
from sqlalchemy import select

from expertdesk.access import SYSTEM
from expertdesk.accounts import commands, passwords
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Account
from tests.accounts.conftest import is_signed_in


@pytest.mark.parametrize(("language", "title"), [("en", "Sign in"), ("zh", "登录")])
def test_the_page_is_sound_in_both_languages(visitor, read, language, title):
    visitor.set_cookie("language", language)
    page = read(visitor.get("/sign-in"))
    assert page.words(page.one("h1")) == title
    assert page.one("input", id="username").get("autocomplete") == "username"
    assert page.one("input", id="password").get("type") == "password"


@pytest.mark.parametrize("query", ["why=expired", "why=expired&kept=1&next=/administration/users/new", "why=ended"])
def test_why_one_has_to_sign_in_again_is_said(visitor, read, query):
    page = read(visitor.get(f"/sign-in?{query}"))
    note = page.one("div", class_="ed-note mb-4")
    assert "signed out" in page.words(note)


def test_every_kind_of_failure_looks_the_same(visitor, world):
    commands.disable(world.accounts["officer2"], SYSTEM)
    db.session.commit()
    tries = [
        ("officer", "Wrong-password-of-mine"),
        ("nobody-here", "Wrong-password-of-mine"),
        ("officer2", world.password),
        ("officer2", "Wrong-password-of-mine"),
    ]
    pages = []
    for username, password in tries:
        answer = visitor.post("/sign-in", data={"username": username, "password": password})
        assert answer.status_code == 422
        plain = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text.replace(username, "NAME"))
        pages.append(plain)
        assert not is_signed_in(visitor)
    assert len(set(pages)) == 1
    assert "User name or password is wrong." in pages[0]


def test_what_was_typed_is_kept_but_never_the_password(visitor, read, world):
    answer = visitor.post("/sign-in", data={"username": "officer", "password": "Some-secret-typed-here"})
    page = read(answer, 422)
    assert page.one("input", id="username").get("value") == "officer"
    assert "Some-secret-typed-here" not in answer.text


@pytest.mark.parametrize("username", ["Officer", "  officer ", "ｏｆｆｉｃｅｒ", "OFFICER"])
def test_capitals_and_full_width_letters_do_not_matter_in_the_name(visitor, world, username):
    assert visitor.post("/sign-in", data={"username": username, "password": world.password}).status_code == 303


def test_the_password_is_taken_exactly_as_typed(visitor, world):
    for password in (world.password.lower(), world.password + " ", world.password[:-1]):
        assert visitor.post("/sign-in", data={"username": "officer", "password": password}).status_code == 422


BAD = [
    {},
    {"username": "officer"},
    {"username": "", "password": ""},
    {"username": "a\x00b", "password": "x"},
    {"username": "officer", "password": "x" * 5000},
    {"username": "x" * 5000, "password": "y"},
]


@pytest.mark.parametrize("data", BAD)
def test_bad_input_gets_a_message_at_the_field(visitor, read, data):
    page = read(visitor.post("/sign-in", data=data), 422)
    assert page.all("div", class_="ed-errors")


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/account", "/account"),
        ("//evil.example/", None),
        ("https://evil.example/", None),
        ("/\\evil.example", None),
        ("javascript:alert(1)", None),
    ],
)
def test_one_lands_where_one_came_from_but_never_elsewhere(visitor, world, wanted, goes_to):
    answer = visitor.post(
        "/sign-in", query_string={"next": wanted}, data={"username": "auditor", "password": world.password}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == (goes_to or "/administration/history")


def test_an_address_that_takes_no_get_leads_to_the_page_above_it(visitor, world):
    answer = visitor.post(
        "/sign-in",
        query_string={"next": "/account/password"},
        data={"username": "officer", "password": world.password},
    )
    assert answer.headers["Location"] == "/account"


def test_a_form_without_its_token_is_refused(visitor, world, csrf, read):
    answer = visitor.post("/sign-in", data={"username": "officer", "password": world.password})
    read(answer, 400)


def test_the_token_of_the_visitor_is_worth_nothing_after_signing_in(visitor, world, csrf, read):
    token = read(visitor.get("/sign-in")).form_values("/sign-in")["csrf_token"]
    data = {"username": "officer", "password": world.password, "csrf_token": token}
    assert visitor.post("/sign-in", data=data).status_code == 303
    assert visitor.post("/sign-out", data={"csrf_token": token}).status_code == 400
    fresh = read(visitor.get("/account")).form_values("/sign-out")["csrf_token"]
    assert visitor.post("/sign-out", data={"csrf_token": fresh}).status_code == 303


def test_sign_ins_and_failures_stand_in_the_access_log(visitor, world):
    visitor.post("/sign-in", data={"username": "officer", "password": "Wrong-password-of-mine"})
    visitor.post("/sign-in", data={"username": "my password by mistake", "password": "x"})
    visitor.post("/sign-in", data={"username": "officer", "password": world.password})
    db.session.rollback()
    entries = db.session.scalars(select(AccessEntry).order_by(AccessEntry.id)).all()
    assert [(entry.action, entry.account_id) for entry in entries] == [
        ("sign_in_failed", world.accounts["officer"]),
        ("sign_in_failed", None),
        ("signed_in", world.accounts["officer"]),
    ]
    assert {entry.address for entry in entries} == {"127.0.0.1"}
    assert all("mistake" not in entry.detail for entry in entries)


def test_the_figures_of_argon2_are_those_agreed(app, with_settings):
    with_settings(mode="production")
    hashed = passwords.hash_password("A-heron-stands-in-shallow-water")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.password_matches(hashed, "A-heron-stands-in-shallow-water")
    assert not passwords.password_matches(hashed, "A-heron-stands-in-shallow-wateR")


def test_no_more_than_two_passwords_are_hashed_at_once(app, monkeypatch):
    running, most = 0, 0
    lock = threading.Lock()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.05)
            with lock:
                running -= 1
            return "hash"

    monkeypatch.setattr(passwords, "hasher", Slow)
    threads = [threading.Thread(target=passwords.hash_password, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_an_unknown_name_costs_a_check_of_a_password_too(visitor, world, monkeypatch):
    checked = []
    real = passwords.password_matches

    def counted(stored: str, password: str) -> bool:
        checked.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "password_matches", counted)
    visitor.post("/sign-in", data={"username": "nobody-here", "password": "Wrong-password-of-mine"})
    visitor.post("/sign-in", data={"username": "officer", "password": "Wrong-password-of-mine"})
    assert checked[0] == "" and checked[1].startswith("$argon2id$")


def test_a_hash_of_older_figures_is_made_anew_at_the_next_sign_in(visitor, world):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(world.password)
    account = db.session.scalars(select(Account).where(Account.username == "officer")).one()
    account.password_hash = old
    db.session.commit()
    assert visitor.post("/sign-in", data={"username": "officer", "password": world.password}).status_code == 303
    db.session.expire_all()
    renewed = db.session.scalar(select(Account.password_hash).where(Account.username == "officer"))
    assert renewed != old and "m=64," in renewed
    assert is_signed_in(visitor)


def test_the_language_of_the_browser_holds_until_one_chooses(app, world):
    client = app.test_client()
    client.post("/sign-in", data={"username": "officer", "password": world.password})
    assert 'lang="zh-CN"' in client.get("/account", headers={"Accept-Language": "zh-CN"}).text[:200]
    assert 'lang="en"' in client.get("/account", headers={"Accept-Language": "en-GB"}).text[:200]
    client.post("/language", data={"language": "zh", "next": "/account"})
    other = app.test_client()
    other.post("/sign-in", data={"username": "officer", "password": world.password})
    assert 'lang="zh-CN"' in other.get("/account", headers={"Accept-Language": "en-GB"}).text[:200]


def test_pages_of_signed_in_people_are_not_stored_by_browsers(sign_in):
    assert sign_in("officer").get("/account").headers["Cache-Control"] == "no-store"
