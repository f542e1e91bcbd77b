"""One draft a form: what was typed and the papers that came with it, by the form's token; and what a form led to.

The token is kept with the case, so that the same form sent twice makes one (`result_of` finds it). The access code
waits as an encrypted draft until the page after the intake has shown it once.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from expertdesk.accounts import drafts
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, write_apart
from expertdesk.models import Account, Case, Draft
from expertdesk.web.forms import printable

FORM = "intake"
_CODE = "intake.code"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_TOKEN_BYTES = 16
# never part of a draft: they belong to the request
_NOT_KEPT = frozenset({"csrf_token", "do", "drop_file", "switch_language"})
_MOST_LISTED = 5


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def good_token(text: str) -> str:
    """The token of a form, or a new one for what is none."""
    return text if _TOKEN.fullmatch(text or "") else new_token()


# --- what was typed --------------------------------------------------------------------------------------------


def save(account_id: int, token: str, values: MultiDict[str, str]) -> datetime:
    """Keep the whole form as it was typed; returns when."""
    typed = {name: values.getlist(name) for name in values if name not in _NOT_KEPT and any(values.getlist(name))}
    drafts.save_draft(account_id, FORM, token, {"form": typed})
    return clock.real_now()


def load(account_id: int, token: str) -> MultiDict[str, str] | None:
    return _typed(drafts.load_draft(account_id, FORM, token))


def _typed(kept: dict[str, Any] | None) -> MultiDict[str, str] | None:
    if kept is None or not isinstance(kept.get("form"), dict):
        return None
    return MultiDict([(name, value) for name, values in kept["form"].items() for value in values])


@dataclass(frozen=True)
class Unfinished:
    """An intake somebody began: whose, when it was last saved."""

    token: str
    name: str
    saved_at: datetime


def unfinished(account_id: int, besides: str = "") -> tuple[Unfinished, ...]:
    """The officer's own intakes that were begun and not sent, newest first."""
    found = []
    for token, saved_at, kept in drafts.newest_drafts(account_id, FORM, _MOST_LISTED + 1):
        typed = _typed(kept) if token != besides else None
        if typed:
            found.append(Unfinished(token, _name(typed), saved_at))
    return tuple(found[:_MOST_LISTED])


def _name(typed: MultiDict[str, str]) -> str:
    latin = f"{typed.get('surname', '')} {typed.get('given_name', '')}".strip()
    return printable(typed.get("native_name") or latin or typed.get("organisation") or "")


def discard(account_id: int, token: str) -> None:
    """In the caller's transaction."""
    drafts.drop_draft(account_id, FORM, token)


# --- what it led to --------------------------------------------------------------------------------------------


def one_at_a_time(account_id: int) -> None:
    """Hold the account until the transaction ends: of the same form sent twice the second waits for the first."""
    db.session.execute(select(Account.id).where(Account.id == account_id).with_for_update(key_share=True))


def result_of(account_id: int, token: str) -> str:
    """The number of the case this form already made, or ""."""
    statement = select(Case.number).where(Case.intake_key == token, Case.entered_by_id == account_id)
    return db.session.scalar(statement) or ""


def remember_result(account_id: int, token: str, number: str, access_code: str) -> None:
    """In the transaction of the case: the draft is done with, the access code waits to be shown."""
    drafts.drop_draft(account_id, FORM, token)
    drafts.store_draft(account_id, _CODE, number, {"access_code": access_code})


def code_to_show(account_id: int, number: str) -> str:
    """The access code, the first time its page is opened; afterwards it stands on the receipt alone."""
    found: dict[str, Any] | None = drafts.load_draft(account_id, _CODE, number)
    if not found:
        return ""
    with write_apart() as session:
        session.execute(
            update(Draft)
            .where(Draft.account_id == account_id, Draft.form == _CODE, Draft.subject == number)
            .values(expires_at=clock.real_now())
        )
    return str(found["access_code"])
