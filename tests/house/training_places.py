"""Where the pages of the training plans are, with records of the demo bureau to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.files import content_key
from expertdesk.foundation.installed import storage
from expertdesk.models import Account, ExportState, TrainingExport, TrainingPlan, TrainingProject, TrainingProvider

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
    found["exports"] = _exports(plans["approved"])
    return found


def _exports(year: int) -> dict[str, int]:
    """A file of a plan in every state, as the manager sees it."""
    plan = db.session.scalars(select(TrainingPlan).where(TrainingPlan.year == year)).one()
    manager = db.session.scalars(select(Account.id).where(Account.username == "manager")).one()
    data, now = b"%PDF-1.4 a plan", clock.real_now()
    key = storage().put(data, key=content_key(data))
    shared = {"plan_id": plan.id, "account_id": manager, "name": "plan-zh.pdf", "asked_at": now, "stamp": "example"}
    rows = [
        TrainingExport(state=ExportState.WAITING, **shared),
        TrainingExport(state=ExportState.RUNNING, percent=43, holder="elsewhere:1", **shared),
        TrainingExport(state=ExportState.FAILED, error="missing_glyph", finished_at=now,
                       error_parameters={"signs": "㐀 (U+3400)", "where": "project_name[2]"}, **shared),
        TrainingExport(state=ExportState.DONE, percent=100, file_key=key, sha256=key, size=len(data),
                       finished_at=now, file_name="jz-training-plan.pdf", media_type="application/pdf", **shared),
    ]  # fmt: skip
    db.session.add_all(rows)
    db.session.commit()
    return {row.state.value: row.id for row in rows}


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
        "training.execution": [("manager", f"/training/{done}/execution"), ("manager", f"/training/{now}/execution")],
        "training.pictures": [
            ("manager", f"/training/{done}/pictures"),
            ("manager", f"/training/{now}/pictures"),
            ("employer", f"/training/{now}/pictures"),
        ],
        "training.export": [("manager", f"/training/{done}/export")],
        "training.export_job": [
            ("manager", f"/training/exports/{number}") for number in t["exports"].values()
        ],
        "training.extend": [("manager", f"{at['approved']}/extend")],
        "training.feedback": [("manager", f"/training/{now}/feedback")],
        "training.import_sheets": [("manager", f"/training/{now}/import"), ("employer", f"/training/{now}/import")],
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
    "training.corrected_sheet": "a workbook",
    "training.unit_sheet": "a workbook",
    "training.export_file": "a sheet or a PDF",
    "training.export_job_file": "a sheet or a PDF",
    "training.group_file": "a sheet or a PDF",
    "training.paper_file": "a PDF",
    "training.reasons": "leads to a part of the group's page",
}


def training_forms(t: dict[str, Any], at: Callable[..., list[Any]]) -> dict[str, list[Any]]:
    """endpoint → its form, sent in every wrong way that it answers with a message."""
    now = f"/training/{t['plans']['first_submission']}"
    group = {state: f"/training/groups/{number}" for state, number in t["groups"].items()}
    wrong = ("wrong",)
    approved, travelling = group["approved"], f"/training/groups/{t['travelling']}"
    provider = f"/training/institutions/{t['provider']}"
    return {
        "training.add_paper": at("manager", f"{group['draft']}/papers"),
        "training.create_project": at("manager", f"{now}/new"),
        "training.create_provider": at("manager", "/training/institutions/new"),
        "training.do_adjust": at("manager", f"{approved}/adjust"),
        "training.do_approve_task": at("manager", f"{approved}/task"),
        "training.do_cancel": at("manager", f"{approved}/cancel"),
        "training.do_extend": at("manager", f"{approved}/extend"),
        "training.do_publicise": at("manager", f"{approved}/publicity"),
        "training.do_refuse_adjustment": at("manager", f"{approved}/adjust/refuse"),
        "training.do_settle": at("manager", f"{group['report_due']}/settle", ways=wrong),
        "training.file_report": at("manager", f"{group['report_due']}/report"),
        "training.keep_next": at("manager", f"/training/{t['plans']['approved']}/execution", ways=wrong),
        "training.open_year": at("manager", "/training"),
        "training.record_approval": at("manager", f"{now}/approval"),
        "training.send_sheets": at("manager", f"{now}/import", ways=("empty",)),
        "training.return_project": at("manager", group["declared"], f"{group['declared']}/return"),
        "training.review": at("manager", group["declared"], f"{group['declared']}/review"),
        "training.save_budget": at("manager", f"/training/groups/{t['computed']}/budget"),
        "training.save_invitation": at("manager", f"{group['draft']}/papers", f"{group['draft']}/invitation"),
        "training.save_numbers": at("manager", f"{now}/numbers", ways=wrong),
        "training.save_project": at("manager", f"{group['draft']}/edit"),
        "training.save_provider": at("manager", provider),
        "training.save_review": at("manager", f"{travelling}/reviews", f"{travelling}/reviews/task"),
        "training.save_roster": at("manager", f"{group['draft']}/roster", ways=wrong),
        "training.save_schedule": at("manager", f"{group['draft']}/schedule", ways=wrong),
        "training.take_feedback": at("manager", f"{now}/feedback", ways=wrong),
        "training.withdraw": at("manager", group["draft"], f"{group['draft']}/withdraw"),
    }


TRAINING_BUTTONS = {
    "training.confirm_import": "what was seen only",
    "training.leave_out_sheets": "buttons",
    "training.declare": "a version only",
    "training.do_agree_adjustment": "a version only",
    "training.do_call_units": "a version only",
    "training.do_close_year": "a version only",
    "training.do_send_up": "a version only",
    "training.do_send_up_again": "a version only",
    "training.drop_budget": "a version only",
    "training.export_again": "one button",
    "training.start_export": "one button for each file",
    "training.remove_paper": "one button",
    "training.save_reasons": "reasons as they are written; an empty one takes it back",
}
