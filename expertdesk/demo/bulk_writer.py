"""Writes the bulk rows: values as the engine stores them, many rows a statement (COPY on PostgreSQL)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect

from expertdesk.demo.bulk_rows import Batch
from expertdesk.foundation.database import Base, db

# parents before children
ORDER = (
    "organisation", "organisation_contact", "person", "person_name", "passport", "case", "case_clock", "paper",
    "permit", "event", "search_entry",
)  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """Rows as tuples in the order of the table's columns, ready for the engine."""

    rows: dict[str, list[tuple[Any, ...]]]


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
        return Packed({name: self._pack(name, rows) for name, rows in batch.rows.items()})

    def _pack(self, name: str, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        ways = self._ways[name]
        return [tuple([way(row[column]) if way else row[column] for column, way in ways]) for row in rows]

    def insert(self, name: str) -> str:
        names = ", ".join(f'"{column}"' for column in self.columns[name])
        if self.is_sqlite:
            places = ", ".join("?" for _ in self.columns[name])
            return f'INSERT INTO "{name}" ({names}) VALUES ({places})'
        return f'COPY "{name}" ({names}) FROM STDIN'


def write(packer: Packer, packed: Packed) -> None:
    """One transaction a batch."""
    with db.engine.begin() as connection:
        for name in ORDER:
            rows = packed.rows.get(name)
            if not rows:
                continue
            if packer.is_sqlite:
                connection.exec_driver_sql(packer.insert(name), rows)
            else:
                driver: Any = connection.connection.driver_connection
                with driver.cursor() as cursor, cursor.copy(packer.insert(name)) as copy:
                    for row in rows:
                        copy.write_row(row)
