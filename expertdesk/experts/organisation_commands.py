"""Writes about organisations and their contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor, Permission
from expertdesk.experts import labels, policy, row_rules, rules
from expertdesk.experts.index import index_organisation
from expertdesk.experts.records import ContactData, OrganisationData
from expertdesk.experts.row_values import row_differences, stored_rows
from expertdesk.experts.versions import Version, check_version
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, NotPermitted, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case, Organisation, OrganisationContact
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

ORGANISATION_COLUMNS = tuple(OrganisationData.__dataclass_fields__)


def register_organisation(data: OrganisationData, actor: Actor) -> Organisation:
    """A new organisation; its credit code is unique."""
    if not (policy.may_edit_organisations(actor) or actor.may(Permission.MY_APPLY)):
        raise NotPermitted(Permission.ORGANISATION_EDIT)
    data = rules.check_organisation(data, rules_today(), clock.today())
    _refuse_known_code(data.credit_code, None)
    organisation = Organisation(created_at=clock.now())
    _write(organisation, data)
    try:
        with db.session.begin_nested():
            db.session.add(organisation)
            db.session.flush()
    except IntegrityError:  # another counter was quicker
        raise RuleBroken({"credit_code": lazy("An organisation with this code is on file already.")}) from None
    index_organisation(organisation)
    payload = {"credit_code": data.credit_code, "note": data.credit_code_note}
    append_event(db.session(), "organisation.registered", "organisation", organisation.id, actor, payload=payload)
    return organisation


def update_organisation(
    organisation_id: int, data: OrganisationData, actor: Actor, seen_version: int | None
) -> Organisation:
    """Save what changed."""
    organisation = policy.organisation_to_edit(organisation_id, actor)
    data = rules.check_organisation(data, rules_today(), clock.today())
    before = organisation_data(organisation)
    check_version(db.session(), "organisation", organisation, seen_version, organisation_differences(before, data))
    changed = rules.changed_fields(before, data)
    if not changed:
        return organisation
    _refuse_known_code(data.credit_code, organisation)
    try:
        with db.session.begin_nested():
            _write(organisation, data)
            db.session.flush()
    except IntegrityError:
        raise RuleBroken({"credit_code": lazy("An organisation with this code is on file already.")}) from None
    index_organisation(organisation)
    payload = {
        "changed": changed,
        "before": {name: _recorded(before, name) for name in changed},
        "after": {name: _recorded(data, name) for name in changed},
    }
    append_event(db.session(), "organisation.updated", "organisation", organisation.id, actor, payload=payload)
    return organisation


def set_contacts(
    organisation_id: int, rows: Sequence[ContactData], actor: Actor, seen_version: int | None = None
) -> Organisation:
    """Replace the list; a row with the `id` of a stored one changes it, so that cases keep their contact. A contact
    that a case names is not taken away."""
    organisation = policy.organisation_to_edit(organisation_id, actor)
    contacts = row_rules.check_contacts(rows, rules_today(), clock.today())
    before = stored_rows(organisation, "contacts")
    if before == contacts:
        return organisation
    differences = row_differences("contacts", before, contacts)
    check_version(db.session(), "organisation", organisation, seen_version, differences)
    stored = {row.id: row for row in organisation.contacts}
    contacts = _known_again(contacts, stored)
    kept = {row.id for row in contacts if row.id in stored}
    _refuse_named_in_cases(set(stored) - kept)
    for gone in set(stored) - kept:
        organisation.contacts.remove(stored[gone])
    for row in contacts:
        target = stored.get(row.id) if row.id is not None else None
        if target is None:
            target = OrganisationContact()
            organisation.contacts.append(target)
        target.name, target.post, target.phone, target.email = row.name, row.post, row.phone, row.email
    flag_modified(organisation, "created_at")  # the contacts belong to the version of the organisation
    db.session.flush()
    index_organisation(organisation)
    payload = {"before": len(before), "after": len(contacts)}
    append_event(db.session(), "organisation.contacts_updated", "organisation", organisation.id, actor, payload=payload)
    return organisation


def _known_again(rows: list[ContactData], stored: dict[int, OrganisationContact]) -> list[ContactData]:
    """A row without an id that names a stored contact is that contact."""
    taken = {row.id for row in rows}
    by_name = {contact.name: contact.id for contact in stored.values() if contact.id not in taken}
    return [row if row.id in stored else replace(row, id=by_name.pop(row.name, None)) for row in rows]


def _refuse_named_in_cases(gone: set[int]) -> None:
    if not gone:
        return
    named = db.session.scalars(
        select(OrganisationContact)
        .join(Case, Case.contact_id == OrganisationContact.id)
        .where(OrganisationContact.id.in_(gone))
        .limit(1)
    ).first()
    if named is not None:
        message = lazy("%(name)s is the contact of a case and has to stay; change the entry instead.", name=named.name)
        raise RuleBroken({"": message})


def _refuse_known_code(code: str, organisation: Organisation | None) -> None:
    found = db.session.scalars(select(Organisation).where(Organisation.credit_code == code)).one_or_none()
    if found is not None and (organisation is None or found.id != organisation.id):
        message = lazy("This code belongs to %(name)s, which is on file already.", name=found.name_zh)
        raise RuleBroken({"credit_code": message})


def organisation_data(organisation: Organisation) -> OrganisationData:
    """The record as it is stored."""
    return OrganisationData(**{name: getattr(organisation, name) for name in ORGANISATION_COLUMNS})


def _write(organisation: Organisation, data: OrganisationData) -> None:
    for name in ORGANISATION_COLUMNS:
        setattr(organisation, name, getattr(data, name))


def _recorded(data: OrganisationData, name: str) -> object:
    value = getattr(data, name)
    return value.isoformat() if isinstance(value, date) else value


def organisation_differences(stored: OrganisationData, yours: OrganisationData) -> tuple[FieldDifference, ...]:
    """Field by field under the names of the form."""
    book = rules_today()
    return tuple(
        Version(
            name,
            label,
            labels.shown(name, getattr(stored, name), book),
            labels.shown(name, getattr(yours, name), book),
            labels.raw(getattr(stored, name)),
            labels.raw(getattr(yours, name)),
        )
        for name, label in labels.ORGANISATION_FIELDS.items()
        if getattr(stored, name) != getattr(yours, name)
    )
