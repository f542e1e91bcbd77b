"""A CSV file as people save it: UTF-8 with or without mark, UTF-16, GB18030; comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
from collections import Counter

from expertdesk.foundation.cells import original
from expertdesk.training.importing.gate import FileRefused

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",;\t|，；"
_LINES_TASTED = 40
_CONTROL = frozenset(map(chr, (*range(0x09), *range(0x0E, 0x20), 0x7F)))


def csv_cells(data: bytes) -> list[list[str]]:
    """Rows of cells; what was made harmless for spreadsheets is given back. Raises FileRefused."""
    text = _decoded(data)
    if _CONTROL & set(text):
        raise FileRefused("not_a_sheet")
    delimiter = _delimiter(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise FileRefused("damaged") from error
    return [[original(cell) for cell in row] for row in rows]


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _in(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _in(data, "gb18030")


def _in(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused("encoding") from error


def _delimiter(text: str) -> str:
    """The sign that cuts most lines into most cells, outside quotes."""
    found: Counter[str] = Counter()
    for line in text.splitlines()[:_LINES_TASTED]:
        bare = "".join(line.split('"')[::2])
        for sign in _DELIMITERS:
            found[sign] += bare.count(sign)
    usual = {sign: found[sign] for sign in ",;\t|"}
    best = max(usual, key=lambda sign: usual[sign])
    if usual[best]:
        return best
    wide = max("，；", key=lambda sign: found[sign])
    return wide if found[wide] else ","
