"""The sheet a unit fills in, the name list, the task and budget review form."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from expertdesk.documents import MissingGlyph
from expertdesk.documents.plan_contexts import ReviewSide, RosterPerson, UnitTemplate, choice_text
from expertdesk.documents.review_form import review_form_pdf
from expertdesk.documents.roster import roster_pdf, roster_xlsx
from expertdesk.documents.unit_sheet import READY, unit_template_xlsx
from expertdesk.documents.wording import versions
from expertdesk.foundation.locale import Bilingual
from tests.documents import plan_samples as samples
from tests.documents.office import converted
from tests.documents.test_plan_pdf import pages_of, squeezed, text_of

B = Bilingual
FIRST = 10
ROWS = (samples.row(8), samples.row(4))


def opened(template: UnitTemplate, *, values: bool = False):
    return load_workbook(io.BytesIO(unit_template_xlsx(template)), data_only=values)


def column_of(sheet: Worksheet, name: str) -> int:
    return next(place for place in range(1, 40) if str(sheet.cell(7, place).value).rstrip("*") == name)


# --- the sheet of a unit ----------------------------------------------------------------------------------------------


def test_template_is_the_same_each_time_and_says_whose_it_is() -> None:
    template = samples.template()
    assert unit_template_xlsx(template) == unit_template_xlsx(template)
    book = opened(template)
    sheet = book.worksheets[0]
    told = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row if cell.value)
    for text in (
        "江州市教育局",
        "Jiangzhou Education Bureau",
        "11990000000000000X",
        "2027",
        "出国",
        "指标控制数",
    ):
        assert text in told, text
    assert book.worksheets[1].sheet_state == "hidden"
    assert sheet.protection.sheet and sheet.cell(7, 3).protection.locked
    assert not sheet.cell(FIRST, 3).protection.locked and not sheet.cell(FIRST + READY - 1, 3).protection.locked
    assert sheet.freeze_panes == "D10" and sheet.print_title_rows == "$6:$9" and sheet.page_setup.paperSize == 8


def test_header_stands_in_both_languages_with_notes() -> None:
    template = samples.template()
    sheet = opened(template).worksheets[0]
    for place, column in enumerate(template.columns, 1):
        star = "*" if column.key in template.required else ""
        assert sheet.cell(7, place).value == column.name.zh + star
        assert sheet.cell(8, place).value == column.name.en + star
        assert sheet.cell(9, place).value == column.no
        comment = sheet.cell(7, place).comment
        assert comment and column.name.zh in comment.text and column.name.en in comment.text


def test_drop_downs_lead_to_their_lists() -> None:
    template = samples.template()
    book = opened(template)
    sheet, lists = book.worksheets
    rules = {str(rule.sqref).split(":")[0][:-2]: rule for rule in sheet.data_validations.dataValidation}
    for key, rows in template.choices.items():
        if key == "term":  # follows from the days
            continue
        place = next(n for n, column in enumerate(template.columns) if column.key == key)
        letter = get_column_letter(place + 1)
        rule = rules[letter]
        assert rule.type == "list" and rule.formula1 == f"list_{key}"
        assert rule.errorStyle == ("information" if template.columns[place].kind == "choices" else None)
        target = book.defined_names[f"list_{key}"].attr_text
        found = re.fullmatch(r"'(.+)'!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)", target)
        assert found and found[1] == lists.title
        offered = [lists[f"{found[2]}{row}"].value for row in range(int(found[3]), int(found[5]) + 1)]
        assert offered == [choice_text(name) for _, name in rows]


def test_people_are_counted_against_the_control_number() -> None:
    for control, word in ((40, "Within"), (30, "Over")):
        template = samples.template(rows=ROWS, control_number=control)
        sheet, values = opened(template).worksheets[0], opened(template, values=True).worksheets[0]
        assert sheet["D4"].value == control and sheet["G4"].value == "=SUM(L10:L59)"
        assert values["G4"].value == 37 and sheet["J4"].value == "=D4-G4" and values["J4"].value == control - 37
        assert word in values["K4"].value
    open_ended = opened(samples.template(control_number=None), values=True).worksheets[0]
    assert "none given" in open_ended["D4"].value


def test_libreoffice_works_out_serials_terms_and_totals(tmp_path: Path) -> None:
    template = samples.template(rows=ROWS)
    data = unit_template_xlsx(template)
    before = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    after = load_workbook(io.BytesIO(converted(data, tmp_path, "xlsx")), data_only=True).worksheets[0]
    names = {"seq": "序号", "term": "期限", "total": "经费预算合计（元）"}
    for sheet in (before, after):
        places = {key: column_of(sheet, name) for key, name in names.items()}
        assert [sheet.cell(row, places["seq"]).value or "" for row in (10, 11, 12, 59)] == [1, 2, "", ""]
        assert [sheet.cell(row, places["term"]).value for row in (10, 11)] == ["短期 Short", "中期 Medium"]
        assert [sheet.cell(row, places["total"]).value for row in (10, 11)] == [1229750, 2008320]
        assert sheet["G4"].value == 37 and sheet.cell(60, places["total"]).value == 1229750 + 2008320


def test_a_unit_with_hard_names_and_more_rows_than_usual() -> None:
    rows = tuple({**samples.row(number), "project_name": "=1+1"} for number in range(1, 61))
    template = samples.template(rows=rows, unit=B("=甲&乙'单位" * 20, 'A & B\'s "unit"'), choices={})
    data = unit_template_xlsx(template)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.cell(69, 3).value == "=1+1" and sheet.cell(69, 3).data_type == "s"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        formulas = re.findall(r"<f>(.*?)</f>", package.read("xl/worksheets/sheet1.xml").decode())
    assert not [formula for formula in formulas if "1+1" in formula]


# --- name list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 18, 19, 20, 21, 40])
def test_name_list_on_pages(count: int) -> None:
    table = samples.roster(count)
    pdf = roster_pdf(table, "zh")
    assert pdf == roster_pdf(table, "zh")
    pages = pages_of(pdf)
    for number, page in enumerate(pages, 1):
        assert "证照号码" in page and "政治面貌" in page and f"第{number}页共{len(pages)}页" in page
        assert ("填表人" in page) == (number == len(pages))
    numbers = [len(re.findall(r"PE\d{7}", page)) for page in pages]
    assert sum(numbers) == count and numbers[-1] >= min(count, 2)


def test_name_list_in_english_with_hard_names() -> None:
    people = (
        RosterPerson("Nguyễn Thị Hồng Ánh " * 4, "F", unit="㛃源" * 60, remarks="备注" * 400),
        RosterPerson("刘𬭎", is_leader=True),
    )
    told = squeezed(text_of(roster_pdf(samples.roster(people=people), "en")))
    assert "NguyễnThịHồngÁnh" in told and "刘𬭎" in told and "Female" in told and "Passport" in told
    with pytest.raises(MissingGlyph) as caught:
        roster_pdf(samples.roster(people=(RosterPerson("A\U0001f600"),)), "zh")
    assert caught.value.field == "name[1]"


def test_name_list_as_workbook(tmp_path: Path) -> None:
    data = roster_xlsx(samples.roster(25), "both")
    assert data == roster_xlsx(samples.roster(25), "both")
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["人员名单", "Name list"]
    sheet = book.worksheets[0]
    assert [sheet.cell(4, place).value for place in (2, 3, 10, 11)] == ["姓名", "性别", "证照号码", "是否团长"]
    assert sheet.cell(6, 14).value == "=1+1" and sheet.cell(6, 14).data_type == "s"
    assert sheet.cell(5, 11).value == "是" and sheet.cell(6, 11).value == "否"
    assert len(pages_of(converted(data, tmp_path, "pdf"))) >= 2


# --- review form ------------------------------------------------------------------------------------------------------


def test_review_form_has_two_opinions_on_one_page_a_language() -> None:
    pdf = review_form_pdf(samples.review_form(), "both")
    assert pdf == review_form_pdf(samples.review_form(), "both")
    pages = pages_of(pdf)
    assert len(pages) == 2
    zh, en = pages
    for text in (
        "团长（级别）",
        "刘𬭎（正处级）",
        "是否列入出国计划",
        "是否列入年度预算",
        "须事先报批的支出事项",
        "培训费",
        "1,229,750",
    ):
        assert text in zh, text
    assert zh.count("审核意见") == 4 and zh.count("（盖章）") == 2 and zh.count("负责人签字") == 2
    assert "2027年5月12日" in zh and "2027年7月4日至2027年7月24日（21天）" in zh and "草稿" in zh
    assert en.count("Signature:") == 2 and "Taskandbudget" not in en and "Intheannualbudget" in en


def test_review_form_before_anything_was_written_and_with_long_answers() -> None:
    blank = samples.review_form(task=ReviewSide(), finance=ReviewSide(), first_day=None, last_day=None, days=None)
    told = pages_of(review_form_pdf(blank, "zh"))
    assert len(told) == 1 and "同意" not in told[0].replace("不同意的", "") and "培训费" not in told[0]
    task = dataclasses.replace(
        samples.review_form().task,
        opinion="理由很长，需要逐项说明。" * 120,
        is_agreed=False,
        answers={"other": "说明" * 300},
    )
    long = pages_of(review_form_pdf(samples.review_form(task=task), "zh"))
    assert (
        len(long) > 1 and "不同意" in "".join(long) and all("因公临时出国任务和预算审批意见表" in page for page in long)
    )


# --- wording ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["TRAINING_PLAN", "UNIT_SHEET", "ROSTER", "REVIEW_FORM"])
def test_both_languages_have_the_same_places_to_fill(kind: str) -> None:
    for row in versions(kind):
        for key, pair in row.texts.items():
            assert isinstance(key, str), key
            holders = [sorted(set(re.findall(r"\{(\w+)\}", side))) for side in (pair.zh, pair.en)]
            assert holders[0] == holders[1] or not (pair.zh and pair.en), key
