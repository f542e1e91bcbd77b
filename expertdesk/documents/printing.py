"""Context → bytes: clean, choose the dated wording, draw, and seal the result with its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from expertdesk.documents.cleaning import prepare
from expertdesk.documents.contexts import Context
from expertdesk.documents.letters.acceptance import print_acceptance
from expertdesk.documents.letters.correction import print_correction
from expertdesk.documents.letters.grant import print_grant
from expertdesk.documents.letters.headed import print_non_acceptance, print_refusal
from expertdesk.documents.letters.notification import print_notification
from expertdesk.documents.letters.receipt import print_receipt
from expertdesk.documents.sheet import Properties, Sheet
from expertdesk.documents.wording import Wording, wording

PRINTERS: dict[str, Callable[[Any, Wording], Sheet]] = {
    "NOTIFICATION_LETTER": print_notification,
    "ACCEPTANCE_NOTICE": print_acceptance,
    "REFUSAL_DECISION": print_refusal,
    "NON_ACCEPTANCE_NOTICE": print_non_acceptance,
    "GRANT_DECISION": print_grant,
    "CORRECTION_NOTICE": print_correction,
    "RECEIPT": print_receipt,
}
SHANGHAI_AHEAD = timedelta(hours=8)


@dataclass(frozen=True)
class Printed:
    """`left_out`: (field, text) of native spellings no font can set; the officer is told."""

    pdf: bytes
    sha256: str
    pages: int
    wording_version: str
    left_out: tuple[tuple[str, str], ...]


def print_letter(context: Context) -> Printed:
    """The letter as PDF; the same context gives the same bytes. Raises MissingGlyph, and ValueError
    without a number."""
    head = context.head
    if not head.draft and context.kind != "RECEIPT" and not (head.number.zh and head.number.en and head.code):
        raise ValueError(f"{context.kind}: an issued letter has a number and a verification code")
    words = wording(context.kind, head.wording_on or head.issued_on)
    clean, left_out = prepare(context)
    sheet = PRINTERS[context.kind](clean, words)
    made_at = head.issued_at or datetime.combine(head.issued_on, time(), UTC) - SHANGHAI_AHEAD
    number = clean.head.number.zh
    properties = Properties(
        title=" ".join(part for part in (words.get("title", "zh").replace("\n", ""), number) if part),
        author=clean.head.issuer.name.zh,
        subject=words.get("title", "en").replace("\n", " "),
        made_at=made_at.astimezone(UTC),
    )
    pdf = sheet.pdf(properties)
    return Printed(pdf, hashlib.sha256(pdf).hexdigest(), len(sheet.pages), words.version, left_out)
