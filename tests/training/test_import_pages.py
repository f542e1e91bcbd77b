"""Sheets through the browser: limits said first, files kept till confirmed, all or nothing, only the own unit."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts.commands import create_account
from expertdesk.foundation.database import db
from expertdesk.models import MembershipRight, Organisation, TrainingImport, TrainingProject
from expertdesk.training.importing import SheetFile
from tests.training import sheets
from tests.training.year import begin
from tests.world import PASSWORD

AT = "/training/2027/import"


@pytest.fixture
def year(app, world):
    return begin(world)


def send(client: Any, *files: SheetFile) -> Any:
    data = {"files": [(io.BytesIO(file.data), file.name) for file in files]}
    return client.post(AT, data=data, content_type="multipart/form-data")


def groups() -> int:
    return db.session.scalar(select(func.count()).select_from(TrainingProject)) or 0


def seen_in(answer: Any) -> str:
    return answer.text.partition('name="seen" value="')[2].partition('"')[0]


def contact(world: Any, organisation_id: int) -> str:
    create_account(
        username="trainer", name="何静", roles=(Role.EMPLOYER,), password=PASSWORD, email="t@mail.example",
        memberships=((organisation_id, MembershipRight.TRAINING),), actor=SYSTEM,
    )  # fmt: skip
    db.session.commit()
    return "trainer"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_files_to_drafts(year, client_for, read, language):
    client = client_for("manager", language)
    page = read(client.get(AT))
    assert "10 MB" in page.text and ".xls" in page.text
    sent = send(client, sheets.file([sheets.row(), sheets.row(seq=2, project_name="数字政府培训")]))
    assert sent.status_code == 303
    answer = client.get(AT)
    assert "云溪.xlsx" in read(answer).text
    assert groups() == 0
    done = client.post(f"{AT}/confirm", data={"seen": seen_in(answer)})
    assert done.status_code == 303, done.text[:3000]
    assert groups() == 2
    assert db.session.scalars(select(TrainingImport.created)).all() == [2]
    assert "云溪.xlsx" not in client.get(AT).text, "a confirmed run is done with"


def test_no_file_chosen_is_said_at_the_field(year, client_for, read):
    answer = client_for("manager").post(AT, data={}, content_type="multipart/form-data")
    assert "Choose at least one file." in read(answer, 422).text


def test_a_bad_file_holds_the_whole_run_until_it_is_left_out(year, client_for, read):
    client = client_for("manager")
    bad = sheets.file([sheets.row(people_planned=-4)], name="坏.xlsx")
    send(client, sheets.file(), bad)
    answer = client.get(AT)
    text = read(answer).text
    assert "坏.xlsx" in text and sheets.cell("people_planned") in text and "-4 is negative" in text
    assert 'name="seen"' not in answer.text
    refused = client.post(f"{AT}/confirm", data={"seen": ""})
    assert refused.status_code == 422 and groups() == 0
    read(refused, 422)
    client.post(f"{AT}/leave-out", data={})
    answer = client.get(AT)
    assert "坏.xlsx" not in answer.text and "云溪.xlsx" in answer.text
    assert client.post(f"{AT}/confirm", data={"seen": seen_in(answer)}).status_code == 303
    assert groups() == 1


def test_a_mended_file_takes_the_place_of_the_bad_one(year, client_for):
    client = client_for("manager")
    send(client, sheets.file([sheets.row(days=400)]))
    assert "400 days" in client.get(AT).text
    send(client, sheets.file([sheets.row(days=14)]))
    answer = client.get(AT)
    assert "400 days" not in answer.text and seen_in(answer)


def test_a_large_file_is_turned_away_by_name(year, client_for, read):
    client = client_for("manager")
    send(client, SheetFile("大.xlsx", b"PK\x03\x04" + bytes(50 * 1024 * 1024)), sheets.file())
    answer = client.get(AT)
    assert "大.xlsx" in read(answer).text and "The file has 50.1 MB; at most 10 MB are taken." in answer.text
    assert client.post(f"{AT}/confirm", data={"seen": ""}).status_code == 422
    assert groups() == 0


def test_a_plan_that_changed_meanwhile_is_shown_again(year, client_for):
    client = client_for("manager")
    group = year.group()
    number = group.number
    db.session.commit()
    send(client, sheets.file([sheets.row(project_no=number, people_planned=15)]))
    seen = seen_in(client.get(AT))
    from expertdesk.training import declaring

    group = db.session.scalars(select(TrainingProject)).one()
    declaring.edit_project(group, year.data(people_planned=9), year.manager)
    db.session.commit()
    answer = client.post(f"{AT}/confirm", data={"seen": seen})
    assert answer.status_code == 422 and "changed since you looked" in answer.text
    assert db.session.scalars(select(TrainingProject.people_planned)).one() == 9


def test_the_marked_sheet_comes_back_in_the_readers_language(year, client_for):
    for language, reason, title in (("zh", "-4是负数", "问题清单"), ("en", "-4 is negative", "Problems")):
        client = client_for("manager", language)
        send(client, sheets.file([sheets.row(people_planned=-4)]))
        address = client.get(AT).text.partition('href="/training/2027/import/')[2].partition('"')[0]
        answer = client.get(f"{AT}/{address}")
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
        assert "filename*=UTF-8''%E4%BA%91%E6%BA%AA-" in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].isascii(), "a server sends no other signs in a header"
        book = load_workbook(io.BytesIO(answer.data))
        cell = book["申报表"][sheets.cell("people_planned")]
        assert reason in cell.comment.text and cell.fill.fgColor.rgb == "FFFF9C9C"
        assert title in book.sheetnames
    assert client_for("manager").get(f"{AT}/nothing/corrected.xlsx").status_code == 404


def test_a_contact_sends_the_own_sheet_only(year, world, client_for, read):
    client = client_for(contact(world, world.organisation_id))
    text = read(client.get(AT)).text
    assert "Send the sheet of your unit" in text
    other = db.session.get_one(Organisation, world.organisation2_id)
    send(client, sheets.file(unit=other.name_zh, code="", name="别家.xlsx"))
    answer = client.get(AT)
    assert "This is not the sheet of your unit." in answer.text
    client.post(f"{AT}/leave-out", data={"what": "all"})
    assert "别家.xlsx" not in client.get(AT).text
    send(client, sheets.file(unit="", code=""))
    answer = client.get(AT)
    assert client.post(f"{AT}/confirm", data={"seen": seen_in(answer)}).status_code == 303
    assert db.session.scalars(select(TrainingProject.organisation_id)).all() == [world.organisation_id]


def test_others_have_no_door(year, client_for, visitor):
    assert client_for("officer").get(AT).status_code == 403
    assert client_for("employer").get(AT).status_code == 404, "an employer's handler has no unit in the plan"
    assert visitor.get(AT).status_code == 303


def test_one_persons_files_are_not_anothers(year, world, client_for):
    send(client_for("manager"), sheets.file())
    assert "云溪.xlsx" not in client_for(contact(world, world.organisation_id)).get(AT).text
