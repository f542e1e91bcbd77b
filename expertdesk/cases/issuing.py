"""Issuing a letter: number of its series, verification code, printed bytes in the store, digest, frozen context.

A letter is issued once; a reprint gives the stored bytes. A draft has neither number nor code and is never stored.
Files come before rows: the bytes are on the disk before the row names them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.cases import records
from expertdesk.documents import MissingGlyph, Printed, print_letter
from expertdesk.documents.contexts import Context, Head, Issuer
from expertdesk.documents.freezing import freeze
from expertdesk.foundation import clock
from expertdesk.foundation.errors import NotAllowedNow, Reason
from expertdesk.foundation.files import content_key
from expertdesk.foundation.installed import settings, storage
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.foundation.masking import mask_name, mask_passport
from expertdesk.foundation.numbers import new_verification_code, number_pattern
from expertdesk.models import Case, Letter, LetterKind, LetterStatus, Permit
from expertdesk.regulations.current import rules_on
from expertdesk.workflow.numbers import next_in_series

Build = Callable[[Head], Context]
# sealed when they are delivered, with person and date; all others when they are issued
DECISIONS = frozenset({LetterKind.NOTIFICATION_LETTER, LetterKind.GRANT_DECISION, LetterKind.REFUSAL_DECISION})
# a code that opens the file of somebody: on paper only
_SECRET_FIELDS = {"access_code": ""}


@dataclass(frozen=True)
class Order:
    """A letter to be issued with a transition, with what its row needs beside the context."""

    context: Context
    permit: Permit | None = None
    valid_until: date | None = None


def issuer(on: date | None = None) -> Issuer:
    """The authority in force on a day, as letters print it."""
    row = rules_on(on or clock.today()).bureau
    return Issuer(
        name=row.letterhead,
        phone=row.phone,
        hours=row.hours,
        verify_base=f"{settings().base_url}/verify/",
        status_url=f"{settings().base_url}/status",
        seal_text=row.seal,
        seal_mm=row.seal_mm,
    )


def head(
    number: Bilingual, code: str, *, issued_at: datetime | None = None, replaces: Letter | None = None
) -> Head:
    """The part all letters share, of an issued letter."""
    moment = issued_at or clock.now()
    day = clock.day_of(moment)
    return Head(
        issuer=issuer(day),
        issued_on=day,
        number=number,
        code=code,
        issued_at=moment,
        wording_on=day,
        replaces=_number_of(replaces) if replaces is not None else Bilingual("", ""),
    )


def draft_head() -> Head:
    """For previews: neither number nor code, marked as a draft."""
    moment = clock.now()
    day = clock.day_of(moment)
    return Head(issuer=issuer(day), issued_on=day, issued_at=moment, draft=True, wording_on=day)


def _number_of(letter: Letter) -> Bilingual:
    return Bilingual(letter.number_zh, letter.number_en or letter.number_zh)


def issue_letter(
    case: Case,
    kind: str,
    build: Build,
    actor: Actor,
    *,
    permit: Permit | None = None,
    valid_until: date | None = None,
    replaces: Letter | None = None,
) -> Letter:
    """Number, print, store and record one letter, in the caller's transaction.

    Raises NotAllowedNow with the reason `missing_glyph` when a required field holds a character no font has; the caller
    rolls back, so that the number is not used up.
    """
    session = records.session_of(case)
    moment = clock.now()
    number = _next_number(case, kind, clock.day_of(moment).year)
    context = build(head(number, _new_code(case), issued_at=moment, replaces=replaces))
    printed = printed_or_refused(context)
    key = storage().put(printed.pdf, key=content_key(printed.pdf))
    letter = Letter(
        kind=LetterKind(kind),
        case=case,
        permit=permit,
        number_zh=number.zh,
        number_en=number.en,
        code=context.head.code,
        status=LetterStatus.ISSUED,
        issued_on=context.head.issued_on,
        issued_at=moment,
        issued_by_id=actor.id or None,
        valid_until=valid_until,
        holder_initials=mask_name(case.person.latin_name),
        passport_tail=mask_passport(case.passport.number),
        wording_version=printed.wording_version,
        rules_date=case.rules_date,
        context=freeze(context, hidden=_SECRET_FIELDS),
        left_out=[list(pair) for pair in printed.left_out],
        file_key=key,
        sha256=printed.sha256,
        size=len(printed.pdf),
        pages=printed.pages,
    )
    if letter.kind not in DECISIONS:
        letter.sealed_on, letter.sealed_by_id = letter.issued_on, actor.id or None
    session.add(letter)
    session.flush()
    if replaces is not None:
        replaces.status, replaces.replaced_by_id = LetterStatus.REPLACED, letter.id
    return letter


def _next_number(case: Case, kind: str, year: int) -> Bilingual:
    """The next number of the series of this kind and year, in both spellings."""
    row = rules_on(clock.today()).number_format(kind)
    seq = next_in_series(records.session_of(case), kind, year)
    zh = number_pattern(row.pattern).fill(year=year, seq=seq)
    en = number_pattern(row.pattern_en).fill(year=year, seq=seq) if row.pattern_en else zh
    return Bilingual(zh, en)


def _new_code(case: Case) -> str:
    session = records.session_of(case)
    while True:
        code = new_verification_code()
        if session.scalar(select(Letter.id).where(Letter.code == code)) is None:
            return code


def printed_or_refused(context: Context) -> Printed:
    """Print; a character that no font has stops the letter and is named to the officer."""
    try:
        return print_letter(context)
    except MissingGlyph as problem:
        signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in problem.characters)
        text = lazy("The letter cannot be printed: no font has the character %(signs)s in “%(field)s”.",
                    signs=signs, field=field_label(problem.field))  # fmt: skip
        who = lazy("Write it in another spelling, or ask the administrator for a font that has it.")
        raise NotAllowedNow([Reason("missing_glyph", text, who=who)], action="print") from problem


_FIELDS: dict[str, Any] = {
    "name": lazy("name of the applicant"),
    "addressee": lazy("name of the employer"),
    "employer": lazy("name of the employer"),
    "passport_number": lazy("passport number"),
    "county": lazy("district"),
    "items": lazy("items of the notice"),
    "reasons": lazy("reasons"),
    "facts": lazy("facts"),
    "contact": lazy("contact"),
    "received_by": lazy("received by"),
    "window": lazy("window"),
    "spouse": lazy("accompanying family"),
    "children": lazy("accompanying family"),
    "others": lazy("accompanying family"),
    "papers": lazy("papers"),
    "head": lazy("letterhead"),
}


def field_label(path: str) -> Any:
    """What a field of a letter is called on the screen."""
    return _FIELDS.get(path.split(".")[0].split("[")[0], path)


def preview_letter(case: Case, kind: str, build: Build) -> Printed:
    """The letter as it would look, with the draft box, without number and code; nothing is stored."""
    context = build(draft_head())
    if context.kind != kind:
        raise ValueError(f"{case.number}: {context.kind} is not {kind}")
    return printed_or_refused(replace(context, head=replace(context.head, draft=True)))


def letter_bytes(letter: Letter) -> bytes:
    """The bytes as issued: every reprint is the same. Raises StorageProblem when they are missing or changed."""
    return storage().open(letter.file_key)
