"""Where the pages of the programmes are, with records of the demo bureau to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from expertdesk.foundation.database import db
from expertdesk.models import Account, MembershipRight, ProgramApplication, ProgramReview, ProgramState

Examples = dict[str, list[tuple[str, str]]]
# a form on a page: reader, page, and more (see sent.py)
At = Callable[..., list[Any]]


def program_facts() -> dict[str, Any]:
    """Numbers by state, of the organisation the demo account `employer` acts for where there is one."""
    employer = db.session.scalars(select(Account).where(Account.username == "employer")).one()
    unit = next(held.organisation_id for held in employer.memberships if held.right is MembershipRight.HANDLER)
    found: dict[str, Any] = {"own": {}}
    for application in db.session.scalars(select(ProgramApplication).order_by(ProgramApplication.id)):
        found[application.state.value] = application.number
        if application.organisation_id == unit:
            found["own"][application.state.value] = application.number
            found["own_expert"] = application.experts[0].id
        if application.state is ProgramState.REVIEWED:
            found["call"] = application.call_id
        if application.state is ProgramState.SUBMITTED:
            found["open_call"], found["year"] = application.call_id, application.call.year
            found["expert"] = application.experts[0].id
    outside = db.session.scalars(select(ProgramReview).where(ProgramReview.submitted_at.is_(None))).first()
    found["outside"] = outside.id if outside else 0
    return found


def program_pages(p: dict[str, Any]) -> Examples:
    """endpoint → (reader, address)."""
    year, call, own = p["year"], p["call"], p["own"]
    at = {state: f"/programs/applications/{number}" for state, number in p.items() if str(number).startswith("YC")}
    mine = {state: f"/my/programs/{number}" for state, number in own.items()}
    waiting = f"{at['in_review']}/outside/{p['outside']}"
    return {
        "programs.application": [("manager", address) for address in at.values()] + [("officer", at["running"])],
        "programs.apply": [("employer", f"/my/programs/calls/{p['open_call']}/apply")],
        "programs.approve": [("manager", f"{at['publicised']}/approve")],
        "programs.call": [("manager", f"/programs/calls/{call}"), ("officer", f"/programs/calls/{p['open_call']}")],
        "programs.edit_call": [("manager", f"/programs/calls/{p['open_call']}/edit")],
        "programs.edit_plan": [("manager", f"/programs/{year}/plan/edit")],
        "programs.link": [("manager", f"{at['submitted']}/experts/{p['expert']}/link")],
        "programs.meeting": [("manager", f"/programs/calls/{call}/meeting")],
        "programs.mine": [("employer", "/my/programs"), ("employer2", "/my/programs")],
        "programs.my_application": [("employer", address) for address in mine.values()],
        "programs.my_budget": [("employer", f"{mine['draft']}/budget")],
        "programs.my_edit": [("employer", f"{mine['draft']}/particulars")],
        "programs.my_expert": [
            ("employer", f"{mine['draft']}/experts"),
            ("employer", f"{mine['draft']}/experts/{p['own_expert']}"),
        ],
        "programs.my_files": [("employer", f"{mine['draft']}/files")],
        "programs.my_goals": [("employer", f"{mine['draft']}/goals")],
        "programs.my_settlement": [("employer", f"{mine['running']}/settlement")],
        "programs.my_step": [
            ("employer", f"{mine['running']}/do/{action}") for action in ("record_visit", "report", "ask_change")
        ]
        + [("employer", f"{mine['draft']}/do/withdraw")],
        "programs.new_call": [("manager", f"/programs/{year}/calls/new")],
        "programs.outside_review": [("manager", waiting)],
        "programs.plan": [("manager", f"/programs/{year}/plan"), ("officer", f"/programs/{year - 1}/plan")],
        "programs.programs": [("manager", "/programs"), ("officer", "/programs")],
        "programs.publicity": [("manager", f"/programs/calls/{call}/publicity")],
        "programs.review": [("reviewer", f"/programs/reviews/{p[state]}") for state in ("in_review", "reviewed")],
        "programs.reviewers": [("manager", f"{at['checked']}/reviewers")],
        "programs.reviews": [("reviewer", "/programs/reviews")],
        "programs.settlement": [("manager", f"{at['running']}/settlement")],
        "programs.step": [
            ("manager", f"{at['submitted']}/do/return"), ("manager", f"{at['publicised']}/do/note_objection"),
            ("manager", f"{at['running']}/do/terminate"), ("manager", f"{at['running']}/do/settle"),
        ],
        "programs.year": [("manager", f"/programs/{year}"), ("officer", f"/programs/{year - 1}?state=running")],
    }  # fmt: skip


PROGRAM_NO_PAGES = {
    "programs.export_applications": "a sheet or a PDF",
    "programs.export_plan": "a sheet or a PDF",
    "programs.file": "a PDF",
    "programs.my_file": "a PDF",
    "programs.my_print": "a PDF",
    "programs.print_form": "a PDF",
    "programs.review_file": "a PDF",
}


def program_forms(p: dict[str, Any], at: At) -> dict[str, list[Any]]:
    """endpoint → its form, sent in every wrong way that it answers with a message (see sent.py)."""
    forms: dict[str, list[Any]] = {}
    for endpoint, examples in program_pages(p).items():
        if endpoint in PROGRAM_FORMS:
            forms[endpoint] = [sent for reader, address in examples for sent in at(reader, address)]
    return forms


PROGRAM_FORMS = frozenset(
    f"programs.{name}"
    for name in (
        "apply", "approve", "edit_call", "edit_plan", "link", "meeting", "my_budget", "my_edit", "my_expert",
        "my_files", "my_goals", "my_settlement", "my_step", "new_call", "outside_review", "publicity", "review",
        "reviewers", "settlement", "step",
    )
)  # fmt: skip

PROGRAM_BUTTONS = {
    "programs.announce": "one button",
    "programs.my_remove_expert": "one button",
    "programs.my_remove_file": "one button",
}
