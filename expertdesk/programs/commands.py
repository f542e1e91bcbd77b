"""Every write of the programmes under one name; the modules below hold them by stage."""

from expertdesk.programs.applying import (
    add_file,
    begin_application,
    edit_particulars,
    file_bytes,
    remove_file,
    set_budget,
    set_goals,
    submit_application,
    withdraw_application,
)
from expertdesk.programs.calling import announce_call, change_call, make_call
from expertdesk.programs.deciding import (
    approve_application,
    hold_meeting,
    note_objection,
    publicise,
    reject_application,
    reviewed_of,
)
from expertdesk.programs.members import add_expert, change_expert, link_expert, remove_expert
from expertdesk.programs.planning import plan_of, save_plan
from expertdesk.programs.reviewing import (
    assign_reviewers,
    declare_conflict,
    drop_outside_reviewer,
    finish_review,
    give_review,
    pass_check,
    record_outside_review,
    return_application,
    reviewer_accounts,
)
from expertdesk.programs.running import (
    accept_settlement,
    ask_change,
    close_project,
    decide_change,
    evaluate_project,
    file_report,
    file_settlement,
    lapse_due,
    record_visit,
    return_settlement,
    start_project,
    terminate_project,
)

__all__ = [
    "accept_settlement", "add_expert", "add_file", "announce_call", "approve_application", "ask_change",
    "assign_reviewers", "begin_application", "change_call", "change_expert", "close_project", "decide_change",
    "declare_conflict", "drop_outside_reviewer", "edit_particulars", "evaluate_project", "file_bytes", "file_report",
    "file_settlement", "finish_review", "give_review", "hold_meeting", "lapse_due", "link_expert", "make_call",
    "note_objection", "pass_check", "plan_of", "publicise", "record_outside_review", "record_visit",
    "reject_application", "remove_expert", "remove_file", "return_application", "return_settlement",
    "reviewed_of", "reviewer_accounts",
    "save_plan", "set_budget", "set_goals", "start_project", "submit_application", "terminate_project",
    "withdraw_application",
]  # fmt: skip
