"""A few rows of cases to be counted."""

from __future__ import annotations

from typing import Any

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Case


def make_cases(world: Any, count: int) -> list[str]:
    """So many open cases of one person in the first district; returns their numbers."""
    numbers = [f"ED2026-{900000 + place}" for place in range(count)]
    for number in numbers:
        db.session.add(
            Case(
                number=number,
                procedure="NEW_ABROAD",
                district="990101",
                person_id=world.person_id,
                passport_id=world.passport_id,
                organisation_id=world.organisation_id,
                received_on=clock.today(),
                rules_date=clock.today(),
                updated_at=clock.now(),
            )
        )
    db.session.commit()
    return numbers
