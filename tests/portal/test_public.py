"""Pages for everybody: sound in both languages, nothing unmarked, true to the tables they are made from."""

from __future__ import annotations

import dataclasses
import re

import pytest

from expertdesk.access import Role
from expertdesk.cases.workflow import CASE
from expertdesk.portal.help_texts import HELP
from expertdesk.regulations.current import rules_today

PATHS = ("/", "/status", "/verify", "/help", *(f"/help/{role.value}" for role in Role), "/help/gallery", "/privacy",
         "/accessibility", "/nowhere")  # fmt: skip
_XHTML = "{http://www.w3.org/1999/xhtml}"
_NOT_READ = {"script", "style", "title"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_sound(app, visitor, read, language):
    visitor.set_cookie("language", language)
    for path in PATHS:
        page = read(visitor.get(path), 404 if path == "/nowhere" else 200)
        assert page.root.get("lang") == {"en": "en", "zh": "zh-CN"}[language], path
        chinese = re.findall(r"[一-鿿]", _visible(page.root))
        assert bool(chinese) == (language == "zh"), (path, "".join(chinese))


def test_no_text_escapes_translation(app, visitor):
    """The pseudo-locale marks what goes through the catalogue; what is left must be marked as data."""
    from tests.pages import parse

    visitor.set_cookie("language", "qps")
    for path in PATHS:
        root, _ = parse(visitor.get(path).text)
        left = re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", re.sub(r"⟦[^⟦⟧]*⟧", "", _visible(root))))
        words = re.findall(r"[A-Za-z]{3,}", left)
        assert not words, (path, words[:10])


def _visible(element, translate=True) -> str:
    """Text that a reader sees and that is meant to be in the language of the page."""
    tag = element.tag.removeprefix(_XHTML) if isinstance(element.tag, str) else "!"
    if tag in _NOT_READ or tag == "!" or tag == "bdi" or element.get("translate") == "no":
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [_visible(child), child.tail or ""]
    return " ".join(parts)


def test_the_front_page_leads_to_every_door_that_is_there(app, visitor, client_for, read):
    page = read(visitor.get("/"))
    for path in ("/status", "/verify", "/rules", "/sign-in"):
        assert page.all("a", href=path), path
        assert visitor.get(path).status_code == 200
    assert page.all("a", href="tel:+8699988001234")
    book = rules_today()
    promised = book.limits("NEW_IN_CHINA", "B", "decision").promised
    assert promised is not None and f"{promised.working_days} working days" in page.text
    signed_in = read(client_for("officer").get("/"))
    assert signed_in.all("a", href="/desk")


# --- help --------------------------------------------------------------------------------------------------------


def test_every_role_has_help_and_an_unknown_one_is_404(app, visitor):
    assert set(HELP) == set(Role)
    assert visitor.get("/help/pope").status_code == 404


def test_the_drawing_and_its_table_hold_the_whole_workflow(app, visitor, read):
    page = read(visitor.get("/help/officer"))
    drawn = [item for item in page.root.iter() if str(item.tag).endswith("}svg") and item.get("role") == "img"]
    assert len(drawn) == 1
    words = " ".join("".join(item.itertext()) for item in drawn[0].iter() if str(item.tag).endswith("}text"))
    book = rules_today()
    for state in CASE.states:
        assert str(book.state(state).short) in words, state
    rows = list(page.one("table").iter(_XHTML + "tr"))[1:]
    assert len(rows) == len(CASE.transitions)
    for row in CASE.transitions:
        assert any(str(row.label) in page.words(line) for line in rows), row.action
    for line in rows:
        done_by = page.words(list(line.iter(_XHTML + "td"))[-1])
        assert (line.get("class") == "is-own") == ("Case officer" in done_by), page.words(line)


def test_help_links_only_what_the_reader_may_open(app, visitor, client_for, read):
    assert not read(visitor.get("/help/officer")).all("a", href="/intake/new")
    assert read(client_for("officer").get("/help/officer")).all("a", href="/intake/new")
    assert not read(client_for("auditor").get("/help/officer")).all("a", href="/intake/new")


def test_the_own_role_stands_first(client_for, read):
    page = read(client_for("reviewer").get("/help"))
    first = next(link for link in page.all("a") if (link.get("href") or "").startswith("/help/"))
    assert first.get("href") == "/help/reviewer"


def test_the_gallery_is_for_demo_and_test(app, visitor, read):
    read(visitor.get("/help/gallery"))
    before = app.extensions["expertdesk.settings"]
    app.extensions["expertdesk.settings"] = dataclasses.replace(before, mode="production")
    try:
        assert visitor.get("/help/gallery").status_code == 404
    finally:
        app.extensions["expertdesk.settings"] = before


# --- privacy -----------------------------------------------------------------------------------------------------


def test_the_notice_says_the_whole_register_with_its_version(app, visitor, read):
    page = read(visitor.get("/privacy"))
    assert "Version of 1 November 2026" in page.text
    for row in rules_today().rows("data_register"):
        for text in (row.name, row.purpose, row.lawful_basis, row.kept_for, row.seen_by):
            assert str(text) in page.text, row.code
    for row in rules_today().rows("data_rights"):
        assert str(row.how) in page.text


def test_the_notice_is_true_about_cookies(app, visitor, submitted):
    """What the register says of cookies is all there is for a visitor."""
    names = set()
    for path in PATHS:
        names |= {value.split("=")[0] for value in visitor.get(path).headers.getlist("Set-Cookie")}
    visitor.post("/language", data={"language": "zh", "next": "/"})
    visitor.post("/theme", data={"theme": "dark", "next": "/"})
    assert names <= {"expertdesk-guest"}
