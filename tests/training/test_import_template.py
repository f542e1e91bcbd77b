"""The declaration sheet of a unit goes out, is filled in and comes back."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from expertdesk.foundation.database import db
from expertdesk.models import PlanPart, TrainingProject
from expertdesk.training.importing import SheetFile
from expertdesk.training.importing.commands import confirm_import, import_sheets
from expertdesk.training.importing.corrected import corrected_sheet
from expertdesk.training.importing.report import Fate
from expertdesk.training.unit_template import declaration_sheet
from tests.documents.office import converted
from tests.training.test_import_pages import contact
from tests.training.year import begin

FIRST = 10


@pytest.fixture
def year(app, world):
    return begin(world)


def columns(sheet: Any) -> dict[str, int]:
    return {str(sheet.cell(7, number).value).strip("*"): number for number in range(1, sheet.max_column + 1)}


def filled(data: bytes, *rows: dict[str, Any]) -> bytes:
    """As a spreadsheet program saves it: formulas of the lines that are filled in have a value."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    at = columns(sheet)
    for place, row in enumerate(rows):
        for name, value in row.items():
            sheet.cell(FIRST + place, at[name]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ROW = {
    "项目名称": "智能制造培训", "重点领域": "产业技术创新 Industrial technology innovation",
    "项目类别（审批/审核/备案）": "审核 Review", "培训国家（地区）": "德国 Germany", "培训城市": "慕尼黑",
    "境外培训机构": "慕尼黑工业大学 Technical University of Munich", "计划人数": 12, "其中党政领导干部": 0,
    "境外天数": 14, "拟派出月份": 5, "经费来源": "市级财政、单位自筹", "其中培训费": 1000, "国际旅费": 2000,
    "住宿费": 3000, "伙食费": 4000, "公杂费": 5000, "其他费用（含城市间交通费）": 6000,
    "经费预算合计（元）": 21000,
    "不以营利、照顾、一般性考察为目的": "是 Yes", "不通过中介、不携带配偶子女": "是 Yes",
    "不接受企事业单位资助、不摊派转嫁费用": "是 Yes",
}  # fmt: skip


def test_an_empty_sheet_says_that_it_is_empty(year):
    sent = SheetFile("空表.xlsx", declaration_sheet(year.plan, year.unit.id, PlanPart.ABROAD))
    report = import_sheets(year.plan, [sent], year.manager)
    assert [problem.code for problem in report.problems] == ["no_rows"], report.problems


def test_filled_in_it_becomes_groups_that_can_be_declared(year):
    data = filled(declaration_sheet(year.plan, year.unit.id, PlanPart.ABROAD), ROW)
    report = import_sheets(year.plan, [SheetFile("申报.xlsx", data)], year.manager)
    assert report.is_good and not report.problems, [str(one.reason) for one in report.problems]
    (row,) = report.rows
    assert row.data.is_for_training_only and row.data.is_without_agents_or_family and row.data.is_without_sponsors
    assert row.data.fundings == ("municipal", "unit") and row.data.provider_id == year.provider.id
    assert row.finds == (), "it keeps every limit of the declaration"


def test_the_groups_of_the_unit_go_out_and_come_back_as_they_stand(year):
    number = year.group().number
    db.session.commit()
    data = declaration_sheet(year.plan, year.unit.id, PlanPart.ABROAD)
    report = import_sheets(year.plan, [SheetFile("原表.xlsx", data)], year.manager)
    assert [(row.fate, row.number) for row in report.rows] == [(Fate.SAME, number)], [
        (str(one.reason), one.cell) for one in report.problems
    ]
    changed = SheetFile("改表.xlsx", filled(data, {"计划人数": 16, "经费预算合计（元）": 21000}))
    report = import_sheets(year.plan, [changed], year.manager)
    assert [row.fate for row in report.rows] == [Fate.CHANGED]
    confirm_import(year.plan, [changed], year.manager)
    assert db.session.scalars(select(TrainingProject.people_planned)).one() == 16


def test_saved_by_an_office_program_it_comes_back_as_it_stands(year, tmp_path):
    year.group()
    db.session.commit()
    data = converted(declaration_sheet(year.plan, year.unit.id, PlanPart.ABROAD), tmp_path, "xlsx")
    report = import_sheets(year.plan, [SheetFile("原表.xlsx", data)], year.manager)
    assert [row.fate for row in report.rows] == [Fate.SAME], [(str(one.reason), one.cell) for one in report.problems]
    assert not report.problems


def test_a_marked_sheet_is_mended_and_sent_again(year):
    """The marks of the house go, the drop-downs and formulas of the sheet stay."""
    data = filled(declaration_sheet(year.plan, year.unit.id, PlanPart.ABROAD), {**ROW, "境外天数": 400})
    (bad,) = import_sheets(year.plan, [SheetFile("申报.xlsx", data)], year.manager).files
    marked = corrected_sheet(bad, data)
    again = import_sheets(year.plan, [SheetFile("申报.xlsx", marked)], year.manager)
    assert [one.code for one in again.problems] == [one.code for one in bad.problems] == ["too_many_days"]
    mended = filled(marked, {"境外天数": 14})
    (good,) = import_sheets(year.plan, [SheetFile("申报.xlsx", mended)], year.manager).files
    assert good.is_good and not good.problems and [row.data.days for row in good.rows] == [14]
    book = load_workbook(io.BytesIO(corrected_sheet(good, mended)))
    cell = book.worksheets[0].cell(FIRST, columns(book.worksheets[0])["境外天数"])
    assert cell.comment is None and cell.fill.fgColor.rgb != "FFFF9C9C"
    assert book.worksheets[0].data_validations.dataValidation


def test_the_bureau_hands_out_the_sheets_of_its_units(year, client_for, read):
    for language, words in (("en", "Declaration sheets to hand out"), ("zh", "供下发的申报表")):
        client = client_for("manager", language)
        answer = client.get("/training/2027/import")
        assert words in read(answer).text
        address = next(part.partition('"')[0] for part in answer.text.split('href="') if "sheet.xlsx" in part)
        sent = client.get(address.replace("&amp;", "&"))
        head = load_workbook(io.BytesIO(sent.data)).worksheets[0]["A2"].value
        assert sent.status_code == 200 and year.unit.name_zh in str(head)


def test_the_own_sheet_only(year, world, client_for):
    client = client_for(contact(world, world.organisation_id))
    answer = client.get("/training/2027/sheet.xlsx")
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].isascii()
    assert client.get(f"/training/2027/sheet.xlsx?unit={world.organisation2_id}").status_code == 404
    assert client.get("/training/2027/sheet.xlsx?part=nowhere").status_code == 404
    assert client_for("manager").get("/training/2027/sheet.xlsx").status_code == 404
    assert client_for("manager").get(f"/training/2027/sheet.xlsx?unit={world.organisation2_id}").status_code == 200
