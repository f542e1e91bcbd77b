"""The blueprint that every route module of this capability adds its pages to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("portal", __name__, template_folder="templates")
