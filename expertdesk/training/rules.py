"""The limits of the plan (training_rules): pure decisions from facts and the rule book.

Severity: a *block* stops the step of its stage, a *warning* needs a written reason, *info* is shown. An empty input
fails a block rule at its stage and leaves the others "not evaluated"; before its stage such a rule is only open
(training_plan_fields: rule_semantics).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from expertdesk.foundation.locale import lazy
from expertdesk.regulations import RuleBook
from expertdesk.regulations.rows import Row
from expertdesk.training.checks import GROUP_CHECKS, PART_CHECKS, Check, Seen
from expertdesk.training.facts import GroupFacts, PartFacts, UnitFacts
from expertdesk.training.field_names import listed, name_of_field

TABLE = "training_rules"
STAGES = ("declare", "send_up", "task", "return")


class Outcome(StrEnum):
    """What looking at one rule found."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True)
class Finding:
    """One rule looked at. `text` says what is wrong with the values in it; `fields` where to mend it."""

    code: str
    severity: str
    stage: str
    outcome: Outcome
    text: Any
    rule: Row
    fields: tuple[str, ...] = ()
    is_empty: bool = False  # the text names the fields to fill in

    @property
    def is_block(self) -> bool:
        return self.severity == "block"

    @property
    def is_failed(self) -> bool:
        return self.outcome is Outcome.FAILED

    @property
    def needs_reason(self) -> bool:
        return self.is_failed and self.severity == "warn"


def check_group(facts: GroupFacts, book: RuleBook, stage: str) -> tuple[Finding, ...]:
    """Every rule about one group as it stands before the step of `stage`, in the order of the table."""
    return tuple(_judged(one.rule, one.check(facts, one.params), stage, book) for one in _group_rules(book))


def failing(facts: GroupFacts, book: RuleBook, stage: str) -> tuple[Finding, ...]:
    """What `blocking` and `warnings` would keep of `check_group` before the step of `stage`, and nothing else looked
    at: for lists and sheets of thousands of groups."""
    last, found = STAGES.index(stage), []
    for one in _group_rules(book):
        if one.stage > last or one.severity not in ("block", "warn"):
            continue
        seen = one.check(facts, one.params)
        if seen.passed or (seen.passed is None and one.severity != "block"):
            continue
        found.append(_judged(one.rule, seen, stage, book))
    return tuple(found)


@dataclass(frozen=True)
class _GroupRule:
    """A rule about one group, ready to be looked at. `stage`: its place among the stages."""

    rule: Row
    check: Check
    params: Mapping[str, Decimal]
    severity: str
    stage: int


@lru_cache
def _group_rules(book: RuleBook) -> tuple[_GroupRule, ...]:
    """Those that are switched on, in the order of the table."""
    return tuple(
        _GroupRule(rule, check, rule.params or {}, rule.severity, STAGES.index(rule.stage))
        for rule in book.rows(TABLE)
        if (check := GROUP_CHECKS.get(rule.code)) is not None and rule.on and rule.stage in STAGES
    )


def _judged(rule: Row, seen: Seen, stage: str, book: RuleBook) -> Finding:
    due = STAGES.index(rule.stage) <= STAGES.index(stage)
    outcome = Outcome.PASSED if seen.passed else Outcome.FAILED
    if seen.passed is None and not due:
        outcome = Outcome.OPEN
    elif seen.passed is None and rule.severity != "block":
        outcome = Outcome.NOT_EVALUATED
    text = seen.text if seen.passed is False else ""
    if seen.passed is None:
        text = lazy("Fill in first: %(fields)s.", fields=listed(name_of_field(book, field) for field in seen.fields))
    return Finding(rule.code, rule.severity, rule.stage, outcome, text, rule, seen.fields, seen.passed is None)


def blocking(findings: tuple[Finding, ...], stage: str) -> tuple[Finding, ...]:
    """What stops the step of this stage: failed block rules of it and of the stages before."""
    last = STAGES.index(stage)
    return tuple(one for one in findings if one.is_block and one.is_failed and STAGES.index(one.stage) <= last)


def warnings(findings: tuple[Finding, ...], stage: str) -> tuple[Finding, ...]:
    """What needs a written reason before the step of this stage."""
    last = STAGES.index(stage)
    return tuple(one for one in findings if one.needs_reason and STAGES.index(one.stage) <= last)


def check_part(facts: PartFacts, book: RuleBook) -> tuple[Finding, ...]:
    """The rules about a whole part of the plan (stage send_up): R09, R10, R19 and the least number of medium terms."""
    found = []
    for rule in book.rows(TABLE):
        check = PART_CHECKS.get(rule.code)
        if check is not None and rule.on:
            found.append(_judged(rule, check(facts, rule.params or {}), "send_up", book))
    return tuple(found)


def check_unit(facts: UnitFacts, book: RuleBook) -> Finding | None:
    """R09 for one unit: the people it declared against its own control number."""
    rule = book.find(TABLE, "R09")
    if rule is None or facts.control is None:
        return None
    over = facts.people - facts.control
    text = lazy(
        "%(people)s people declared, %(over)s over the control number of %(control)s.",
        people=facts.people, over=over, control=facts.control,
    )  # fmt: skip
    return _judged(rule, Seen(over <= 0, text, ("people_planned",)), "send_up", book)
