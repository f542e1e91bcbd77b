"""What the tables owe to everything that reads them: headings, words, sentences, sources, both editions, pure code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from expertdesk.regulations import RuleBase
from expertdesk.regulations.references import NEEDED
from expertdesk.regulations.schema import Choice, Field, ListOf, MapOf, RecordOf
from expertdesk.regulations.shapes import COMMON, SHAPES

PACKAGE = Path(__file__).parents[2] / "expertdesk"
RULES = PACKAGE / "regulations"


def fields() -> Iterator[tuple[str, str, Field]]:
    """(table, field, reader) of every field, also inside lists and records."""

    def walk(table: str, name: str, reader: Field) -> Iterator[tuple[str, str, Field]]:
        while isinstance(reader, ListOf | MapOf):
            reader = reader.kind
        yield table, name, reader
        if isinstance(reader, RecordOf):
            for inner, kind in reader.fields.items():
                yield from walk(table, inner, kind)

    for table, shape in SHAPES.items():
        for name, reader in {**COMMON, **shape.fields}.items():
            yield from walk(table, name, reader)


def test_every_field_has_a_heading(base: RuleBase) -> None:
    known = {row.code for row in base.rows("table_columns")}
    missing = sorted({name for _, name, _ in fields()} - known)
    assert not missing, f"add to table_columns of tables/columns.yaml: {missing}"


def test_every_heading_is_of_a_field(base: RuleBase) -> None:
    used = {name for _, name, _ in fields()} | {f"{table}.{name}" for table, name, _ in fields()}
    assert {row.code for row in base.rows("table_columns")} <= used


def test_every_word_a_field_may_hold_has_a_name(base: RuleBase) -> None:
    known = {row.code for row in base.rows("words")}
    unnamed = {"category", "confidence", "decision", "common", "by_category"}  # named by tables of their own
    missing = {
        f"{name}.{word}"
        for _, name, reader in fields()
        if isinstance(reader, Choice) and name not in unnamed
        for word in reader.allowed
    }
    assert not missing - known, f"add to words of tables/columns.yaml: {sorted(missing - known)}"


def test_every_row_has_its_source_confidence_and_both_languages(base: RuleBase) -> None:
    count = 0
    for code in base.table_codes():
        for row in base.rows(code):
            assert row.source and row.sources.zh and row.sources.en, row
            assert row.confidence in ("high", "medium", "low"), row
            assert row.name.zh.strip() and row.name.en.strip(), row
            assert row.valid_to is None or row.valid_to >= row.valid_from, row
            count += 1
    assert count > 900


def test_low_confidence_is_named_to_be_confirmed(base: RuleBase) -> None:
    low = next(row for row in base.rows("confidences") if row.code == "low")
    assert low.short.zh == "待确认" and low.short.en == "To be confirmed"


def says() -> Iterator[tuple[str, set[str]]]:
    """(sentence code, places filled in) of every call of say() in the rule functions."""
    for path in sorted(RULES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == "say":
                given = {keyword.arg for keyword in node.keywords if keyword.arg}
                for leaf in ast.walk(node.args[0]):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and leaf.value.isupper():
                        yield leaf.value, given


def test_every_sentence_that_is_said_exists_and_gets_what_it_asks_for(base: RuleBase) -> None:
    sentences = {row.code: row for row in base.rows("sentences")}
    for code, given in says():
        assert code in sentences, code
        asked = {place for _, place, _, _ in Formatter().parse(sentences[code].name.zh) if place}
        starred = {"month", "year", "region", "since"} if code.startswith("SALARY_") else set()
        assert asked <= given | starred, (code, asked - given)


def test_the_sentences_the_program_needs_are_listed(base: RuleBase) -> None:
    """A bureau that replaces sentences.yaml is told at the start what is missing, not when a page fails."""
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(RULES.glob("*.py")) if path.name != "references.py"
    )
    used = {row.code for row in base.rows("sentences") if re.search(rf'"{row.code}"', text)}
    assert used == set(NEEDED["sentences"]) == {row.code for row in base.rows("sentences")}


@pytest.mark.parametrize("path", sorted(RULES.glob("*.py")), ids=lambda path: path.name)
def test_the_rules_are_pure(path: Path) -> None:
    """No Flask, no database, no capability: only the floors below."""
    allowed = ("expertdesk.regulations", "expertdesk.foundation.locale", "expertdesk.foundation.errors",
               "expertdesk.foundation.numbers", "expertdesk.foundation.clock")  # fmt: skip
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            root = name.split(".")[0]
            assert root not in ("flask", "sqlalchemy", "flask_sqlalchemy", "werkzeug", "jinja2"), name
            assert root != "expertdesk" or name.startswith(allowed), name


def test_the_rules_need_no_flask_to_load() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from expertdesk.regulations import load; load();"
        "bad = [m for m in sys.modules if m.startswith(('flask', 'sqlalchemy', 'expertdesk.models'))];"
        "print(bad); sys.exit(len(bad))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_book_of_a_day_is_made_once(base: RuleBase) -> None:
    assert base.on(date(2026, 11, 24), "Beijing") is base.on(date(2026, 11, 24), "Beijing")
    today, tomorrow = (base.on(date(2026, 11, day), "Beijing").rows("points") for day in (24, 25))
    assert today is tomorrow


def test_a_rule_cannot_be_changed(base: RuleBase) -> None:
    row = base.rows("points")[0]
    with pytest.raises(AttributeError):
        row.max = 99
    with pytest.raises(AttributeError):
        row.nothing_of_the_kind  # noqa: B018
    with pytest.raises(TypeError):
        row.values["max"] = 99  # type: ignore[index]


def test_names_are_found_on_every_day(base: RuleBase) -> None:
    book = base.on(date(2026, 11, 24))
    assert book.name_of("visa_kinds", "Z").zh == "工作签证"
    assert book.name_of("visa_kinds", "Z9").zh == "Z9"
    assert base.on(date(2025, 9, 30)).find("visa_kinds", "K") is None
    assert base.on(date(2025, 10, 1)).find("visa_kinds", "K") is not None
    assert base.on(date(2025, 9, 30)).name_of("visa_kinds", "K").en == "Young S&T talent"


def test_demo_districts_are_apart_from_the_real_ones(base: RuleBase) -> None:
    book = base.on(date(2026, 11, 24))
    assert [row.code for row in book.districts(demo=True)] == ["990101", "990102", "990103"]
    real = [row.code for row in book.districts(demo=False)]
    assert len(real) == 17 and "110103" not in real and "BDA" in real


def test_nothing_of_the_published_lists_is_lost(base: RuleBase) -> None:
    expected = {
        "industries": 20,
        "visa_kinds": 17,
        "correction_reasons": 16,
        "refusal_grounds": 8,
        "non_acceptance_grounds": 3,
        "in_country_grounds": 10,
        "documents": 51,
        "criteria": 53,
        "checklists": 12,
        "employer_kinds": 17,
        "occupations": 8,
    }
    book = base.on(date(2026, 11, 24), "Beijing")
    assert {table: len(book.rows(table)) for table in expected} == expected


def test_the_tables_of_the_training_plan_are_whole(base: RuleBase) -> None:
    book = base.on(date(2026, 11, 24), "Beijing")
    expected = {
        "training_columns": 31,
        "training_rules": 24 + 1 + 14,
        "training_bands": 7,
        "training_states": 15,
        "training_attachments": 11,
        "training_roster_columns": 13,
        "training_review_lines": 6 + 10 + 13,
        "cost_rates": 266,
        "cost_editions": 3,
        "cost_items": 7,
        "training_fees": 3,
        "city_aliases": 6,
        "cost_examples": 12,
    }
    assert {table: len(book.rows(table)) for table in expected} == expected


def test_figures_from_memory_only_warn_and_are_to_be_confirmed(base: RuleBase) -> None:
    book = base.on(date(2026, 11, 24), "Beijing")
    rules = {row.code: row for row in book.rows("training_rules")}
    for code in ("R15", "R16", "R17", "R20"):
        assert rules[code].severity == "warn" and rules[code].is_unsure, code
    assert not any(row.severity == "block" and row.is_unsure for row in rules.values())
    assert {code for code, row in rules.items() if not row.on} == {"R10", "R18"}
    assert {code for code, row in rules.items() if row.params_unsure} == {"R08", "R15", "R16", "R20"}
    assert book.row("cost_editions", "E2017").is_unsure and not book.row("cost_editions", "E2013").is_unsure


def test_every_number_of_days_has_one_term(base: RuleBase) -> None:
    rows = base.on(date(2026, 11, 24)).rows("training_terms")

    def term(days: int) -> list[str]:
        return [row.code for row in rows if (row.least_days or 0) <= days <= (row.most_days or days)]

    assert {days: term(days) for days in (1, 89, 90, 180, 181, 400)} == {
        1: ["short"], 89: ["short"], 90: ["mid"], 180: ["mid"], 181: ["long"], 400: ["long"],
    }  # fmt: skip
