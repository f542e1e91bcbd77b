"""The inspecting reader: every page a test looks at must be sound (architecture: habit 6)."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

import html5lib

_XHTML = "{http://www.w3.org/1999/xhtml}"
_LABELLED = {"input", "select", "textarea"}
_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}


class Page:
    """A page that passed; `text` is what a reader sees, `find` looks by CSS-like tag and attributes."""

    def __init__(self, html: str, root: Any) -> None:
        self.html = html
        self.root = root

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.root.itertext()).split())

    def all(self, tag: str, **attributes: str) -> list[Any]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.root.iter(_XHTML + tag)
            if all(element.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Any:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × {tag} {attributes}"
        return found[0]

    def words(self, element: Any) -> str:
        return " ".join("".join(element.itertext()).split())

    def form_values(self, action_end: str = "") -> dict[str, str]:
        """Names and values of the form whose action ends so (the first when empty), as a browser would send."""
        for form in self.root.iter(_XHTML + "form"):
            if action_end and not (form.get("action") or "").endswith(action_end):
                continue
            return _values(form)
        raise AssertionError(f"no form to {action_end}")


def _values(form: Any) -> dict[str, str]:
    values: dict[str, str] = {}
    for field in form.iter():
        name, tag = field.get("name"), field.tag.removeprefix(_XHTML)
        if not name or field.get("disabled") is not None:
            continue
        if tag == "input" and field.get("type") in {"checkbox", "radio"}:
            if field.get("checked") is not None:
                values[name] = field.get("value", "on")
        elif tag == "input" and field.get("type") not in {"submit", "file", "button"}:
            values[name] = field.get("value", "")
        elif tag == "textarea":
            values[name] = "".join(field.itertext()).removeprefix("\n")
        elif tag == "select":
            options = list(field.iter(_XHTML + "option"))
            chosen = next((option for option in options if option.get("selected") is not None), None)
            chosen = chosen if chosen is not None else (options[0] if options else None)
            if chosen is not None:
                values[name] = chosen.get("value", "".join(chosen.itertext()))
    return values


class Reader:
    """Callable: an answer (or its HTML) in, the checked Page out."""

    def __call__(self, answer: Any, status: int = 200) -> Page:
        if not isinstance(answer, str):
            assert answer.status_code == status, f"{answer.status_code} instead of {status}: {answer.text[:1500]}"
            html = answer.text
        else:
            html = answer
        problems = list(problems_of(html))
        assert not problems, "\n".join(problems)
        return Page(html, parse(html)[0])


def parse(html: str) -> tuple[Any, list[str]]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=True)
    root = parser.parse(html)
    faults = [f"line {place[0]}: {code} {values}" for place, code, values in parser.errors]
    return root, faults


def problems_of(html: str):
    """A sentence for each flaw of a whole page."""
    root, faults = parse(html)
    yield from faults
    document = root if root.tag == _XHTML + "html" else root.find(_XHTML + "html")
    if document is None or document.get("lang") not in {"zh-CN", "en"}:
        yield "the page does not say its language"
    headings = list(root.iter(_XHTML + "h1"))
    title = "".join(next(root.iter(_XHTML + "title")).itertext())
    if len(headings) != 1:
        yield f"{len(headings)} h1 instead of one"
    else:
        words = " ".join("".join(headings[0].itertext()).split())
        if words and " ".join(title.split()) and words not in " ".join(title.split()):
            yield f"the h1 “{words}” is not in the title “{title}”"
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)
    yield from _labels(root, set(ids))
    yield from _code(html, root)
    for image in root.iter(_XHTML + "img"):
        if image.get("alt") is None:
            yield f"picture without alt: {image.get('src')}"


def _labels(root: Any, ids: set[str]):
    named = {label.get("for") for label in root.iter(_XHTML + "label")}
    inside = {id(field) for label in root.iter(_XHTML + "label") for field in label.iter()}
    for field in root.iter():
        tag = field.tag.removeprefix(_XHTML) if isinstance(field.tag, str) else ""
        if tag not in _LABELLED or field.get("type") in _NO_LABEL:
            continue
        has = field.get("id") in named or id(field) in inside or field.get("aria-label") or field.get("aria-labelledby")
        if not has:
            yield f"{tag} {field.get('name')} has no label"
        for other in (field.get("aria-describedby") or "").split():
            if other not in ids:
                yield f"{tag} {field.get('name')} is described by {other}, which is not there"


def _code(html: str, root: Any):
    for element in root.iter():
        for name in element.attrib if isinstance(element, ElementTree.Element) else ():
            if name.startswith("on") or name == "style":
                yield f"inline {name} on {element.tag.removeprefix(_XHTML)}"
    for script in root.iter(_XHTML + "script"):
        if not script.get("src"):
            yield "inline script"
    for address in re.findall(r'(?:src|href)="(https?://[^"]+)"', html):
        if not address.startswith(("http://localhost", "http://127.0.0.1")):
            yield f"something from another host: {address}"
