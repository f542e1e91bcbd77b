"""Annual overseas-training plans: control numbers, declarations by units, two rounds up and down, budgets by the cost
standards in force, limits, exports, execution, settlement, next year's number.

Used by managers (the whole plan) and by training contacts of the units (their own groups). Comes in: organisations that
may organise groups, cost standards and limits of the rule tables, sheets of the units. Goes out: plan tables as XLSX,
PDF and CSV, review forms, rosters, events of plan and groups.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    # each adds its views to the blueprint
    from expertdesk.training import (  # noqa: F401
        budget_routes,
        execution_routes,
        export_routes,
        group_file_routes,
        import_routes,
        parts_routes,
        provider_routes,
        round_routes,
        running_routes,
    )
    from expertdesk.training.routes import blueprint

    app.register_blueprint(blueprint)
