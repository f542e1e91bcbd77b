"""All pages of the portal: each module adds its own to the blueprint (HTTP only; what they show is made elsewhere)."""

from __future__ import annotations

from expertdesk.portal import answer_pages, help_pages, my_pages, public_pages, rule_pages
from expertdesk.portal.blueprint import blueprint

__all__ = ["answer_pages", "blueprint", "help_pages", "my_pages", "public_pages", "rule_pages"]
