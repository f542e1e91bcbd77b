"""The plan table as PDF: measures, pages, sums, hard cells, speed of the pages."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from expertdesk.documents import MissingGlyph
from expertdesk.documents.plan_contexts import digest_of
from expertdesk.documents.plan_pdf import page_cuts, plan_pdf
from expertdesk.documents.plan_text import quota_note
from expertdesk.foundation.locale import Bilingual
from tests.documents import plan_samples as samples

POINT = 25.4 / 72


def text_of(pdf: bytes, *options: str) -> str:
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def pages_of(pdf: bytes) -> list[str]:
    return [squeezed(page) for page in text_of(pdf, "-raw").split("\f")[:-1]]


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_same_table_same_bytes_and_only_embedded_fonts(lang: str, tmp_path: Path) -> None:
    first = plan_pdf(samples.plan(20), lang)
    assert first == plan_pdf(samples.plan(20), lang)
    path = tmp_path / "plan.pdf"
    path.write_bytes(first)
    listed = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout
    assert "Helvetica" not in listed
    assert all(re.search(r" yes yes yes ", line) for line in listed.splitlines()[2:])
    reader = PdfReader(io.BytesIO(first))
    assert reader.metadata and reader.metadata.creator == "ExpertDesk"
    assert samples.plan(20).digest in str(reader.metadata.subject)
    assert reader.root_object["/Lang"] == ("en-GB" if lang == "en" else "zh-CN")
    box = reader.pages[0].mediabox
    assert abs(float(box.width) * POINT - 420) < 0.01 and abs(float(box.height) * POINT - 297) < 0.01


def test_one_changed_cell_changes_the_digest() -> None:
    rows = [samples.row(number) for number in range(1, 4)]
    before = digest_of(rows, samples.KEYS, 2027, "abroad")
    assert before == digest_of([dict(row) for row in rows], samples.KEYS, 2027, "abroad")
    rows[1]["people_planned"] = 19
    assert digest_of(rows, samples.KEYS, 2027, "abroad") != before
    assert digest_of(rows, samples.KEYS, 2027, "taiwan") != digest_of(rows, samples.KEYS, 2027, "abroad")


def test_measures_of_the_specimen() -> None:
    """Left ends of words as the design draws them (letters §11), in mm."""
    boxes = text_of(plan_pdf(samples.plan(8), "zh"), "-bbox")
    found: dict[str, list[float]] = {}
    for x, right, text in re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" .*?>(.*?)</word', boxes):
        found.setdefault(text, [float(x) * POINT, float(right) * POINT])
    for text, x in {
        "编制单位：江州市外国专家局": 20.0,
        "验证码": 41.0,
        "2WCN-7TGK-4BXS": 55.0,
        "填表人：": 20.0,
    }.items():
        assert abs(found[text][0] - x) < 0.2, text
    for text, right in {"1,088,560": 240.3, "1,243,200": 253.7, "10,335,122": 240.3}.items():
        assert abs(found[text][1] - right) < 0.25, text
    middle = sum(found["2027年度因公出国（境）培训计划表"]) / 2
    assert abs(middle - 210) < 0.6


def test_figures_and_their_sums_are_on_the_sheet() -> None:
    table = samples.plan(8)
    told = text_of(plan_pdf(table, "zh"))
    for column in table.columns:
        if column.is_summed:
            values = [row[column.key] for row in table.rows]
            whole = sum(Decimal(str(value)) for value in values if value is not None)
            assert f"{whole:,.0f}" in told, column.key
    assert table.digest in squeezed(told)
    assert "2027-07-08 16:30" in told and "（8个项目）" in squeezed(told)


def test_cents_are_shown_for_a_whole_column_or_not_at_all() -> None:
    rows = [samples.row(number) for number in range(1, 4)]
    rows[0]["budget_training"] = Decimal("396000.50")
    told = text_of(plan_pdf(samples.plan(rows=tuple(rows)), "zh"))
    assert "396,000.50" in told and "238,000.00" in told and "286,000.00" not in told


@pytest.mark.parametrize("count", [0, 1, 2, 3, 13, 14, 15, 16, 17, 18, 60])
def test_header_on_each_page_and_total_with_two_rows_on_the_last(count: int) -> None:
    pages = pages_of(plan_pdf(samples.plan(count), "zh"))
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
        assert "组团单位" in page and "境外培训机构" in page and "经费（元）" in page
        assert page.count("合计") == (2 if number == len(pages) else 1), number
        assert ("填表人" in page) == (number == len(pages))
        assert ("印章处" in page) == (number == len(pages))
        assert "草稿" in page
    numbers = [len(re.findall(r"JZ-\d{4}", page)) for page in pages]
    assert sum(numbers) == count
    assert numbers[-1] >= min(count, 2)
    if count == 0:
        assert "本年度本范围无项目" in pages[0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(6, 60), max_size=60))
def test_pages_hold_their_rows(highs: list[float]) -> None:
    full, last = (214.0, 226.0), (145.0, 157.0)
    cuts = page_cuts(highs, full, last)
    assert [start for start, _ in cuts] == [0, *(end for _, end in cuts[:-1])] and cuts[-1][1] == len(highs)
    for number, (start, end) in enumerate(cuts):
        room = (last if number == len(cuts) - 1 else full)[number > 0]
        assert sum(highs[start:end]) <= room + 0.01
    assert cuts[-1][1] - cuts[-1][0] >= min(2, len(highs))


def test_all_english_pages_stand_behind_all_chinese_ones() -> None:
    taiwan = samples.plan(2, part=Bilingual("赴台湾", "Taiwan"), part_code="taiwan", quota=None)
    pages = pages_of(plan_pdf([samples.plan(20), taiwan], "both"))
    titles = ["年度因公赴台湾培训计划表" in page for page in pages]
    english = ["Page" in page for page in pages]
    assert english == sorted(english) and sum(english) == len(pages) // 2
    assert sum(titles) == 1 and f"Page{len(pages)}of{len(pages)}" in pages[-1]
    assert "AnnualPlanofOfficialTraininginTaiwan2027" in pages[-1]


def test_an_issued_sheet_has_neither_draft_box_nor_circle_and_its_code_leads_to_the_check(tmp_path: Path) -> None:
    pdf = plan_pdf(samples.plan(8, is_draft=False, sealed_on=date(2027, 7, 9)), "zh")
    told = squeezed(text_of(pdf))
    assert "草稿" not in told and "印章处" not in told and "2027年7月9日" in told
    path = tmp_path / "plan.pdf"
    path.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-gray", str(path), str(tmp_path / "page")], check=True)
    found = zxingcpp.read_barcodes(Image.open(next(tmp_path.glob("page*.pgm"))))
    assert [code.text for code in found] == ["https://ed.jiangzhou.example/verify/2WCN7TGK4BXS"]


def test_without_a_code_the_imprint_still_has_time_and_digest() -> None:
    table = samples.plan(2, verification=None)
    told = squeezed(text_of(plan_pdf(table, "en")))
    assert table.digest in told and "Verificationcode" not in told and "withouttheseal" in told


def test_rare_characters_and_long_texts() -> None:
    rows = [samples.row(number) for number in range(1, 5)]
    rows[0]["project_name"] = "㛃𬭎䶮 Nguyễn Šķēle Ђорђе " * 12
    rows[1]["remarks"] = "需要说明的事项很长。" * 60
    rows[2]["host_institution"] = "https://a-very-long-address.example.org/" + "x" * 300
    pages = pages_of(plan_pdf(samples.plan(rows=tuple(rows)), "zh"))
    told = "".join(pages)
    assert "㛃𬭎䶮" in told and "Šķēle" in told and "Ђорђе" in told
    assert len(re.findall(r"JZ-\d{4}", told)) == 4


def test_a_character_that_no_font_has_is_named_with_its_place() -> None:
    rows = [samples.row(1), samples.row(2)]
    rows[1]["remarks"] = "好\U0001f600"
    with pytest.raises(MissingGlyph) as caught:
        plan_pdf(samples.plan(rows=tuple(rows)), "zh")
    assert caught.value.field == "remarks[2]" and "U+1F600" in str(caught.value)


def test_sums_longer_than_their_column_keep_inside_it() -> None:
    """The columns of names give room; no figure is broken or runs into its neighbour."""
    rows = [samples.row(number) for number in range(1, 10)]
    for row in rows:
        row["budget_total_cny"] = Decimal("987654321.25")
    boxes = text_of(plan_pdf(samples.plan(rows=tuple(rows)), "zh"), "-bbox")
    assert ">8,888,888,891.25<" in boxes.replace("</word>", "<")
    lines: dict[str, list[tuple[float, float]]] = {}
    for x, top, right, text in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)".*?>([\d,.]{6,})<', boxes):
        if "," in text:
            lines.setdefault(top, []).append((float(x), float(right)))
    for places in lines.values():
        ordered = sorted(places)
        assert all(after[0] - before[1] > 0.5 for before, after in itertools.pairwise(ordered))


def test_progress_reaches_its_end_and_wrong_languages_are_refused() -> None:
    told: list[tuple[int, int]] = []
    plan_pdf(samples.plan(12), "both", lambda done, whole: told.append((done, whole)))
    assert told[-1] == (24, 24) and [done for done, _ in told] == sorted(done for done, _ in told)
    with pytest.raises(ValueError):
        plan_pdf(samples.plan(1), "fr")
    with pytest.raises(ValueError):
        plan_pdf([], "zh")


def test_the_note_on_the_control_number() -> None:
    note = quota_note(date(2027, 1, 1), planned=139, quota=160, mid_long=20, approved=97, sent=56)
    assert note.zh == (
        "指标执行：计划139人，占指标控制数160人的86.9%；其中中长期20人，占计划人数的14.4%。批准97人，实际派出56人。"
    )
    assert "86.9% of 160" in note.en
    empty = quota_note(date(2027, 1, 1), planned=0, quota=None, mid_long=0, approved=None, sent=None)
    assert empty.zh == "指标执行：计划0人。" and empty.en == "People planned: 0."


def test_columns_that_the_form_does_not_know_are_printed_too() -> None:
    columns = (
        *samples.COLUMNS[:5],
        dataclasses.replace(samples.COLUMNS[5], key="grade", name=Bilingual("等级", "Grade")),
    )
    rows = tuple({**samples.row(number), "grade": "甲"} for number in (1, 2))
    told = squeezed(text_of(plan_pdf(samples.plan(rows=rows, columns=columns), "zh")))
    assert "等级" in told and told.count("甲") == 2
