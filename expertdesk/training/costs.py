"""Costs of training abroad by the standards in force: one person line by line, and the budget of a group in yuan.

The work is done on the floor of the rules, because the linter recomputes the worked examples of the tables with it;
the capability takes it from here. Pure.
"""

from __future__ import annotations

from expertdesk.regulations.training_budgets import (
    CNY,
    LOCAL_ITEMS,
    BudgetLine,
    Entered,
    Exchange,
    Fare,
    GroupBudget,
    exchange_per_one,
    group_budget,
    in_yuan,
    to_fen,
)
from expertdesk.regulations.training_costs import (
    TRAIN_CURRENCY,
    CostLine,
    Host,
    PersonCost,
    Stay,
    TripFacts,
    cost_of_person,
    country_rates,
    edition_of,
    training_cost_json,
)

__all__ = [
    "CNY",
    "LOCAL_ITEMS",
    "TRAIN_CURRENCY",
    "BudgetLine",
    "CostLine",
    "Entered",
    "Exchange",
    "Fare",
    "GroupBudget",
    "Host",
    "PersonCost",
    "Stay",
    "TripFacts",
    "cost_of_person",
    "country_rates",
    "edition_of",
    "exchange_per_one",
    "group_budget",
    "in_yuan",
    "to_fen",
    "training_cost_json",
]
