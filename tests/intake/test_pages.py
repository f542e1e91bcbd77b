"""The pages themselves: sound in both languages and states, nothing unmarked, few queries."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event

from expertdesk.foundation.database import db
from tests.intake.filled import lines
from tests.intake.sending import NEW, PREVIEW, READ_PASSPORT, send, token_of
from tests.pages import parse

_XHTML = "{http://www.w3.org/1999/xhtml}"
_SILENT = {f"{_XHTML}{tag}" for tag in ("script", "style", "title", "bdi", "time", "input", "textarea")}
HONG_KONG = lines(country="HK", number="K12345678", surname="CHAN", given_names="TAI MAN")


def states(client):
    """The page in every state an officer may see."""
    yield client.get(NEW)
    yield send(client, PREVIEW, do="work_out")
    yield send(client, PREVIEW, do="work_out", procedure="NEW_ABROAD", salary_month="80,000", has_family="y")
    yield send(client, PREVIEW, do="work_out", procedure="EXTENSION")
    yield send(client, PREVIEW, do="work_out", mrz=HONG_KONG, native_name="")
    yield send(client, PREVIEW, do="work_out", organisation="91110000802100433B")
    yield send(client, PREVIEW, do="work_out", organisation="91110000802100433X")
    yield send(client, PREVIEW, do="work_out", mrz="", native_name="", find_person="Ana", person="")
    yield client.post(READ_PASSPORT, data={"mrz": "P<", "do": "read_passport"})
    yield client.post(NEW, data={"do": "take_in", "form_token": token_of(client)})
    answer = send(client, seen_all=None)
    yield client.get(answer.headers["Location"])
    answer = send(client, mrz=HONG_KONG, native_name="")
    yield client.get(answer.headers["Location"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_is_sound(client_for, read, language):
    for answer in states(client_for("officer", language)):
        read(answer, answer.status_code)
        assert answer.status_code in (200, 422)


def test_nothing_is_left_in_english_on_chinese_pages(client_for):
    """The pseudo-locale wraps what is marked for translation; what stands outside is data or a mistake."""
    for answer in states(client_for("officer", "qps")):
        main = next(parse(answer.text)[0].iter(f"{_XHTML}main"))
        bare = [text for text in _unmarked(main) if re.search(r"[A-Za-z\u4e00-\u9fff]{2,}", text)]
        assert not bare, bare[:20]


def _unmarked(element, marked: bool = False):
    if element.tag in _SILENT or element.get("translate") == "no" or element.get("lang"):
        return
    text = element.text or ""
    yield from _outside(text)
    for child in element:
        yield from _unmarked(child)
        yield from _outside(child.tail or "")


def _outside(text: str):
    depth, kept = 0, ""
    for sign in text:
        if sign == "⟦":
            depth += 1
        elif sign == "⟧":
            depth -= 1
        elif not depth:
            kept += sign
    if kept.strip():
        yield kept.strip()


def test_few_queries(client_for):
    """Working the whole form out does not ask the database more than it must."""
    client = client_for("officer")
    token = token_of(client)
    seen: list[str] = []

    def note(connection, cursor, statement, *more):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        send(client, PREVIEW, do="work_out", form_token=token)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    reads = [statement for statement in seen if statement.lstrip().upper().startswith("SELECT")]
    assert len(reads) <= 20, len(reads)


def test_the_page_is_not_heavy(client_for):
    assert len(client_for("officer").get(NEW).data) < 100_000
