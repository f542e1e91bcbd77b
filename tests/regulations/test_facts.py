"""Facts are read strictly: what cannot be understood is refused with the name of the field, in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expertdesk.regulations import Facts, RuleBase, RuleInputError, classify_json

TODAY = date(2026, 11, 24)

BAD: list[tuple[dict[str, Any], str]] = [
    ({"salary": 1}, "salary"),
    ({"age": "forty"}, "age"),
    ({"age": True}, "age"),
    ({"age": 40.5}, "age"),
    ({"age": -1}, "age"),
    ({"age": 131}, "age"),
    ({"age": float("nan")}, "age"),
    ({"age": [40]}, "age"),
    ({"age": 10**400}, "age"),
    ({"salary_cny_year": float("inf")}, "salary_cny_year"),
    ({"salary_cny_year": "1e13"}, "salary_cny_year"),
    ({"salary_cny_month": -0.01}, "salary_cny_month"),
    ({"salary_cny_month": "1E-99999"}, "salary_cny_month"),
    ({"birth_date": "1980-02-30"}, "birth_date"),
    ({"birth_date": "19800201"}, "birth_date"),
    ({"birth_date": 1980}, "birth_date"),
    ({"birth_date": "1780-01-01"}, "birth_date"),
    ({"birth_date": "2026-11-25"}, "birth_date"),
    ({"birth_date": "1980-01-01", "age": 40}, "age"),
    ({"on": "yesterday"}, "on"),
    ({"on": "9999-12-31"}, "on"),
    ({"region": "Peking"}, "region"),
    ({"region": 110000}, "region"),
    ({"education": "phd"}, "education"),
    ({"chinese": "hsk6"}, "chinese"),
    ({"location": "Beijing"}, "location"),
    ({"elite": ["nobel"]}, "elite"),
    ({"elite": "university"}, "elite"),
    ({"criteria": "A1"}, "criteria"),
    ({"criteria": [1]}, "criteria"),
    ({"criteria": ["Z9"]}, "criteria"),
    ({"months_per_year": 13}, "months_per_year"),
    ({"bonus": 1.5}, "bonus"),
    ({"bonus": 11}, "bonus"),
]


@pytest.mark.parametrize(("facts", "field"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_fact_is_refused_at_its_field(base: RuleBase, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleInputError) as refused:
        classify_json(base, facts, TODAY)
    assert list(refused.value.problems) == [field]
    assert refused.value.text("zh") and refused.value.text("en")


@pytest.mark.parametrize("facts", [None, 3, "A", [3], [{"age": 40}, None]])
def test_facts_must_be_objects(base: RuleBase, facts: object) -> None:
    with pytest.raises(RuleInputError):
        classify_json(base, facts, TODAY)


def test_every_fault_is_told_at_once(base: RuleBase) -> None:
    with pytest.raises(RuleInputError) as refused:
        classify_json(base, {"age": "x", "education": "y", "zzz": 1}, TODAY)
    assert set(refused.value.problems) == {"age", "education", "zzz"}


def test_a_list_names_the_place_of_the_fault(base: RuleBase) -> None:
    with pytest.raises(RuleInputError) as refused:
        classify_json(base, [{"age": 40}, {"age": "x"}], TODAY)
    assert refused.value.text("en").startswith("[2] age")


def test_facts_survive_storing() -> None:
    facts = Facts.from_json(
        {
            "birth_date": "1980-05-01",
            "salary_cny_year": "300000.50",
            "elite": [],
            "criteria": ["B1", "B6", "B1"],
            "on": "2026-01-02",
        }
    )
    assert facts.criteria == ("B1", "B6") and facts.elite == ()
    assert facts.salary_cny_year == Decimal("300000.50")
    assert Facts.from_json(facts.as_json()) == facts


def test_nothing_stated_is_not_the_same_as_none() -> None:
    assert Facts.from_json({"elite": None, "education": "", "age": ""}) == Facts()
    assert Facts.from_json({"education": "none"}) != Facts()
