"""Tables of the annual overseas-training plan: columns of the plan table, limits, code lists; and the cost standards
for training abroad, by edition."""

from __future__ import annotations

from collections.abc import Mapping

from expertdesk.regulations.schema import Amount, Both, Choice, Day, Field, Flag, ListOf, MapOf, Text, Whole

FILE = "training"
COST_FILE = "training_costs"
CURRENCIES = ("USD", "EUR", "JPY", "GBP", "HKD")
CHOICES = (
    "training_fields",
    "training_approval_types",
    "training_terms",
    "training_fundings",
    "training_opinions",
    "training_states",
)
STAGES = ("declare", "send_up", "task", "return", "half_year", "adjust")

# table → fields beside the common ones
TRAINING_TABLES: Mapping[str, Mapping[str, Field]] = {
    "training_bands": {},
    "training_columns": {
        "no": Whole(required=True),
        "band": Text(required=True),
        "kind": Choice("whole", "text", "choice", "choices", "country", "list", "money", "month", required=True),
        "choices": Choice(*CHOICES),
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
    "training_plan_states": {"place": Whole(required=True), "holder": Choice("bureau", "unit", "above", required=True)},
    "training_rounds": {},
    "training_states": {"place": Whole(required=True), "is_end": Flag()},
    "training_approval_types": {},
    "training_terms": {"least_days": Whole(), "most_days": Whole()},
    "training_fundings": {"offered": Flag(default=True)},
    "training_fields": {},
    "training_opinions": {"is_positive": Flag()},
    "training_ranks": {
        "air": Choice("first", "business", "economy", required=True),
        "ship": Choice("first", "second", "third", required=True),
        "rail": Choice("business", "first", "second", required=True),
        "lodging_at_cost": Flag(),
    },
    "training_attachments": {"stage": Choice("declare", "task", "return", required=True), "when_leaders": Flag()},
    "training_day_kinds": {"counts_as": Choice("lecture", "discussion", "other", required=True)},
    "training_roster_columns": {"no": Whole(required=True)},
    "training_review_lines": {"side": Choice("head", "task", "finance", required=True), "no": Whole(required=True)},
    "training_calendar": {"when": Both(required=True)},
    "political_statuses": {},
    "provider_kinds": {},
    "provider_levels": {},
    "provider_states": {},
}
COST_TABLES: Mapping[str, Mapping[str, Field]] = {
    "cost_editions": {
        "document": Both(required=True),
        "starts_on": Day(),
        "ends_on": Day(),
        "rates": Choice("accommodation", "accommodation_2013", "none", required=True),
    },
    # the column of the plan table into which an item goes
    "cost_items": {"column": Text(required=True)},
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
        "host_incidental_days": Whole(),
        "host_lodging_nights": Whole(),
        "currency": Choice(*CURRENCIES, required=True),
        "expected": Amount(required=True),
    },
}

TRAINING_REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("training_columns", "band"): ("training_bands",),
    ("cost_settings", "unit"): ("units",),
    ("cost_items", "column"): ("training_columns",),
}

# figures the limits ask for, by rule
FIGURES_NEEDED: Mapping[str, tuple[str, ...]] = {
    "R04": ("max_cities",),
    "R08": ("publicity_days",),
    "R15": ("min_group_size", "max_group_size"),
    "R16": ("max_short_days",),
    "R20": ("report_days", "remind_days", "escalate_days"),
    "R21": ("passport_days",),
    "K01": ("tolerance",),
    "K06": ("months",),
}

# codes the programme asks for by name
TRAINING_NEEDED: Mapping[str, tuple[str, ...]] = {
    "training_rules": (
        *(f"R{number:02d}" for number in range(1, 25)),  # R01 to R24: codes, not figures
        "R07G",
        *(f"K{number:02d}" for number in range(1, 15)),  # K01 to K14
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
    "cost_items": ("training_fee", "travel", "lodging", "meals", "incidentals", "intercity", "other"),
    "cost_settings": ("TRAIN_OVER_HOURS", "TRAIN_ALLOWANCE", "LONG_STAY_DAYS"),
    "cost_editions": ("E2001", "E2013", "E2017"),
}
