"""The list of cases: filters, pages by key, counts, export with harmless cells, handing over many at once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from expertdesk.cases import commands, queries
from expertdesk.foundation import clock
from expertdesk.foundation.cells import harmless, original
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Case, CaseClock, Event
from tests.cases_pages import scenes
from tests.cases_pages.counting import statements
from tests.conftest import NOW


def numbers(page) -> list[str]:
    """The case numbers of the list in the order of the page."""
    return [box.get("value") for box in page.all("input", name="numbers")]


def many(world, count: int) -> list[str]:
    """Copies of one submitted case with clocks of their own: rows for paging, made without the commands."""
    first = scenes.row(scenes.case_in(world, "submitted"))
    clock_row = first.clocks[0]
    columns = [column.key for column in Case.__table__.columns if column.key not in ("id", "number", "intake_key")]
    for place in range(count):
        copy = Case(number=f"ED2026-9{place:05}", **{name: getattr(first, name) for name in columns})
        db.session.add(copy)
        db.session.flush()
        due = clock_row.promised_due_on + timedelta(days=place % 5)
        db.session.add(
            CaseClock(
                case_id=copy.id, step="precheck", started_on=clock_row.started_on, promised_wd=3, statutory_wd=5,
                promised_due_on=due, statutory_due_on=due + timedelta(days=2),
            )
        )  # fmt: skip
    db.session.commit()
    return [first.number] + [f"ED2026-9{place:05}" for place in range(count)]


def test_filters_narrow_and_stand_in_the_form(world, client_for, read):
    one = scenes.case_in(world, "submitted")
    two = scenes.case_in(world, "accepted", person_id=world.person2_id, passport_id=world.passport2_id)
    client = client_for("officer")
    for query, expected in (
        ("", {one, two}), ("?state=submitted", {one}), ("?state=open", {one, two}), ("?officer=me", {one, two}),
        ("?officer=none", set()), ("?procedure=EXTENSION", set()), ("?district=990101", {one, two}),
        ("?overdue=1", set()),
        ("?state=nonsense&officer=x&district=1", {one, two}),
    ):  # fmt: skip
        page = read(client.get(f"/cases{query}"))
        assert set(numbers(page)) == expected, query
    page = read(client.get("/cases?state=submitted"))
    assert 'value="submitted" selected' in page.html or 'selected value="submitted"' in page.html
    assert "No case fits these filters" in read(client.get("/cases?officer=none")).text


def test_only_own_districts(world, client_for, read):
    scenes.case_in(world, "submitted")
    page = read(client_for("officer2").get("/cases"))
    assert numbers(page) == [] and "No cases yet" in page.text
    assert len(numbers(read(client_for("manager").get("/cases")))) == 1


@pytest.mark.parametrize("order", ["", "due"])
def test_pages_by_key_meet_every_case_once_both_ways(world, client_for, read, order):
    expected = set(many(world, 2 * queries.PAGE_SIZE + 7))
    client, seen, url = client_for("officer"), [], f"/cases?order={order}"
    pages = []
    while url:
        page = read(client.get(url))
        pages.append(numbers(page))
        seen += pages[-1]
        url = next((link.get("href") for link in page.all("a", rel="next")), "")
    assert len(seen) == len(set(seen)) == len(expected) and set(seen) == expected
    previous = next(link.get("href") for link in page.all("a", rel="prev"))
    back = read(client.get(previous))
    assert numbers(back) == pages[-2]
    assert not read(client.get(f"/cases?order={order}&after=9999-99-99_x")).all("a", rel="prev"), "a bad key is no key"


def test_overdue_by_limit_and_counts(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    clock.start_at(NOW + timedelta(days=6))
    try:
        page = read(client_for("officer").get("/cases?overdue=1"))
        assert numbers(page) == [number] and "1 overdue" in page.text and "1 day over" in page.text
    finally:
        clock.start_at(NOW)
    states = read(client_for("officer").get("/cases")).one("nav", class_="ed-states")
    assert "In check 1" in " ".join("".join(states.itertext()).split())


@pytest.mark.parametrize(
    "path", ["/cases", "/cases?order=due", "/cases?overdue=1", "/cases?officer=me&state=submitted"]
)
def test_as_many_queries_for_one_as_for_a_hundred(world, client_for, path):
    client = client_for("officer")
    scenes.case_in(world, "submitted", person_id=world.person2_id, passport_id=world.passport2_id)
    client.get(path)
    with statements() as few:
        client.get(path)
    many(world, 100)
    with statements() as more:
        client.get(path)
    assert len(few) == len(more) <= 8


def test_hand_over_twenty_at_once(world, client_for, read):
    mine = many(world, 19)
    client = client_for("officer")
    page = read(client.get("/cases?officer=me&choose=all"))
    ticked = [box.get("value") for box in page.all("input", name="numbers") if box.get("checked") is not None]
    assert set(ticked) == set(mine), "everything is ticked with one press"
    values = {**page.form_values("/cases/assign?officer=me"), "numbers": ticked, "reason": "休年假",
              "officer": str(world.accounts["officer2"])}  # fmt: skip
    answer = client.post("/cases/assign?officer=me", data=values)
    assert answer.status_code == 303 and "20 cases handed over." in read(client.get(answer.location)).text
    db.session.rollback()
    assert {case.officer_id for case in db.session.query(Case)} == {world.accounts["officer2"]}
    assert db.session.query(Event).filter_by(name="case.assigned").count() == 20, "each stands in its own history"


def test_hand_over_names_what_it_could_not(world, client_for, read):
    one = scenes.case_in(world, "submitted")
    two = scenes.case_in(world, "accepted", person_id=world.person2_id, passport_id=world.passport2_id)
    commands.assign_case(scenes.row(two), world.accounts["officer2"], world.actor("officer"), reason="休假")
    db.session.commit()
    client = client_for("officer")
    values = {"numbers": [one, two], "officer": str(world.accounts["officer2"]), "reason": "休假"}
    answer = client.post("/cases/assign", data=values)
    page = read(client.get(answer.location))
    assert "1 case handed over." in page.text and f"{two} was not handed over: The case is in the hands of" in page.text


def test_hand_over_keeps_ticks_and_words_after_an_error(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    again = read(client.post("/cases/assign", data={"numbers": [number], "officer": "", "reason": "休年假"}), 422)
    assert "Choose a case officer." in again.text and 'value="休年假"' in again.html
    assert [box.get("value") for box in again.all("input", name="numbers") if box.get("checked") is not None] == [
        number
    ]
    values = {"officer": str(world.accounts["officer2"]), "reason": "x"}
    again = read(client.post("/cases/assign", data=values), 422)
    assert "Tick the cases to hand over." in again.text
    assert client_for("reviewer").post("/cases/assign", data={"numbers": [number]}).status_code == 403


def test_export_is_the_filtered_list_with_harmless_cells(world, client_for):
    from expertdesk.models import Person

    number = scenes.case_in(world, "submitted")
    scenes.case_in(world, "accepted", person_id=world.person2_id, passport_id=world.passport2_id)
    person = db.session.get_one(Person, world.person_id)
    person.native_name = "=HYPERLINK(1)"
    db.session.commit()
    answer = client_for("officer", "zh").get("/cases/export.csv?state=submitted")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][:3] == ["业务编号", "专家", "中文姓名"] and len(rows) == 2
    assert rows[1][0] == number and rows[1][1] == "'=HYPERLINK(1)" and "2026-11-27" in rows[1]
    db.session.rollback()
    entry = db.session.query(AccessEntry).filter_by(action="exported").one()
    assert entry.detail == "cases state=submitted"


def test_export_crosses_its_batches(world, client_for, monkeypatch):
    monkeypatch.setattr(queries, "_EXPORT_BATCH", 7)
    expected = set(many(world, 30))
    for order in ("", "due"):
        answer = client_for("officer").get(f"/cases/export.csv?order={order}")
        rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))[1:]
        assert len(rows) == len(expected) and {row[0] for row in rows} == expected


@pytest.mark.parametrize(
    "cell", ["=1+1", "+86 138", "-5", "@SUM(A1)", "\t=1", "＝1", "'quoted", "plain", "", "'=1", "''"]
)
def test_a_harmless_cell_gives_the_original_back(cell):
    made = harmless(cell)
    assert original(made) == cell and not made.startswith(("=", "+", "-", "@", "\t", "＝"))


def test_somebody_without_the_right_sees_no_ticks(world, client_for, read):
    scenes.case_in(world, "recommended")
    page = read(client_for("reviewer").get("/cases"))
    assert numbers(page) == [] and "Hand over the ticked cases" not in page.text
    assert client_for("admin").get("/cases").status_code == 403
