"""The plan leaves the house: the same bytes for the same plan, read back by another library, refused while a hard limit
fails."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pypdf
import pytest

from expertdesk.foundation.database import db
from expertdesk.training import execution_page
from tests.training.year import begin

FILES = [f"plan-{language}.{ending}" for language in ("zh", "en", "both") for ending in ("xlsx", "pdf", "csv")]


@pytest.fixture
def year(app, world):
    found = begin(world)
    found.checked(name="=1+1 智能制造", people_planned=9)
    found.checked(name="甲板培训", people_planned=5)
    db.session.commit()
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_there_and_the_same_twice(year, client_for, name):
    client = client_for("manager")
    first, second = (client.get(f"/training/2027/export/{name}") for _ in range(2))
    assert first.status_code == 200 and first.data == second.data
    assert "attachment" in first.headers["Content-Disposition"]


def test_the_workbook_read_back_adds_up_and_holds_no_formula_of_a_user(year, client_for):
    answer = client_for("manager").get("/training/2027/export/plan-zh.xlsx")
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" and "1+1" in str(cell.value)]
    values = openpyxl.load_workbook(io.BytesIO(answer.data), data_only=True).worksheets[0]
    numbers = [cell.value for row in values.iter_rows() for cell in row if isinstance(cell.value, (int, float))]
    assert 14 in numbers and float(Decimal(42_000)) in numbers


def test_the_table_names_its_data_time_and_digest(year, client_for):
    client = client_for("manager")
    pages = pypdf.PdfReader(io.BytesIO(client.get("/training/2027/export/plan-zh.pdf").data)).pages
    text = pages[0].extract_text()
    assert "智能制造" in text and "SHA-256" in text
    lines = list(csv.reader(io.StringIO(client.get("/training/2027/export/plan-en.csv").data.decode("utf-8-sig"))))
    assert len(lines) == 3 and not any(cell.startswith("=") for line in lines for cell in line)


def test_a_plan_that_breaks_a_hard_limit_does_not_leave(year, client_for):
    year.checked(people_planned=7)
    db.session.commit()
    client = client_for("manager")
    for address in ("/training/2027/export", "/training/2027/export/plan-zh.xlsx"):
        answer = client.get(address)
        assert answer.status_code == 409
        assert "R09" in answer.text and year.unit.name_en in answer.text
        # nobody went on meanwhile: the sentence is about what has to be settled
        assert "held up by what is listed" in answer.text and "another state" not in answer.text


@pytest.mark.parametrize("name", ["plan-fr.xlsx", "plan-zh.exe", "plan.xlsx", "other-zh.csv"])
def test_an_unknown_file_is_not_there(year, client_for, name):
    assert client_for("manager").get(f"/training/2027/export/{name}").status_code == 404


@pytest.mark.parametrize(
    ("control", "approved", "sent", "proposed"), [(20, 10, 10, 20), (20, 10, 5, 10), (15, 8, 3, 6), (9, 0, 0, 9)]
)
def test_the_next_years_number_follows_from_execution(control, approved, sent, proposed):
    assert execution_page.proposed_number(control, approved, sent) == proposed
