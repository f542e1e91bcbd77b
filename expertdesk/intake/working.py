"""Works a form out: fills what can be filled, looks up what it names, asks the rule book what follows. Reads only.

The same for the officer's page, the live answers while it is filled in, and the moment it is sent: one way, so that
what was shown is what is taken in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from expertdesk.access import Actor, Permission
from expertdesk.cases.judging import preview
from expertdesk.cases.records import UNDECIDED_CATEGORY
from expertdesk.experts.queries import PersonChoice, person_choice
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.foundation import clock
from expertdesk.intake import finding, passport_lines, rules
from expertdesk.intake.entry import NEW_PERSON, Entry, record_id
from expertdesk.intake.finding import Candidate, OrganisationFound
from expertdesk.intake.forms import IntakeForm
from expertdesk.intake.papers import Supplied
from expertdesk.intake.passport_lines import Lines
from expertdesk.permits.queries import ExtensionBase
from expertdesk.regulations import ChecklistItem, Circumstances, Classification, NonAcceptance, RuleBook, RuleInputError
from expertdesk.regulations.current import rules_on
from expertdesk.web.forms import printable

Values = MultiDict[str, str]
READ, FIND = "read_passport", "find"
# what a record on file and the form have in common beside the passport
_CARRIED = ("native_name", "chinese_name", "email", "phone")


@dataclass
class Worked:
    """A form worked out. `judged`, `items` are empty while there is too little to say anything."""

    form: IntakeForm
    entry: Entry
    actor: Actor
    book: RuleBook
    today: date
    supplied: Supplied
    lines: Lines | None
    person: PersonChoice | None
    candidates: tuple[Candidate, ...]
    organisation: OrganisationFound
    permits: tuple[ExtensionBase, ...]
    permit: ExtensionBase | None
    no_permit: NonAcceptance | None
    judged: Classification | None
    fact_problems: dict[str, Any]
    circumstances: Circumstances
    items: tuple[ChecklistItem, ...]

    @property
    def is_employer(self) -> bool:
        return not self.actor.may(Permission.CASE_CREATE)

    @property
    def received_on(self) -> date:
        return self.entry.received_on or self.today

    @property
    def category(self) -> str:
        """The category applied for or worked out, "" while there is none."""
        return rules.category_of(self.entry, self.judged)

    @property
    def birth_on(self) -> date | None:
        return self.person.data.birth_on if self.person is not None else self.entry.birth_on

    @property
    def nationality(self) -> str:
        return self.person.data.nationality if self.person is not None else self.entry.nationality

    @property
    def is_new_passport(self) -> bool:
        """A person on file came with a passport that is not in the record yet."""
        if self.person is None or not self.entry.passport_number:
            return False
        number = tidy_passport_number(self.entry.passport_number)
        return all(number != tidy_passport_number(line.number) for line in self.person.passports)

    @property
    def passport_ends_on(self) -> date | None:
        """The last day of the passport that this case goes by."""
        if self.person is None or self.is_new_passport:
            return self.entry.passport_expires_on
        number = tidy_passport_number(self.entry.passport_number)
        lines = [line for line in self.person.passports if not number or tidy_passport_number(line.number) == number]
        return lines[0].expires_on if lines else None

    @property
    def must_choose(self) -> bool:
        """Somebody on file may be meant, and nobody has said yes or no."""
        open_ones = [candidate for candidate in self.candidates if not candidate.is_masked]
        return bool(open_ones) and self.person is None and self.entry.person != NEW_PERSON

    def has(self, document: str) -> bool:
        return document in self.supplied.files or document in self.supplied.seen


def work_out(values: Values, actor: Actor, supplied: Supplied, action: str = "") -> Worked:
    """`values`: the form as it was sent; it is filled in place. `action`: which button was pressed."""
    today = clock.today()
    day = _day(values.get("received_on"), today)
    book = rules_on(day)
    lines = passport_lines.read_lines(printable(values.get("mrz", "")), today)
    passport_lines.fill(values, lines, book, overwrite=action == READ)
    permits, permit = _permits(values, actor, today)
    organisation = _organisation(values, actor)
    person = _follow_person(values, actor) or _own_expert(permit, actor)
    form = IntakeForm(book, formdata=values, may_bonus=actor.may(Permission.CASE_CREATE), meta={"csrf": False})
    _offer(form, organisation, actor)
    form.validate()
    entry = Entry.from_form(form)
    looked_for = (form.find_person.data or "") if actor.may(Permission.CASE_CREATE) else ""
    candidates = finding.candidates(entry, looked_for, person, actor) if actor.may(Permission.CASE_CREATE) else ()
    if person is None and action == FIND:
        person = _only_one(values, form, candidates, actor)
        entry = Entry.from_form(form)
    return _judge(form, entry, actor, book, today, supplied, lines, person, candidates, organisation, permits, permit)


def _judge(
    form: IntakeForm, entry: Entry, actor: Actor, book: RuleBook, today: date, supplied: Supplied, lines: Lines | None,
    person: PersonChoice | None, candidates: tuple[Candidate, ...], organisation: OrganisationFound,
    permits: tuple[ExtensionBase, ...], permit: ExtensionBase | None,
) -> Worked:  # fmt: skip
    worked = Worked(
        form, entry, actor, book, today, supplied, lines, person, candidates, organisation, permits, permit,
        None, None, {}, Circumstances(), (),
    )  # fmt: skip
    worked.no_permit = _no_permit(worked)
    worked.judged, worked.fact_problems = _classify(worked)
    old = {"category": permit.category, "criterion": permit.main_criterion} if permit is not None else None
    worked.circumstances = rules.circumstances_of(
        entry, worked.judged, old=old, is_new_passport=worked.is_new_passport,
        has_medical=worked.has("MEDICAL"),
    )  # fmt: skip
    if entry.procedure and book.find("checklists", entry.procedure) is not None:
        category = worked.category or UNDECIDED_CATEGORY
        worked.items = book.checklist(entry.procedure, category, worked.circumstances)
    return worked


def _day(text: str | None, today: date) -> date:
    """The day whose rules hold, as far as it can be read; a day to come is today's business."""
    try:
        return min(date.fromisoformat((text or "").strip()), today)
    except ValueError:
        return today


def _no_permit(worked: Worked) -> NonAcceptance | None:
    group = worked.entry.special_group
    if not group and worked.person is not None:
        group = worked.person.data.special_group
    return worked.book.no_permit_needed(
        worked.nationality, is_permanent_resident=group == "PR", is_diplomat=group == "DIPLOMAT"
    )


def _classify(worked: Worked) -> tuple[Classification | None, dict[str, Any]]:
    """The category, once salary, degree or a criterion is stated; a fact the rules refuse stands at its field."""
    entry = worked.entry
    if not any((entry.salary_month, entry.salary_year, entry.education, entry.main_criterion, entry.criteria)):
        return None, {}
    try:
        return preview(worked.book, rules.facts_of(entry, worked.birth_on)), {}
    except RuleInputError as error:
        return None, dict(error.problems)


# --- what is named in the form ---------------------------------------------------------------------------------


def _permits(values: Values, actor: Actor, today: date) -> tuple[tuple[ExtensionBase, ...], ExtensionBase | None]:
    """The permits an extension may go on from, and the one meant: chosen, or the only one of the person chosen."""
    if values.get("procedure") != rules.EXTENSION:
        return (), None
    chosen = finding.permit_by_id(values.get("permit", ""), actor)
    person_id = record_id(values.get("person", ""))
    if (
        chosen is not None
        and person_id not in (None, chosen.person_id)
        and values.get("applied_permit") == str(chosen.permit_id)
    ):
        chosen = None  # another person was chosen since
    if chosen is not None and values.get("person") == NEW_PERSON:
        chosen = None  # a permit belongs to somebody on file
    permits = finding.permits_to_extend(person_id, actor, today)
    if chosen is None and person_id is not None and len(permits) == 1:
        chosen = permits[0]
    if chosen is None:
        values.setlist("permit", [""])
        return permits, None
    if all(item.permit_id != chosen.permit_id for item in permits):
        permits = (chosen, *permits)
    values.setlist("permit", [str(chosen.permit_id)])
    if values.get("applied_permit") != str(chosen.permit_id):
        _begin_with(values, chosen)
    return permits, chosen


def _begin_with(values: Values, base: ExtensionBase) -> None:
    """Choosing a permit fills in person, employer, post and category, and what was claimed for it; typed values of the
    other fields stay."""
    case = finding.case_of(base)
    values.setlist("applied_permit", [str(base.permit_id)])
    values.setlist("person", [str(base.person_id)])
    values.setlist("organisation", [case.organisation.credit_code])
    values.setlist("organisation_id", [str(base.organisation_id)])
    facts = case.facts
    following = {
        "district": base.district,
        "post": base.post or case.post,
        "post_en": case.post_en,
        "occupation": case.occupation,
        "employment_basis": case.employment_basis,
        "duties": case.duties,
        "contract_start_on": (base.ends_on + rules.ONE_DAY).isoformat(),
        "education": facts.get("education"),
        "chinese": facts.get("chinese"),
        "experience_years": facts.get("experience_years"),
        "months_per_year": facts.get("months_per_year"),
        "location": facts.get("location"),
        "main_criterion": next(iter(facts.get("criteria") or ()), ""),
        "claimed_category": base.category,
    }
    for name, value in following.items():
        if value and not (values.get(name) or "").strip():
            values.setlist(name, [str(value)])
    if facts.get("elite") and not values.getlist("elite"):
        values.setlist("elite", list(facts["elite"]))


def _organisation(values: Values, actor: Actor) -> OrganisationFound:
    if actor.may(Permission.CASE_CREATE):
        return finding.find_organisation(values.get("organisation", ""), values.get("organisation_id", ""), actor)
    own = finding.own_organisations(actor)
    wanted = record_id(values.get("organisation_id", ""))
    found = next((choice for choice in own if choice.id == wanted), own[0] if len(own) == 1 else None)
    if found is not None:
        values.setlist("organisation_id", [str(found.id)])
    return OrganisationFound(found, tuple((choice.id, choice.name, choice.credit_code) for choice in own))


def _offer(form: IntakeForm, organisation: OrganisationFound, actor: Actor) -> None:
    """Lists that depend on what was found."""
    form.organisation_id.choices = [SelectChoice(str(number), name) for number, name, _ in organisation.hits]
    if organisation.found is not None:
        names = [SelectChoice(str(contact.id), contact.name) for contact in organisation.found.contacts if contact.id]
        form.contact.choices = names
        if form.contact.data not in {choice.value for choice in names}:
            form.contact.data = names[0].value if names else ""


def _follow_person(values: Values, actor: Actor) -> PersonChoice | None:
    """The record chosen brings its names and addresses into the fields; those of one chosen before leave them again."""
    person = finding.chosen_person(values.get("person", ""), actor)
    before, now = values.get("applied_person", ""), str(person.id) if person is not None else ""
    if before != now:
        old = finding.chosen_person(before, actor)
        for name in _CARRIED:
            typed = (values.get(name) or "").strip()
            if old is not None and typed == getattr(old.data, name):
                typed = ""
            values.setlist(name, [typed or (getattr(person.data, name) if person is not None else "")])
        values.setlist("applied_person", [now])
    return person


def _own_expert(permit: ExtensionBase | None, actor: Actor) -> PersonChoice | None:
    """The expert whose permit a contact extends for the own organisation."""
    if permit is None or actor.may(Permission.CASE_CREATE):
        return None
    return person_choice(permit.person_id)


def _only_one(values: Values, form: IntakeForm, candidates: tuple[Candidate, ...], actor: Actor) -> PersonChoice | None:
    """Somebody looked for a person and there is one: that is the one meant. The page shows it; it can be changed."""
    looked_for = [item for item in candidates if item.was_looked_for and not item.is_masked]
    if len(looked_for) != 1 or form.person.data:
        return None
    values.setlist("person", [str(looked_for[0].person_id)])
    person = _follow_person(values, actor)
    for name in ("person", "applied_person", *_CARRIED):
        form[name].data = values.get(name)
    return person
