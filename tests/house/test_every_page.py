"""Every page in both languages: sound HTML, one heading as in the title, and no text that was left untranslated."""

from __future__ import annotations

import re

import pytest

from tests.house.bureau import NO_PAGES, pages, walk
from tests.pages import _XHTML, parse, problems_of

LETTER = re.compile(r"[^\W\d_]{2,}")
# what stands in a text field was typed by somebody
SILENT = {"script", "style", "title", "bdi", "time", "kbd", "code", "template", "textarea"}
# codes of criteria in a list of choices, where no element can set them apart
CODES = re.compile(r"\b[A-C]_[A-Z_]+\b")


def test_every_page_has_an_example(bureau):
    """An endpoint that answers GET stands in the list of pages, or in the list of what is no page."""
    answering = {rule.endpoint for rule in bureau.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    listed = set(pages(bureau)) | set(NO_PAGES)
    assert answering == listed


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_sound(bureau, language):
    found = []
    for endpoint, reader, address in walk(bureau):
        answer = bureau.client(reader, language).get(address, follow_redirects=True)
        if answer.status_code >= 500 or answer.status_code == 403:
            found.append(f"{reader} {address}: {answer.status_code}")
        wanted = "zh-CN" if language == "zh" else "en"
        if f'<html lang="{wanted}"' not in answer.text:
            found.append(f"{reader} {address}: not in {wanted}")
        found += [f"{reader} {address} ({endpoint}): {problem}" for problem in problems_of(answer.text)]
    assert not found, "\n".join(found[:60])


def test_nothing_is_left_untranslated(bureau):
    """In the pseudo-locale every marked text stands in ⟦…⟧; what has letters outside is unmarked."""
    found: dict[str, str] = {}
    for _, reader, address in walk(bureau):
        answer = bureau.client(reader, "qps").get(address, follow_redirects=True)
        for text in unmarked(answer.text):
            found.setdefault(text, f"{reader} {address}")
    assert not found, "\n".join(f"{where}: {text}" for text, where in list(found.items())[:80])


def unmarked(html: str):
    """Visible words outside ⟦…⟧ that are not declared to be data (translate="no", bdi, time, kbd)."""
    yield from Walk().element(parse(html)[0])


class Walk:
    """Goes through a page in the order of reading; a marked message may hold elements, so its end may come later."""

    def __init__(self) -> None:
        self.open = 0

    def element(self, element, is_data: bool = False):
        tag = element.tag.removeprefix(_XHTML) if isinstance(element.tag, str) else ""
        is_data = is_data or element.get("translate") == "no" or tag in SILENT if tag else True
        if not is_data:
            yield from self.words(element.text)
            for name in ("aria-label", "alt", "placeholder"):
                # an attribute cannot say which part of it is a name
                if "⟦" not in element.get(name, ""):
                    yield from Walk().words(element.get(name))
        for child in element:
            yield from self.element(child, is_data)
            if not is_data:
                yield from self.words(child.tail)

    def words(self, text: str | None):
        outside = ""
        for sign in text or "":
            self.open = max(0, self.open + {"⟦": 1, "⟧": -1}.get(sign, 0))
            outside += sign if not self.open and sign != "⟧" else " "
        if LETTER.search(CODES.sub(" ", outside)):
            yield " ".join(outside.split())[:120]
