"""What is set on this installation, what it means and which variable sets it. No secret is ever shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from expertdesk.accounts import passwords, signing_in
from expertdesk.accounts.limits import LONGEST_WAIT
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.regulations.current import rules_today
from expertdesk.web.sessions import LONGEST

_MINUTE = 60


@dataclass(frozen=True)
class SetValue:
    """`value` is a text of ours when `is_word`, else data (an address, a number, a code)."""

    label: Any
    value: Any
    meaning: Any
    variable: str
    is_word: bool = True


@dataclass(frozen=True)
class SetGroup:
    id: str
    title: Any
    rows: tuple[SetValue, ...]


def set_values() -> tuple[SetGroup, ...]:
    """Everything, in groups."""
    return (
        SetGroup("signing-in", lazy("Signing in"), tuple(_signing_in())),
        SetGroup("rules", lazy("Rules and authority"), tuple(_rules())),
        SetGroup("reaching", lazy("Addresses and mail"), tuple(_reaching())),
        SetGroup("keeping", lazy("Data"), tuple(_keeping())),
    )


def main_values() -> tuple[SetValue, ...]:
    """The few that the first page of the administration names."""
    reaching = _reaching()
    return (_signing_in()[0], _rules()[0], reaching[0], reaching[1])


def _signing_in() -> list[SetValue]:
    chosen = settings()
    staff, others = passwords.policy_of(is_staff=True), passwords.policy_of(is_staff=False)
    is_strict = chosen.password_profile == "mlps3"
    profile = (
        _("MLPS level 3: kinds of characters, and a new password every 90 days")
        if is_strict
        else _("ASVS: long passwords, common ones refused, no other demands")
    )
    why = (
        _("Chosen because assessors under GB/T 22239-2019 (8.1.4.1) ask for complexity and regular change.")
        if is_strict
        else _(
            "Rules about kinds of characters and forced changes lead to weaker passwords; length and a list of known "
            "ones protect better (OWASP ASVS 5.0, 6.2). Set mlps3 when an assessor asks for it."
        )
    )
    lengths = _(
        "At least %(staff)s characters for staff, %(others)s for others", staff=staff.shortest, others=others.shortest
    )
    sessions = _(
        "Ends after %(staff)s minutes without use for staff, %(others)s for others, after %(hours)s hours in any case",
        staff=signing_in.IDLE_STAFF_SECONDS // _MINUTE,
        others=signing_in.IDLE_SECONDS // _MINUTE,
        hours=int(LONGEST.total_seconds()) // (_MINUTE * _MINUTE),
    )
    limits_on = _("On: waiting grows with each failed try, to %(minutes)s minutes", minutes=LONGEST_WAIT // _MINUTE)
    return [
        SetValue(_("Password profile"), profile, why, "EXPERTDESK_PASSWORD_PROFILE"),
        SetValue(
            _("Length of passwords"),
            lengths,
            _("A list of common passwords and the bureau's own words are refused."),
            "",
        ),
        SetValue(
            _("Storing passwords"),
            f"Argon2id, {passwords.MEMORY_KIB // 1024} MiB, t={passwords.PASSES}, p={passwords.LANES}",
            _("Nobody can read a password, not even from the database."),
            "",
            is_word=False,
        ),
        SetValue(_("Session"), sessions, _("What was typed is kept for 24 hours and comes back after signing in."), ""),
        SetValue(
            _("Limits on guessing"),
            limits_on if chosen.rate_limits else _("Off"),
            _("Passwords, access codes, verification codes and invitations; counted across all processes."),
            "EXPERTDESK_RATE_LIMITS",
        ),
    ]


def _rules() -> list[SetValue]:
    chosen, rules = settings(), rules_today()
    is_own = chosen.overrides_folder.is_dir()
    return [
        SetValue(
            _("Rule region"),
            rules.region_name,
            _("Rows of this region come before the national ones."),
            "EXPERTDESK_RULE_REGION",
        ),
        SetValue(
            _("Issuing authority"),
            rules.bureau.name,
            _("The fictional authority of the demonstration. Put the bureau's own table into the folder of own tables.")
            if rules.bureau.demo
            else _("From the bureau's own table."),
            "",
        ),
        SetValue(
            _("Own rule tables"),
            str(chosen.overrides_folder) if is_own else _("None"),
            _("Tables in this folder replace the shipped ones of the same name."),
            "",
            is_word=not is_own,
        ),
    ]


def _reaching() -> list[SetValue]:
    chosen = settings()
    mail = urlsplit(chosen.mail_url)
    return [
        SetValue(
            _("Public address"),
            chosen.base_url,
            _("Stands in mails and in the code on letters.") + " " + _encryption(),
            "EXPERTDESK_PUBLIC_URL",
            is_word=False,
        ),
        SetValue(
            _("Mail"),
            f"{mail.scheme}://{mail.hostname}:{mail.port or ''}".rstrip(":")
            if chosen.mail_url
            else _("No mail server"),
            _("Messages are sent to experts and organisations.")
            if chosen.mail_url
            else _("Messages are kept, and shown in the application to those they are for and to staff."),
            "EXPERTDESK_MAIL_URL",
            is_word=not chosen.mail_url,
        ),
        SetValue(
            _("Sender of mails"), chosen.mail_sender or _("None"), "", "EXPERTDESK_MAIL_SENDER", not chosen.mail_sender
        ),
        SetValue(
            _("Listens on"),
            f"{chosen.host}:{chosen.port}",
            "",
            "EXPERTDESK_HOST, EXPERTDESK_PORT",
            is_word=False,
        ),
        SetValue(
            _("Trusted proxies"),
            str(chosen.trusted_proxies),
            _("How many proxies in front may say where a visitor comes from."),
            "EXPERTDESK_TRUSTED_PROXIES",
            is_word=False,
        ),
        SetValue(
            _("Metrics"),
            _("Open with the token") if chosen.metrics_token else _("Closed"),
            "",
            "EXPERTDESK_METRICS_TOKEN",
        ),
    ]


def _encryption() -> str:
    if settings().is_https:
        return _("It is https: cookies travel encrypted only.")
    return _("It is not https: use that only inside the office network or for trying out.")


def _keeping() -> list[SetValue]:
    chosen = settings()
    mode = {"production": _("Production"), "demo": _("Demonstration"), "test": _("Test")}[chosen.mode]
    clock_note = _("The business clock was moved.") if chosen.business_now else ""
    return [
        SetValue(_("Mode"), mode, clock_note, "EXPERTDESK_MODE"),
        SetValue(_("Data folder"), str(chosen.home), "", "EXPERTDESK_HOME", is_word=False),
        SetValue(
            _("Database"),
            "SQLite" if chosen.is_sqlite else "PostgreSQL",
            _("In the data folder.") if chosen.is_sqlite else _("On its own server."),
            "EXPERTDESK_DATABASE_URL",
            is_word=False,
        ),
        SetValue(
            _("Papers and letters"),
            str(chosen.storage_folder),
            _("Encrypted with a key made from the secret key (AES-256-GCM)."),
            "EXPERTDESK_STORAGE_URL",
            is_word=False,
        ),
    ]
