"""Every bad file and cell of a unit sheet is named by file, sheet, cell and reason; good ones are read as meant."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from expertdesk.foundation.database import db
from expertdesk.foundation.locale import use_language
from expertdesk.models import PlanPart, TrainingProject
from expertdesk.training.importing import CellProblem, ImportReport, SheetFile
from expertdesk.training.importing.commands import import_sheets
from expertdesk.training.importing.gate import LARGEST_FILE
from expertdesk.training.importing.report import Severity
from tests.training import sheets
from tests.training.sheets import FIRST_ROW, cell, file, row
from tests.training.year import Year, begin


@pytest.fixture
def year(app, world):
    return begin(world)


@dataclass
class Looked:
    report: ImportReport

    def problem(self, code: str) -> CellProblem:
        found = [one for one in self.report.problems if one.code == code]
        assert found, f"no {code} among {[(one.code, one.cell, str(one.reason)) for one in self.report.problems]}"
        return found[0]

    def codes(self) -> list[str]:
        return [one.code for one in self.report.problems]

    @property
    def only(self) -> Any:
        """The declaration of the one row there is."""
        assert self.report.is_good, [(one.code, one.cell, str(one.reason)) for one in self.report.problems]
        (found,) = self.report.rows
        return found.data


def look(year: Year, *files: SheetFile) -> Looked:
    return Looked(import_sheets(year.plan, files, year.manager))


# --- whole files ---------------------------------------------------------------------------------------------------


def ole(*streams: str) -> bytes:
    """The first bytes of a compound file, with names of streams as they stand in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"".join(name.encode("utf-16-le") for name in streams)


def encrypted_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
    data = bytearray(out.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def bomb() -> bytes:
    return sheets.with_parts(sheets.workbook(), {"xl/media/zeros.bin": bytes(40 * 1024 * 1024)})


def many_parts() -> bytes:
    return sheets.with_parts(sheets.workbook(), {f"xl/x{number}.bin": b"x" for number in range(1200)})


def entities() -> bytes:
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    return sheets.with_parts(sheets.workbook(), {"docProps/more.xml": body})


def plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return out.getvalue()


def lying_zip() -> bytes:
    """A part that says it is short and is long."""
    data = bytearray(sheets.with_parts(sheets.workbook(), {"xl/lie.xml": b"<a>" + b" " * 90_000 + b"</a>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 20)
    return bytes(data)


def other_table() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "通讯录"
    sheet.append(["姓名", "电话", "邮箱", "部门"])
    sheet.append(["张三", "0999", "a@b.example", "人事"])
    return sheets.saved(book)


FILES: dict[str, tuple[str, bytes, str]] = {
    "old xls": ("旧表.xls", ole("Workbook"), "old_xls"),
    "password": ("加密.xlsx", ole("EncryptedPackage", "EncryptionInfo"), "password"),
    "zip password": ("加密.xlsx", encrypted_zip(), "password"),
    "50 MB": ("大表.xlsx", b"PK\x03\x04" + bytes(50 * 1024 * 1024), "too_large"),
    "bomb": ("炸弹.xlsx", bomb(), "bomb"),
    "parts": ("碎片.xlsx", many_parts(), "bomb"),
    "entities": ("实体.xlsx", entities(), "bomb"),
    "lying sizes": ("谎言.xlsx", lying_zip(), "damaged"),
    "macros": ("宏.xlsx", sheets.with_parts(sheets.workbook(), {"xl/vbaProject.bin": b"x"}), "macros"),
    "empty": ("空.xlsx", b"", "empty"),
    "cut off": ("断.xlsx", sheets.workbook()[:2000], "damaged"),
    "no workbook": ("包.xlsx", plain_zip(), "not_a_workbook"),
    "pdf": ("表.xlsx", b"%PDF-1.7 nothing", "not_a_sheet"),
    "binary": ("表.csv", b"a,b\x00,c\x01", "not_a_sheet"),
    "web page": ("表.xls", b"<html><table><tr><td>x</td></tr></table></html>", "web_page"),
    "no table": ("通讯录.xlsx", other_table(), "no_table"),
    "no encoding": ("乱码.csv", b"\xff\xfe\x00", "encoding"),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_cannot_be_read_is_refused_by_name(year, what):
    name, data, code = FILES[what]
    looked = look(year, SheetFile(name, data), file())
    problem = looked.problem(code)
    assert (problem.file, problem.sheet, problem.cell) == (name, "", "")
    assert looked.codes() == [code]
    assert looked.report.files[0].is_refused and not looked.report.is_good
    for language in ("en", "zh"):
        with use_language(language):
            assert len(str(problem.reason)) > 8, "it says why and what to do"


def test_the_limit_of_the_size_is_exact(year):
    looked = look(year, SheetFile("大.csv", b"a" * LARGEST_FILE), SheetFile("太大.csv", b"a" * (LARGEST_FILE + 1)))
    assert looked.codes() == ["damaged", "too_large"] or looked.codes() == ["no_table", "too_large"]


def test_a_second_copy_in_one_run_is_named(year):
    looked = look(year, file(name="甲.xlsx"), SheetFile("乙.xlsx", file(name="甲.xlsx").data))
    assert looked.codes() == ["twin"] and looked.problem("twin").file == "乙.xlsx"


def test_a_template_without_rows_is_said(year):
    assert look(year, file([])).codes() == ["no_rows"]


# --- the head of a sheet --------------------------------------------------------------------------------------------


def test_a_missing_column_is_named(year):
    keys = [key for key in sheets.KEYS if key not in ("destination", "days")]
    looked = look(year, file(keys=keys))
    missing = [one for one in looked.report.problems if one.code == "no_column"]
    assert ["Destination" in str(one.reason) or "Days abroad" in str(one.reason) for one in missing] == [True, True]
    assert {(one.sheet, one.cell) for one in missing} == {("申报表", "A3")}
    assert missing[0].file == "云溪.xlsx"


def test_the_year_the_unit_and_the_code_are_held_against_the_plan(year):
    looked = look(year, file(year=2026))
    assert (looked.problem("other_year").cell, looked.problem("other_year").sheet) == ("A1", "申报表")
    looked = look(year, file(unit="江州云溪生物技木有限公司", code=""))
    assert looked.problem("unknown_unit").cell == "A2"
    assert "江州云溪生物技术有限公司" in str(looked.problem("unknown_unit").reason), "the closest name is told"
    looked = look(year, file(code="1211010840001409XH"))
    assert looked.problem("unit_contradiction").cell == "C2"
    assert look(year, file(unit="", code="")).problem("no_unit").cell == "A1"


def test_a_row_of_another_unit_is_named(year):
    keys = [*sheets.KEYS, "organising_unit"]
    rows = [row(organising_unit=sheets.UNIT), row(project_name="另一个", organising_unit="江州澄湖大学")]
    looked = look(year, file(rows, keys=keys, headings={"organising_unit": "组团单位"}))
    assert looked.problem("other_unit").cell == cell("organising_unit", FIRST_ROW + 1, keys)


def test_several_units_in_one_sheet_of_the_bureau(year, world):
    keys = [*sheets.KEYS, "organising_unit"]
    rows = [
        row(organising_unit=sheets.UNIT),
        row(project_name="另一个", organising_unit="Jiangzhou Chenghu University"),
    ]
    looked = look(year, file(rows, keys=keys, unit="", code="", headings={"organising_unit": "申报单位"}))
    assert [one.organisation_id for one in looked.report.rows] == [world.organisation_id, world.organisation2_id]


def test_a_column_twice_and_a_column_nobody_knows(year):
    looked = look(year, file(headings={"remarks": "计划人数", "seq": "星座"}))
    assert looked.problem("double_column").cell == cell("remarks", sheets.HEADER_ROW)
    note = looked.problem("unknown_column")
    assert note.severity is Severity.NOTE and "星座" in str(note.reason)


def test_bands_two_languages_and_numbers_of_columns(year):
    """The look of the plan table itself: title, unit line, bands merged, Chinese, English, column numbers."""

    def dress(sheet: Any) -> None:
        sheet.insert_rows(4, 3)
        for place, (key, name) in enumerate(sheets.HEADINGS.items(), start=1):
            sheet.cell(4, place, name)
            sheet.cell(5, place, ENGLISH[key])
            sheet.cell(6, place, place)
        for place in range(1, len(sheets.KEYS) + 1):
            sheet.cell(3, place).value = None
        for start, end, name in ((1, 7, "项目"), (8, 11, "培训"), (12, 15, "规模"), (16, 23, "经费（万元）")):
            sheet.cell(3, start).value = name
            sheet.merge_cells(start_row=3, end_row=3, start_column=start, end_column=end)
        sheet.merge_cells(start_row=3, end_row=4, start_column=24, end_column=24)
        sheet.cell(3, 24).value = "备注"
        sheet.merge_cells("A1:X1")
        sheet.append([None, "合计", None, None, None, None, None, None, None, None, 12])
        sheet.append(["填表人：何静    联系电话：0999-8812"])

    amounts = {name: 0.1 * place for place, name in enumerate(AMOUNT_KEYS, start=1)}
    looked = look(year, file([row(budget_total_cny=21000, subsidy_requested=0.5, **amounts)], change=dress,
                             headings={"budget_total_cny": "经费预算合计"}))  # fmt: skip
    data = looked.only
    assert (data.people_planned, data.days, data.destinations) == (12, 14, ("DE",))
    # the heading of the column says yuan, the others take the band's 10,000
    assert data.budget_training == Decimal(1000) and data.subsidy_requested == Decimal(5000)


AMOUNT_KEYS = [key for key in sheets.KEYS if key.startswith("budget_") and key != "budget_total_cny"]
ENGLISH = {
    "seq": "No.", "project_no": "Project no.", "project_name": "Project name",
    "dispatching_unit": "Dispatching unit(s)",
    "key_field": "Key field", "approval_type": "Approval type", "term": "Term", "destination": "Destination",
    "cities": "Cities", "host_institution": "Host institution", "people_planned": "People planned",
    "leaders_planned": "of which leading officials", "days": "Days abroad", "depart_month": "Departure month",
    "funding_source": "Funding source", "budget_total_cny": "Budget total", "budget_training": "Training fee",
    "budget_travel": "International travel", "budget_lodging": "Accommodation", "budget_meals": "Meals",
    "budget_incidentals": "Incidentals", "budget_other": "Other incl. inter-city",
    "subsidy_requested": "Subsidy requested", "remarks": "Remarks",
}  # fmt: skip


def test_an_english_sheet_and_the_usual_other_headings(year):
    english = file([row(destination="Germany", key_field="Industrial technology innovation", approval_type="Review",
                        funding_source="Municipal budget; Unit's own funds", depart_month="May 2027", term="Short",
                        host_institution="technical university of munich")],
                   headings=ENGLISH, unit="", code=sheets.CODE)  # fmt: skip
    assert look(year, english).only.destinations == ("DE",)
    others = {
        "project_name": "团组名称", "destination": "培训国别（地区）", "people_planned": "人数", "days": "天数",
        "budget_total_cny": "经费预算（万元）", "depart_month": "拟派出时间", "cities": "前往城市",
    }  # fmt: skip
    assert look(year, file([row(budget_total_cny="2.1")], headings=others)).only.budget_total == Decimal(21000)


@pytest.mark.parametrize(
    ("title", "head", "part"),
    [("赴港澳", "申报表", PlanPart.HK_MACAO), ("Sheet1", "2027年度赴台培训计划", PlanPart.TAIWAN),
     ("Sheet1", "2027年度因公出国（境）培训计划", PlanPart.HK_MACAO)],
)  # fmt: skip
def test_the_part_is_told_by_the_sheet_or_by_the_country(year, title, head, part):
    place = "台湾" if part is PlanPart.TAIWAN else "香港"

    def name(sheet: Any) -> None:
        sheet["A1"] = head

    data = look(
        year, file([row(destination=place, cities="台北", host_institution=None)], title=title, change=name)
    ).only
    assert data.part is part


# --- cells -----------------------------------------------------------------------------------------------------------

BAD_CELLS: dict[str, tuple[str, Any, str, str]] = {
    "negative heads": ("people_planned", -4, "negative", "-4 is negative"),
    "400 days": ("days", 400, "too_many_days", "400 days"),
    "range that ends before it begins": ("depart_month", "2027-05-20至2027-05-10", "ends_before", "before it begins"),
    "unknown country": ("destination", "德意", "unknown_country", "Germany"),
    "no country at all": ("destination", "ⅩⅩ", "unknown_country", "no country"),
    "China": ("destination", "中国", "home", "mainland"),
    "half a person": ("people_planned", 12.5, "not_whole", "12.5"),
    "about 20": ("people_planned", "约20", "not_whole", "约20"),
    "a date for a count": ("days", datetime(2027, 1, 14), "not_whole", "2027-01-14"),
    "words for money": ("budget_travel", "面议", "not_money", "面议"),
    "foreign money": ("budget_travel", "$2,000", "currency", "yuan"),
    "negative money": ("subsidy_requested", "(500)", "negative", "negative"),
    "too fine": ("subsidy_requested", 0.001, "cents", "two decimals"),
    "other year": ("depart_month", "2026-05", "other_year", "2026"),
    "two months": ("depart_month", "5-6月", "no_month", "5-6月"),
    "January or October": ("depart_month", 2027.1, "january_or_october", "2027-10"),
    "field not in the list": ("key_field", "炼金术", "not_in_list", "Industrial technology innovation"),
    "unknown institution": ("host_institution", "慕尼黑工业大学校", "unknown_provider", "慕尼黑工业大学"),
    "total is not the sum": ("budget_total_cny", 20999, "total", "20999"),
    "leaders": ("leaders_planned", 13, "leaders", "13 leading officials"),
    "no name": ("project_name", None, "no_name", "name of the project"),
    "control character": ("project_name", "培训\x0b项目", "text.control", "control"),
    "long name": ("project_name", "长" * 301, "text.too_long", "301"),
    "error value": ("people_planned", "#REF!", "error_value", "#REF!"),
    "number of ours": ("project_no", "2027-JZ-0815", "unknown_number", "2027-JZ-0815"),
}  # fmt: skip


@pytest.mark.parametrize("what", [name for name in BAD_CELLS if name != "control character"])
def test_a_bad_cell_is_named_by_file_sheet_cell_and_reason(year, what):
    key, value, code, said = BAD_CELLS[what]
    looked = look(year, file([row(), row(**{"project_name": "数字政府培训", "seq": 2, key: value})]))
    problem = looked.problem(code)
    assert (problem.file, problem.sheet, problem.cell) == ("云溪.xlsx", "申报表", cell(key, FIRST_ROW + 1))
    assert said in str(problem.reason), str(problem.reason)
    assert problem.is_error and not looked.report.is_good
    with use_language("zh"):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in str(problem.reason))
    assert looked.codes() == [code], "one cause, one problem"


def test_control_characters_of_a_csv_are_no_text(year):
    looked = look(year, sheets.csv_file([row(project_name="培训\x02项目")]))
    assert looked.codes() == ["not_a_sheet"]


def test_a_formula_that_was_never_computed_has_no_value(year):
    """openpyxl writes formulas without their values; a spreadsheet program writes both."""
    looked = look(year, file([row(budget_total_cny="=SUM(Q4:V4)")]))
    assert looked.codes() == ["formula_empty"]
    assert looked.problem("formula_empty").cell == cell("budget_total_cny")


def xlsxwriter_file(total: Any) -> SheetFile:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("申报表")
    sheet.write_row(0, 0, ["2027年度因公出国（境）培训计划申报表"])
    sheet.write_row(1, 0, [f"组团单位：{sheets.UNIT}"])
    sheet.write_row(2, 0, list(sheets.HEADINGS.values()))
    for place, key in enumerate(sheets.KEYS):
        if key == "budget_total_cny":
            sheet.write_formula(3, place, "=SUM(Q4:V4)", None, total)
        else:
            sheet.write(3, place, sheets.SOUND.get(key))
    book.close()
    return SheetFile("公式.xlsx", out.getvalue())


def test_a_formula_with_its_value_is_read_and_an_empty_one_is_empty(year):
    assert look(year, xlsxwriter_file(21000)).only.budget_total == Decimal(21000)
    assert look(year, xlsxwriter_file(20000)).codes() == ["total"]
    # a formula whose result is an empty text, as a spreadsheet program saves it: empty, so the amounts are added up
    saved = sheets.with_sheet_changed(xlsxwriter_file("").data, b"<f>SUM(Q4:V4)</f><v></v>", b' t="str"')
    assert look(year, SheetFile("公式.xlsx", saved)).only.budget_total == Decimal(21000)
    assert look(year, xlsxwriter_file("")).codes() == ["formula_empty"]


def test_merged_cells_over_projects(year):
    """A country may stand for several rows and is said; a count may not."""

    def merge(sheet: Any) -> None:
        for key in ("destination", "people_planned"):
            at = sheets.column(key)
            sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=at, end_column=at)

    looked = look(year, file([row(), row(seq=2, project_name="数字政府培训")], change=merge))
    assert looked.problem("merged").cell == cell("people_planned", FIRST_ROW + 1)
    filled = looked.problem("merged_filled")
    assert filled.severity is Severity.WARNING and filled.cell == cell("destination", FIRST_ROW + 1)


def test_merged_cells_across_columns(year):
    def merge(sheet: Any) -> None:
        at = sheets.column("people_planned")
        sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW, start_column=at, end_column=at + 1)

    assert look(year, file(change=merge)).problem("merged").cell == cell("leaders_planned")


def test_every_bad_cell_of_a_row_is_found_at_once(year):
    looked = look(year, file([row(people_planned=-1, days=400, destination="无此国")]))
    assert {one.code for one in looked.report.problems} == {"negative", "too_many_days", "unknown_country"}


# --- numbers of projects ---------------------------------------------------------------------------------------------


def test_two_projects_with_one_number_in_a_file_across_files_and_against_the_plan(year):
    looked = look(year, file([row(project_no="云-07"), row(project_no="云-07", project_name="二")]))
    assert looked.problem("number_twice").cell == cell("project_no", FIRST_ROW + 1)
    first = file([row(project_no="云-07")], name="甲.xlsx")
    second = file([row(project_no="云－０７", project_name="二")], name="乙.xlsx", unit="江州澄湖大学", code="")
    problem = look(year, first, second).problem("number_twice")
    assert (problem.file, problem.cell) == ("乙.xlsx", cell("project_no"))
    assert "甲.xlsx" in str(problem.reason) and cell("project_no") in str(problem.reason)
    number = year.group().number
    db.session.commit()
    looked = look(year, file([row(project_no=number)], unit="江州澄湖大学", code=""))
    assert looked.codes() == ["number_of_other_unit"]


def test_the_units_own_count_is_no_number_of_the_plan(year):
    first = file([row(project_no=1), row(project_no=2, project_name="二")], name="甲.xlsx")
    second = file([row(project_no=1)], name="乙.xlsx", unit="江州澄湖大学", code="")
    assert look(year, first, second).codes() == []
    assert look(year, file([row(project_no=1), row(project_no=1, project_name="二")])).codes() == ["number_twice"]


def test_a_group_that_left_the_unit_is_not_changed(year):
    group = year.checked()
    db.session.commit()
    looked = look(year, file([row(project_no=group.number)]))
    assert looked.codes() == ["not_editable"]
    assert db.session.get_one(TrainingProject, group.id).people_planned == 12


# --- values as people write them --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "name", "read"),
    [
        ("people_planned", "１２人", "people_planned", 12),
        ("days", "14 天", "days", 14),
        ("people_planned", "十二", "people_planned", 12),
        ("destination", "美利坚合众国", "destinations", ("US",)),
        ("destination", "U.S.", "destinations", ("US",)),
        ("destination", "南韩", "destinations", ("KR",)),
        ("destination", "孟加拉", "destinations", ("BD",)),
        ("destination", "塞拉立昂", "destinations", ("SL",)),
        ("destination", "英国、法国", "destinations", ("GB", "FR")),
        ("destination", "Germany and France", "destinations", ("DE", "FR")),
        ("destination", "Bosnia and Herzegovina", "destinations", ("BA",)),
        ("destination", "Korea, Republic of", "destinations", ("KR",)),
        ("cities", "慕尼黑;柏林，汉堡/科隆", "cities", ("慕尼黑", "柏林", "汉堡", "科隆")),
        ("depart_month", "五月", "depart_month", 5),
        ("depart_month", "2027.11", "depart_month", 11),
        ("depart_month", date(2027, 9, 3), "depart_month", 9),
        ("depart_month", 46508, "depart_month", 5),
        ("depart_month", "2027年6月上旬", "depart_month", 6),
        ("key_field", "industry_tech", "key_field", "industry_tech"),
        ("approval_type", "审核类", "approval_type", "review"),
        ("subsidy_requested", "１，２３４．５６元", "subsidy_requested", Decimal("1234.56")),
        ("subsidy_requested", "0.5万元", "subsidy_requested", Decimal(5000)),
        ("dispatching_unit", "甲所、乙所", "dispatching", ("甲所", "乙所")),
    ],
)  # fmt: skip
def test_values_as_units_write_them(year, key, value, name, read):
    assert getattr(look(year, file([row(**{key: value, **NEEDS.get(key, {})})])).only, name) == read


NEEDS: dict[str, dict[str, Any]] = {"destination": {"host_institution": None}}


def test_days_and_month_from_dates(year):
    headings = {"depart_month": "出境日期", "days": "入境日期"}
    data = look(year, file([row(depart_month="2027-05-10", days="2027-05-23")], headings=headings)).only
    assert (data.days, data.depart_month) == (14, 5)
    looked = look(year, file([row(depart_month="2027-05-23", days="2027-05-10")], headings=headings))
    assert looked.problem("ends_before").cell == cell("days")


def test_days_that_do_not_fit_the_dates_and_a_term_that_does_not_fit_the_days_are_warned_of(year):
    looked = look(year, file([row(depart_month="2027-05-10至2027-05-30", days=14)]))
    assert looked.problem("days_differ").severity is Severity.WARNING and looked.report.is_good
    assert look(year, file([row(term="长期")])).problem("term").severity is Severity.WARNING


def test_amounts_in_ten_thousands_said_over_the_table(year):
    def say(sheet: Any) -> None:
        sheet["F2"] = "单位：万元"

    amounts = {key: value / 10000 for key, value in sheets.SOUND.items() if key in AMOUNT_KEYS}
    headings = {"budget_total_cny": "经费预算合计"}
    data = look(year, file([row(budget_total_cny="21000元", subsidy_requested=0.5, **amounts)], change=say,
                           headings=headings)).only  # fmt: skip
    assert (data.budget_total, data.budget_training, data.subsidy_requested) == (
        Decimal(21000),
        Decimal(1000),
        Decimal(5000),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_every_usual_make(year, encoding, delimiter):
    sent = sheets.csv_file(
        [row(project_name="𠮷田式（数字）培训", cities="慕尼黑、柏林")], encoding=encoding, delimiter=delimiter
    )
    assert look(year, sent).only.name == "𠮷田式（数字）培训"


def test_csv_names_cells_as_a_spreadsheet_shows_them_and_gives_neutralised_text_back(year):
    looked = look(year, sheets.csv_file([row(people_planned=-4)]))
    assert looked.problem("negative").cell == cell("people_planned") and looked.problem("negative").sheet == "CSV"
    assert look(year, sheets.csv_file([row(project_name="'=1+1 培训")])).only.name == "=1+1 培训"


def test_hidden_sheets_blank_lines_totals_and_notes_are_no_projects(year):
    def dress(sheet: Any) -> None:
        sheet.append([2])
        sheet.append([None] * 3)
        sheet.append([None, None, "合计", *[None] * 7, 12])
        sheet.append(["注：本表一式两份。"])
        sheet.append(["单位负责人（签字）：", None, None, None, "填表日期：2026年11月20日"])
        hidden = sheet.parent.create_sheet("旧数据")
        sheets.fill(hidden, [row(project_name="藏起来的")])
        hidden.sheet_state = "hidden"

    looked = look(year, file(change=dress))
    assert [one.data.name for one in looked.report.rows] == ["智能制造培训"] and looked.codes() == []


def test_two_sheets_of_one_workbook(year):
    def more(sheet: Any) -> None:
        second = sheet.parent.create_sheet("赴港澳")
        sheets.fill(second, [row(project_name="港澳培训", destination="香港", host_institution=None)])

    rows = look(year, file(change=more)).report.rows
    assert [(one.sheet, one.data.part) for one in rows] == [("申报表", PlanPart.ABROAD), ("赴港澳", PlanPart.HK_MACAO)]
