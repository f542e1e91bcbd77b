"""The blueprint that every route module of this capability adds its pages to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cases", __name__, template_folder="templates")
