"""The catalogues: extract messages of a package, keep translations, compile, and say what is missing.

One `.po` a package in `translations/<language>/`; `.mo` files are made, never committed. The English catalogue is
made from the message ids. What is the same in both languages on purpose stands in `same_in_both.txt` with a reason.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
_JINJA = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "false", "silent": "false"}
OPTIONS = {"**/templates/**.html": _JINJA}
_WIDTH = 110


def packages(source: Path) -> list[str]:
    """The top packages that own a catalogue."""
    return sorted(path.name for path in source.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def extract(source: Path, package: str) -> Catalog:
    """Every marked message of one package (or of the modules at the top, package "expertdesk")."""
    catalogue = Catalog(project="ExpertDesk", charset="utf-8", fuzzy=False)
    folder = source if package == "expertdesk" else source / package
    for name, line, message, comments, context in extract_from_dir(
        folder, METHODS, OPTIONS, KEYWORDS, comment_tags=("translators:",), strip_comment_tags=True
    ):
        if package == "expertdesk" and "/" in name:
            continue
        catalogue.add(message, None, [(f"{package}/{name}", line)], auto_comments=comments, context=context)
    return catalogue


def update(source: Path, translations: Path, package: str) -> int:
    """Bring the Chinese catalogue of a package up to date; returns how many messages are still untranslated."""
    template = extract(source, package)
    path = translations / "zh" / f"{package}.po"
    known = _read(path, "zh") if path.exists() else Catalog(locale="zh", charset="utf-8")
    elsewhere = _all_known(translations / "zh", path)
    fresh = Catalog(locale="zh", project="ExpertDesk", charset="utf-8", fuzzy=False)
    fresh.header_comment = f"# Simplified Chinese texts of {package}."
    for message in template:
        if not message.id:
            continue
        key = _key(message)
        old = known.get(_plain_id(message), message.context)
        string: Any = old.string if old is not None and _is_done(old) else elsewhere.get(key, "")
        if message.pluralizable and not isinstance(string, tuple):
            string = (string or "",)
        fresh.add(message.id, string, context=message.context, auto_comments=message.auto_comments)
    if not len(fresh):
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=_WIDTH, no_location=True, sort_output=True, omit_header=False)
    text = buffer.getvalue().decode()
    # dates in the header would make every run a change
    kept = [line for line in text.splitlines() if not line.startswith(('"POT-Creation', '"PO-Revision', '"Generated'))]
    path.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")
    return sum(1 for message in fresh if message.id and not _is_done(message))


def compile_all(source: Path, translations: Path) -> None:
    """Make every `.mo` that is missing or older than its `.po`."""
    for path in sorted((translations / "zh").glob("*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        temporary = target.with_suffix(".mo.new")
        with temporary.open("wb") as stream:
            write_mo(stream, _read(path, "zh"))
        temporary.replace(target)


def problems(source: Path, translations: Path) -> Iterator[str]:
    """One sentence for each message that is missing, untranslated, unlike in its places, or translated in two ways."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    same = _same_in_both(translations)
    for package in [*packages(source), "expertdesk"]:
        path = translations / "zh" / f"{package}.po"
        known = _read(path, "zh") if path.exists() else Catalog(locale="zh")
        for message in extract(source, package):
            if not message.id:
                continue
            found = known.get(_plain_id(message), message.context)
            shown = _plain_id(message)
            if found is None or not _is_done(found):
                yield f"{package}: no Chinese text for “{shown}”"
                continue
            yield from _differences(package, message, found, same)
            text = _strings(found)[0]
            earlier = seen.setdefault(_key(message), (package, text))
            if earlier[1] != text:
                yield f"{package} and {earlier[0]}: “{shown}” has two Chinese texts: {text} / {earlier[1]}"


def _differences(package: str, message: Message, found: Message, same: set[str]) -> Iterator[str]:
    shown = _plain_id(message)
    for text in _strings(found):
        if _places(shown) - {"n"} != _places(text) - {"n"}:
            yield f"{package}: the places of “{shown}” differ in Chinese: {text}"
        if text == shown and any(sign.isalpha() for sign in shown) and shown not in same:
            yield f"{package}: “{shown}” is the same in Chinese; translate it or list it in same_in_both.txt"


def _places(text: str) -> set[str]:
    import re

    return set(re.findall(r"%\((\w+)\)", text))


def _same_in_both(translations: Path) -> set[str]:
    path = translations / "same_in_both.txt"
    if not path.exists():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0] for line in lines if line and not line.startswith("#")}


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def _plain_id(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def _strings(message: Message) -> list[str]:
    string = message.string
    return [string] if isinstance(string, str) else [str(form) for form in string or ()]


def _key(message: Message) -> tuple[str, str]:
    return _plain_id(message), message.context or ""


def _is_done(message: Message) -> bool:
    string = message.string
    return bool(string) and (isinstance(string, str) or all(string)) and not message.fuzzy


def _all_known(folder: Path, without: Path) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for path in sorted(folder.glob("*.po")):
        if path != without:
            for message in _read(path, "zh"):
                if message.id and _is_done(message):
                    found[_key(message)] = message.string
    return found
