"""All pages of the portal: each module adds its own to the blueprint (HTTP only; what they show is made elsewhere)."""

from __future__ import annotations

import importlib.util

from expertdesk.portal import answer_pages, help_pages, my_pages, public_pages
from expertdesk.portal.blueprint import blueprint

if importlib.util.find_spec("expertdesk.portal.rule_pages"):
    importlib.import_module("expertdesk.portal.rule_pages")

__all__ = ["answer_pages", "blueprint", "help_pages", "my_pages", "public_pages"]
