"""Files of big plans: asked for, made by the worker with a bar, handed to who asked, made again after a failure or a
crash, cleaned away."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from expertdesk.documents import MissingGlyph
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import storage
from expertdesk.models import AccessEntry, Account, ExportState, TrainingExport
from expertdesk.serving import background
from expertdesk.training import export_files, export_jobs, export_page
from tests.training.year import begin

ASKED = "/training/2027/export/plan-zh.xlsx"


@pytest.fixture
def year(app, world, monkeypatch):
    """A plan that counts as a big one."""
    monkeypatch.setattr(export_jobs, "BIG_FROM", 2)
    found = begin(world)
    found.checked(people_planned=9)
    found.checked(name="甲板培训", people_planned=5)
    db.session.commit()
    return found


def work(app, name: str = "plan files") -> int:
    """A round of the worker."""
    db.session.remove()
    job = next(one for one in background.jobs() if one.name == name)
    return background.run_job(app, job)


def asked(client, address: str = ASKED) -> str:
    answer = client.post(address)
    assert answer.status_code == 303
    return answer.location.partition("?")[0]


def the_export(**values) -> TrainingExport:
    db.session.remove()
    row = db.session.scalars(select(TrainingExport).order_by(TrainingExport.id.desc())).first()
    assert row is not None
    return row


def set_row(**values) -> None:
    db.session.remove()
    db.session.execute(update(TrainingExport).values(**values))
    db.session.commit()


# --- from asking to the file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plan-zh.xlsx", "plan-en.pdf", "plan-both.pdf"])
def test_a_big_plan_is_made_in_the_background_and_is_the_same_file(app, year, client_for, name):
    client = client_for("manager")
    address = asked(client, f"/training/2027/export/{name}")
    waiting = client.get(address)
    assert 'role="progressbar"' in waiting.text and 'aria-valuenow="0"' in waiting.text
    assert 'http-equiv="refresh"' in waiting.text and client.get(f"{address}/file").status_code == 404
    assert work(app) == 1
    ready = client.get(address)
    assert "progressbar" not in ready.text and f"{address}/file" in ready.text
    answer = client.get(f"{address}/file")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    plan = db.session.merge(year.plan)
    what = export_files.wanted(name)
    assert what is not None
    direct = export_files.make(plan, year.manager, what)
    assert answer.data == direct.data and direct.file_name in answer.headers["Content-Disposition"]
    assert work(app) == 0


def test_the_page_that_waits_hands_the_file_over_without_script(app, year, client_for):
    client = client_for("manager")
    address = asked(client)
    work(app)
    assert f'content="1;url={address}/file"' in client.get(f"{address}?wait=1").text
    assert "refresh" not in client.get(address).text


def test_asking_again_gives_the_file_that_is_there_until_the_plan_changes(app, year, client_for):
    client = client_for("manager")
    first = asked(client)
    assert asked(client) == first
    work(app)
    assert asked(client) == first
    straight = client.get(ASKED)
    assert straight.status_code == 303 and straight.location == f"{first}/file"
    for name in ("plan", "unit", "provider"):
        setattr(year, name, db.session.merge(getattr(year, name)))  # the worker ended the session they were read in
    year.group(name="第三个", people_planned=5)
    db.session.commit()
    assert asked(client) != first
    assert client.get(ASKED).location.endswith("/training/2027/export")


def test_the_export_page_offers_buttons_and_lists_what_was_asked_for(app, year, client_for):
    client = client_for("manager")
    assert 'formaction="/training/2027/export/plan-zh.xlsx"' in client.get("/training/2027/export").text
    address = asked(client)
    assert f'href="{address}"' in client.get("/training/2027/export").text


def test_a_small_plan_keeps_the_direct_download(app, year, client_for, monkeypatch):
    monkeypatch.setattr(export_jobs, "BIG_FROM", 3)
    client = client_for("manager")
    assert client.get(ASKED).status_code == 200
    assert "formaction" not in client.get("/training/2027/export").text


def test_a_plain_table_is_never_made_in_the_background(year, client_for):
    client = client_for("manager")
    assert client.get("/training/2027/export/plan-zh.csv").status_code == 200
    assert client.post("/training/2027/export/plan-zh.csv").status_code == 404
    assert client.post("/training/2027/export/plan-fr.pdf").status_code == 404


# --- who ------------------------------------------------------------------------------------------------------------


def test_only_who_asked_gets_the_file_and_it_is_noted(app, world, year, client_for):
    client = client_for("manager")
    address = asked(client)
    work(app)
    assert client.get(f"{address}/file").status_code == 200
    noted = db.session.scalars(select(AccessEntry.detail).where(AccessEntry.action == "exported")).all()
    assert noted == ["plan-zh.xlsx"]
    set_row(account_id=world.actor("admin").id)
    for path in (address, f"{address}/file"):
        assert client.get(path).status_code == 404
    assert client_for("employer").get(f"{address}/file").status_code == 403


def test_somebody_who_left_gets_no_file_made(app, world, year, client_for):
    asked(client_for("manager"))
    db.session.execute(update(Account).where(Account.username == "manager").values(is_active=False))
    db.session.commit()
    work(app)
    assert (the_export().state, the_export().error) == (ExportState.FAILED, "gone")


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_failure_says_why_and_another_try_works(app, year, client_for, monkeypatch):
    client = client_for("manager")
    address = asked(client)

    def broken(*args, **more):
        raise MissingGlyph("project_name[2]", "\U0003134a")

    with monkeypatch.context() as patched:
        patched.setattr(export_files, "printed", broken)
        work(app)
    failed = client.get(address)
    assert "project_name[2]" in failed.text and "U+3134A" in failed.text and f"{address}/again" in failed.text
    again = client.post(f"{address}/again")
    assert again.status_code == 303 and again.location.partition("?")[0] != address
    work(app)
    assert client.get(again.location.partition("?")[0] + "/file").status_code == 200


@pytest.mark.parametrize(("problem", "code"), [(OSError(28, "no space"), "storage"), (ValueError("x"), "unexpected")])
def test_other_failures_have_their_sentence(app, year, client_for, monkeypatch, problem, code):
    client = client_for("manager")
    address = asked(client)

    def broken(*args, **more):
        raise problem

    monkeypatch.setattr(export_files, "printed", broken)
    work(app)
    assert the_export().error == code
    page = client.get(address)
    assert str(export_page.ERRORS[code]) in page.text and "no space" not in page.text


def test_a_limit_that_fails_meanwhile_stops_it(app, year, client_for):
    client = client_for("manager")
    asked(client)
    year.checked(people_planned=7)  # over the control number
    db.session.commit()
    work(app)
    assert the_export().error == "blocked" and the_export().error_parameters["count"] >= 1
    assert client.post(ASKED).status_code == 409


# --- the worker comes and goes ---------------------------------------------------------------------------------------


def test_a_file_whose_worker_is_gone_is_taken_up_again(app, year, client_for):
    client = client_for("manager")
    address = asked(client)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = export_jobs._me().rpartition(":")[0]
    later = clock.real_now() + timedelta(minutes=5)
    set_row(state=ExportState.RUNNING, percent=40, attempts=1, holder=f"{host}:{gone.pid}", locked_until=later)
    assert work(app) == 1
    assert client.get(f"{address}/file").status_code == 200 and the_export().attempts == 2


def test_a_file_that_another_worker_is_making_is_left_to_it_while_it_says_so(app, year, client_for):
    asked(client_for("manager"))
    now = clock.real_now()
    parent = f"{export_jobs._me().rpartition(':')[0]}:{os.getppid()}"
    for holder in ("elsewhere:1", parent):
        set_row(state=ExportState.RUNNING, holder=holder, locked_until=now + timedelta(seconds=20))
        assert work(app) == 0
    set_row(holder="elsewhere:1", locked_until=now - timedelta(seconds=1))
    assert work(app) == 1 and the_export().state is ExportState.DONE


def test_a_file_that_kills_its_worker_each_time_is_given_up(app, year, client_for):
    client = client_for("manager")
    address = asked(client)
    set_row(state=ExportState.RUNNING, attempts=3, holder="elsewhere:1", locked_until=clock.real_now())
    assert work(app) == 0 and the_export().error == "gave_up"
    assert str(export_page.ERRORS["gave_up"]) in client.get(address).text


def test_a_worker_that_lost_the_file_writes_nothing(app, year, client_for, monkeypatch):
    asked(client_for("manager"))
    real = export_files.printed

    def slow(tables, what, progress=None):
        made = real(tables, what)
        set_row(holder="elsewhere:1")
        return made

    monkeypatch.setattr(export_files, "printed", slow)
    assert work(app) == 0
    assert the_export().holder == "elsewhere:1" and the_export().sha256 == ""


def test_the_bar_moves_and_nobody_has_to_wait_for_the_writer(app, year, client_for, monkeypatch):
    client = client_for("manager")
    address = asked(client)
    monkeypatch.setattr(export_jobs, "_SAY_SECONDS", 0.0)
    seen = []
    real = export_files.printed

    def watched(tables, what, progress):
        def both(done, whole):
            progress(done, whole)
            page = client.get(address).text
            found = re.search(r'aria-valuenow="(\d+)"', page)
            assert found
            seen.append(int(found[1]))
            with export_jobs.write_apart() as session:  # another writer gets its turn while the file is made
                session.execute(update(Account).where(Account.username == "auditor").values(phone=str(done)))

        return real(tables, what, both)

    monkeypatch.setattr(export_files, "printed", watched)
    assert work(app) == 1
    assert seen and seen == sorted(seen) and 5 <= seen[0] <= seen[-1] == 90
    assert the_export().percent == 100


# --- cleaning --------------------------------------------------------------------------------------------------------


def test_old_files_and_their_rows_go_after_a_week(app, year, client_for):
    client = client_for("manager")
    address = asked(client)
    work(app)
    key = the_export().file_key
    assert storage().exists(key)
    assert work(app, "old plan files") == 0
    set_row(finished_at=clock.real_now() - timedelta(days=8))
    assert work(app, "old plan files") == 1 and not storage().exists(key)
    assert client.get(address).status_code == 404


def test_a_file_that_is_missing_in_the_store_is_not_found(app, year, client_for):
    client = client_for("manager")
    address = asked(client)
    work(app)
    storage().delete(the_export().file_key)
    assert client.get(f"{address}/file").status_code == 404
