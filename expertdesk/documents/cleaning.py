"""The one gate for text that goes on paper: normalised, without control characters, and printable.

A context is cleaned once, before a printer sees it; printers draw glyphs and never hand text to a markup
parser.
"""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass, replace
from typing import Any

from expertdesk.documents.contexts import PersonName
from expertdesk.documents.typefaces import is_printable
from expertdesk.foundation.locale import Bilingual

# Spaces of every width print as one plain space; the ideographic space is kept, tables and headings use it.
KEPT_SPACE = "\u3000"
NO_BREAK_SPACE = "\u00a0"
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
DROPPED = frozenset({"Cc", "Cf", "Cs"})


class MissingGlyph(Exception):
    """No shipped font has a character of a required field: the letter must not be printed with a box in
    it."""

    def __init__(self, field: str, characters: str) -> None:
        self.field = field
        self.characters = characters
        points = ", ".join(f"{character} (U+{ord(character):04X})" for character in characters)
        super().__init__(f"{field}: no font has {points}")


def clean(text: str) -> str:
    """NFC, one kind of space, no control or invisible formatting character; a line feed between
    paragraphs stays."""
    out: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if character in "\n\u2028\u2029":
            out.append("\n")
        elif character in (KEPT_SPACE, NO_BREAK_SPACE):
            out.append(character)
        elif category == "Zs" or character == "\t":
            out.append(" ")
        elif category in DROPPED or _is_variation_selector(character):
            continue
        else:
            out.append(character)
    lines = (" ".join(line.split(" ")).strip(" ") for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line)


def missing(text: str) -> str:
    """The characters of a cleaned text that no font has, each once, in order."""
    found = dict.fromkeys(
        character for character in text if character != "\n" and not is_printable(character)
    )
    return "".join(found)


def prepare(context: Any) -> tuple[Any, tuple[tuple[str, str], ...]]:
    """The context with clean texts, and the native spellings left out. Raises MissingGlyph for a required
    field."""
    left_out: list[tuple[str, str]] = []
    return _prepared(context, "", left_out), tuple(left_out)


def _prepared(value: Any, path: str, left_out: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        cleaned = clean(value)
        lacking = missing(cleaned)
        if lacking:
            raise MissingGlyph(path, lacking)
        return cleaned
    if isinstance(value, PersonName):
        return _prepared_name(value, path, left_out)
    if isinstance(value, Bilingual):
        return Bilingual(
            _prepared(value.zh, f"{path}.zh", left_out), _prepared(value.en, f"{path}.en", left_out)
        )
    if isinstance(value, tuple):
        return tuple(_prepared(item, f"{path}[{number}]", left_out) for number, item in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: _prepared(getattr(value, field.name), f"{path}.{field.name}".lstrip("."), left_out)
            for field in fields(value)
        }
        return replace(value, **changed)
    return value


def _prepared_name(name: PersonName, path: str, left_out: list[tuple[str, str]]) -> PersonName:
    """The passport's Latin spelling is required; the native one is printed when it can be printed rightly.

    Arabic, Hebrew and the like would come out unshaped or in the wrong order: left out, and the officer
    is told.
    """
    latin = _prepared(name.latin, f"{path}.latin", left_out)
    native = clean(name.native)
    backwards = any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in native)
    if native and (backwards or missing(native)):
        left_out.append((f"{path}.native", native))
        native = ""
    return replace(name, latin=latin, native=native)


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
