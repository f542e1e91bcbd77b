"""Cases brought to a state through the real commands, committed, for tests that look at pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from expertdesk.cases import commands, papers
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case
from tests.cases import steps

STATES = (
    "draft", "submitted", "in_correction", "accepted", "recommended", "granted", "refused", "delivered", "closed",
    "not_accepted", "returned", "withdrawn",
)  # fmt: skip


def case_in(world: Any, state: str, **changes: Any) -> str:
    """The number of a case of the officer in this state."""
    officer = world.actor("officer")
    number = _MAKERS[state](world, officer, changes).number
    db.session.commit()
    return number


def row(number: str) -> Case:
    """The case as it is stored now."""
    db.session.rollback()
    return db.session.query(Case).filter_by(number=number).one()


def version(number: str) -> int:
    return row(number).row_version


def state(number: str) -> str:
    return row(number).state.value


def with_problem(world: Any, officer: Any, changes: Any) -> Case:
    """Everything shown at the counter and checked, but the degree is not legalised."""
    case = steps.submitted(world, officer, **changes).case
    steps.supply(case, officer, but=("DEGREE",))
    papers.mark_original_seen(case, "DEGREE", officer)
    papers.check_paper(case, "DEGREE", False, officer, reason_code="X05")
    return case


def _in_correction(world: Any, officer: Any, changes: Any) -> Case:
    case = with_problem(world, officer, changes)
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    return case


def _granted(world: Any, officer: Any, changes: Any) -> Case:
    from expertdesk.permits.commands import grant_permit

    case = steps.recommended(world, officer, **changes)
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    return case


def _refused(world: Any, officer: Any, changes: Any) -> Case:
    from expertdesk.permits.commands import refuse_permit

    case = steps.recommended(world, officer, **changes)
    text = Bilingual("不符合条件。", "The conditions are not met.")
    refuse_permit(
        case, world.actor("reviewer"), seen_version=case.row_version, grounds=["J03"], facts=text, reasons=text
    )
    return case


def _delivered(world: Any, officer: Any, changes: Any) -> Case:
    case = _granted(world, officer, changes)
    return commands.deliver_case(case, clock.today(), officer, case.row_version)


def _closed(world: Any, officer: Any, changes: Any) -> Case:
    case = _delivered(world, officer, changes)
    return commands.close_case(case, officer, case.row_version)


def _not_accepted(world: Any, officer: Any, changes: Any) -> Case:
    case = steps.submitted(world, officer, **changes).case
    note, body = Bilingual("不属本机关职权。", "Another body is competent."), Bilingual("公安机关", "The police")
    return commands.not_accept(case, "NA2", officer, case.row_version, note, body=body)


def _returned(world: Any, officer: Any, changes: Any) -> Case:
    case = _in_correction(world, officer, changes)
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=60)):
        return commands.return_papers(case, officer, case.row_version)


def _withdrawn(world: Any, officer: Any, changes: Any) -> Case:
    case = steps.submitted(world, officer, **changes).case
    return commands.withdraw_case(case, "单位来函撤回。", officer, case.row_version)


_MAKERS: dict[str, Any] = {
    "draft": lambda world, officer, changes: commands.open_case(steps.new_case(world, **changes), officer),
    "submitted": lambda world, officer, changes: steps.submitted(world, officer, **changes).case,
    "in_correction": _in_correction,
    "accepted": lambda world, officer, changes: steps.accepted(world, officer, **changes),
    "recommended": lambda world, officer, changes: steps.recommended(world, officer, **changes),
    "granted": _granted,
    "refused": _refused,
    "delivered": _delivered,
    "closed": _closed,
    "not_accepted": _not_accepted,
    "returned": _returned,
    "withdrawn": _withdrawn,
}
