"""Whatever is sent: a problem by name, never a failure of the house, and never half an import."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import use_language
from expertdesk.models import Event, HistoryHead, Series, TrainingImport, TrainingProject, TrainingUnit
from expertdesk.training import limits
from expertdesk.training.importing import ImportReport, SheetFile, checking
from expertdesk.training.importing.commands import confirm_import, import_sheets
from expertdesk.training.importing.corrected import corrected_sheet
from expertdesk.training.importing.gate import FileRefused
from tests.documents.office import converted
from tests.training import sheets
from tests.training.sheets import cell, file, row
from tests.training.test_import_pages import AT, seen_in, send
from tests.training.test_import_reading import BAD_CELLS, FILES
from tests.training.year import begin

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def year(app, world):
    return begin(world)


def state() -> dict[str, Any]:
    """Everything that an import may write."""
    kinds = (TrainingProject, TrainingUnit, TrainingImport, Event)
    counts = {kind.__name__: db.session.scalar(select(func.count()).select_from(kind)) for kind in kinds}
    series = db.session.execute(select(Series.kind, Series.year, Series.last)).all()
    chain = db.session.scalar(select(HistoryHead.last_hash))
    return {**counts, "series": sorted(map(tuple, series)), "chain": chain}


# --- all or nothing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", FILES)
def test_one_bad_file_keeps_the_whole_run_out_of_the_database(year, what):
    before = state()
    name, data, _ = FILES[what]
    with pytest.raises(RuleBroken) as refused:
        confirm_import(year.plan, [file(), SheetFile(name, data)], year.manager)
    assert "nothing was imported" in str(refused.value.problems[""])
    db.session.flush()
    assert state() == before


@pytest.mark.parametrize("what", [name for name in BAD_CELLS if name != "control character"])
def test_one_bad_cell_keeps_the_whole_run_out_of_the_database(year, what):
    before = state()
    key, value, _, _ = BAD_CELLS[what]
    good = [row(seq=place, project_name=f"第{place}组") for place in range(1, 6)]
    bad = file([*good, row(**{"project_name": "数字政府培训", key: value})], name="乙.xlsx")
    with pytest.raises(RuleBroken):
        confirm_import(year.plan, [file(good, name="甲.xlsx"), bad], year.manager)
    db.session.flush()
    assert state() == before


def test_a_failure_in_the_middle_leaves_nothing_behind(year, client_for, monkeypatch):
    """The last step fails after all groups are made: the transaction of the request takes everything back."""
    client = client_for("manager")
    send(client, file([row(seq=place, project_name=f"第{place}组") for place in range(1, 31)]))
    seen = seen_in(client.get(AT))
    before = state()
    made: list[int] = []

    def fail(*_: Any) -> None:
        made.append(db.session.scalar(select(func.count()).select_from(TrainingProject)) or 0)
        raise RuntimeError("the power goes")

    monkeypatch.setattr(limits, "recount", fail)
    assert client.post(f"{AT}/confirm", data={"seen": seen}).status_code == 500
    db.session.rollback()
    assert made == [30] and state() == before
    monkeypatch.undo()
    assert client.post(f"{AT}/confirm", data={"seen": seen}).status_code == 303
    assert state()["TrainingProject"] == 30, "the files were still there; the second try takes them"


def test_confirming_twice_imports_once(year, client_for):
    client = client_for("manager")
    send(client, file())
    seen = seen_in(client.get(AT))
    assert client.post(f"{AT}/confirm", data={"seen": seen}).status_code == 303
    assert client.post(f"{AT}/confirm", data={"seen": seen}).status_code == 422
    assert state()["TrainingProject"] == 1
    send(client, file())
    assert "was imported on" in client.get(AT).text, "the same sheet again is named, not taken"
    assert client.post(f"{AT}/confirm", data={"seen": ""}).status_code == 422
    assert state()["TrainingProject"] == 1


# --- how many ---------------------------------------------------------------------------------------------------------


def test_thirty_one_files_go_in_one_run_and_sixty_one_do_not(year, client_for, read):
    client = client_for("manager")
    many = [file([row(project_name=f"第{place}组")], name=f"{place}.xlsx") for place in range(61)]
    answer = send(client, *many)
    assert "At most 60 files go into one run." in read(answer, 422).text
    assert "每次最多60个文件" in send(client_for("manager", "zh"), *many).text
    assert send(client, *many[:31]).status_code == 303
    assert client.post(f"{AT}/confirm", data={"seen": seen_in(client.get(AT))}).status_code == 303
    assert state()["TrainingProject"] == 31
    send(client, *many[31:60])
    answer = send(client, *many[:32])
    assert answer.status_code == 422, "those that wait already count"


# --- files of other programs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "code"), [("xls", "old_xls"), ("ods", "not_a_workbook"), ("html", "web_page")])
def test_what_an_office_program_saves_in_another_format_is_named(year, tmp_path, form, code):
    saved = SheetFile(f"申报.{form}", converted(sheets.workbook(), tmp_path, form))
    (problem,) = import_sheets(year.plan, [saved], year.manager).problems
    assert (problem.code, problem.file) == (code, saved.name)


def test_what_an_office_program_saves_is_read_as_before(year, tmp_path):
    rows = [row(), row(seq=2, project_name="第二组", days=21, term="短期")]
    saved = SheetFile("申报.xlsx", converted(sheets.workbook(rows), tmp_path, "xlsx"))
    report = import_sheets(year.plan, [saved], year.manager)
    plain = import_sheets(year.plan, [file(rows)], year.manager)
    assert [one.data for one in report.rows] == [one.data for one in plain.rows] and report.is_good


# --- soup -------------------------------------------------------------------------------------------------------------


def taste(year: Any, name: str, data: bytes) -> ImportReport:
    """Read it, say everything in both languages, mark it."""
    report = import_sheets(year.plan, [SheetFile(name, data)], year.manager)
    (one,) = report.files
    for language in ("en", "zh"):
        with use_language(language):
            assert all(str(problem.reason).strip() and problem.file == name for problem in report.problems)
            if not one.is_refused:
                corrected_sheet(one, data)
    assert report.digest and (report.is_good or one.problems or not one.rows)
    return report


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(start=st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf"]),
       soup=st.binary(max_size=400))  # fmt: skip
def test_bytes_of_any_kind(year, start, soup):
    taste(year, "汤.xlsx", start + soup)


def with_styles(sheet: Any) -> None:
    """Styles 1 to 3: a day, a time of day, a span of time."""
    for place, form in enumerate(("yyyy-mm-dd", "h:mm", "[h]:mm:ss"), start=30):
        sheet.cell(1, place).number_format = form


WHOLE = sheets.workbook(change=with_styles)  # made once: it holds the time of its making


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_a_workbook_with_some_bytes_wrong(year, data):
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.none() | st.integers(1, len(whole)))
    taste(year, "坏.xlsx", bytes(whole[:end]))


TEXTS = (
    st.text(max_size=30)
    | st.sampled_from(["-4", "=1+1", "１２", "5月", "5月20至10日", "合计", "注：", "德国", "1e400", "NaN", "inf"])
    | st.from_regex(r"[0-9.,年月日至万元（）()¥-]{1,20}", fullmatch=True)
)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(rows=st.lists(st.dictionaries(st.sampled_from(sheets.KEYS), TEXTS, max_size=24), max_size=4),
       encoding=st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]), delimiter=st.sampled_from(",;\t|"))  # fmt: skip
def test_cells_of_any_text(year, rows, encoding, delimiter):
    plain = [{key: value.encode(encoding, "ignore").decode(encoding) for key, value in one.items()} for one in rows]
    taste(year, "文.csv", sheets.csv_file([row(**one) for one in plain], encoding=encoding, delimiter=delimiter).data)


XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
                   max_size=12)  # fmt: skip
SOUND_CELL = st.one_of(
    st.tuples(st.just("n"), st.sampled_from(["", "1", "2", "3"]), st.just(""),
              st.integers(-(10**9), 10**9).map(str) | st.floats(allow_nan=False, allow_infinity=False).map(str)),
    st.tuples(st.sampled_from(["str", "inlineStr"]), st.just(""), st.just(""), XML_TEXT),
    st.tuples(st.just("b"), st.just(""), st.just(""), st.sampled_from("01")),
    st.tuples(st.just("e"), st.just(""), st.just(""), st.sampled_from(["#REF!", "#N/A"])),
    st.tuples(st.just("d"), st.just("1"), st.just(""), st.datetimes().map(lambda one: one.isoformat())),
)  # fmt: skip
CELL = st.tuples(
    st.sampled_from(["", "n", "s", "str", "b", "e", "d", "inlineStr", "x"]),  # type
    st.sampled_from(["", "0", "1", "99", "-1", "x"]),  # style
    st.sampled_from(["", "<f>1+1</f>", '<f t="shared" si="0"/>']),
    st.none() | XML_TEXT | st.integers(-(10**12), 10**12).map(str) | st.floats().map(str),
)
MERGE = st.from_regex(r"[A-Z]{1,2}[0-9]{1,3}(:[A-Z]{1,3}[0-9]{1,7})?", fullmatch=True) | XML_TEXT


def soup_workbook(lines: Sequence[Sequence[tuple[str, str, str, str | None]]], merges: list[str]) -> bytes:
    """The sound sheet with further lines of any cells written as raw XML, and any merged ranges."""
    out = []
    for number, line in enumerate(lines, start=5):
        cells = []
        for place, (kind, style, formula, value) in enumerate(line):
            kinds = f" t={quoteattr(kind)}" if kind else ""
            styles = f" s={quoteattr(style)}" if style else ""
            inner = "" if value is None else f"<v>{escape(value)}</v>"
            if kind == "inlineStr" and value is not None:
                inner = f"<is><t>{escape(value)}</t></is>"
            cells.append(f'<c r="{chr(65 + place)}{number}"{kinds}{styles}>{formula}{inner}</c>')
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    merged = "".join(f"<mergeCell ref={quoteattr(one)}/>" for one in merges)
    tail = f"</sheetData><mergeCells>{merged}</mergeCells>" if merges else "</sheetData>"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert b"</sheetData>" in body
                body = body.replace(b"</sheetData>", ("".join(out) + tail).encode())
            target.writestr(entry.filename, body)
    return made.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(lines=st.lists(st.lists(CELL, min_size=3, max_size=24), max_size=4), merges=st.lists(MERGE, max_size=4))
def test_cells_of_any_kind(year, lines, merges):
    taste(year, "格.xlsx", soup_workbook(lines, merges))


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(lines=st.lists(st.lists(SOUND_CELL, min_size=24, max_size=24), min_size=1, max_size=4))
def test_cells_of_every_kind_that_a_program_writes(year, lines):
    """Numbers, days, spans of time, ticks, errors and words in every column: read, or named cell by cell."""
    report = taste(year, "格.xlsx", soup_workbook(lines, []))
    assert not report.files[0].is_refused


@settings(max_examples=6, deadline=None, suppress_health_check=SLOW)
@given(lines=st.lists(st.lists(CELL, min_size=3, max_size=24), max_size=3), soup=st.binary(max_size=60))
def test_soup_through_the_browser(year, client_for, lines, soup):
    client = client_for("manager")
    client.post(f"{AT}/leave-out", data={"what": "all"})
    assert send(client, SheetFile("格.xlsx", soup_workbook(lines, [])), SheetFile("汤.csv", soup)).status_code == 303
    answer = client.get(AT)
    assert answer.status_code == 200
    for part in answer.text.split('href="')[1:]:
        address = part.partition('"')[0]
        if address.endswith("corrected.xlsx"):
            assert client.get(address).status_code == 200
    assert client.post(f"{AT}/confirm", data={"seen": seen_in(answer)}).status_code in (303, 422)


# --- a workbook that wants too much -----------------------------------------------------------------------------------


def test_ranges_that_lie_over_each_other_end(year):
    wide = [f"A{top}:X{top + 700}" for top in range(4, 4 + 400)]
    lines = [[("", "", "", "1")] * 24 for _ in range(900)]
    taste(year, "层.xlsx", soup_workbook(lines, wide))


def test_more_cells_than_a_plan_has_are_refused(year):
    cells = "".join(f"<row>{'<c><v>1</v></c>' * 200}</row>" for _ in range(900))
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as source, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                body = body.replace(b"</sheetData>", cells.encode() + b"</sheetData>")
            target.writestr(entry.filename, body)
    problems = import_sheets(year.plan, [SheetFile("多.xlsx", whole.getvalue())], year.manager).problems
    assert [one.code for one in problems] == ["too_many_cells"] and "申报表" in str(problems[0].reason)


@pytest.mark.parametrize(("limit", "code"), [("MOST_ROWS_OF_RUN", "run_rows"), ("MOST_CELLS_OF_RUN", "run_cells")])
def test_a_run_that_would_take_minutes_is_cut_and_said(year, monkeypatch, limit, code):
    monkeypatch.setattr(checking, limit, 60)
    names = ("甲", "乙")
    many = [file([row(project_name=f"{name}{n}") for n in range(70)], name=f"{name}.xlsx") for name in names]
    problems = import_sheets(year.plan, many, year.manager).problems
    assert [(one.file, one.code) for one in problems] == [("乙.xlsx", code)]


def test_entities_behind_a_long_comment_are_refused(year):
    """The door looks at the beginning of each part only; the reader refuses them wherever they stand."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                at = body.index(b"<worksheet")
                bad = b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE a [<!ENTITY b "bb">]>'
                body = body[:at] + bad + body[at:]
            target.writestr(entry.filename, body)
    problems = import_sheets(year.plan, [SheetFile("长.xlsx", made.getvalue())], year.manager).problems
    assert [one.code for one in problems] == ["bomb"]


def test_the_gate_names_every_refusal_in_both_languages():
    from expertdesk.training.importing.gate import REFUSALS

    values = {"size": "1", "most": "2", "entries": 3, "sheet": "甲", "sheets": "乙"}
    for code in REFUSALS:
        with use_language("en"):
            english = str(FileRefused(code, **values).text)
        with use_language("zh"):
            chinese = str(FileRefused(code, **values).text)
        assert english != chinese and any("\u4e00" <= sign <= "\u9fff" for sign in chinese), code


def test_a_problem_is_told_with_file_sheet_and_cell_on_the_page(year, client_for, read):
    for language, kind in (("en", "Error"), ("zh", "错误")):
        client = client_for("manager", language)
        send(client, file([row(destination="德意", days=400)], name="云溪.xlsx"))
        text = read(client.get(AT)).text
        for said in ("云溪.xlsx", "申报表", cell("destination"), cell("days"), kind, "400"):
            assert said in text, (language, said)
