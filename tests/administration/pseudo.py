"""Text of a page that is neither marked for translation nor data (the pseudo-locale wraps marked text in ⟦…⟧)."""

from __future__ import annotations

import re
from typing import Any

_SKIPPED = {"script", "style", "title", "bdi", "option"}
_NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def unmarked(page: Any) -> list[str]:
    body = next(page.root.iter(_NAMESPACE + "body"))
    return [text for text in _texts(body) if _is_words(text)]


def _texts(element: Any):
    tag = element.tag.removeprefix(_NAMESPACE) if isinstance(element.tag, str) else "script"
    if tag not in _SKIPPED and element.get("translate") != "no":
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""


def _is_words(text: str) -> bool:
    rest = re.sub(r"⟦.*?⟧", "", text, flags=re.DOTALL)
    return any(sign.isalpha() for sign in rest)
