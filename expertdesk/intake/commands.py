"""Takes an application in: person, organisation, case, papers and receipt in the caller's one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from expertdesk.access import Actor, Permission
from expertdesk.cases import papers
from expertdesk.cases.commands import NewCase, not_accept, open_case, submit_case
from expertdesk.experts.commands import (
    add_passport,
    register_organisation,
    register_person,
    set_contacts,
    update_person,
)
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.intake import drafts
from expertdesk.intake.checks import CONTACT_FIELDS, ORGANISATION_FIELDS, PASSPORT_FIELDS, PERSON_FIELDS
from expertdesk.intake.entry import Application
from expertdesk.models import Case, Passport, Person

NO_PERMIT_NEEDED = "NA1"
MEDICAL, _OTHER = "MEDICAL", "OTHER"


@dataclass(frozen=True)
class TakenIn:
    """The case that was made, or that the same form had made before (`access_code` is empty then)."""

    number: str
    access_code: str = ""


def take_in(application: Application, actor: Actor) -> TakenIn:
    """Raises RuleBroken with the fields of the form, NotAllowedNow; nothing is written then (the caller rolls back).

    The same form sent twice makes one case. For somebody who needs no permit the notice of non-acceptance is issued at
    once, because that is the answer the law gives.
    """
    drafts.one_at_a_time(actor.id)
    before = drafts.result_of(actor.id, application.token)
    if before:
        return TakenIn(before)
    person_id, passport_id = _person(application, actor)
    organisation_id, contact_id = _organisation(application, actor)
    case = open_case(
        NewCase(
            person_id=person_id,
            passport_id=passport_id,
            organisation_id=organisation_id,
            contact_id=contact_id,
            **application.particulars,
        ),
        actor,
    )
    _papers(case, application, actor)
    submitted = submit_case(case, actor)
    if not application.is_permit_needed and actor.may(Permission.CASE_PRECHECK):
        not_accept(case, NO_PERMIT_NEEDED, actor, None)
    drafts.remember_result(actor.id, application.token, case.number, submitted.access_code)
    return TakenIn(case.number, submitted.access_code)


# --- who -------------------------------------------------------------------------------------------------------


def _person(application: Application, actor: Actor) -> tuple[int, int]:
    """Ids of the person and of the passport the case goes by."""
    try:
        if application.person_id is None:
            assert application.passport is not None
            person = register_person(application.person, application.passport, actor)
            return person.id, person.passports[0].id
        person = db.session.get_one(Person, application.person_id)
        if actor.may(Permission.EXPERT_EDIT):
            update_person(person.id, application.person, actor, person.row_version)
        return person.id, _passport(application, person, actor)
    except RuleBroken as broken:
        names = PERSON_FIELDS | PASSPORT_FIELDS
        raise RuleBroken(_renamed(broken.problems, names, "surname")) from None


def _passport(application: Application, person: Person, actor: Actor) -> int:
    if application.passport_id is not None:
        return application.passport_id
    if application.passport is not None:
        same = next((row for row in person.passports if _is_same(row, application)), None)
        return same.id if same is not None else add_passport(person.id, application.passport, actor).id
    current = next((row for row in person.passports if row.is_current), person.passports[0])
    return current.id


def _is_same(row: Passport, application: Application) -> bool:
    from expertdesk.experts.rules import tidy_passport_number

    return application.passport is not None and tidy_passport_number(application.passport.number) == row.number


def _organisation(application: Application, actor: Actor) -> tuple[int, int | None]:
    """Ids of the organisation and of the contact who handles the case."""
    if application.organisation_id is not None:
        return application.organisation_id, application.contact_id
    assert application.organisation is not None
    try:
        organisation = register_organisation(application.organisation, actor)
        if application.contacts:
            set_contacts(organisation.id, list(application.contacts), actor)
    except RuleBroken as broken:
        raise RuleBroken(_renamed(broken.problems, ORGANISATION_FIELDS | CONTACT_FIELDS, "organisation")) from None
    db.session.flush()
    db.session.refresh(organisation, ["contacts"])
    return organisation.id, organisation.contacts[0].id if organisation.contacts else None


def _renamed(problems: dict[str, Any], names: dict[str, str], otherwise: str) -> dict[str, Any]:
    """Problems of a record under the names of the form's fields."""
    return {names.get(name, name or otherwise): message for name, message in problems.items()}


# --- papers ----------------------------------------------------------------------------------------------------


def _papers(case: Case, application: Application, actor: Actor) -> None:
    """Files, originals seen, commitments and promises, each on its line. The examination comes first, because the
    health commitment falls away with it."""
    documents = {*application.files, *(paper.document for paper in case.papers)}
    for document in sorted(documents, key=lambda code: (code != MEDICAL, code)):
        requirement = {paper.document: paper.requirement for paper in case.papers}
        if document in application.files:
            _file(case, document if document in requirement else _OTHER, application, document, actor)
        elif document not in requirement:
            continue
        elif document in application.seen or (application.sees_all and requirement[document] == "required"):
            papers.mark_original_seen(case, document, actor, issued_on=application.issued.get(document))
        elif document in application.committed and requirement[document] == "commitment":
            papers.commit_paper(case, document, actor)
        elif document in application.deferred and requirement[document] == "deferred":
            papers.defer_paper(case, document, actor)


def _file(case: Case, line: str, application: Application, document: str, actor: Actor) -> None:
    """A file whose line fell away, because the category changed after it was chosen, is kept under other papers."""
    if any(paper.document == line for paper in case.papers):
        upload, issued_on = application.files[document].upload(), application.issued.get(document)
        papers.add_version(case, line, upload, actor, issued_on=issued_on)


__all__ = ["Application", "TakenIn", "take_in"]
