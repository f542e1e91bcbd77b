"""What people type about an application, as plain values: forms make them, commands take them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.foundation.locale import lazy

ZERO = Decimal(0)
# the widths of the columns, in characters
TITLE_MOST, TEXT_MOST, NOTE_MOST, SHORT_MOST = 300, 4000, 1000, 200


@dataclass(frozen=True)
class CallData:
    year: int
    kind: str
    name: str
    opens_on: date
    closes_on: date
    name_en: str = ""
    notice_number: str = ""
    quota: int | None = None
    unit_quota: int | None = None
    funds: Decimal | None = None
    indicators: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Particulars:
    title: str
    title_en: str = ""
    field: str = ""
    priority_field: str = ""
    secrecy: str = "open"
    starts_on: date | None = None
    ends_on: date | None = None
    unit_rank: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    need: str = ""
    tasks: str = ""
    partners: str = ""
    ip_terms: str = ""


PARTICULAR_LABELS: dict[str, Any] = {
    "title": lazy("Title of the project"),
    "title_en": lazy("Title in English"),
    "field": lazy("Field"),
    "priority_field": lazy("Priority industry"),
    "secrecy": lazy("Secrecy"),
    "starts_on": lazy("First day"),
    "ends_on": lazy("Last day"),
    "unit_rank": lazy("Place among our applications"),
    "contact_name": lazy("Contact for the project"),
    "contact_phone": lazy("Phone of the contact"),
    "contact_email": lazy("E-mail of the contact"),
    "need": lazy("Why the organisation needs the expert"),
    "tasks": lazy("Tasks of the expert"),
    "partners": lazy("Chinese team"),
    "ip_terms": lazy("Intellectual property"),
}


@dataclass(frozen=True)
class ExpertData:
    """`person_id`: somebody on file with the own organisation; then the identity is taken from there."""

    surname: str = ""
    given_name: str = ""
    chinese_name: str = ""
    sex: str = "9"
    birth_on: date | None = None
    nationality: str = ""
    passport_number: str = ""
    person_id: int | None = None
    role: str = "lead"
    degree: str = ""
    employer: str = ""
    post: str = ""
    email: str = ""
    phone: str = ""
    record: str = ""
    grants: str = ""
    works: str = ""
    mode: str = "visits"
    entry_on: date | None = None
    visits: int = 1
    visit_days: int = 0
    months_requested: Decimal = ZERO
    tasks: str = ""


EXPERT_LABELS: dict[str, Any] = {
    "surname": lazy("Surname as in the passport"),
    "given_name": lazy("Given names"),
    "chinese_name": lazy("Chinese name"),
    "sex": lazy("Sex"),
    "birth_on": lazy("Date of birth"),
    "nationality": lazy("Nationality"),
    "passport_number": lazy("Passport number"),
    "person_id": lazy("Already with your organisation"),
    "role": lazy("Role in the project"),
    "degree": lazy("Highest degree"),
    "employer": lazy("Present employer"),
    "post": lazy("Post there"),
    "email": lazy("E-mail"),
    "phone": lazy("Phone"),
    "record": lazy("Earlier work in China"),
    "grants": lazy("Earlier Chinese grants"),
    "works": lazy("Prizes and representative works"),
    "mode": lazy("Way of working"),
    "entry_on": lazy("Planned entry"),
    "visits": lazy("Visits"),
    "visit_days": lazy("Days of each visit"),
    "months_requested": lazy("Person-months asked for"),
    "tasks": lazy("Tasks"),
}


@dataclass(frozen=True)
class BudgetEntry:
    """One item: asked of the programme, added by the organisation, how it was worked out."""

    subsidy: Decimal = ZERO
    own: Decimal = ZERO
    basis: str = ""


@dataclass(frozen=True)
class Goals:
    goals: str = ""
    indicators: dict[str, int] = field(default_factory=dict)
    base: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OutsideReviewer:
    name: str
    body: str


@dataclass(frozen=True)
class ReviewData:
    scores: dict[str, int | None]
    recommendation: str
    opinion: str


@dataclass(frozen=True)
class MeetingData:
    held_on: date
    chair: str
    attendees: str = ""
    minutes_number: str = ""


@dataclass(frozen=True)
class Decision:
    """What the meeting decided on one application."""

    application_id: int
    outcome: str
    funds: Decimal | None = None
    months: Decimal | None = None
    note: str = ""
    seen_version: int | None = None


PROPOSE, REJECT = "propose", "reject"


@dataclass(frozen=True)
class Approval:
    number: str
    on: date
    months: Decimal
    lines: dict[str, Decimal]


@dataclass(frozen=True)
class ReportData:
    kind: str
    year: int
    reported_on: date
    text: str
    spent: Decimal | None = None
    indicators: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangeData:
    """`ends_on` for extension and period, the two items and the amount for budget, the expert for one who leaves."""

    kind: str
    reason: str
    ends_on: date | None = None
    from_item: str = ""
    to_item: str = ""
    amount: Decimal | None = None
    expert_id: int | None = None


@dataclass(frozen=True)
class Spent:
    subsidy: Decimal = ZERO
    own: Decimal = ZERO


@dataclass(frozen=True)
class Target:
    indicator: str
    district: str
    target: int


@dataclass(frozen=True)
class PlanData:
    document_number: str = ""
    adopted_on: date | None = None
    note: str = ""


def values_of(kind: type, row: Any) -> dict[str, Any]:
    """The fields of a data class as they are stored on a row."""
    return {item.name: getattr(row, item.name) for item in fields(kind)}
