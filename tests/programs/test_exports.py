"""What leaves as a sheet or on paper: read back by other libraries, the same bytes twice, no formula of people."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry
from tests.programs import making

EVIL = '=HYPERLINK("http://evil.example","查看")'


@pytest.fixture
def year(world):
    """Two applications, one with a title that wants to be a formula."""
    call = making.call(world)
    making.settled(world, call)
    making.submitted(world, call, title=EVIL, title_en="", unit_rank=2)
    db.session.commit()
    return call


def book_of(answer) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(answer.data))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_applications_as_a_workbook(year, client_for, language):
    client = client_for("manager", language)
    answer = client.get("/programs/2026/applications.xlsx")
    book = book_of(answer)
    assert len(book.sheetnames) == 2
    sheet = book.worksheets[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    assert EVIL in texts, "as it was typed"
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == EVIL]
    assert all(cell.data_type == "s" for cell in cells), "a text, never a formula"
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas and all(cell.value.startswith("=SUM(") for cell in formulas)
    assert sheet.freeze_panes == "B5"
    again = client.get("/programs/2026/applications.xlsx")
    assert again.data == answer.data


def test_sums_agree_with_their_rows(year, client_for):
    data = client_for("manager").get("/programs/2026/applications.xlsx").data
    formulas = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[1]
    checked = 0
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                first, last = cell.value.removeprefix("=SUM(").removesuffix(")").split(":")
                column = [Decimal(str(item[0].value or 0)) for item in values[f"{first}:{last}"]]
                assert sum(column) == Decimal(str(values[cell.coordinate].value)), cell.coordinate
                checked += 1
    assert checked >= 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_on_paper(year, client_for, language):
    client = client_for("manager", language)
    for address in ("/programs/2026/applications.pdf", "/programs/2026/plan.pdf"):
        answer = client.get(address)
        assert answer.mimetype == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
        assert "2026" in text and ("第1页" in text if language == "zh" else "Page 1 of" in text)
        assert client.get(address).data == answer.data


def test_the_form_holds_no_passport_and_no_address(world, client_for):
    application = making.submitted(world, making.call(world))
    db.session.commit()
    number = application.number
    for username, address in (
        ("manager", f"/programs/applications/{number}/form.pdf"), ("employer", f"/my/programs/{number}/form.pdf")
    ):  # fmt: skip
        answer = client_for(username).get(f"{address}?lang=zh")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
        assert "FERREIRA-GOMES" in text and number in text
        assert "CB128382" not in text and "1984-03-19" not in text
    assert client_for("employer2").get(f"/my/programs/{number}/form.pdf").status_code == 404


def test_the_plan_as_a_workbook_and_the_access_log(world, client_for):
    manager = client_for("manager")
    book = book_of(manager.get("/programs/2026/plan.xlsx?lang=zh"))
    assert book.worksheets[0].title == "全市"
    noted = db.session.scalars(select(AccessEntry).where(AccessEntry.action == "exported")).all()
    assert [entry.detail for entry in noted] == ["2026 plan.xlsx"]


def test_an_officer_exports_the_own_districts_alone(world, client_for):
    making.submitted(world, making.call(world))
    db.session.commit()
    for username, count in (("officer", 1), ("officer2", 0)):
        book = book_of(client_for(username).get("/programs/2026/applications.xlsx?lang=en"))
        rows = [row for row in book.worksheets[1].iter_rows(values_only=True) if str(row[0]).startswith("YC")]
        assert len(rows) == count
