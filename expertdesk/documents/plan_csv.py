"""The plan of a year as one plain table: UTF-8 with a byte order mark, one header line, a row for each group.

A cell that a spreadsheet would take for a formula gets an apostrophe in front. Same tables, same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from expertdesk.documents.cleaning import clean
from expertdesk.documents.plan_contexts import Cell, PlanTable, Progress, in_language
from expertdesk.documents.plan_text import as_tables, languages, without_formula, words_of

MARK = "\ufeff"


def plan_csv(tables: PlanTable | Sequence[PlanTable], lang: str = "zh", progress: Progress | None = None) -> bytes:
    """All parts one below the other; the first columns say year, part and round. With `both` each heading and each
    value of a code list stands in both languages."""
    parts = as_tables(tables)
    languages(lang)
    words = words_of(parts[0])
    columns = parts[0].columns
    if any([column.key for column in part.columns] != [column.key for column in columns] for part in parts):
        raise ValueError("the parts have different columns")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    fixed = [words.texts[key] for key in ("column_year", "column_part", "column_round")]
    writer.writerow([_text(name, lang) for name in (*fixed, *(column.name for column in columns))])
    done, whole = 0, sum(len(part.rows) for part in parts)
    for part in parts:
        head = [str(part.year), _text(part.part, lang), _text(part.round, lang)]
        writer.writerows([*head, *(_text(row.get(column.key), lang) for column in columns)] for row in part.rows)
        done += len(part.rows)
        if progress:
            progress(done, whole)
    return (MARK + out.getvalue()).encode()


def _text(cell: Cell, lang: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, int | date):
        return str(cell)
    if lang == "both" and not isinstance(cell, str):
        text = cell.zh if cell.zh == cell.en or not cell.en else f"{cell.zh} / {cell.en}" if cell.zh else cell.en
    else:
        text = str(in_language(cell, "en" if lang == "en" else "zh"))
    return without_formula(" ".join(clean(text).split("\n")))
