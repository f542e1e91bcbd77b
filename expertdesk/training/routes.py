"""The pages of the plan of a year: HTTP only."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("training", __name__, template_folder="templates")
