"""What the front page says: what this is, how a case goes with the days promised today, the doors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today

# the everyday case the figures are given for
_PROCEDURE, _CATEGORY = "NEW_IN_CHINA", "B"


@dataclass(frozen=True)
class Door:
    icon: str
    url: str
    title: Any
    text: Any


@dataclass(frozen=True)
class Step:
    name: Bilingual
    text: Any
    days: int | None


@dataclass(frozen=True)
class Front:
    authority: Bilingual
    doors: tuple[Door, ...]
    steps: tuple[Step, ...]
    address: Bilingual
    hours: Bilingual


def record() -> Front:
    book = rules_today()
    bureau = book.bureau
    return Front(bureau.name, _doors(book), _steps(book), bureau.address, bureau.hours)


def _doors(book: RuleBook) -> tuple[Door, ...]:
    """Ways in without an account; a page that is not built is not offered."""
    found = [
        Door("clock", url_for("portal.status"), lazy("See where a case stands"),
             lazy("With the case number and the access code of the slip")),
        Door("shield", url_for("portal.verify"), lazy("Check a letter"),
             lazy("Landlord, bank or police: genuine and in force?")),
    ]  # fmt: skip
    if "portal.rules" in current_app.view_functions:
        found.append(
            Door(
                "law", url_for("portal.rules"), lazy("Read the rules"), lazy("Categories, points, papers, time limits")
            )
        )
    phone = str(book.bureau.phone)
    found.append(
        Door("phone", f"tel:{''.join(sign for sign in phone if sign in '+0123456789')}", phone, book.bureau.hours)
    )
    return tuple(found)


def _steps(book: RuleBook) -> tuple[Step, ...]:
    """The places of the stage line that a person notices, with the working days promised for the everyday case."""
    texts = {
        "submission": lazy(
            "The employer applies, here or at the window, and gets a slip with a case number and an access code."
        ),
        "precheck": lazy("An officer checks the papers. Whatever is missing is asked for once, all of it together."),
        "acceptance": lazy("The complete application is accepted; from here on the legal time runs."),
        "decision": lazy("A second officer decides on the recommendation of the first."),
        "delivery": lazy("The letter is yours to download; whoever you show it to can check it here."),
    }
    return tuple(
        Step(stage.name, texts[stage.code], _days(book, stage.code)) for stage in book.stages() if stage.code in texts
    )


def _days(book: RuleBook, step: str) -> int | None:
    if step not in ("precheck", "acceptance", "decision"):
        return None
    promised = book.limits(_PROCEDURE, _CATEGORY, step).promised
    return promised.working_days if promised is not None else None
