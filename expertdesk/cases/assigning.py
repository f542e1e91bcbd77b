"""Handing over: who can take a case, and many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from expertdesk.access import Actor
from expertdesk.cases.commands import assign_case
from expertdesk.cases.forms import Choices, named
from expertdesk.cases.policy import visible_cases
from expertdesk.cases.queries import OfficerChoice, officers, with_load
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted, RuleBroken
from expertdesk.models import Case
from expertdesk.regulations.current import rules_today


def district_choices(actor: Actor) -> Choices:
    """The districts this reader sees cases of."""
    book = rules_today()
    if actor.districts and not actor.is_municipal:
        return [SelectChoice(code, book.name_of("districts", code)) for code in sorted(actor.districts)]
    return named(book.districts(demo=bool(book.bureau.demo)))


def takers(case: Case) -> tuple[OfficerChoice, ...]:
    """Officers who can take this case: those of its district first, each with the number of open cases."""
    choices = [choice for choice in with_load(officers()) if choice.id != case.officer_id]
    return tuple(sorted(choices, key=lambda choice: not choice.handles(case.district)))


def hand_over(numbers: Sequence[str], officer_id: int, reason: str, actor: Actor) -> tuple[int, list[tuple[str, str]]]:
    """How many were handed over, and (number, why) of those that were not. A refusal writes nothing."""
    statement = visible_cases(select(Case).where(Case.number.in_(numbers)), actor).order_by(Case.id)
    cases = list(db.session.scalars(statement))
    done, refused = 0, []
    for case in cases:
        number = case.number
        try:
            assign_case(case, officer_id, actor, reason=reason)
            done += 1
        except NotAllowedNow as error:
            refused.append((number, _said(error.reasons)))
        except (NotPermitted, RuleBroken) as error:
            refused.append((number, str(error)))
    return done, refused


def _said(reasons: Sequence[Any]) -> str:
    return " ".join(str(reason.text) for reason in reasons)
