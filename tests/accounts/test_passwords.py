"""The password policy, changing a password, and the profile that assessors ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts import commands, passwords, rules
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.models import Account
from tests.accounts.conftest import is_signed_in

NEW = "A-heron-stands-in-shallow-water"


def problem(password: str, *, profile: str = "asvs", is_staff: bool = False, words: tuple[str, ...] = ()) -> str:
    found = rules.password_problem(
        password, rules.policy_for(profile, is_staff=is_staff), is_common=passwords.is_common, own_words=words
    )
    return "" if found is None else str(found)


@pytest.mark.parametrize(
    "password",
    [
        "heron stands",
        "лебедь плывёт",
        "我家门前有一条小河向东流",
        "kP9#vT2m!xQ7",
        "aB3$aB4$cD5%",
        "correcthorsebatterystaple",
    ],
)
def test_twelve_characters_of_any_kind_are_enough_for_experts(password):
    assert problem(password) == ""


def test_staff_need_fifteen(app):
    assert "at least 15" in problem("heron stands", is_staff=True)
    assert problem("heron stands in", is_staff=True) == ""
    assert "at least 12" in problem("heron stand")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password!!!!2026",
        "passwordpassword",
        "iloveyou-iloveyou",
        "123456789012345",
        "qwertyuiopasdfgh",
        "abcdefghijklmnop",
        "0987654321098765",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "ExpertDesk-2026!",
        "jiangzhou123456",
        "江州市外国专家局2026",
        "zhoumin-19850101",
    ],
)
def test_what_everybody_tries_first_is_refused(app, password):
    words = (*passwords.bureau_words(), *commands.own_words("officer", "周敏", "Zhou Min", "zhoumin@jiangzhou.example"))
    assert "first that are tried" in problem(password, words=words)


def test_nothing_is_cut_off_at_the_end(app, world):
    long = "heron " * 20
    account = commands.find_account(world.accounts["officer"])
    commands.set_password(account, long[:120], SYSTEM)
    assert passwords.password_matches(account.password_hash, long[:120])
    assert not passwords.password_matches(account.password_hash, long[:119])
    assert "too long" in problem("x1" * 65)


def test_a_letter_with_its_accent_typed_in_two_ways_is_one_password(app):
    hashed = passwords.hash_password("Un cafe\u0301 au bord de l'eau")
    assert passwords.password_matches(hashed, "Un caf\u00e9 au bord de l'eau")


@pytest.mark.parametrize(
    ("password", "is_fine"),
    [("a heron stands in the water", False), ("A heron stands in water", True), ("a heron stands in 7 waters", True),
     ("aheronstandsinwater", False), ("AHERONSTANDSINWATER7", False), ("AheronStandsInWater7", True)],
)  # fmt: skip
def test_profile_mlps3_asks_for_three_kinds(password, is_fine):
    assert (problem(password, profile="mlps3", is_staff=True) == "") is is_fine
    assert problem(password, is_staff=True) == ""


def test_profile_mlps3_asks_for_a_new_password_after_90_days(sign_in, world, with_settings, read):
    with_settings(password_profile="mlps3")
    old = clock.real_now() - timedelta(days=90, minutes=1)
    db.session.execute(update(Account).where(Account.username == "officer").values(password_changed_at=old))
    db.session.commit()
    client = sign_in("officer")
    assert client.get("/desk").headers["Location"] == "/account"
    assert "older than the rules allow" in read(client.get("/account")).text
    answer = client.post(
        "/account/password", data={"current": world.password, "password": NEW + "7", "again": NEW + "7"}
    )
    assert answer.status_code == 303
    assert client.get("/desk").status_code != 303


def test_profile_asvs_asks_for_no_change(sign_in):
    old = clock.real_now() - timedelta(days=900)
    db.session.execute(update(Account).values(password_changed_at=old))
    db.session.commit()
    assert "older than" not in sign_in("officer").get("/account").text


def test_changing_the_password_ends_the_other_sessions_and_renews_this_one(sign_in, world, app):
    here, there = sign_in("officer"), sign_in("officer")
    token = here.get_cookie("expertdesk").value
    answer = here.post("/account/password", data={"current": world.password, "password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/account"
    assert is_signed_in(here) and not is_signed_in(there)
    assert here.get_cookie("expertdesk").value != token
    thief = app.test_client()
    thief.set_cookie("expertdesk", token)
    assert not is_signed_in(thief)
    assert thief.post("/sign-in", data={"username": "officer", "password": world.password}).status_code == 422
    assert thief.post("/sign-in", data={"username": "officer", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("Wrong-one-entirely", NEW, NEW, "not your present password"),
        ("", NEW, NEW, "Enter your present password"),
        ("right", "short", "short", "at least 15"),
        ("right", NEW, NEW + "x", "differ"),
        ("right", "right", "right", "same as the present one"),
        ("right", "ExpertDesk-2026-2027", "ExpertDesk-2026-2027", "first that are tried"),
    ],
)
def test_a_change_that_is_refused_says_why_at_the_field_and_changes_nothing(
    sign_in, world, read, current, new, again, says
):
    client = sign_in("officer")
    filled = {name: world.password if text == "right" else text for name, text in
              (("current", current), ("password", new), ("again", again))}  # fmt: skip
    answer = client.post("/account/password", data=filled)
    page = read(answer, 422)
    assert says in page.text
    assert all(page.one("input", id=name).get("value") == "" for name in ("current", "password", "again"))
    assert is_signed_in(client)
    account = commands.find_account(world.accounts["officer"])
    assert passwords.password_matches(account.password_hash, world.password)


def test_the_demo_password_of_the_environment_obeys_the_policy_too(app):
    with pytest.raises(RuleBroken):
        commands.create_account(
            username="demo1", name="甲", roles=[Role.OFFICER], password="password123456789", actor=SYSTEM
        )


@pytest.mark.parametrize("name", ["ab", "x" * 41, "-abc", "abc-", "a b c", "офицер", "abc\u200b", "a/b/c"])
def test_user_names_are_plain(app, name):
    with pytest.raises(RuleBroken) as refused:
        commands.create_account(username=name, name="甲", roles=[Role.OFFICER], password="", actor=SYSTEM)
    assert list(refused.value.problems) == ["username"]


def test_two_accounts_cannot_share_a_user_name(app, world):
    with pytest.raises(RuleBroken) as refused:
        commands.create_account(username=" OFFICER", name="甲", roles=[Role.OFFICER], password="", actor=SYSTEM)
    assert "taken" in str(refused.value.problems["username"])


@pytest.mark.parametrize(
    ("roles", "more", "field"),
    [
        ([], {}, "roles"),
        ([Role.OFFICER, Role.EXPERT], {}, "roles"),
        ([Role.AUDITOR, Role.ADMIN], {}, "roles"),
        ([Role.EXPERT], {}, "roles"),
        ([Role.EMPLOYER], {}, "memberships"),
    ],
)
def test_roles_that_do_not_go_together_are_refused(app, roles, more, field):
    with pytest.raises(RuleBroken) as refused:
        commands.create_account(username="somebody", name="甲", roles=roles, password="", actor=SYSTEM, **more)
    assert list(refused.value.problems) == [field]


def test_an_account_without_a_password_cannot_sign_in(app, world, visitor):
    commands.create_account(username="fresh", name="甲", roles=[Role.OFFICER], password="", actor=SYSTEM)
    db.session.commit()
    assert visitor.post("/sign-in", data={"username": "fresh", "password": " "}).status_code == 422
    assert visitor.post("/sign-in", data={"username": "fresh", "password": "the password of nobody"}).status_code == 422
