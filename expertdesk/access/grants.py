"""The grant table: Role → Permission (decisions: who sees what). To add a role, edit this file alone.

Administrators of the system hold no case right at all; the reviewer reads and decides but never enters;
the auditor reads the history and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from expertdesk.access.permissions import Permission as P
from expertdesk.access.permissions import Role

_STAFF = frozenset({P.ACCOUNT_SELF})
_CASE_READER = frozenset(
    {P.DESK_READ, P.SEARCH, P.CASE_READ, P.PAPER_READ, P.LETTER_READ, P.EXPERT_READ, P.ORGANISATION_READ, P.PERMIT_READ}
)

GRANTS: dict[Role, frozenset[P]] = {
    Role.OFFICER: _STAFF
    | _CASE_READER
    | {
        P.CASE_CREATE,
        P.CASE_PRECHECK,
        P.CASE_RECOMMEND,
        P.CASE_DELIVER,
        P.CASE_ASSIGN,
        P.CASE_CLOCK,
        P.PAPER_UPLOAD,
        P.PAPER_CHECK,
        P.EXPERT_EDIT,
        P.ORGANISATION_EDIT,
        P.INVITATION_CREATE,
        P.OUTBOX_READ,
        P.PROGRAM_READ,
    },
    Role.REVIEWER: _STAFF | _CASE_READER | {P.CASE_DECIDE, P.CASE_CLOCK, P.PROGRAM_REVIEW},
    Role.LIAISON: _STAFF
    | {
        P.SEARCH,
        P.EXPERT_READ,
        P.ORGANISATION_READ,
        P.PERMIT_READ,
        P.LIAISON_READ,
        P.LIAISON_ACT,
        P.LETTER_READ,
    },
    Role.MANAGER: _STAFF
    | _CASE_READER
    | {P.CASE_ASSIGN, P.LIAISON_READ, P.LIAISON_MANAGE, P.OUTBOX_READ, P.TRAINING_READ, P.TRAINING_MANAGE}
    | {P.PROGRAM_READ, P.PROGRAM_MANAGE},
    Role.ADMIN: _STAFF | {P.ACCOUNTS_MANAGE, P.SETTINGS_READ, P.CASE_COUNT},
    Role.AUDITOR: _STAFF | {P.HISTORY_READ},
    Role.EXPERT: frozenset({P.ACCOUNT_SELF, P.MY_READ, P.MY_ANSWER}),
    Role.EMPLOYER: frozenset(
        {P.ACCOUNT_SELF, P.MY_READ, P.MY_ANSWER, P.MY_APPLY, P.TRAINING_READ, P.TRAINING_DECLARE, P.PROGRAM_APPLY}
    ),
}

STAFF_ROLES = frozenset({Role.OFFICER, Role.REVIEWER, Role.LIAISON, Role.MANAGER, Role.ADMIN, Role.AUDITOR})


def permissions_of(roles: Iterable[Role]) -> frozenset[P]:
    """Everything a holder of these roles may do."""
    granted: frozenset[P] = frozenset()
    for role in roles:
        granted |= GRANTS[role]
    return granted
