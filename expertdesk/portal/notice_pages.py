"""The privacy notice, made from the register of personal data in the rule tables, and the accessibility statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.current import rule_base, rules_today


@dataclass(frozen=True)
class Kept:
    """One kind of data: what for, on what basis, how long, who sees it."""

    code: str
    name: Bilingual
    purpose: Bilingual
    basis: Bilingual
    kept_for: Bilingual
    seen_by: Bilingual


@dataclass(frozen=True)
class Right:
    name: Bilingual
    how: Bilingual


@dataclass(frozen=True)
class Version:
    since: date
    note: Any


@dataclass(frozen=True)
class PrivacyNotice:
    since: date
    authority: Bilingual
    phone: Bilingual
    address: Bilingual
    email: str
    kept: tuple[Kept, ...]
    rights: tuple[Right, ...]
    versions: tuple[Version, ...]


def privacy() -> PrivacyNotice:
    """The version in force today; earlier and coming ones are listed with their first day."""
    book = rules_today()
    bureau = book.bureau
    versions = sorted(rule_base().rows("privacy_notices"), key=lambda row: row.valid_from, reverse=True)
    in_force = next((row for row in versions if row.valid_from <= book.day), versions[-1])
    return PrivacyNotice(
        since=in_force.valid_from,
        authority=bureau.name,
        phone=bureau.phone,
        address=bureau.address,
        email=bureau.email or "",
        kept=tuple(
            Kept(row.code, row.name, row.purpose, row.lawful_basis, row.kept_for, row.seen_by)
            for row in book.rows("data_register")
        ),
        rights=tuple(Right(row.name, row.how) for row in book.rows("data_rights")),
        versions=tuple(Version(row.valid_from, row.note) for row in versions),
    )


@dataclass(frozen=True)
class Statement:
    phone: Bilingual
    email: str


def accessibility() -> Statement:
    bureau = rules_today().bureau
    return Statement(bureau.phone, bureau.email or "")
