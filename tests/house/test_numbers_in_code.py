"""No figure of law in Python: numbers other than 0, 1 and -1 do not stand in rules and workflows (decisions: rule
commands). An exception carries a comment that says why, on its line or on the line above."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "expertdesk"
FREE = (0, 1, -1)
CONVERSIONS = ("int", "float", "Decimal")


def checked_files() -> list[Path]:
    """Every rules.py and workflow.py, and the rule functions themselves."""
    files = {*PACKAGE.glob("*/rules.py"), *PACKAGE.glob("*/workflow.py"), *(PACKAGE / "regulations").glob("*.py")}
    return sorted(files)


def numbers_in(source: str) -> Iterator[tuple[int, str]]:
    """(line, literal) of every number that no comment explains; also of numbers hidden in a text, Decimal("0.6")."""
    explained = _explained(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex):
            if node.value not in FREE and node.lineno not in explained:
                yield node.lineno, repr(node.value)
        elif isinstance(node, ast.Call) and _name(node.func) in CONVERSIONS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and node.lineno not in explained:
                yield node.lineno, repr(first.value)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _explained(source: str) -> set[int]:
    """Lines that carry a comment, and the line below a comment that stands alone."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and any(sign.isalpha() for sign in token.string):
            lines.add(token.start[0])
            if token.line.lstrip().startswith("#"):
                lines.add(token.start[0] + 1)
    return lines


@pytest.mark.parametrize("path", checked_files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_figures_stand_in_tables(path: Path) -> None:
    found = [f"{path.name}:{line}: {literal}" for line, literal in numbers_in(path.read_text(encoding="utf-8"))]
    assert not found, "move these to regulations/tables, or say in a comment why they are no rule: " + ", ".join(found)


def test_the_check_looks_at_something() -> None:
    names = {path.relative_to(PACKAGE).as_posix() for path in checked_files()}
    assert {"cases/workflow.py", "regulations/scoring.py"} <= names


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("days = 30\n", ["30"]),
        ("days = 0 + 1 - 1\n", []),
        ("age = -18\n", ["18"]),
        ("share = 0.6\n", ["0.6"]),
        ("share = Decimal('0.6')\n", ["'0.6'"]),
        ("def f(days=20): ...\n", ["20"]),
        ("WIDTH = 40  # signs on a line, not a rule\n", []),
        ("# signs on a line, not a rule\nWIDTH = 40\n", []),
        ("# signs on a line\n\nWIDTH = 40\n", ["40"]),
        ("WIDTH = 40  # 40\n", ["40"]),
        ("text = 'within 30 days'\n", []),
    ],
)
def test_the_check_finds_figures(source: str, found: list[str]) -> None:
    assert [literal for _, literal in numbers_in(source)] == found
