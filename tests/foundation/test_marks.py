"""Marks between parts of a line: full width and without spaces in Chinese, on pages and in rows of facts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expertdesk.foundation.locale import in_list, in_row, use_language
from expertdesk.web.punctuation import Punctuation

TEMPLATES = sorted((Path(__file__).parents[2] / "expertdesk").glob("*/templates/**/*.html"))
# what stands fixed between two parts and would be Western in Chinese
FIXED = (
    ("a colon that is not translated", re.compile(r'visually-hidden">: ')),
    ("a space behind a translated colon", re.compile(r'_\("[^"]*:"\) \}\} ')),
    ("a full stop behind a value", re.compile(r"\}\}\.</p>")),
    ("a dash between two days", re.compile(r"\}\} – ")),
)


@pytest.mark.parametrize(("what", "wrong"), FIXED, ids=[what for what, _ in FIXED])
def test_no_template_fixes_a_western_mark(what, wrong):
    found = [path.name for path in TEMPLATES if wrong.search(path.read_text(encoding="utf-8"))]
    assert not found, f"{what}: use punct"


def test_rows_take_the_marks_of_the_reader():
    with use_language("zh"):
        assert in_list(["PDF", "JPEG"]) == "PDF、JPEG" and in_row(["张㛃羽", 1978]) == "张㛃羽，1978"
        assert Punctuation().to == "至"
    with use_language("en"):
        assert in_list(["PDF", "JPEG"]) == "PDF, JPEG" and in_row(["ZHANG", 1978]) == "ZHANG, 1978"
        assert Punctuation().to == " – "
