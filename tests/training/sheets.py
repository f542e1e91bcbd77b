"""Real workbooks for the tests of the import: as units send them, and as nobody should."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from expertdesk.training.importing import SheetFile

HEADINGS: dict[str, str] = {
    "seq": "序号", "project_no": "项目编号", "project_name": "项目名称", "dispatching_unit": "派员单位",
    "key_field": "重点领域", "approval_type": "项目类别（审批/审核/备案）", "term": "期限（短/中/长）",
    "destination": "培训国家（地区）", "cities": "培训城市", "host_institution": "境外培训机构",
    "people_planned": "计划人数", "leaders_planned": "其中党政领导干部", "days": "境外天数",
    "depart_month": "拟派出月份", "funding_source": "经费来源", "budget_total_cny": "经费预算合计（元）",
    "budget_training": "其中培训费", "budget_travel": "国际旅费", "budget_lodging": "住宿费", "budget_meals": "伙食费",
    "budget_incidentals": "公杂费", "budget_other": "其他费用（含城市间交通费）", "subsidy_requested": "申请资助金额",
    "remarks": "备注",
}  # fmt: skip
KEYS = tuple(HEADINGS)
UNIT, CODE = "江州云溪生物技术有限公司", "91110108MA01KPRT4B"
SOUND: dict[str, Any] = {
    "seq": 1, "project_name": "智能制造培训", "key_field": "产业技术创新", "approval_type": "审核", "term": "短期",
    "destination": "德国", "cities": "慕尼黑、柏林", "host_institution": "慕尼黑工业大学", "people_planned": 12,
    "leaders_planned": 0, "days": 14, "depart_month": "5月", "funding_source": "市级财政、单位自筹",
    "budget_total_cny": 21000, "budget_training": 1000, "budget_travel": 2000, "budget_lodging": 3000,
    "budget_meals": 4000, "budget_incidentals": 5000, "budget_other": 6000, "subsidy_requested": 5000,
    "remarks": "首次申报",
}  # fmt: skip
HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1


def row(**changes: Any) -> dict[str, Any]:
    return {**SOUND, **changes}


def column(key: str, keys: Sequence[str] = KEYS) -> int:
    return list(keys).index(key) + 1


def cell(key: str, at: int = FIRST_ROW, keys: Sequence[str] = KEYS) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column(key, keys))}{at}"


def fill(
    sheet: Worksheet, rows: Sequence[dict[str, Any]], *, unit: str = UNIT, code: str = CODE, year: int = 2027,
    keys: Sequence[str] = KEYS, headings: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """A simple sheet: title, line with the unit, one header row, rows."""
    names = {**HEADINGS, **(headings or {})}
    sheet.append([f"{year}年度因公出国（境）培训计划申报表"])
    sheet.append([f"组团单位：{unit}" if unit else None, None, f"统一社会信用代码：{code}" if code else None])
    sheet.append([names[key] for key in keys])
    for one in rows:
        sheet.append([one.get(key) for key in keys])


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(
    rows: Sequence[dict[str, Any]] = (SOUND,), title: str = "申报表",
    change: Callable[[Worksheet], None] | None = None, **options: Any,
) -> bytes:  # fmt: skip
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    fill(sheet, rows, **options)
    if change is not None:
        change(sheet)
    return saved(book)


def file(rows: Sequence[dict[str, Any]] = (SOUND,), name: str = "云溪.xlsx", **options: Any) -> SheetFile:
    return SheetFile(name, workbook(rows, **options))


def csv_file(
    rows: Sequence[dict[str, Any]] = (SOUND,), *, encoding: str = "utf-8-sig", delimiter: str = ",",
    name: str = "云溪.csv",
) -> SheetFile:  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["2027年度因公出国（境）培训计划申报表"])
    writer.writerow([f"组团单位：{UNIT}", f"统一社会信用代码：{CODE}"])
    writer.writerow([HEADINGS[key] for key in KEYS])
    for one in rows:
        writer.writerow(["" if one.get(key) is None else one[key] for key in KEYS])
    return SheetFile(name, out.getvalue().encode(encoding))


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The same archive with further entries."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def with_sheet_changed(data: bytes, before: bytes, attribute: bytes) -> bytes:
    """The first sheet with an attribute more on the cell that holds `before`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert before in body
                start = body.index(before) - 1
                body = body[:start] + attribute + body[start:]
            target.writestr(entry.filename, body)
    return out.getvalue()
