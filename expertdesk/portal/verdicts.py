"""The answer of `/verify`: is this letter ours, and does it still count. Shows no more of the person than initials and
the last three characters of the passport number (decisions: demo world and numbers)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.foundation.numbers import is_verification_code, show_code, tidy_code
from expertdesk.models import Letter, LetterKind, LetterStatus, PermitState
from expertdesk.regulations.current import rules_on

_GROUP = 4  # characters of the digest between two spaces
# letters that say what a permit says: they fall with it
_OF_PERMIT = {LetterKind.NOTIFICATION_LETTER, LetterKind.GRANT_DECISION}
_ENDED = {PermitState.CANCELLED, PermitState.REVOKED, PermitState.WITHDRAWN}


@dataclass(frozen=True)
class Verdict:
    """`state`: valid, expired, replaced, revoked or unknown. Only `state` and `code` are filled when it is unknown."""

    state: str
    code: str
    is_mistyped: bool = False
    kind: Bilingual | None = None
    number_zh: str = ""
    number_en: str = ""
    authority: Any = ""
    initials: str = ""
    passport_tail: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    ended_on: date | None = None
    digest: str = ""


def verdict_of(typed: str) -> Verdict:
    """`typed` as somebody wrote it down: with or without hyphens, small letters, O for 0, I or L for 1."""
    code = tidy_code(typed)
    shown = show_code(code)
    if not is_verification_code(typed):
        return Verdict("unknown", shown, is_mistyped=True)
    letter = db.session.scalars(
        select(Letter).options(joinedload(Letter.permit)).where(Letter.code.in_({code, shown}))
    ).first()
    if letter is None:
        return Verdict("unknown", shown)
    book = rules_on(letter.issued_on)
    permit = letter.permit
    return Verdict(
        state=_state_of(letter, clock.today()),
        code=shown,
        kind=book.row("letters", letter.kind.value).name,
        number_zh=letter.number_zh,
        number_en=letter.number_en or letter.number_zh,
        authority=book.bureau.name,
        initials=letter.holder_initials,
        passport_tail=letter.passport_tail,
        issued_on=letter.issued_on,
        valid_until=letter.valid_until,
        ended_on=permit.ended_on if permit is not None and letter.kind in _OF_PERMIT else None,
        digest=spaced(letter.sha256),
    )


def _state_of(letter: Letter, today: date) -> str:
    """The letter's own state, then its permit's, then its last day."""
    if letter.status is LetterStatus.REVOKED:
        return "revoked"
    if letter.status is LetterStatus.REPLACED:
        return "replaced"
    permit = letter.permit
    if permit is not None and letter.kind in _OF_PERMIT:
        if permit.state in _ENDED:
            return "revoked"
        if permit.state is PermitState.SUPERSEDED:
            return "replaced"
        if permit.ends_on < today:
            return "expired"
    if letter.valid_until is not None and letter.valid_until < today:
        return "expired"
    return "valid"


def spaced(digest: str) -> str:
    """A digest in groups, so that two people can read it to each other."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
