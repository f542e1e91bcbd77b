"""Answer a correction notice: the only thing the portal writes. Plain values and an Actor in, never a commit."""

from __future__ import annotations

from typing import Any

from expertdesk.access import Actor
from expertdesk.accounts.drafts import drop_draft
from expertdesk.cases.commands import answer_correction
from expertdesk.cases.papers import add_version
from expertdesk.foundation.errors import NotPermitted, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case
from expertdesk.portal import policy
from expertdesk.portal.answers import FORM, Answering


def send_corrections(case: Case, answering: Answering, actor: Actor) -> None:
    """Put every kept file into the case and send the answer.

    Raises RuleBroken with a message at each item that still has no file; then nothing is written and the files stay
    kept.
    """
    if not policy.may_answer(case, actor):
        raise NotPermitted("portal:file:answer")
    missing: dict[str, Any] = {item.field: lazy("Still missing.") for item in answering.items if not item.is_there}
    if missing:
        raise RuleBroken(missing)
    for item in answering.items:
        if item.kept is not None:
            add_version(case, item.document, item.kept.upload(), actor)
    answer_correction(case, actor)
    drop_draft(actor.id, FORM, case.number)
