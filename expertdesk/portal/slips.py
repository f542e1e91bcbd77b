"""What `/status` tells whoever holds the slip: the sentence, the next step and the date, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from expertdesk.cases.case_page import case_options
from expertdesk.cases.status import status_of
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import vault
from expertdesk.foundation.numbers import tidy_code
from expertdesk.models import Case
from expertdesk.regulations.current import rules_today

# compared when there is no such case, so that both refusals take the same steps
_NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class SlipStatus:
    """No name, no paper, no officer: the slip passes through the employer's hands."""

    number: str
    procedure: Any
    sentence: Any
    next_step: Any
    due_on: date | None
    is_provisional: bool


def slip_status(number: str, code: str) -> SlipStatus | None:
    """None when there is no such case, it has no code, or the code is wrong: the caller cannot tell which."""
    found = db.session.execute(select(Case.id, Case.access_code_digest).where(Case.number == number)).one_or_none()
    digest = found.access_code_digest if found is not None else ""
    matches = vault().code_matches(tidy_code(code), digest or _NO_DIGEST, context=number)
    if found is None or not digest or not matches:
        return None
    case = db.session.scalars(select(Case).where(Case.id == found.id).options(*case_options())).unique().one()
    status = status_of(case)
    return SlipStatus(
        number=case.number,
        procedure=rules_today().procedure(case.procedure).short,
        sentence=status.sentence,
        next_step=status.next_step,
        due_on=status.due_on,
        is_provisional=status.is_provisional,
    )
