"""The way of a case from the draft to the recommendation, on both engines."""

from __future__ import annotations

from expertdesk.cases import commands
from expertdesk.workflow import first_bad_event
from tests.cases import steps


def test_open_submit_accept_recommend(app, world):
    from expertdesk.foundation.database import db

    officer = world.actor("officer")
    case = commands.open_case(steps.new_case(world), officer)
    assert case.number == "ED2026-000001" and case.state == "draft" and case.category == "B"
    done = commands.submit_case(case, officer, seen_version=case.row_version)
    assert case.state == "submitted" and len(done.access_code) == 8
    assert done.receipt.number_zh == "江外专收〔2026〕1号"
    steps.supply(case, officer)
    commands.accept_case(case, officer, case.row_version)
    assert case.state == "accepted" and case.letters[-1].kind == "ACCEPTANCE_NOTICE"
    commands.recommend_case(case, "符合条件。", True, officer, case.row_version)
    assert case.state == "recommended"
    db.session.commit()
    assert first_bad_event(db.session()) is None
