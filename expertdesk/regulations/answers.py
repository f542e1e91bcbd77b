"""The JSON of the rule commands, by the contract. Pure; the command line prints what comes out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.classify import Classification
from expertdesk.regulations.facts import Facts, carried_marks
from expertdesk.regulations.limits import clock_json
from expertdesk.regulations.months import age_on
from expertdesk.regulations.problems import RuleInputError

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

Json = dict[str, Any]


def both(text: Bilingual | None) -> Json | None:
    return None if text is None else {"zh": text.zh, "en": text.en}


def classify_json(base: RuleBase, obj: object, on: date, region: str = "Beijing") -> Json | list[Json]:
    """The answer to `rules classify`: an object for an object, a list for a list. A date or region in the facts wins
    over `on` and `region`. Raises RuleInputError; in a list the sentence names the place of the object."""
    if isinstance(obj, list):
        return [_one(base, item, on, region, f"[{n}]") for n, item in enumerate(obj, 1)]
    return _one(base, obj, on, region, "")


def _one(base: RuleBase, obj: object, on: date, region: str, place: str) -> Json:
    try:
        facts = Facts.from_json(obj)
        book = base.on(facts.on or on, facts.region or region)
        _same_person(facts, book.day)
        return {**carried_marks(obj), **book.classify(facts).as_json()}
    except RuleInputError as error:
        if not place:
            raise
        named = {
            f"{place}.{name}": Bilingual(f"{place} {text.zh}", f"{place} {text.en}")
            for name, text in error.problems.items()
        }
        raise RuleInputError(named) from error


def _same_person(facts: Facts, day: date) -> None:
    """The birth date lies before the day of judgement, and an age given beside it agrees."""
    if facts.birth_date is None:
        return
    if facts.birth_date > day:
        zh = f"birth_date：{facts.birth_date}晚于{day}"
        raise RuleInputError({"birth_date": Bilingual(zh, f"birth_date: {facts.birth_date} is after {day}")})
    computed = age_on(facts.birth_date, day)
    if facts.age is not None and facts.age != computed:
        zh = f"age：与出生日期不符（{computed}周岁）"
        raise RuleInputError({"age": Bilingual(zh, f"age: does not agree with the birth date ({computed})")})


def clock_due_json(base: RuleBase, procedure: str, category: str, received: date, region: str = "Beijing") -> Json:
    """The answer to `clock due`, by the rules of the day of receipt. Raises RuleInputError."""
    book = base.on(received, region)
    return clock_json(book.clock_due(procedure, category, received), region)


def diff_json(base: RuleBase, first: date, second: date, region: str | None = None) -> Json:
    """The answer to `rules diff` as data: the two days and one entry per change."""
    changes = base.diff(first, second, region)
    return {
        "from": first.isoformat(),
        "to": second.isoformat(),
        "changes": [
            {
                "table": change.table,
                "code": change.code,
                "region": change.region,
                "kind": change.kind,
                "field": change.field,
                "before": both(change.before),
                "after": both(change.after),
                "sentence": both(change.sentence),
            }
            for change in changes
        ],
    }


def diff_lines(base: RuleBase, first: date, second: date, language: str, region: str | None = None) -> list[str]:
    """The answer to `rules diff` for people, one line a change."""
    return [change.sentence.text(language) for change in base.diff(first, second, region)]


def classification_json(result: Classification) -> Json:
    return {
        "category": result.category,
        "category_name": both(result.category_row.name) if result.category_row else None,
        "rules_on": result.book.day.isoformat(),
        "region": result.book.region,
        "needs_officer": result.needs_officer,
        "suggested": result.suggested.code if result.suggested else None,
        "summary": both(result.summary),
        "points": _points_json(result),
        "routes": [
            {
                "code": route.code,
                "category": route.row.category,
                "name": both(route.row.name),
                "met": route.met,
                "claimed": route.claimed,
                "why": both(route.why),
                "value": route.outcome.shown or None,
                "threshold": route.outcome.limit or None,
                "source": both(route.source),
                "confidence": route.confidence,
            }
            for route in result.routes
        ],
        "warnings": [_warning(item) for item in result.warnings],
        "blocked": [_warning(item) for item in result.blocked],
    }


def _points_json(result: Classification) -> Json:
    """`factors` by code, as a number; `details` by the same codes, how each number came about."""
    points = result.points
    return {
        "total": points.total,
        "provisional": points.provisional,
        "distance": dict(result.distance),
        "distance_text": both(result.distance_text),
        "why": None if points.factors else both(result.book.say("NO_POINTS_TABLE", day=result.book.day)),
        "factors": {factor.code: factor.score for factor in points.factors},
        "details": {
            factor.code: {
                "score": factor.score,
                "max": factor.max,
                "stated": factor.stated,
                "value": both(factor.value),
                "band": both(factor.band),
                "source": both(factor.row.sources),
                "confidence": factor.row.confidence,
            }
            for factor in points.factors
        },
    }


def _warning(item: Any) -> Json:
    return {"code": item.code, "needs_officer": item.needs_officer, "text": both(item.text)}
