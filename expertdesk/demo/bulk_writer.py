"""Writes the bulk rows: values as the engine stores them, many rows a statement on SQLite, COPY on PostgreSQL.

The process that makes the rows packs them too. For PostgreSQL it packs whole blocks of COPY text, so that the process
which writes has nothing to do but pass them on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Dialect

from expertdesk.demo.bulk_rows import Batch
from expertdesk.foundation.database import Base, db

# parents before children
ORDER = (
    "organisation", "organisation_contact", "person", "person_name", "passport", "case", "case_clock", "paper",
    "permit", "event", "search_entry",
)  # fmt: skip
# what COPY's text format gives a meaning to (PostgreSQL manual, "COPY": text format)
_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NOTHING = "\\N"


@dataclass(frozen=True)
class Packed:
    """Rows by table, ready for the engine: tuples in the order of the columns, or one block of COPY text."""

    rows: dict[str, list[tuple[Any, ...]]]
    blocks: dict[str, bytes]


class Packer:
    """Knows each table's columns and how their values are stored."""

    def __init__(self, dialect: Dialect) -> None:
        self.is_sqlite = dialect.name == "sqlite"
        self.columns: dict[str, list[str]] = {}
        self._ways: dict[str, list[tuple[str, Callable[[Any], Any] | None]]] = {}
        for name in ORDER:
            table = Base.metadata.tables[name]
            self.columns[name] = [column.name for column in table.columns]
            self._ways[name] = [
                (column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in table.columns
            ]

    def pack(self, batch: Batch) -> Packed:
        rows = {name: self._pack(name, found) for name, found in batch.rows.items()}
        if self.is_sqlite:
            return Packed(rows, {})
        return Packed({}, {name: copy_text(found) for name, found in rows.items()})

    def _pack(self, name: str, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        ways = self._ways[name]
        return [tuple([way(row[column]) if way else row[column] for column, way in ways]) for row in rows]

    def insert(self, name: str) -> str:
        names = ", ".join(f'"{column}"' for column in self.columns[name])
        if self.is_sqlite:
            places = ", ".join("?" for _ in self.columns[name])
            return f'INSERT INTO "{name}" ({names}) VALUES ({places})'
        return f'COPY "{name}" ({names}) FROM STDIN'


def copy_text(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Rows in the text format of COPY."""
    lines = ["\t".join([_WAYS[type(value)](value) for value in row]) for row in rows]
    return ("\n".join(lines) + "\n").encode() if lines else b""


def _text(value: str) -> str:
    return value.translate(_SIGNS) if "\\" in value or not value.isprintable() else value


def _json(value: Any) -> str:
    # the way the driver's own wrapper is unpacked: it holds the value as it is
    return _text(json.dumps(getattr(value, "obj", value), ensure_ascii=False))


class _Ways(dict[type, Callable[[Any], str]]):
    """How a value of a type is written; the driver's wrapper of JSON comes in as a type of its own."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = _json
        return _json


_WAYS = _Ways(
    {
        str: _text,
        int: str,
        bool: lambda value: "t" if value else "f",
        type(None): lambda value: _NOTHING,
        date: date.isoformat,
        datetime: datetime.isoformat,
    }
)


def write(packer: Packer, packed: Packed) -> None:
    """One transaction a batch."""
    with db.engine.begin() as connection:
        for name in ORDER:
            if rows := packed.rows.get(name):
                connection.exec_driver_sql(packer.insert(name), rows)
            elif block := packed.blocks.get(name):
                driver: Any = connection.connection.driver_connection
                with driver.cursor() as cursor, cursor.copy(packer.insert(name)) as copy:
                    copy.write(block)
