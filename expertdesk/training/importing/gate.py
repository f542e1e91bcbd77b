"""What a file must be before anything in it is read: size, kind by its bytes, a ZIP that unpacks to something sane.

Decided: macros are not taken (.xlsm, or one renamed). They would never run here, but the sheet goes on to other desks.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from expertdesk.foundation.errors import DeskError
from expertdesk.foundation.locale import lazy

_MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * _MEGABYTE
MOST_FILES = 60
LARGEST_RUN = 100 * _MEGABYTE
_LARGEST_PART = 16 * _MEGABYTE
_LARGEST_UNPACKED = 48 * _MEGABYTE
_MOST_ENTRIES = 1_000
_HIGHEST_RATIO = 250
_WORTH_A_LOOK = 1 * _MEGABYTE  # below this a high ratio is only a short file of many blanks
_PROLOGUE = 64 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_KNOWN_OTHERS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"{\\rtf")
_WORKBOOK = "xl/workbook.xml"


class FileRefused(DeskError):
    """Nothing of this file is read. `code` is stable; `text` says what and how to mend it, in the reader's language."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def text(self) -> Any:
        return _SENTENCES[self.code](self.values)


def kind_of(data: bytes) -> str:
    """ "xlsx" or "csv". Raises FileRefused for everything that cannot be read."""
    if not data:
        raise FileRefused("empty")
    if len(data) > LARGEST_FILE:
        raise FileRefused("too_large", size=megabytes(len(data)), most=megabytes(LARGEST_FILE))
    if data.startswith(_OLE):
        raise FileRefused("password" if _ENCRYPTED in data else "old_xls")
    if data.startswith(_ZIP):
        _check_zip(data)
        return "xlsx"
    if data.startswith(_KNOWN_OTHERS):
        raise FileRefused("not_a_sheet")
    start = data[:_PROLOGUE].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise FileRefused("web_page")
    return "csv"


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            _check_names({entry.filename for entry in entries})
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    _check_part(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise FileRefused("damaged") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("password")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    too_dense = unpacked > _WORTH_A_LOOK and unpacked > _HIGHEST_RATIO * max(packed, 1)
    too_many = len(entries) > _MOST_ENTRIES or unpacked > _LARGEST_UNPACKED
    if too_dense or too_many or any(entry.file_size > _LARGEST_PART for entry in entries):
        raise FileRefused("bomb", size=megabytes(unpacked), entries=len(entries))


def _check_names(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("macros")
    if _WORKBOOK not in names:
        raise FileRefused("not_a_workbook")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """A workbook declares no entities of its own: one that does wants to unfold into something else."""
    with archive.open(entry) as part:
        start = part.read(_PROLOGUE)
    plain = start.replace(b"\x00", b"").lower()
    if b"<!doctype" in plain or b"<!entity" in plain:
        raise FileRefused("bomb", size=megabytes(entry.file_size), entries=1)


def megabytes(size: int) -> str:
    """Rounded up to a tenth, so that a file over the limit never looks as if it were within."""
    tenths = -(-size * 10 // _MEGABYTE)
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "empty": lambda v: lazy("The file is empty (0 bytes). Save the sheet again and choose it once more."),
    "too_large": lambda v: lazy(
        "The file has %(size)s MB; at most %(most)s MB are taken. Delete pictures and empty formatted rows, then save "
        "it again.", **v,
    ),
    "old_xls": lambda v: lazy(
        "This is an old Excel 97–2003 workbook (.xls). Open it, save it as an Excel workbook (.xlsx) and choose that "
        "file."
    ),
    "password": lambda v: lazy(
        "The workbook is protected by a password, so nobody here can read it. Remove the password, save it and choose "
        "it again."
    ),
    "macros": lambda v: lazy(
        "The workbook holds macros. Save it as an Excel workbook without macros (.xlsx) and choose that file."
    ),
    "bomb": lambda v: lazy(
        "Unpacked, the file would have %(size)s MB in %(entries)s parts: far more than a unit sheet. Copy the table "
        "into a new workbook and save that.", **v,
    ),
    "not_a_workbook": lambda v: lazy(
        "There is no Excel workbook in this file. Save the sheet as an Excel workbook (.xlsx) or as CSV."
    ),
    "not_a_sheet": lambda v: lazy("This is no spreadsheet. Excel workbooks (.xlsx) and CSV files are taken."),
    "web_page": lambda v: lazy(
        "This is a web page or XML saved under the name of a spreadsheet. Open it in Excel or WPS, save it as an Excel "
        "workbook (.xlsx) and choose that file."
    ),
    "damaged": lambda v: lazy(
        "The file is damaged or cut off. Open it on your device, save it again as an Excel workbook (.xlsx) and choose "
        "that file."
    ),
    "encoding": lambda v: lazy(
        "The text of this file is in no encoding that is known here. Save it as “CSV UTF-8”, or as an Excel workbook."
    ),
    "no_table": lambda v: lazy(
        "No table of training groups was found in it (sheets: %(sheets)s). Use the template, or name the columns as "
        "the plan table does.", **v,
    ),
    "too_many_rows": lambda v: lazy(
        "The sheet “%(sheet)s” has more than %(most)s rows. Delete what does not belong to the plan.", **v,
    ),
    "too_many_cells": lambda v: lazy(
        "The sheet “%(sheet)s” has more than %(most)s filled cells. Delete what does not belong to the plan.", **v,
    ),
    "run_cells": lambda v: lazy(
        "Together the files have more than %(most)s filled cells; send this one in another run.", **v
    ),
    "run_rows": lambda v: lazy(
        "Together the files hold more than %(most)s projects; send this one in another run.", **v
    ),
    "too_many_files": lambda v: lazy("At most %(most)s files go into one run.", **v),
    "run_too_large": lambda v: lazy("Together the files are larger than %(most)s MB; send them in two runs.", **v),
    "parts": lambda v: lazy("The workbook has more than %(most)s sheets. Keep only those of the plan.", **v),
}  # fmt: skip
REFUSALS = tuple(_SENTENCES)
