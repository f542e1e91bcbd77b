"""Looking at failed limits only finds exactly what looking at all of them would keep."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expertdesk.regulations.current import rules_on
from expertdesk.training.facts import AMOUNTS, GroupFacts
from expertdesk.training.rules import STAGES, blocking, check_group, failing, warnings

AMOUNT = st.none() | st.integers(0, 3_000_000).map(Decimal)
BY_NAME: dict[str, Any] = {
    "part": st.sampled_from(["abroad", "hk_macao", "taiwan"]),
    "destinations": st.lists(st.sampled_from(["DE", "FR", "HK", "TW"]), max_size=3).map(tuple),
    "cities": st.lists(st.sampled_from(["一", "二", "三", "四", "五"]), max_size=5).map(tuple),
    "term": st.sampled_from(["", "short", "mid", "long"]),
    "fundings": st.lists(st.sampled_from(["municipal", "unit"]), max_size=2).map(tuple),
    "amounts": st.fixed_dictionaries(dict.fromkeys(AMOUNTS, AMOUNT)),
    "today": st.just(date(2026, 11, 24)),
}


def facts() -> st.SearchStrategy[GroupFacts]:
    hints = get_type_hints(GroupFacts)
    chosen = {}
    for field in fields(GroupFacts):
        if field.name in BY_NAME:
            chosen[field.name] = BY_NAME[field.name]
        elif hints[field.name] is bool:
            chosen[field.name] = st.booleans()
        elif hints[field.name] == (int | None):
            chosen[field.name] = st.none() | st.integers(0, 400)
        elif hints[field.name] == (Decimal | None):
            chosen[field.name] = AMOUNT
        elif hints[field.name] is str:
            chosen[field.name] = st.sampled_from(["", "draft", "approved", "甲"])
    return st.builds(GroupFacts, **chosen)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(group=facts(), stage=st.sampled_from(STAGES))
def test_the_short_way_finds_the_same(app, group, stage):
    book = rules_on(date(2026, 11, 24))
    every = check_group(group, book, stage)
    kept = [(one.code, one.outcome, one.fields) for one in failing(group, book, stage)]
    assert sorted(kept) == sorted(
        (one.code, one.outcome, one.fields) for one in (*blocking(every, stage), *warnings(every, stage))
    )
