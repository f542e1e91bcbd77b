"""Tables of the annual overseas-training plan: columns of the plan table, limits, code lists; and the cost standards for
training abroad, by edition."""

from __future__ import annotations

from collections.abc import Mapping

from expertdesk.regulations.schema import Amount, Both, Choice, Day, Field, Flag, ListOf, MapOf, Text, Whole

FILE = "training"
COST_FILE = "training_costs"
CURRENCIES = ("USD", "EUR", "JPY", "GBP", "HKD")
STAGES = ("declare", "send_up", "task", "return", "half_year", "adjust")

# table → fields beside the common ones
TRAINING_TABLES: Mapping[str, Mapping[str, Field]] = {
    "training_bands": {},
    "training_columns": {
        "no": Whole(required=True),
        "band": Text(required=True),
        "kind": Choice("whole", "text", "choice", "choices", "country", "list", "money", "month", required=True),
        "choices": Text(),
        "required": Flag(),
        "by_unit": Flag(default=True),
    },
    "training_rules": {
        "stage": Choice(*STAGES, required=True),
        "severity": Choice("block", "warn", "info", required=True),
        "params": MapOf(Amount()),
        "params_unsure": Flag(),
        "on": Flag(default=True),
    },
    "training_parts": {"destinations": ListOf(Text())},
    "training_plan_states": {"place": Whole(required=True), "holder": Text(required=True)},
    "training_rounds": {},
    "training_states": {"place": Whole(required=True), "is_end": Flag()},
    "training_approval_types": {},
    "training_terms": {"least_days": Whole(), "most_days": Whole()},
    "training_fundings": {"offered": Flag(default=True)},
    "training_fields": {},
    "training_opinions": {"is_positive": Flag()},
    "training_ranks": {
        "air": Text(required=True),
        "ship": Text(required=True),
        "rail": Text(required=True),
    },
    "training_attachments": {"stage": Choice("declare", "task", "return", required=True), "when_leaders": Flag()},
    "training_day_kinds": {"counts_as": Choice("lecture", "discussion", "other", required=True)},
    "training_roster_columns": {"no": Whole(required=True)},
    "training_review_lines": {"side": Choice("head", "task", "finance", required=True), "no": Whole(required=True)},
    "training_calendar": {"when": Text(required=True)},
    "political_statuses": {},
    "provider_kinds": {},
    "provider_levels": {},
    "provider_states": {},
}
COST_TABLES: Mapping[str, Mapping[str, Field]] = {
    "cost_editions": {
        "document": Text(required=True),
        "starts_on": Day(),
        "ends_on": Day(),
        "rates": Choice("accommodation", "accommodation_2013", "none", required=True),
    },
    "cost_rates": {
        "row": Whole(required=True),
        "country": Text(required=True),
        "continent": Choice("AS", "AF", "EU", "AM", "OC", required=True),
        # names of the cities it is for; `is_rest`: every other city of the country; neither: the whole country
        "cities": ListOf(Both()),
        "is_rest": Flag(),
        "currency": Choice(*CURRENCIES, required=True),
        "accommodation": Amount(required=True),
        "meals": Amount(required=True),
        "incidentals": Amount(required=True),
        "accommodation_2013": Amount(),
        "not_in_2013": Flag(),
    },
    "training_fees": {
        "country": Text(required=True),
        "currency": Choice(*CURRENCIES, required=True),
        "amount": Amount(required=True),
    },
    "city_aliases": {"city": Text(required=True)},
    "cost_settings": {"value": Amount(required=True), "unit": Text(required=True)},
    "cost_examples": {
        "country": Text(required=True),
        "city": Text(),
        "training_days": Whole(required=True),
        "nights": Whole(required=True),
        "days": Whole(required=True),
        "fed_by_host": Flag(),
        "host_meal_days": Whole(),
        "host_lodging_nights": Whole(),
        "currency": Choice(*CURRENCIES, required=True),
        "expected": Amount(required=True),
    },
}

TRAINING_REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("training_columns", "band"): ("training_bands",),
    ("cost_settings", "unit"): ("units",),
}

# codes the programme asks for by name
TRAINING_NEEDED: Mapping[str, tuple[str, ...]] = {
    "training_rules": (
        *(f"R{number:02d}" for number in range(1, 25)),
        "R07G",
        *(f"K{number:02d}" for number in range(1, 15)),
    ),
    "training_parts": ("abroad", "hk_macao", "taiwan"),
    "training_plan_states": (
        "preparing",
        "first_submission",
        "first_sent",
        "second_submission",
        "second_sent",
        "approved",
        "closed",
    ),
    "training_rounds": ("first_submission", "first_feedback", "second_submission", "approved"),
    "training_terms": ("short", "mid", "long"),
    "training_attachments": ("leader_form", "invitation_letter", "report"),
    "training_ranks": ("provincial_ministerial", "bureau_director", "other"),
    "cost_settings": ("TRAIN_OVER_HOURS", "TRAIN_ALLOWANCE", "LONG_STAY_DAYS"),
    "cost_editions": ("E2001", "E2013", "E2017"),
}

