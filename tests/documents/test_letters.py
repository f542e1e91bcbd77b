"""Every letter: bytes, fonts, text, positions, the QR symbol, and the hard cases."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from expertdesk.documents import MissingGlyph, print_letter
from expertdesk.documents.breaking import CLOSING, OPENING, lay
from expertdesk.documents.contexts import PersonName
from expertdesk.documents.wording import versions
from expertdesk.foundation.locale import Bilingual
from tests.documents import samples

MAKERS = {
    "NOTIFICATION_LETTER": samples.notification,
    "ACCEPTANCE_NOTICE": samples.acceptance,
    "CORRECTION_NOTICE": samples.correction,
    "REFUSAL_DECISION": samples.refusal,
    "NON_ACCEPTANCE_NOTICE": samples.non_acceptance,
    "GRANT_DECISION": samples.grant,
    "RECEIPT": samples.receipt,
}
LONG = " ".join(["MARIA", "ALEJANDRA"] * 8)[:120]


def text_of(pdf: bytes, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("kind", MAKERS)
def test_same_bytes_and_only_embedded_fonts(kind: str, tmp_path: Path) -> None:
    first, second = print_letter(MAKERS[kind]()), print_letter(MAKERS[kind]())
    assert first == second
    path = tmp_path / "letter.pdf"
    path.write_bytes(first.pdf)
    listed = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout
    assert "Helvetica" not in listed
    assert all(re.search(r" yes yes yes ", line) for line in listed.splitlines()[2:])
    reader = PdfReader(io.BytesIO(first.pdf))
    assert len(reader.pages) == first.pages
    assert reader.metadata and reader.metadata.creator == "ExpertDesk" and reader.metadata.title
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize("kind", [kind for kind in MAKERS if kind != "RECEIPT"])
def test_draft_shows_the_box_and_the_place_of_the_seal(kind: str) -> None:
    issued, draft = MAKERS[kind](), MAKERS[kind](draft=True)
    blank = dataclasses.replace(draft.head, number=Bilingual("", ""), code="")
    told = squeezed(text_of(print_letter(dataclasses.replace(draft, head=blank)).pdf))
    assert "未盖章不生效" in told and "印章处" in told and "编号待取" in told and "验证码待取" in told
    plain = squeezed(text_of(print_letter(issued).pdf))
    assert "未盖章不生效" not in plain and "印章处" not in plain
    with pytest.raises(ValueError):
        print_letter(dataclasses.replace(issued, head=dataclasses.replace(issued.head, code="")))


def test_names_come_back_from_the_page() -> None:
    told = squeezed(text_of(print_letter(samples.notification()).pdf))
    assert "NguyễnThịHồngÁnh" in told and "江州㛃源" in told
    assert "江州𬭎源" in squeezed(text_of(print_letter(samples.refusal()).pdf))
    assert "Ђорђе" in text_of(print_letter(samples.acceptance()).pdf)
    assert "王䶮" in text_of(print_letter(samples.receipt()).pdf)


def test_qr_leads_to_the_verify_address(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(print_letter(samples.notification()).pdf)
    command = ["pdftoppm", "-r", "200", "-gray", "-f", "1", "-l", "1", str(path), str(tmp_path / "page")]
    subprocess.run(command, check=True)
    picture = Image.open(next(tmp_path.glob("page*.pgm")))
    found = zxingcpp.read_barcodes(picture)
    assert [code.text for code in found] == ["https://ed.jiangzhou.example/verify/7KQM4WTR9D2H"]


def test_golden_measures_of_the_notification_letter() -> None:
    boxes = text_of(print_letter(samples.notification()).pdf, "-bbox")
    found = {}
    for x, y, text in re.findall(r'xMin="([\d.]+)" .*?yMax="([\d.]+)">(.*?)</word', boxes):
        found.setdefault(text, (float(x) * 25.4 / 72, float(y) * 25.4 / 72))
    for text, x in {
        "护照号码": 28.0,
        "C7402918": 62.5,
        "验证码": 54.0,
        "Passport": 28.0,
        "Verification": 54.0,
    }.items():
        assert abs(found[text][0] - x) < 0.5, text
    assert abs(found["C7402918"][0] - found["JZ0020261180457"][0]) < 0.1


def test_receipt_copy_has_no_access_code() -> None:
    reader = PdfReader(io.BytesIO(print_letter(samples.receipt()).pdf))
    assert squeezed(reader.pages[0].extract_text()).count("K7M4QX2P") == 1


def test_missing_glyph_names_the_character_and_the_field() -> None:
    with pytest.raises(MissingGlyph) as caught:
        print_letter(samples.refusal(matter=Bilingual("申请\U0001f600", "x")))
    assert caught.value.field == "matter.zh" and "U+1F600" in str(caught.value)
    printed = print_letter(samples.correction())
    assert printed.left_out == (("name.native", "الحربي ناصر"),)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": PersonName(LONG, "Ђорђе"), "spouse": PersonName(LONG), "children": (PersonName(LONG),) * 3},
        {"name": PersonName("SUKARNO"), "spouse": None, "children": ()},
        {"name": PersonName("A\u0000B\u202eC\u200b<b>D")},
        {"province": Bilingual("新疆维吾尔自治区伊犁", "Xinjiang Uygur Autonomous Region")},
        {"children": (PersonName("TRAN A"), PersonName("TRAN B"), PersonName("TRAN C"))},
    ],
)
def test_hard_notification_letters(changes: dict) -> None:
    printed = print_letter(samples.notification(**changes))
    told = squeezed(text_of(printed.pdf))
    assert squeezed(changes["name"].latin if "name" in changes else "TRAN")[:1] in told
    if changes.get("children") == ():
        assert "None" in told and "无" in told


def test_hard_lists_and_long_reasons() -> None:
    assert print_letter(samples.acceptance(papers=9)).pages == 2
    short = samples.acceptance()
    many_papers = tuple(dataclasses.replace(one, number=count) for count, one in enumerate(short.papers * 3, 1))
    assert print_letter(dataclasses.replace(short, papers=many_papers)).pages == 4
    told = text_of(print_letter(samples.correction(items=12)).pdf)
    assert "续下页" in told and "（续）" in told
    facts = samples.refusal().facts
    many = Bilingual("\n".join([facts.zh] * 5), "\n".join([facts.en] * 5))
    assert print_letter(samples.refusal(facts=many)).pages > 4


@settings(max_examples=60, deadline=None)
@given(st.text("申请材料，。、；：（）《》“”年月日2026AbŠ ", min_size=1, max_size=120))
@example("A、0、0《、年《、0、 、”")
def test_no_line_starts_or_ends_with_a_forbidden_mark(text: str) -> None:
    lines = [line.text for line in lay("申请" + text, "kai", 14, 200, "zh")]
    for before, after in itertools.pairwise(lines):
        crowded = all(mark in CLOSING | OPENING | {" "} for mark in before[1:]) or len(before) < 2
        assert crowded or after[:1] not in CLOSING or not _could_move(before, after)


def _could_move(before: str, after: str) -> bool:
    """A run of marks longer than the line may be cut anywhere."""
    marks = len(before) - len(before.rstrip("".join(CLOSING | OPENING)))
    return marks + len(after) - len(after.lstrip("".join(CLOSING | OPENING))) < 6


@pytest.mark.parametrize("kind", MAKERS)
def test_both_languages_say_the_same(kind: str) -> None:
    for row in versions(kind):
        assert row.valid_from <= date(2026, 1, 1)
        for key, pair in row.texts.items():
            holders = [sorted(set(re.findall(r"\{(\w+)\}", side))) for side in (pair.zh, pair.en)]
            assert holders[0] == holders[1] or not (pair.zh and pair.en), key


def test_no_markup_parser_sees_user_text() -> None:
    for path in Path("expertdesk").rglob("*.py"):
        assert "Paragraph" + "(" not in path.read_text(encoding="utf-8"), path
