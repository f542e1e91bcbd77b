"""A group's budget: what was typed is kept, the lines are worked out by the standards in force on the first day abroad
and stored; the six amounts of the declaration follow. An approved budget is never worked out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, Reason, RuleBroken
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import TrainingBudget, TrainingProject
from expertdesk.regulations import RuleInputError
from expertdesk.regulations.current import rules_on
from expertdesk.training import limits
from expertdesk.training.costs import (
    BudgetLine,
    Entered,
    Exchange,
    Fare,
    GroupBudget,
    Host,
    Stay,
    TripFacts,
    exchange_per_one,
    group_budget,
)
from expertdesk.training.declaring import act_on_group
from expertdesk.training.workflow import EDITABLE

# item of the costs → column of the declaration
COLUMN_OF_ITEM = {
    "training_fee": "budget_training",
    "travel": "budget_travel",
    "lodging": "budget_lodging",
    "meals": "budget_meals",
    "incidentals": "budget_incidentals",
    "other": "budget_other",
}


@dataclass(frozen=True)
class BudgetData:
    """What is typed. `rate_per`: the quotation is for 1 or for 100 units; `entered` per person in local currency."""

    first_day_on: date
    stays: tuple[Stay, ...]
    training_days: int
    host: Host
    exchanges: tuple[tuple[str, Decimal, int, date, str], ...]
    fares: tuple[Fare, ...]
    other: Decimal
    entered: tuple[Entered, ...]
    reference_country: str = ""
    train_hours: int = 0
    train_days: int = 0


def compute(project: TrainingProject, data: BudgetData) -> GroupBudget:
    """The budget without keeping it. RuleBroken by field."""
    if not project.destination or not project.days or not project.people_planned:
        raise RuleBroken({"": lazy("Enter country, days and people in the declaration first.")})
    trip = TripFacts(
        country=project.destination,
        stays=data.stays,
        training_days=data.training_days,
        days=project.days,
        first_day_on=data.first_day_on,
        host=data.host,
        reference_country=data.reference_country,
        train_hours=data.train_hours,
        train_days=data.train_days,
    )
    exchanges = [
        Exchange(currency, exchange_per_one(quoted, per), on, source)
        for currency, quoted, per, on, source in data.exchanges
    ]
    _check_exchanges(data)
    try:
        return group_budget(
            rules_on(clock.today()), trip, project.people_planned, exchanges=exchanges, fares=data.fares,
            other=data.other, entered=data.entered,
        )  # fmt: skip
    except RuleInputError as error:
        raise RuleBroken(dict(error.problems)) from None


def _check_exchanges(data: BudgetData) -> None:
    for currency, quoted, _per, on, source in data.exchanges:
        if quoted > 0 and (not source.strip() or on > clock.today()):
            text = lazy("Say where the rate was read, and a day that is not in the future.")
            raise RuleBroken({f"rate_{currency}": text})


def keep_budget(
    project: TrainingProject, data: BudgetData, actor: Actor, *, seen_version: int | None = None
) -> GroupBudget:
    """Work it out, store inputs and lines, fill the amounts of the declaration."""
    if project.state.value not in EDITABLE:
        raise NotAllowedNow([Reason("not_editable", lazy("The declaration has left; its budget stays as it is."))])
    made = compute(project, data)

    def put() -> None:
        budget = project.budget or TrainingBudget(project_id=project.id)
        budget.edition, budget.first_day_on = made.edition, data.first_day_on
        budget.inputs, budget.lines = _plain(asdict(data)), [_plain(asdict(line)) for line in made.lines]
        budget.missing, budget.over_standard = list(made.missing), list(made.over_standard)
        budget.computed_at, budget.computed_by_id = clock.now(), actor.id or None
        project.budget = budget
        for item, column in COLUMN_OF_ITEM.items():
            setattr(project, column, made.total_of(item))
        project.budget_total = made.total if not made.missing else None

    payload = {"part": "budget", "total": str(made.total), "missing": list(made.missing), "edition": made.edition}
    act_on_group(project, "edit", actor, seen_version=seen_version, payload=payload, effect=put)
    limits.recount(project.plan_id, [project.organisation_id])
    db.session.flush()
    return made


def drop_budget(project: TrainingProject, actor: Actor, *, seen_version: int | None = None) -> None:
    """Back to amounts typed by hand; the amounts stay as they are."""
    act_on_group(
        project, "edit", actor, seen_version=seen_version, payload={"part": "budget", "dropped": True},
        effect=lambda: setattr(project, "budget", None),
    )  # fmt: skip
    limits.recount(project.plan_id, [project.organisation_id])


# --- plain values -------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """As it lies in the database: text, whole numbers, lists, maps; both languages of a name."""
    if isinstance(value, Bilingual):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def lines_of(budget: TrainingBudget) -> tuple[BudgetLine, ...]:
    """The stored lines as they were worked out."""
    return tuple(_line(line) for line in budget.lines)


def _line(plain: dict[str, Any]) -> BudgetLine:
    def amount(name: str) -> Decimal | None:
        return Decimal(plain[name]) if plain[name] is not None else None

    return BudgetLine(
        plain["item"], _both(plain["place"]), plain["currency"], amount("rate"), plain["count"], plain["people"],
        amount("local"), amount("exchange"), amount("amount"), _both(plain["source"]), plain["is_over"],
    )  # fmt: skip


def _both(value: Any) -> Bilingual:
    """A name in both languages; a stored pair may come as a map or as two texts."""
    if isinstance(value, dict):
        return Bilingual(value["zh"], value["en"])
    if isinstance(value, list):
        return Bilingual(*value)
    return Bilingual(str(value), str(value))


def data_of(budget: TrainingBudget) -> BudgetData:
    """What was typed, as it is stored."""
    plain = budget.inputs
    return BudgetData(
        first_day_on=budget.first_day_on,
        stays=tuple(Stay(**one) for one in plain["stays"]),
        training_days=plain["training_days"],
        host=Host(**plain["host"]),
        exchanges=tuple(
            (currency, Decimal(rate), per, date.fromisoformat(on), source)
            for currency, rate, per, on, source in plain["exchanges"]
        ),
        fares=tuple(Fare(one["rank"], one["people"], Decimal(one["amount"])) for one in plain["fares"]),
        other=Decimal(plain["other"]),
        entered=tuple(_entered(plain["entered"])),
        reference_country=plain["reference_country"],
        train_hours=plain.get("train_hours", 0),
        train_days=plain.get("train_days", 0),
    )


def _entered(rows: Sequence[dict[str, Any]]) -> list[Entered]:
    return [
        Entered(
            one["item"], Decimal(one["amount"]), one["document"], date.fromisoformat(one["on"]) if one["on"] else None
        )
        for one in rows
    ]
