"""What happened, in words: a title for every event of a case. Only codes and plain values are stored."""

from __future__ import annotations

from typing import Any

from expertdesk.foundation.locale import lazy
from expertdesk.models import Event

TITLES: dict[str, Any] = {
    "case.opened": lazy("Case opened"),
    "case.submitted": lazy("Application received"),
    "case.edited": lazy("Particulars changed"),
    "case.assigned": lazy("Handed to a case officer"),
    "case.correction_asked": lazy("Correction notice issued"),
    "case.correction_extended": lazy("Time to correct made longer"),
    "case.correction_answered": lazy("Corrections received"),
    "case.returned": lazy("Papers returned"),
    "case.accepted": lazy("Application accepted"),
    "case.deemed_accepted": lazy("Accepted by silence"),
    "case.not_accepted": lazy("Not accepted"),
    "case.withdrawn": lazy("Application withdrawn"),
    "case.paused": lazy("Clock stopped"),
    "case.resumed": lazy("Clock running again"),
    "case.limit_extended": lazy("Legal limit extended"),
    "case.recommended": lazy("Recommended for decision"),
    "case.sent_back": lazy("Sent back to the case officer"),
    "case.granted": lazy("Application granted"),
    "case.refused": lazy("Application refused"),
    "case.delivered": lazy("Letters delivered"),
    "case.closed": lazy("Case closed"),
    "case.paper_added": lazy("Paper uploaded"),
    "case.original_seen": lazy("Original seen"),
    "case.paper_committed": lazy("Commitment given"),
    "case.paper_deferred": lazy("Paper promised for later"),
    "case.papers_checked": lazy("Papers checked"),
    "case.judged": lazy("Criterion judged"),
    "case.clock_recomputed": lazy("Dates worked out anew after a new calendar"),
    "case.letter_stopped": lazy("A letter could not be printed"),
}


def title_of(event: Event) -> Any:
    """The event in a few words."""
    return TITLES.get(event.name, event.name)
