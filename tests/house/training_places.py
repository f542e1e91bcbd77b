"""Where the pages of the training plans are, with records of the demo bureau to look at."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from expertdesk.foundation.database import db
from expertdesk.models import TrainingPlan, TrainingProject, TrainingProvider

Examples = dict[str, list[tuple[str, str]]]


def training_facts() -> dict[str, Any]:
    """Years by stage, numbers of groups by state, one with a computed budget."""
    plans = {plan.state.value: plan.year for plan in db.session.scalars(select(TrainingPlan))}
    found: dict[str, Any] = {"plans": plans, "groups": {}}
    statement = select(TrainingProject).options(selectinload(TrainingProject.budget)).order_by(TrainingProject.id)
    for group in db.session.scalars(statement):
        found["groups"][group.state.value] = group.number
        if group.budget is not None and group.state.value == "draft":
            found["computed"] = group.number
        if group.roster:
            found["travelling"] = group.number
    found["provider"] = db.session.scalars(select(TrainingProvider.id)).first()
    return found


def training_pages(t: dict[str, Any]) -> Examples:
    """endpoint → (reader, address)."""
    done, now = t["plans"]["approved"], t["plans"]["first_submission"]
    at = {state: f"/training/groups/{number}" for state, number in t["groups"].items()}
    every = [("manager", address) for address in at.values()]
    travelling = f"/training/groups/{t['travelling']}"
    return {
        "training.agree_adjustment": [("manager", f"{at['approved']}/adjust/agree")],
        "training.adjust": [("manager", f"{at['approved']}/adjust")],
        "training.approval": [("manager", f"/training/{now}/approval")],
        "training.approve_task": [("manager", f"{at['publicised']}/task")] if "publicised" in at else [
            ("manager", f"{at['approved']}/task")
        ],
        "training.budget": [
            ("manager", f"/training/groups/{t['computed']}/budget"), ("manager", f"{at['closed']}/budget"),
            ("manager", f"{at['in_progress']}/budget"),
        ],
        "training.call_units": [("manager", f"/training/{now}/call")],
        "training.cancel": [("manager", f"{at['approved']}/cancel")],
        "training.close_year": [("manager", f"/training/{done}/close")],
        "training.differences": [
            ("manager", f"/training/{done}/differences"), ("manager", f"/training/{now}/differences"),
            ("manager", f"/training/{done}/differences?from=first_submission.1&to=approved.1"),
        ],
        "training.edit_project": [("manager", f"{at['draft']}/edit"), ("manager", f"{at['returned']}/edit")],
        "training.export": [("manager", f"/training/{done}/export")],
        "training.extend": [("manager", f"{at['approved']}/extend")],
        "training.feedback": [("manager", f"/training/{now}/feedback")],
        "training.new_project": [("manager", f"/training/{now}/new"), ("employer", f"/training/{now}/new")],
        "training.new_provider": [("manager", "/training/institutions/new")],
        "training.numbers": [("manager", f"/training/{now}/numbers")],
        "training.papers": [("manager", f"{at['draft']}/papers")],
        "training.plan": [
            ("manager", f"/training/{now}"), ("manager", f"/training/{done}"), ("employer", f"/training/{now}"),
            ("manager", f"/training/{now}?problems=1"), ("manager", f"/training/{now}?state=declared&part=abroad"),
        ],
        "training.project": every,
        "training.provider": [("manager", f"/training/institutions/{t['provider']}")],
        "training.providers": [("manager", "/training/institutions"), ("manager", "/training/institutions?q=TUM")],
        "training.publicise": [("manager", f"{at['approved']}/publicity")],
        "training.refuse_adjustment": [("manager", f"{at['approved']}/adjust/refuse")],
        "training.report": [("manager", f"{at['report_due']}/report"), ("manager", f"{at['closed']}/report")],
        "training.reviews": [("manager", f"{travelling}/reviews"), ("manager", f"{at['draft']}/reviews")],
        "training.roster": [("manager", f"{travelling}/roster"), ("manager", f"{at['draft']}/roster")],
        "training.schedule": [("manager", f"{travelling}/schedule"), ("manager", f"{at['draft']}/schedule")],
        "training.send_up": [("manager", f"/training/{now}/send-up")],
        "training.send_up_again": [("manager", f"/training/{now}/send-up-again")],
        "training.settle": [("manager", f"{at['closed']}/settle")],
        "training.years": [("manager", "/training"), ("employer", "/training")],
    }  # fmt: skip


TRAINING_NO_PAGES = {
    "training.export_file": "a sheet or a PDF",
    "training.paper_file": "a PDF",
    "training.reasons": "leads to a part of the group's page",
}
