"""Two people with the same plan: what one did meanwhile is told to the other, and nothing goes in twice."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts.commands import create_account
from expertdesk.foundation import locale
from expertdesk.foundation.database import db
from expertdesk.models import TrainingImport, TrainingPlan, TrainingProject
from expertdesk.training import declaring
from expertdesk.training.importing import SheetFile
from expertdesk.workflow import first_bad_event
from tests.cases_pages.counting import statements
from tests.training.sheets import file, row
from tests.training.test_import_pages import AT, contact, send
from tests.training.year import begin
from tests.world import PASSWORD


@pytest.fixture
def year(app, world):
    return begin(world)


@pytest.fixture
def second(world) -> str:
    create_account(
        username="manager2", name="柳青", roles=(Role.MANAGER,), password=PASSWORD, email="m2@jiangzhou.example",
        is_municipal=True, actor=SYSTEM,
    )  # fmt: skip
    db.session.commit()
    return "manager2"


def hidden(page: Any) -> dict[str, str]:
    return {
        name: page.text.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("seen", "since")
    }


def numbers() -> list[str]:
    return sorted(db.session.scalars(select(TrainingProject.number)))


@pytest.mark.parametrize(
    ("language", "told"), [("en", ("高岚, group", "Declaration changed")), ("zh", ("高岚", "修改申报"))]
)
def test_what_was_changed_between_looking_and_confirming_is_told(year, second, client_for, read, language, told):
    number = year.group().number
    db.session.commit()
    client = client_for(second, language)
    send(client, file([row(project_no=number, people_planned=15)]))
    seen = hidden(client.get(AT))
    group = db.session.scalars(select(TrainingProject)).one()
    declaring.edit_project(group, year.data(people_planned=9), year.manager)
    db.session.commit()
    answer = client.post(f"{AT}/confirm", data=seen)
    text = read(answer, 422).text
    assert all(said in text for said in (*told, number)), text
    assert db.session.scalars(select(TrainingProject.people_planned)).one() == 9
    assert client.post(f"{AT}/confirm", data=hidden(answer)).status_code == 303, "looked at again, it goes in"
    assert db.session.scalars(select(TrainingProject.people_planned)).one() == 15


def test_a_contact_is_not_told_names_of_officers_nor_of_other_units(year, world, client_for):
    own = year.group().number
    other = declaring.create_project(year.plan, world.organisation2_id, year.data(), year.manager)
    db.session.commit()
    client = client_for(contact(world, world.organisation_id))
    send(client, file([row(project_no=own, people_planned=15)]))
    seen = hidden(client.get(AT))
    declaring.edit_project(other, replace(year.data(), people_planned=6), year.manager)
    group = db.session.scalars(select(TrainingProject).where(TrainingProject.number == own)).one()
    declaring.edit_project(group, year.data(people_planned=9), year.manager)
    db.session.commit()
    text = client.post(f"{AT}/confirm", data=seen).text
    assert "The bureau, group " + own in text and other.number not in text and year.manager.name not in text


def at_once(app: Any, clients: list[Any], sent: list[dict[str, str]]) -> list[int]:
    """Each client confirms in a thread of its own."""
    db.session.remove()

    def confirm(place: int) -> int:
        with app.app_context():
            locale.set_language("en")
            return clients[place].post(f"{AT}/confirm", data=sent[place]).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(confirm, range(len(clients))))


def sheet_of(word: str, count: int = 12) -> SheetFile:
    return file([row(seq=place, project_name=f"{word}{place}") for place in range(1, count + 1)], name=f"{word}.xlsx")


def test_two_people_import_different_sheets_at_once(app, year, second, client_for):
    clients = [client_for("manager"), client_for(second)]
    send(clients[0], sheet_of("甲"))
    send(clients[1], sheet_of("乙"))
    answers = at_once(app, clients, [hidden(client.get(AT)) for client in clients])
    assert answers == [303, 303]
    assert len(set(numbers())) == 24, "every group its own number"
    assert sorted(db.session.scalars(select(TrainingImport.created))) == [12, 12]
    assert first_bad_event(db.session()) is None


def test_two_people_import_the_same_sheet_at_once(app, year, second, client_for):
    clients = [client_for("manager"), client_for(second)]
    one = sheet_of("甲")
    for client in clients:
        send(client, one)
    answers = at_once(app, clients, [hidden(client.get(AT)) for client in clients])
    assert sorted(answers) == [303, 422]
    assert len(numbers()) == 12 and len(db.session.scalars(select(TrainingImport.id)).all()) == 1
    loser = clients[answers.index(422)]
    assert "was imported on" in loser.get(AT).text


def test_nothing_is_imported_that_nobody_looked_at(year, client_for, read):
    client = client_for("manager")
    send(client, file())
    for sent in ({}, {"seen": ""}, {"seen": "0" * 64, "since": "x"}, {"seen": "-", "since": "9" * 30}):
        answer = client.post(f"{AT}/confirm", data=sent)
        assert "changed since you looked" in read(answer, 422).text and numbers() == []
    assert client.post(f"{AT}/confirm", data=hidden(client.get(AT))).status_code == 303


def test_a_plan_that_was_sent_up_meanwhile_takes_no_sheets(year, client_for, read):
    client = client_for("manager")
    send(client, file())
    seen = hidden(client.get(AT))
    from expertdesk.training import rounds

    year.checked()
    rounds.send_up(db.session.get_one(TrainingPlan, year.plan.id), year.manager)
    db.session.commit()
    before = numbers()
    answer = client.post(f"{AT}/confirm", data=seen)
    assert read(answer, 422).text and numbers() == before


def test_the_page_costs_few_queries_with_thirty_sheets(year, client_for):
    client = client_for("manager")
    data = {"files": [(io.BytesIO(sheet_of(f"第{place}", 5).data), f"{place}.xlsx") for place in range(30)]}
    client.post(AT, data=data, content_type="multipart/form-data")
    client.get(AT)
    with statements() as seen:
        assert client.get(AT).status_code == 200
    assert len(seen) <= 8, "\n".join(seen)
