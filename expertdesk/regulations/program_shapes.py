"""Tables of the programmes for introducing experts: families and kinds, what may be funded and up to which amount,
what an application promises and is judged by, its states; and the targets of the annual introduction plan."""

from __future__ import annotations

from collections.abc import Mapping

from expertdesk.regulations.schema import Amount, Both, Field, Flag, ListOf, Text, Whole

FILE = "programs"

# table → fields beside the common ones
PROGRAM_TABLES: Mapping[str, Mapping[str, Field]] = {
    "program_families": {},
    "program_kinds": {
        "family": Text(required=True),
        "approving_level": Text(required=True),
        "fields": ListOf(Text()),
        "per_visit": Flag(),
        "base_checks": Flag(),
        "subsidy_most": Amount(),
        "months_least": Whole(),
        "months_most": Whole(),
        "age_most": Whole(),
        "offered": Flag(default=True),
    },
    "program_fields": {},
    "program_priority_fields": {},
    "program_secrecy": {"is_public": Flag()},
    "program_levels": {},
    "program_modes": {},
    "program_roles": {"age_most": Whole()},
    "program_items": {
        "in_visit": Flag(),
        "visit_most": Amount(),
        "day_least": Amount(),
        "day_most": Amount(),
        "proofs": ListOf(Both()),
    },
    "program_settings": {"value": Whole(required=True), "unit": Text(required=True)},
    "program_indicators": {"unit_name": Both(required=True)},
    "program_base_checks": {"least": Whole(), "age_most": Whole(), "role": Text()},
    "program_documents": {"needed": Flag(), "per_expert": Flag()},
    "program_states": {
        "place": Whole(required=True),
        "holder": Both(),
        "next_step": Both(),
        "is_end": Flag(),
    },
    "program_criteria": {"most": Whole(required=True)},
    "program_recommendations": {},
    "program_change_kinds": {},
    "program_report_kinds": {"is_last": Flag()},
    "program_grades": {},
    "introduction_indicators": {"unit_name": Both(required=True), "by_district": Flag()},
}

PROGRAM_REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("program_kinds", "family"): ("program_families",),
    ("program_kinds", "approving_level"): ("program_levels",),
    ("program_kinds", "fields"): ("program_fields",),
    ("program_base_checks", "role"): ("program_roles",),
    ("program_settings", "unit"): ("units",),
}

# codes the program asks for by name
PROGRAM_NEEDED: Mapping[str, tuple[str, ...]] = {
    "program_settings": (
        "VISIT_MOST",
        "SUBSIDISED_DAYS",
        "MONTH_DAYS",
        "PUBLICITY_WD",
        "REVIEWERS_LEAST",
        "REVIEW_WD",
        "REPORT_DAYS",
        "REPORT_AHEAD_DAYS",
        "CLOSING_AHEAD_DAYS",
        "EXTENSION_MONTH",
        "EXTENSION_DAY",
    ),
    "program_items": ("TRAVEL", "ALLOWANCE", "LIVING", "INTERCITY"),
    "program_states": (
        "draft",
        "submitted",
        "returned",
        "checked",
        "in_review",
        "reviewed",
        "proposed",
        "publicised",
        "approved",
        "running",
        "settled",
        "closed",
        "evaluated",
        "rejected",
        "withdrawn",
        "terminated",
        "lapsed",
    ),
    "program_base_checks": ("OVERSEAS", "MASTER", "BACKBONE", "SHORT_TERM", "CHINESE", "TOP100", "PLATFORM"),
    "program_change_kinds": ("extension", "period", "budget", "expert", "other"),
    "program_report_kinds": ("progress", "annual", "final"),
}
