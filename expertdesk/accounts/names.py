"""Names of roles and rights in both languages (decisions: words and roles)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from expertdesk.access import Role
from expertdesk.foundation.locale import current_language, lazy
from expertdesk.models import MembershipRight

ROLE_NAMES: dict[Role, Any] = {
    Role.OFFICER: lazy("Case officer"),
    Role.REVIEWER: lazy("Approving officer"),
    Role.LIAISON: lazy("Liaison officer"),
    Role.MANAGER: lazy("Manager"),
    Role.ADMIN: lazy("Administrator"),
    Role.AUDITOR: lazy("Audit reader"),
    Role.EXPERT: lazy("Foreign expert"),
    Role.EMPLOYER: lazy("Organisation contact"),
}

ROLE_DUTIES: dict[Role, Any] = {
    Role.OFFICER: lazy("Takes in, checks and recommends cases of their own districts."),
    Role.REVIEWER: lazy("Decides on recommended cases, never on one they entered, edited or recommended."),
    Role.LIAISON: lazy("Looks after experts whose permit is in force."),
    Role.MANAGER: lazy("Plans, assigns and reports; takes no case decision."),
    Role.ADMIN: lazy("Accounts, settings and rule tables; sees of cases only counts."),
    Role.AUDITOR: lazy("Reads the history and the access log, names masked."),
    Role.EXPERT: lazy("Sees their own file and answers in it."),
    Role.EMPLOYER: lazy("Acts for an organisation: applies, uploads, corrects."),
}

RIGHT_NAMES: dict[MembershipRight, Any] = {
    MembershipRight.HANDLER: lazy("May apply and answer"),
    MembershipRight.TRAINING: lazy("Training contact"),
    MembershipRight.READ_ONLY: lazy("May read only"),
}


def role_list(roles: Iterable[Role]) -> str:
    """The names of these roles in the order of the list of roles, in the reader's language."""
    held = set(roles)
    return joined(str(ROLE_NAMES[role]) for role in Role if role in held)


def joined(texts: Iterable[str]) -> str:
    """Several names in a row, as the reader's language writes them."""
    return ("、" if current_language() == "zh" else ", ").join(texts)
