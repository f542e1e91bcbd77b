"""Every kind in both languages, with and without its parameters; nothing of a person in a mail."""

from __future__ import annotations

import re
from itertools import product

from expertdesk.foundation.locale import LANGUAGES
from expertdesk.notices.wording import KINDS, mail_body, text_of

FULL = {
    "number": "ED2026-000001", "due_on": "2026-12-21", "items": 2, "code": "opens-a-door", "expires_on": "2026-12-31",
    "organisation": "江州云溪生物技术有限公司", "days": 35, "from_on": "2026-09-02", "to_on": "2026-12-01",
}  # fmt: skip


CASES = {"full": FULL, "number": {"number": "ED2026-000001"}, "nothing": {}}


def test_every_kind_reads_well(app):
    for kind, language, (name, parameters) in product(KINDS, LANGUAGES, CASES.items()):
        text = text_of(kind, parameters, language)
        where = (kind, language, name)
        words = " ".join((text.subject, *text.paragraphs))
        assert text.subject and all(text.paragraphs), where
        assert "%(" not in words and "None" not in words, where
        has_chinese = bool(re.search(r"[一-鿿]", words.replace(str(parameters.get("organisation")), "")))
        assert has_chinese == (language == "zh"), where
        assert "\n" not in text.subject, where


def test_a_case_message_leads_to_the_case(app):
    for kind in KINDS:
        if kind.startswith(("case_", "correction_", "letter_")):
            assert text_of(kind, FULL, "en").path == "/my/ED2026-000001"


def test_dates_are_written_out_in_the_language(app):
    assert "21 December 2026" in text_of("correction_notice", FULL, "en").subject
    assert "2026年12月21日" in text_of("correction_notice", FULL, "zh").subject


def test_one_and_several_papers(app):
    one = text_of("correction_notice", {**FULL, "items": 1}, "en").paragraphs[0]
    two = text_of("correction_notice", FULL, "en").paragraphs[0]
    assert "1 paper to" in one and "2 papers to" in two


def test_a_reminder_leads_staff_to_the_permit(app):
    text = text_of(
        "expiry_reminder", {"number": "JZ0000000000017", "expires_on": "2026-12-31", "path": "/permits/17"}, "zh"
    )
    assert text.path == "/permits/17"


def test_the_body_says_where_to_look_and_whom_to_ask(app):
    text = text_of("case_accepted", FULL, "en")
    body = mail_body(text, "en", "https://desk.example")
    assert "https://desk.example/my/ED2026-000001" in body
    assert "+86 999 8800 1234" in body and "Jiangzhou Municipal Bureau of Foreign Experts" in body
    assert "江州市外国专家局" in mail_body(text_of("case_accepted", FULL, "zh"), "zh", "https://desk.example")


def test_an_old_kind_is_still_readable(app):
    assert text_of("no_longer_known", {}, "zh").subject == "本局消息"
