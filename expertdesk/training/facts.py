"""What the limits look at: plain values of one training group and of the plan around it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

# the six amounts of columns 18 to 23, in their order
AMOUNTS = (
    "budget_training",
    "budget_travel",
    "budget_lodging",
    "budget_meals",
    "budget_incidentals",
    "budget_other",
)


@dataclass(frozen=True)
class Traveller:
    """One name of the roster as the limits see it. `other_groups`: numbers of other groups of the same year."""

    name: str
    birth_on: date | None = None
    other_groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupFacts:
    """One training group (one row of the plan table). None = not filled in. Money in yuan."""

    number: str
    name: str = ""
    part: str = "abroad"
    year: int = 0
    state: str = "draft"
    unit: str = ""
    is_unit_qualified: bool = True
    key_field: str = ""
    approval_type: str = ""
    destinations: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    has_provider: bool = False
    is_provider_active: bool = True
    provider_signatories: tuple[str, ...] = ()
    people_planned: int | None = None
    leaders_planned: int | None = None
    days: int | None = None
    term: str = ""
    depart_month: int | None = None
    fundings: tuple[str, ...] = ()
    amounts: dict[str, Decimal | None] = field(default_factory=dict)
    budget_total: Decimal | None = None
    missing_standards: tuple[Any, ...] = ()  # names of cost items
    over_standard: tuple[Any, ...] = ()
    budget_left: Decimal | None = None
    subsidy_requested: Decimal | None = None
    subsidy_approved: Decimal | None = None
    people_approved: int | None = None
    people_actual: int | None = None
    is_secret: bool = False
    awards_degree: bool = False
    banquet: Decimal | None = None
    gifts: Decimal | None = None
    is_for_training_only: bool = False
    is_without_agents_or_family: bool = False
    is_without_sponsors: bool = False
    has_leader_form: bool = False
    lecture_hours: Decimal | None = None
    total_hours: Decimal | None = None
    publicity_from: date | None = None
    publicity_to: date | None = None
    publicity_working_days: int | None = None
    signatory: str = ""
    roster: tuple[Traveller, ...] = ()
    reviews_agreed: tuple[str, ...] = ()
    reported_on: date | None = None
    return_on: date | None = None
    passports_returned_on: date | None = None
    today: date | None = None

    @property
    def sum_of_amounts(self) -> Decimal | None:
        """Columns 18 to 23 added up; None while one of them is empty."""
        found = [self.amounts.get(name) for name in AMOUNTS]
        known = [amount for amount in found if amount is not None]
        return sum(known, Decimal(0)) if len(known) == len(found) else None


@dataclass(frozen=True)
class PartFacts:
    """One part of the plan against the number from above: counted people, those of medium and long terms."""

    part: str
    headcount: int | None
    people: int
    mid_long_least: int | None = None
    mid_long_people: int = 0
    specialists: int = 0
    review_type_people: int = 0
    schengen_people: int = 0


@dataclass(frozen=True)
class UnitFacts:
    """A unit against its own control number for one part."""

    unit: str
    name: str
    part: str
    control: int | None
    people: int
