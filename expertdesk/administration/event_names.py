"""Events and records in words, for the history. An event without a name here is shown by its code."""

from __future__ import annotations

from typing import Any

from expertdesk.cases.timeline import TITLES
from expertdesk.foundation.locale import lazy
from expertdesk.programs.happenings import HAPPENED
from expertdesk.training import happenings as training

EVENT_NAMES: dict[str, Any] = {
    **TITLES,
    **HAPPENED,
    **training.HAPPENED,
    "account.created": lazy("Account made"),
    "account.edited": lazy("Account details changed"),
    "account.roles_changed": lazy("Roles or districts changed"),
    "account.password_changed": lazy("Password changed"),
    "account.reset_issued": lazy("One-time address for a new password made"),
    "account.disabled": lazy("Account disabled"),
    "account.enabled": lazy("Account enabled"),
    "invitation.created": lazy("Invitation made"),
    "invitation.accepted": lazy("Invitation accepted"),
    "invitation.withdrawn": lazy("Invitation withdrawn"),
    "person.registered": lazy("Expert registered"),
    "person.updated": lazy("Expert's particulars changed"),
    "person.passport_added": lazy("Passport added"),
    "person.name_added": lazy("Name spelling added"),
    "person.name_removed": lazy("Name spelling removed"),
    "person.education_updated": lazy("Education changed"),
    "person.employment_updated": lazy("Employment changed"),
    "person.family_updated": lazy("Family changed"),
    "organisation.registered": lazy("Organisation registered"),
    "organisation.updated": lazy("Organisation changed"),
    "organisation.contacts_updated": lazy("Contacts of an organisation changed"),
    "permit.granted": lazy("Permit made"),
    "permit.superseded": lazy("Permit replaced by a newer one"),
    "permit.reminded": lazy("Reminder of the end of a permit sent"),
    "liaison.taken": lazy("Taken into liaison service"),
    "liaison.contact_logged": lazy("Contact logged"),
    "liaison.handed_over": lazy("Handed to another liaison officer"),
    "liaison.level_set": lazy("Level of service changed"),
    "liaison.released": lazy("Liaison service ended"),
}

RECORD_KINDS: dict[str, Any] = {
    "case": lazy("Case"),
    "person": lazy("Expert"),
    "organisation": lazy("Organisation"),
    "permit": lazy("Permit"),
    "letter": lazy("Letter"),
    "account": lazy("Account"),
    "invitation": lazy("Invitation"),
    "program_application": lazy("Programme application"),
    "program_call": lazy("Call of a programme"),
    "introduction_plan": lazy("Introduction plan"),
    "training_plan": lazy("Overseas-training plan"),
    "training_project": lazy("Training group"),
    "training_provider": lazy("Training institution"),
}


def event_name(code: str) -> Any:
    return EVENT_NAMES.get(code, code)


def record_kind(code: str) -> Any:
    return RECORD_KINDS.get(code, code)
