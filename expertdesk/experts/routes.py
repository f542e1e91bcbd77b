"""Pages of people and organisations: HTTP only."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("experts", __name__, template_folder="templates")
