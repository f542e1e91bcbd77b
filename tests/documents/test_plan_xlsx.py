"""The plan as workbook and as plain table: sums worked out independently, read by two other programs."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from expertdesk.documents.plan_contexts import PlanTable
from expertdesk.documents.plan_csv import plan_csv
from expertdesk.documents.plan_xlsx import plan_xlsx
from expertdesk.foundation.locale import Bilingual
from tests.documents import plan_samples as samples
from tests.documents.office import converted
from tests.documents.test_plan_pdf import pages_of, text_of

FIRST = 7
B = Bilingual
HONG_KONG = {"part": B("赴港澳", "Hong Kong and Macao"), "part_code": "hk_macao", "quota": None, "notes": ()}
EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.example","y")', "http://x.example", "\t=1", "007", "{=1}"]


def opened(data: bytes, *, values: bool = False):
    return load_workbook(io.BytesIO(data), data_only=values)


def total_row(sheet: Worksheet) -> int:
    return next(
        row
        for row in range(FIRST, sheet.max_row + 1)
        if str(sheet.cell(row, 1).value or "").startswith(("合", "Total"))
    )


def expected(table: PlanTable, key: str) -> Decimal:
    return sum((Decimal(str(row[key])) for row in table.rows if row[key] is not None), Decimal(0))


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_same_table_same_bytes_whatever_the_clock_says(lang: str) -> None:
    first = plan_xlsx(samples.plan(12), lang)
    if lang == "both":
        time.sleep(2.1)  # the time stamps of a zip count in steps of two seconds
    assert plan_xlsx(samples.plan(12), lang) == first
    properties = opened(first).properties
    assert properties.created.isoformat() == "2027-07-08T16:30:00"
    assert samples.plan(12).digest in properties.description


@pytest.mark.parametrize("count", [1, 2, 8, 300])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sums_are_formulas_and_agree_with_what_was_written(count: int, lang: str) -> None:
    table = samples.plan(count)
    data = plan_xlsx(table, lang)
    formulas, values = opened(data).worksheets[0], opened(data, values=True).worksheets[0]
    foot = total_row(formulas)
    assert foot == FIRST + count
    for place, column in enumerate(table.columns, 1):
        if not column.is_summed:
            continue
        letter = get_column_letter(place)
        formula = str(formulas.cell(foot, place).value)
        area = f"{letter}{FIRST}:{letter}{foot - 1}" if count > 1 else f"{letter}{FIRST}"
        assert f"SUM({area})" in formula, column.key
        written = [values.cell(row, place).value for row in range(FIRST, foot)]
        recomputed = sum((Decimal(str(value)) for value in written if value is not None), Decimal(0))
        assert recomputed == expected(table, column.key)
        cached = values.cell(foot, place).value
        if all(value is None for value in written):
            assert cached in (None, "")
        else:
            assert Decimal(str(cached)) == recomputed, column.key
    for row in range(FIRST, foot):
        assert formulas.cell(row, 17).value == f"=SUM(R{row}:W{row})"
        parts = [Decimal(str(values.cell(row, place).value)) for place in range(18, 24)]
        assert sum(parts) == Decimal(str(values.cell(row, 17).value))


def test_a_total_that_its_parts_do_not_come_to_stays_what_was_written() -> None:
    rows = [samples.row(1), samples.row(2)]
    rows[0]["budget_total_cny"] = Decimal("999999.99")
    sheet = opened(plan_xlsx(samples.plan(rows=tuple(rows)), "zh")).worksheets[0]
    assert sheet.cell(FIRST, 17).value == 999999.99
    assert str(sheet.cell(FIRST + 1, 17).value).startswith("=SUM(")


def test_libreoffice_opens_it_and_comes_to_the_same_sums(tmp_path: Path) -> None:
    table = samples.plan(30)
    parts = [table, samples.plan(2, **HONG_KONG)]
    data = plan_xlsx(parts, "both")
    again = load_workbook(io.BytesIO(converted(data, tmp_path, "xlsx")), data_only=True)
    assert again.sheetnames == opened(data).sheetnames
    for name in ("出国计划", "Abroad"):
        sheet = again[name]
        foot = total_row(sheet)
        for place, column in enumerate(table.columns, 1):
            if column.is_summed:
                assert Decimal(str(sheet.cell(foot, place).value)) == expected(table, column.key), column.key
        errors = [cell.value for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(("#", "Err:"))]
        assert not errors


def test_libreoffice_prints_it_on_a3_with_the_header_on_every_page(tmp_path: Path) -> None:
    pdf = converted(plan_xlsx(samples.plan(120, summaries=()), "zh"), tmp_path, "pdf")
    pages = pages_of(pdf)
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "境外培训机构" in page and "组团单位" in page
        assert f"第{number}页共{len(pages)}页" in page
    assert "填表人" in pages[-1] and "合计" in pages[-1].replace("　", "")
    size = re.search(r"MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf.decode("latin-1"))
    assert size and abs(float(size[1]) - 1190.5) < 2 and abs(float(size[2]) - 841.9) < 2
    whole = f"{expected(samples.plan(120), 'budget_total_cny'):,.0f}"
    assert whole in text_of(pdf)


def test_print_setup_panes_and_merged_head() -> None:
    sheet = opened(plan_xlsx(samples.plan(8), "zh")).worksheets[0]
    assert sheet.page_setup.paperSize == 8 and sheet.page_setup.orientation == "landscape"
    fitted = sheet.sheet_properties.pageSetUpPr
    assert sheet.page_setup.fitToHeight == 0 and fitted is not None and fitted.fitToPage
    assert sheet.print_title_rows == "$4:$6" and sheet.freeze_panes == "D7"
    merges = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A2:AE2", "A4:G4", "H4:K4", "L4:O4", "P4:X4", "Y4:AB4", "AC4:AD4", "AE4:AE5"} <= merges
    assert [sheet.cell(6, place).value for place in range(1, 32)] == list(range(1, 32))
    told = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for text in (
        "编制单位：江州市外国专家局",
        "填表人",
        "审核人",
        "主要负责人（签字）",
        "（单位盖章）",
        "草稿",
        samples.plan(8).digest,
    ):
        assert text in told, text


def test_text_that_looks_like_a_formula_or_an_address_stays_text() -> None:
    rows = [samples.row(number) for number in range(1, len(EVIL) + 1)]
    for row, text in zip(rows, EVIL, strict=True):
        row["project_name"] = row["remarks"] = row["approval_no"] = text
        row["organising_unit"] = B(text, text)
    data = plan_xlsx(samples.plan(rows=tuple(rows), compiled_by=B("=2+2", "=2+2"), notes=(B("=3+3", "=3+3"),)), "both")
    for sheet in opened(data).worksheets[:1]:
        for number, text in enumerate(EVIL):
            for place in (3, 4, 28, 31):
                cell = sheet.cell(FIRST + number, place)
                assert cell.data_type == "s" and cell.value == text.strip() and cell.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if "externalLink" in name]
        for name in package.namelist():
            found = re.findall(r"<f>(.*?)</f>", package.read(name).decode("utf-8", "replace"))
            assert all(
                re.fullmatch(r'(IF\(COUNT\([A-Z0-9:]+\)=0,"",)?SUM\([A-Z]+\d+:[A-Z]+\d+\)\)?', one) for one in found
            )


def test_sheets_have_short_names_of_their_own() -> None:
    summary = dataclasses.replace(
        samples.plan(1).summaries[0], title=B("按国别汇总：[很长]" * 6, "By country / region: " * 4)
    )
    parts = [samples.plan(2, summaries=(summary, summary)), samples.plan(1, **HONG_KONG, summaries=(summary,))]
    names = opened(plan_xlsx(parts, "both")).sheetnames
    assert len(names) == len({name.casefold() for name in names}) == 10
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[:2] == ["出国计划", "港澳计划"] and names[5:7] == ["Abroad", "Hong Kong and Macao"]


def test_summary_sheets_add_up() -> None:
    data = plan_xlsx(samples.plan(16), "zh")
    sheet, values = opened(data)["按国别汇总"], opened(data, values=True)["按国别汇总"]
    foot = next(row for row in range(4, 20) if sheet.cell(row, 1).value == "合计")
    for place, key in ((3, "people_planned"), (4, "budget_total_cny")):
        assert str(sheet.cell(foot, place).value).startswith("=SUM(")
        assert Decimal(str(values.cell(foot, place).value)) == expected(samples.plan(16), key)
    assert values.cell(foot, 5).value == pytest.approx(0.869)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_plan_and_long_names(lang: str, tmp_path: Path) -> None:
    empty = opened(plan_xlsx(samples.plan(0), lang), values=True).worksheets[0]
    assert empty.cell(total_row(empty), 12).value == 0
    rows = [samples.row(1), samples.row(2)]
    rows[0]["project_name"] = "很长的名称" * 8000
    rows[1]["remarks"] = "a\x00b\x0bc\u202ed"
    sheet = opened(plan_xlsx(samples.plan(rows=tuple(rows)), lang)).worksheets[0]
    assert len(str(sheet.cell(FIRST, 3).value)) <= 32767 and sheet.cell(FIRST + 1, 31).value == "abcd"


def test_progress_of_the_workbook() -> None:
    told: list[tuple[int, int]] = []
    plan_xlsx([samples.plan(250), samples.plan(2, **HONG_KONG)], "zh", lambda done, whole: told.append((done, whole)))
    assert len(told) > 3 and told[-1] == (252, 252)


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_the_plain_table(lang: str) -> None:
    rows = [samples.row(1), samples.row(2)]
    rows[0]["project_name"], rows[1]["remarks"] = "=cmd|' /C calc'!A0", '逗号,引号"和\n换行'
    parts = [samples.plan(rows=tuple(rows)), samples.plan(3, **HONG_KONG)]
    data = plan_csv(parts, lang)
    assert data == plan_csv(parts, lang) and data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(lines) == 6 and {len(line) for line in lines} == {34}
    assert lines[1][5] == "'=cmd|' /C calc'!A0" and '逗号,引号"和 换行' in lines[2][33]
    assert lines[0][1] == {"zh": "范围", "en": "Scope", "both": "范围 / Scope"}[lang]
    assert Decimal(lines[1][19]) == samples.row(1)["budget_total_cny"] and lines[3][1] != lines[1][1]
