"""Several writers at once, on both engines: numbers unique and without holes, the chain whole, one decision wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import SYSTEM
from expertdesk.cases import commands
from expertdesk.foundation.database import db, intend_to_write
from expertdesk.foundation.errors import NotAllowedNow, Stale
from expertdesk.models import Case, Event, Letter
from expertdesk.permits.commands import grant_permit
from expertdesk.workflow import append_event, first_bad_event
from expertdesk.workflow.numbers import next_in_series
from tests.cases import steps

THREADS, EACH = 8, 12


def at_once(app: Any, work: Callable[[int], Any], count: int) -> list[Any]:
    """Run `work(0…count-1)` in threads, each in a transaction of its own; what it raised is given back."""

    def one(number: int) -> Any:
        with app.app_context():
            intend_to_write(True)
            try:
                answer = work(number)
                db.session.commit()
                return answer
            except (NotAllowedNow, Stale) as error:
                db.session.rollback()
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(count)))


def test_numbers_of_a_series_are_unique_and_without_holes(app):
    db.session.remove()

    def take(number: int) -> int:
        taken = next_in_series(db.session(), "TEST", 2026)
        append_event(db.session(), "test.number", "test", taken, SYSTEM, payload={"number": taken})
        return taken

    taken = at_once(app, take, THREADS * EACH)
    assert sorted(taken) == list(range(1, THREADS * EACH + 1))
    assert first_bad_event(db.session()) is None


def test_a_number_that_was_rolled_back_is_given_again(app):
    assert next_in_series(db.session(), "TEST", 2026) == 1
    db.session.commit()
    assert next_in_series(db.session(), "TEST", 2026) == 2
    db.session.rollback()
    assert next_in_series(db.session(), "TEST", 2026) == 2
    assert next_in_series(db.session(), "TEST", 2027) == 1
    assert next_in_series(db.session(), "OTHER", 2026) == 1


def test_the_same_form_sent_at_once_makes_one_case(app, world):
    officer = world.actor("officer")
    new = steps.new_case(world, key="sent-often")
    db.session.remove()
    numbers = at_once(app, lambda number: commands.open_case(new, officer).number, THREADS)
    assert set(numbers) == {"ED2026-000001"}
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1
    assert first_bad_event(db.session()) is None


def test_of_many_acceptances_at_once_one_wins(app, world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    steps.supply(case, officer)
    db.session.commit()
    case_id, version = case.id, case.row_version
    db.session.remove()

    def accept(number: int) -> str:
        case = db.session.get_one(Case, case_id)
        commands.accept_case(case, officer, version)
        return "accepted"

    answers = at_once(app, accept, THREADS)
    assert answers.count("accepted") == 1
    assert all(isinstance(answer, NotAllowedNow | Stale) for answer in answers if answer != "accepted")
    letters = db.session.scalars(select(Letter.kind).where(Letter.case_id == case_id)).all()
    assert sorted(letters) == ["ACCEPTANCE_NOTICE", "RECEIPT"]
    accepted = select(func.count()).select_from(Event).where(Event.name == "case.accepted")
    assert db.session.scalar(accepted) == 1
    assert first_bad_event(db.session()) is None


def test_of_two_decisions_at_once_one_wins(app, world):
    case = steps.recommended(world, world.actor("officer"))
    db.session.commit()
    case_id, version, reviewer = case.id, case.row_version, world.actor("reviewer")
    db.session.remove()

    def decide(number: int) -> str:
        case = db.session.get_one(Case, case_id)
        return grant_permit(case, reviewer, seen_version=version).number

    answers = at_once(app, decide, 4)
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert first_bad_event(db.session()) is None
