"""Programmes for introducing experts: calls, applications of organisations, expert review, decision meeting, publicity,
approval with funds, yearly runs, settlement, closing, evaluation; and the introduction plan of a year.

Used by managers (calls, checks, decisions, the plan), by case officers (who read what organisations of their districts
apply for), by contacts of organisations with the right to act for one (handler or training contact; never by the
expert), and by reviewers.

Who reviews: accounts with the reviewer role, each for the applications assigned to them and nothing else here. Before
reading they say whether they have a conflict of interest; one who has falls out and somebody else is assigned. Experts
from outside get no account and no link: the manager sends them the printed application and enters the signed opinion,
with the scan among the annexes. Scores and opinions are shown to nobody but their author until every review is in.

Comes in: organisations, people on file, permits and cases (counted for the plan), files. Goes out: application forms
and lists as PDF and XLSX, events, rates of the year.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    from expertdesk.programs import call_routes, my_routes, plan_routes, review_routes, routes  # noqa: F401
    from expertdesk.programs.blueprint import blueprint

    app.register_blueprint(blueprint)
