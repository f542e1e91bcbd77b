"""The rule base of this process: put in once by the factory, read by every capability.

A module-level value and no look-up through the web framework, because the rules floor knows no Flask.
"""

from __future__ import annotations

from datetime import date

from expertdesk.foundation import clock
from expertdesk.regulations.base import RuleBase
from expertdesk.regulations.book import RuleBook

_base: RuleBase | None = None
_region = "Beijing"


def install(base: RuleBase, region: str) -> None:
    """Called once when the application is made. `region` is the setting EXPERTDESK_RULE_REGION."""
    global _base, _region
    base.on(clock.today(), region)  # an unknown region stops the start
    _base, _region = base, region


def rule_base() -> RuleBase:
    """Every row of every day."""
    if _base is None:
        raise RuntimeError("the rule base is not installed; make an application first")
    return _base


def rule_region() -> str:
    """The region whose own rows win over the national ones."""
    return _region


def rules_on(day: date, region: str | None = None) -> RuleBook:
    """The rule book of a day; a case gives its own region, everything else the bureau's."""
    return rule_base().on(day, region or _region)


def rules_today() -> RuleBook:
    """The rule book of the business day."""
    return rules_on(clock.today())
