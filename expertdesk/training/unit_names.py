"""The name of a unit in both languages."""

from __future__ import annotations

from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Organisation


def name_of_unit(organisation: Organisation) -> Bilingual:
    """The Chinese name stands in for an English one that is not on file."""
    return Bilingual(organisation.name_zh, organisation.name_en or organisation.name_zh)
