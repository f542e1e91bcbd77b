"""The whole line of an application by its commands, with the figures that follow from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from expertdesk.models import Event, ProgramState
from expertdesk.workflow import first_bad_event
from tests.programs import making


def test_from_the_call_to_the_evaluation(app, world):
    call = making.call(world)
    application = making.evaluated(world, call)
    application = making.fresh(application)
    assert application.state is ProgramState.EVALUATED and application.grade == "good"
    assert application.number == "YC2026-0001"
    assert application.experts[0].person_id == world.person_id, "the passport is on file"
    assert application.funds_approved == Decimal(70000)
    assert [(run.year, run.funds, run.months) for run in application.runs] == [
        (2026, Decimal("5945.21"), Decimal("0.17")),
        (2027, Decimal("64054.79"), Decimal("1.83")),
    ]
    assert sum(run.spent for run in application.runs) == Decimal(51000), "the years add up to the settlement"
    assert application.visits[0].days == 30
    names = [event.name for event in events(application)]
    assert names[0] == "program.begun" and names[-1] == "program.evaluated"
    assert "program.approved" in names and names.count("program.review_recorded") == 2
    from expertdesk.foundation.database import db

    assert first_bad_event(db.session()) is None


def events(application) -> list[Event]:
    from expertdesk.foundation.database import db

    statement = select(Event).where(Event.subject_kind == "program_application", Event.subject_id == application.id)
    return list(db.session.scalars(statement.order_by(Event.id)))


def test_the_publicity_lasts_so_many_working_days(app, world):
    application = making.publicised(world, making.call(world))
    assert (application.publicity_from, application.publicity_to) == (date(2026, 11, 24), date(2026, 11, 30))
