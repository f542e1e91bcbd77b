"""What the printers take: one frozen record a letter, with plain values in both languages.

Periods and bodies are passed in (they are rules and settings, not facts about paper). In a draft
`Head.number` and
`Head.code` stay empty: the place is printed as still to come, and nothing else on the page moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from expertdesk.foundation.locale import Bilingual

NOTHING = Bilingual("", "")


@dataclass(frozen=True, slots=True)
class PersonName:
    """The passport's Latin spelling, and the native one (a Chinese, Cyrillic, Vietnamese … spelling) with
    its language."""

    latin: str
    native: str = ""
    native_lang: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """The authority. `seal_text` is the name the seal presses when it differs; `hours` may name a window
    instead."""

    name: Bilingual
    phone: Bilingual
    hours: Bilingual
    verify_base: str
    status_url: str
    seal_text: Bilingual = NOTHING
    seal_mm: float = 42


@dataclass(frozen=True, slots=True)
class Head:
    """The part all letters share. `wording_on` chooses the dated wording (default: the day of issue)."""

    issuer: Issuer
    issued_on: date
    number: Bilingual = NOTHING
    code: str = ""
    issued_at: datetime | None = None
    draft: bool = False
    wording_on: date | None = None
    replaces: Bilingual = NOTHING


@dataclass(frozen=True, slots=True)
class Remedies:
    """行政复议法, 行政诉讼法: whom to turn to, and within what time."""

    reconsideration_body: Bilingual
    reconsideration_days: int
    court: Bilingual
    lawsuit_months: int


@dataclass(frozen=True, slots=True)
class Paper:
    number: int
    name: Bilingual
    pages: int


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    paper: Bilingual
    problem: Bilingual
    demand: Bilingual
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class NotificationLetter:
    """外国人工作许可通知 (order of 2017, annex 3). `sex` is M, F or empty; `validity_months` and
    `residence_days` are law."""

    kind: ClassVar[str] = "NOTIFICATION_LETTER"
    head: Head
    country: Bilingual
    name: PersonName
    sex: str
    passport_number: str
    category: Bilingual
    permit_number: str
    province: Bilingual
    city: Bilingual
    county: Bilingual
    employer: Bilingual
    months: int
    validity_months: int
    residence_days: int
    spouse: PersonName | None = None
    children: tuple[PersonName, ...] = ()
    others: tuple[PersonName, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptanceNotice:
    """受理通知书. `deemed`: accepted by silence, dated back (行政许可法 art. 32, paragraph 1, item 4)."""

    kind: ClassVar[str] = "ACCEPTANCE_NOTICE"
    head: Head
    addressee: Bilingual
    applied_on: date
    case_number: str
    category: Bilingual
    name: PersonName
    country: Bilingual
    passport_number: str
    matter: Bilingual
    accepted_on: date
    promised_by: date
    promised_days: int
    legal_by: date
    legal_days: int
    legal_extension_days: int
    papers: tuple[Paper, ...]
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionNotice:
    """补正材料告知书: everything that needs correction, once and in full."""

    kind: ClassVar[str] = "CORRECTION_NOTICE"
    head: Head
    addressee: Bilingual
    case_number: str
    submitted_on: date
    name: PersonName
    country: Bilingual
    passport_number: str
    matter: Bilingual
    items: tuple[CorrectionItem, ...]
    due_on: date
    days: int
    contact: Bilingual


@dataclass(frozen=True, slots=True)
class RefusalDecision:
    """不予行政许可决定书 (行政许可法 art. 38). A line feed in facts, reasons or basis starts a paragraph."""

    kind: ClassVar[str] = "REFUSAL_DECISION"
    head: Head
    addressee: Bilingual
    case_number: str
    credit_code: str
    name: PersonName
    sex: str
    country: Bilingual
    passport_number: str
    matter: Bilingual
    applied_on: date
    accepted_on: date
    facts: Bilingual
    reasons: Bilingual
    legal_basis: Bilingual
    remedies: Remedies


@dataclass(frozen=True, slots=True)
class NonAcceptanceNotice:
    """不予受理通知书 (行政许可法 art. 32). `apply_to` is the body responsible, when another one is."""

    kind: ClassVar[str] = "NON_ACCEPTANCE_NOTICE"
    head: Head
    addressee: Bilingual
    case_number: str
    credit_code: str
    name: PersonName
    country: Bilingual
    passport_number: str
    matter: Bilingual
    submitted_on: date
    reasons: Bilingual
    legal_basis: Bilingual
    remedies: Remedies
    apply_to: Bilingual = NOTHING


@dataclass(frozen=True, slots=True)
class GrantDecision:
    """准予行政许可决定书: printed with the Notification Letter for new permits and extensions."""

    kind: ClassVar[str] = "GRANT_DECISION"
    head: Head
    addressee: Bilingual
    case_number: str
    credit_code: str
    name: PersonName
    sex: str
    country: Bilingual
    passport_number: str
    matter: Bilingual
    applied_on: date
    accepted_on: date
    category: Bilingual
    permit_number: str
    months: int
    valid_from: date
    valid_to: date
    legal_basis: Bilingual


@dataclass(frozen=True, slots=True)
class Receipt:
    """收件回执 and its office copy. `received_by` is the clerk, `window` the desk; `precheck_by` the
    promised result."""

    kind: ClassVar[str] = "RECEIPT"
    head: Head
    case_number: str
    access_code: str
    employer: Bilingual
    name: PersonName
    matter: Bilingual
    papers: int
    pages: int
    received_at: datetime
    received_by: str
    window: Bilingual
    precheck_by: date


Context = (
    NotificationLetter
    | AcceptanceNotice
    | CorrectionNotice
    | RefusalDecision
    | NonAcceptanceNotice
    | GrantDecision
    | Receipt
)
