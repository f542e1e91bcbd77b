"""What the printers of the programmes take: tables and a form as plain values. No database, no Flask."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from expertdesk.foundation.locale import Bilingual, country_name, format_date, format_number

Cell = str | int | Decimal | date | Bilingual | None
# what a column holds; numbers stand at the right and are summed where the table has a total
TEXT, COUNT, MONEY, MONTHS, PERCENT, DAY = "text", "count", "money", "months", "percent", "day"
NUMBERS = frozenset({COUNT, MONEY, MONTHS, PERCENT})


@dataclass(frozen=True)
class Column:
    """`width` in millimetres on paper; a sheet takes it in proportion."""

    name: Bilingual
    kind: str = TEXT
    width: float = 20.0


@dataclass(frozen=True)
class ProgramTable:
    """`sums`: numbers of columns (from 0) that get a total."""

    code: str
    title: Bilingual
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[int, ...] = ()


@dataclass(frozen=True)
class ProgramTables:
    """Several tables of one document. `data_at`: when the newest of the data was written; nothing else of the document
    depends on when it is made."""

    title: Bilingual
    issuer: Bilingual
    facts: tuple[tuple[Bilingual, Cell], ...]
    tables: tuple[ProgramTable, ...]
    notes: tuple[Bilingual, ...]
    data_at: datetime
    signatures: tuple[Bilingual, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of everything that is shown, in both languages."""
        parts = [repr((self.title, self.issuer, self.facts, self.notes, self.signatures))]
        parts += [repr((table.code, table.title, table.columns, table.rows, table.sums)) for table in self.tables]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class FormPart:
    """A headed part of the form: facts, texts that people wrote, a table."""

    title: Bilingual
    facts: tuple[tuple[Bilingual, Cell], ...] = ()
    texts: tuple[tuple[Bilingual, str], ...] = ()
    table: ProgramTable | None = None


@dataclass(frozen=True)
class ProgramForm:
    """An application on paper."""

    title: Bilingual
    number: str
    issuer: Bilingual
    parts: tuple[FormPart, ...]
    signatures: tuple[Bilingual, ...]
    data_at: datetime


def shown(value: Cell, lang: str, kind: str = TEXT) -> str:
    """A cell as text in one language."""
    if value is None:
        return ""
    if isinstance(value, Bilingual):
        return value.text(lang)
    if isinstance(value, date):
        return format_date(value, language=lang)
    if isinstance(value, (int, Decimal)):
        text = format_number(value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value, lang)
        return f"{text}%" if kind == PERCENT else text
    return value


def country(code: str) -> Bilingual:
    return Bilingual(country_name(code, "zh"), country_name(code, "en"))


def total_of(table: ProgramTable, column: int) -> Decimal:
    """The sum of a column; what is empty counts as nothing."""
    return sum((Decimal(value) for value in _numbers(table, column)), Decimal(0))


def _numbers(table: ProgramTable, column: int) -> Iterator[int | Decimal]:
    for row in table.rows:
        value = row[column]
        if isinstance(value, (int, Decimal)):
            yield value
