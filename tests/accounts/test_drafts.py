"""What was typed survives: drafts, their papers, and a form sent with an expired session."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from expertdesk.accounts import drafts
from expertdesk.foundation import clock
from expertdesk.foundation.database import after_transaction, collect_afterwards, db, run_afterwards
from expertdesk.foundation.installed import storage
from expertdesk.foundation.uploads import CleanUpload
from expertdesk.models import Account, Draft, DraftFile

USER = {
    "username": "ducheng",
    "name": "杜程，typed for long",
    "name_latin": "Du Cheng",
    "email": "du@jiangzhou.example",
    "roles": ["officer", "liaison"],
    "districts": ["990101"],
    "language": "zh",
}


def paper(text: bytes = b"%PDF-1.7 a degree") -> CleanUpload:
    clean = b"clean " + text
    return CleanUpload(
        kind="pdf",
        name="学位证书.pdf",
        original=text,
        original_sha256=hashlib.sha256(text).hexdigest(),
        clean=clean,
        clean_sha256=hashlib.sha256(clean).hexdigest(),
        clean_kind="pdf",
        pages=2,
    )


@pytest.fixture
def account(world):
    db.session.rollback()
    return world.accounts["officer"]


def test_a_draft_comes_back_as_it_was(account):
    drafts.save_draft(account, "intake", "", {"name": "㛃 Ђорђе", "rows": [1, 2]})
    assert drafts.load_draft(account, "intake", "") == {"name": "㛃 Ђорђе", "rows": [1, 2]}
    db.session.rollback()
    drafts.save_draft(account, "intake", "", {"name": "newer"})
    assert drafts.load_draft(account, "intake", "") == {"name": "newer"}
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1


def test_drafts_of_others_forms_and_subjects_are_apart(account, world):
    drafts.save_draft(account, "intake", "a", {"x": 1})
    assert drafts.load_draft(account, "intake", "b") is None
    assert drafts.load_draft(account, "other", "a") is None
    assert drafts.load_draft(world.accounts["officer2"], "intake", "a") is None


def test_the_table_holds_nothing_readable_and_a_row_moved_elsewhere_does_not_open(account, world):
    drafts.save_draft(account, "intake", "", {"passport": "CB128382"})
    row = db.session.scalars(select(Draft)).one()
    assert b"CB128382" not in row.body
    row.account_id = world.accounts["officer2"]
    db.session.commit()
    assert drafts.load_draft(world.accounts["officer2"], "intake", "") is None


def test_a_draft_is_kept_for_a_day_and_then_goes_with_its_papers(account):
    drafts.save_draft(account, "intake", "", {"x": 1})
    drafts.keep_file(account, "intake", "", "DEGREE", paper())
    keys = [key for key, _ in drafts.stored_files()]
    assert len(keys) == 2 and all(storage().exists(key) for key in keys)
    assert db.session.scalar(select(Draft.expires_at)) - clock.real_now() > timedelta(hours=23, minutes=59)
    db.session.execute(update(Draft).values(expires_at=clock.real_now() - timedelta(seconds=1)))
    db.session.commit()
    assert drafts.load_draft(account, "intake", "") is None
    assert drafts.kept_files(account, "intake", "") == ()
    db.session.rollback()
    assert drafts.drop_old_drafts() == 1
    assert not any(storage().exists(key) for key in keys)
    assert db.session.scalar(select(func.count()).select_from(DraftFile)) == 0


def test_a_kept_paper_comes_back_whole(account):
    kept = drafts.keep_file(account, "intake", "", "DEGREE", paper())
    assert (kept.name, kept.pages, kept.size) == ("学位证书.pdf", 2, 17)
    found = drafts.kept_files(account, "intake", "")
    assert [item.document for item in found] == ["DEGREE"]
    assert found[0].upload() == paper()


def test_a_newer_paper_takes_the_place_of_the_older(account):
    drafts.keep_file(account, "intake", "", "DEGREE", paper(b"%PDF-1.7 old"))
    old = [key for key, _ in drafts.stored_files()]
    db.session.rollback()
    drafts.keep_file(account, "intake", "", "DEGREE", paper(b"%PDF-1.7 new"))
    assert drafts.kept_files(account, "intake", "")[0].upload().original == b"%PDF-1.7 new"
    assert not any(storage().exists(key) for key in old)
    db.session.rollback()
    drafts.drop_file(account, "intake", "", "DEGREE")
    assert drafts.kept_files(account, "intake", "") == ()


def test_drafts_survive_the_rollback_of_the_request_that_refused_the_form(account, world):
    """As in a POST: the writer's place is held, the form is refused, the transaction rolled back."""
    collect_afterwards()
    db.session.execute(update(Account).where(Account.id == account).values(phone="1"))
    drafts.save_draft(account, "intake", "", {"x": 1})
    drafts.keep_file(account, "intake", "", "DEGREE", paper())
    assert drafts.load_draft(account, "intake", "") == {"x": 1}
    assert [item.document for item in drafts.kept_files(account, "intake", "")] == ["DEGREE"]
    db.session.rollback()
    run_afterwards()
    assert drafts.load_draft(account, "intake", "") == {"x": 1}
    assert [item.document for item in drafts.kept_files(account, "intake", "")] == ["DEGREE"]
    assert db.session.scalar(select(Account.phone).where(Account.id == account)) == ""


def test_dropping_belongs_to_the_transaction(account):
    drafts.save_draft(account, "intake", "", {"x": 1})
    drafts.drop_draft(account, "intake", "")
    assert drafts.load_draft(account, "intake", "") is None
    db.session.rollback()
    assert drafts.load_draft(account, "intake", "") == {"x": 1}
    drafts.drop_draft(account, "intake", "")
    db.session.commit()
    assert drafts.load_draft(account, "intake", "") is None


def test_saved_and_dropped_in_one_request_is_dropped(account):
    collect_afterwards()
    db.session.execute(update(Account).where(Account.id == account).values(phone="1"))
    after_transaction(lambda: None)
    drafts.save_draft(account, "intake", "", {"x": 1})
    drafts.drop_draft(account, "intake", "")
    db.session.commit()
    run_afterwards()
    assert drafts.load_draft(account, "intake", "") is None


# --- the form of an expired session ----------------------------------------------------------------------------


def expire(set_back, username: str = "admin") -> None:
    set_back(username, seen=timedelta(minutes=16))


def test_a_form_sent_with_an_expired_session_comes_back_after_signing_in(sign_in, set_back, world, read):
    client = sign_in("admin")
    expire(set_back)
    refused = client.post("/administration/users/new", data=USER)
    assert refused.status_code == 303
    to = refused.headers["Location"]
    assert to == "/sign-in?next=/administration/users/new&why=expired&kept=1"
    assert "What you typed is saved" in read(client.get(to)).text
    assert db.session.scalar(select(Account.id).where(Account.username == "ducheng")) is None

    answer = client.post(to, data={"username": "admin", "password": world.password})
    assert answer.headers["Location"] == "/administration/users/new"
    page = read(client.get("/administration/users/new"))
    assert "Your work is here again" in page.text
    assert page.one("input", id="name").get("value") == "杜程，typed for long"
    ticked = {box.get("value") for box in page.all("input", type="checkbox", name="roles") if "checked" in box.attrib}
    assert ticked == {"officer", "liaison"}

    again = read(client.get("/administration/users/new"))  # looking twice loses nothing
    assert again.one("input", id="name").get("value") == "杜程，typed for long"
    assert client.post("/administration/users/new", data=USER).status_code == 200
    assert db.session.scalar(select(Account.id).where(Account.username == "ducheng")) is not None
    empty = read(client.get("/administration/users/new"))
    assert empty.one("input", id="name").get("value") == ""


def test_it_works_with_tokens_on_as_in_production(sign_in, set_back, world, read, csrf, app):
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in("admin")
    app.config["WTF_CSRF_ENABLED"] = True
    token = read(client.get("/administration/users/new")).form_values("/users/new")["csrf_token"]
    expire(set_back)
    refused = client.post("/administration/users/new", data={**USER, "csrf_token": token})
    assert refused.headers["Location"].endswith("why=expired&kept=1")
    fresh = read(client.get(refused.headers["Location"])).form_values("/users/new")["csrf_token"]
    answer = client.post(
        refused.headers["Location"], data={"username": "admin", "password": world.password, "csrf_token": fresh}
    )
    assert answer.headers["Location"] == "/administration/users/new"
    assert read(client.get("/administration/users/new")).one("input", id="name").get("value") == USER["name"]


def test_another_window_that_expired_first_does_not_lose_the_form(sign_in, set_back, world):
    client = sign_in("admin")
    expire(set_back)
    client.get("/administration")
    refused = client.post("/administration/users/new", data=USER)
    assert refused.headers["Location"].endswith("kept=1")
    assert drafts.has_kept_form(world.accounts["admin"], "/administration/users/new")


def test_somebody_else_who_signs_in_does_not_see_it(sign_in, set_back, world, read):
    client = sign_in("admin")
    expire(set_back)
    to = client.post("/administration/users/new", data=USER).headers["Location"]
    answer = client.post(to, data={"username": "officer", "password": world.password})
    assert answer.status_code == 303
    assert client.get("/administration/users/new").status_code == 403
    assert drafts.restored_form("/administration/users/new", world.accounts["officer"]) is None


def test_passwords_and_tokens_are_never_kept(sign_in, set_back, world):
    client = sign_in("officer")
    expire(set_back, "officer")
    client.post("/account/password", data={"current": "aa", "password": "bb", "again": "bb", "csrf_token": "cc"})
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
    db.session.rollback()
    drafts.keep_form(world.accounts["officer"], "/x", {"new_password": ["s"], "csrf_token": ["t"], "name": ["n"]})
    assert dict(drafts.restored_form("/x", world.accounts["officer"])) == {"name": "n"}


def test_a_step_without_anything_typed_is_said_not_to_have_happened(sign_in, set_back, world, read):
    client = sign_in("admin")
    expire(set_back)
    path = f"/administration/users/{world.accounts['officer']}/disable"
    to = client.post(path, data={"version": "1"}).headers["Location"]
    answer = client.post(to, data={"username": "admin", "password": world.password})
    assert answer.headers["Location"] == f"/administration/users/{world.accounts['officer']}"
    page = read(client.get(answer.headers["Location"]))
    assert "was not carried out" in page.text
    assert db.session.scalar(select(Account.is_active).where(Account.username == "officer"))
