"""Every write to a case, by verb: plain values and an Actor in, never a commit (the worker's round apart)."""

from expertdesk.cases.accepting import (
    accept_case,
    deem_accepted_due,
    not_accept,
    preview_acceptance,
    preview_non_acceptance,
)
from expertdesk.cases.casework import (
    assign_case,
    close_case,
    deliver_case,
    extend_limit,
    judge,
    pause_clock,
    recommend_case,
    resume_clock,
    withdraw_case,
)
from expertdesk.cases.clock import recompute_clocks
from expertdesk.cases.correcting import (
    CorrectionItemData,
    answer_correction,
    ask_correction,
    correction_draft,
    extend_correction,
    preview_correction,
    return_papers,
)
from expertdesk.cases.opening import NewCase, Submitted, edit_case, open_case, submit_case

__all__ = [
    "CorrectionItemData",
    "NewCase",
    "Submitted",
    "accept_case",
    "answer_correction",
    "ask_correction",
    "assign_case",
    "close_case",
    "correction_draft",
    "deem_accepted_due",
    "deliver_case",
    "edit_case",
    "extend_correction",
    "extend_limit",
    "judge",
    "not_accept",
    "open_case",
    "pause_clock",
    "preview_acceptance",
    "preview_correction",
    "preview_non_acceptance",
    "recommend_case",
    "recompute_clocks",
    "resume_clock",
    "return_papers",
    "submit_case",
    "withdraw_case",
]
