"""Forms of the plan and of a group's declaration: shape and wording; choices come from the rule tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.widgets import TextInput

from expertdesk.foundation.locale import countries, current_language, format_month_name, lazy
from expertdesk.models import PlanPart, TrainingUnit
from expertdesk.regulations.current import rules_today
from expertdesk.training.declaring import ProjectData
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.planning import Numbers, QuotaData, UnitData
from expertdesk.training.rounds import Approval
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

_SEPARATORS = re.compile(r"[、，,;；/\n]+")
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_MOST_DIGITS = 9
_DATA: dict[str, Any] = {"translate": "no"}
_NOTE = 1000
RATIONALE = ("unit_background", "problem_and_gap", "content_mode_and_outline", "expected_goals_and_benefit")


class WholeField(IntegerField):
    """A whole number from 0 up; full-width digits are taken too."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip().translate(_FULL_WIDTH)
        self.raw_data = [text]
        self.data = None
        if not text:
            return
        if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
            raise ValueError(lazy("Enter a whole number from 0 up."))
        self.data = int(text)


class CodesField(SelectMultipleField):
    """Several choices; also as one value with commas, as it comes back from choosing between two versions."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([code for value in valuelist for code in value.split(",") if code])


def _choices(table: str) -> list[tuple[str, str]]:
    return [(row.code, str(row.name)) for row in rules_today().dictionary(table)]


def names_in(text: str | None) -> tuple[str, ...]:
    """Names typed with any usual separator, each once, in order."""
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text or "") if part.strip()))


class YearForm(BaseForm):
    """Begin the plan of a year."""

    year = WholeField(lazy("Plan year"), validators=[Required(lazy("Enter the year."))])


class ProjectForm(BaseForm):
    """The declaration of a group: the columns that the unit fills in, and the declarations the limits ask for."""

    organisation = SelectField(lazy("Organising unit"), coerce=str, validate_choice=False, render_kw=_DATA)
    part = SelectField(lazy("Part of the plan"))
    name = CleanField(lazy("Project name"), validators=[Required(lazy("Name the project."))], most=300)
    name_en = CleanField(lazy("Name in English"), most=300)
    dispatching = CleanArea(lazy("Dispatching units"), most=_NOTE)
    key_field = SelectField(lazy("Key field"), validate_choice=False)
    approval_type = SelectField(lazy("Approval type"), validate_choice=False)
    destinations = SelectField(lazy("Destination"), validate_choice=False, render_kw=_DATA)
    cities = CleanField(lazy("Cities"), most=300)
    provider_id = SelectField(lazy("Training institution"), coerce=str, validate_choice=False, render_kw=_DATA)
    people_planned = WholeField(lazy("People planned"))
    leaders_planned = WholeField(lazy("of which leading officials"))
    days = WholeField(lazy("Days abroad"))
    depart_month = SelectField(lazy("Month of departure"), coerce=str, validate_choice=False)
    fundings = CodesField(lazy("Funding sources"), validate_choice=False)
    budget_training = MoneyField(lazy("Training fee"))
    budget_travel = MoneyField(lazy("International travel"))
    budget_lodging = MoneyField(lazy("Accommodation"))
    budget_meals = MoneyField(lazy("Meals"))
    budget_incidentals = MoneyField(lazy("Incidentals"))
    budget_other = MoneyField(lazy("Other, with inter-city travel"))
    subsidy_requested = MoneyField(lazy("Subsidy requested"))
    banquet = MoneyField(lazy("Banquets"))
    gifts = MoneyField(lazy("Gifts"))
    awards_degree = BooleanField(lazy("The training leads to a diploma or degree"))
    is_secret = BooleanField(lazy("State or commercial secret: no publicity"))
    is_for_training_only = BooleanField(lazy("Not for profit, not as a favour, no general sightseeing"))
    is_without_agents_or_family = BooleanField(lazy("No intermediaries; no spouse or children along"))
    is_without_sponsors = BooleanField(
        lazy("No sponsorship by enterprises or institutions; no cost passed on to other bodies")
    )
    unit_background = CleanArea(lazy("The unit and its work"), most=_NOTE)
    problem_and_gap = CleanArea(lazy("Problem, and the gap to the advanced level"), most=_NOTE)
    content_mode_and_outline = CleanArea(lazy("Content, form and outline of the training"), most=_NOTE)
    expected_goals_and_benefit = CleanArea(lazy("Goals and benefit"), most=_NOTE)
    remarks = CleanArea(lazy("Remarks"), most=_NOTE)
    version = HiddenField()

    def __init__(
        self, *args: Any, units: Sequence[tuple[int, str]] = (), providers: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        none = ("", str(lazy("Please choose")))
        self.unit_ids = tuple(key for key, _name in units)
        self.organisation.choices = [(str(key), name) for key, name in units]
        self.part.choices = [(part.value, str(_name("training_parts", part.value))) for part in PlanPart]
        self.key_field.choices = [none, *_choices("training_fields")]
        self.approval_type.choices = [none, *_choices("training_approval_types")]
        self.destinations.choices = [none, *countries(current_language() if current_language() == "zh" else "en")]
        self.provider_id.choices = [none, *((str(key), name) for key, name in providers)]
        self.depart_month.choices = [none, *((str(month), format_month_name(month)) for month in range(1, 13))]
        self.fundings.choices = _choices("training_fundings")

    def fill(self, data: ProjectData, organisation_id: int) -> ProjectForm:
        """Put a stored declaration into the fields."""
        separator = "、" if current_language() == "zh" else ", "
        self.organisation.data = str(organisation_id)
        for name in _SAME:
            self[name].data = getattr(data, name)
        self.part.data = data.part.value
        self.dispatching.data = "\n".join(data.dispatching)
        self.destinations.data = data.destinations[0] if data.destinations else ""
        self.cities.data = separator.join(data.cities)
        self.provider_id.data = str(data.provider_id or "")
        self.depart_month.data = str(data.depart_month or "")
        self.fundings.data = list(data.fundings)
        for name in RATIONALE:
            self[name].data = (data.rationale or {}).get(name, "")
        return self

    @property
    def organisation_id(self) -> int:
        return _number(self.organisation.data) or 0

    def to_data(self, kept: ProjectData | None = None) -> ProjectData:
        """`kept`: amounts that a computed budget holds, which are not typed again."""
        values: dict[str, Any] = {name: self[name].data for name in _SAME}
        values |= {name: values[name] or "" for name in ("name", "name_en", "key_field", "approval_type", "remarks")}
        for name in AMOUNTS:
            values[name] = getattr(kept, name) if kept is not None else self[name].data
        return ProjectData(
            **values,
            part=PlanPart(self.part.data or PlanPart.ABROAD.value),
            dispatching=names_in(self.dispatching.data),
            destinations=(self.destinations.data,) if self.destinations.data else (),
            cities=names_in(self.cities.data),
            provider_id=_number(self.provider_id.data),
            depart_month=_number(self.depart_month.data),
            fundings=tuple(self.fundings.data or ()),
            budget_total=kept.budget_total if kept is not None else _sum([values[name] for name in AMOUNTS]),
            rationale={name: self[name].data or "" for name in RATIONALE},
        )


_SAME = (
    "name", "name_en", "key_field", "approval_type", "people_planned", "leaders_planned", "days", "subsidy_requested",
    "banquet", "gifts", "awards_degree", "is_secret", "is_for_training_only", "is_without_agents_or_family",
    "is_without_sponsors", "remarks", *AMOUNTS,
)  # fmt: skip


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The total of the six amounts, once all of them are there."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _number(text: str | None) -> int | None:
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS else None


def _name(table: str, code: str) -> Any:
    return rules_today().name_of(table, code)


class ReasonForm(BaseForm):
    """Why: for returning, withdrawing, cancelling."""

    reason = CleanArea(lazy("Reason"), validators=[Required(lazy("Give a reason."))], most=_NOTE)
    version = HiddenField()


class StepForm(BaseForm):
    """A step of the plan; the reason is asked for where a warning about a part needs one."""

    reason = CleanArea(lazy("Reason for the warnings"), most=_NOTE)
    version = HiddenField()


class OpinionForm(BaseForm):
    """The bureau's opinion on a group."""

    opinion = SelectField(lazy("Opinion"), validate_choice=False)
    note = CleanArea(lazy("Note"), most=_NOTE)
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.opinion.choices = _choices("training_opinions")


# --- forms with a line for each unit or group -----------------------------------------------------------------------


def numbers_form(units: Sequence[tuple[int, str]]) -> type[BaseForm]:
    """Numbers from above by part, numbers of each unit by part, budgets, dates."""
    fields: dict[str, Any] = {
        "notice_number": CleanField(lazy("Number of the notice from above"), most=80),
        "declare_until": DayField(lazy("First round ends on")),
        "revise_until": DayField(lazy("Second round ends on")),
        "note": CleanArea(lazy("Note to the units"), most=_NOTE),
        "version": HiddenField(),
    }
    for part in PlanPart:
        fields[f"quota_{part.value}"] = WholeField(lazy("Control number"))
        fields[f"least_{part.value}"] = WholeField(lazy("of which medium and long term, at least"))
    for key, name in units:
        for part in PlanPart:
            fields[f"unit_{key}_{part.value}"] = WholeField(_labelled(name, part))
        fields[f"budget_{key}"] = MoneyField(lazy("%(unit)s: training budget of the year", unit=name))
    return type("NumbersForm", (BaseForm,), fields)


def _labelled(unit: str, part: PlanPart) -> Any:
    return lazy("%(unit)s: people, %(part)s", unit=unit, part=_name("training_parts", part.value))


def fill_numbers(form: BaseForm, plan: Any, units: Sequence[TrainingUnit]) -> None:
    """Put what is stored into the fields."""
    for quota in plan.quotas:
        form[f"quota_{quota.part.value}"].data = quota.headcount
        form[f"least_{quota.part.value}"].data = quota.mid_long_least
    for name in ("notice_number", "declare_until", "revise_until", "note"):
        form[name].data = getattr(plan, name)
    for unit in units:
        form[f"budget_{unit.organisation_id}"].data = unit.annual_budget
        for control in unit.controls:
            form[f"unit_{unit.organisation_id}_{control.part.value}"].data = control.people


def numbers_of(form: BaseForm, units: Sequence[tuple[int, str]]) -> Numbers:
    """What was typed; a unit without any number or budget is left out."""
    quotas = [
        QuotaData(part, form[f"quota_{part.value}"].data, form[f"least_{part.value}"].data)
        for part in PlanPart
        if form[f"quota_{part.value}"].data is not None
    ]
    lines = []
    for key, _ in units:
        people = {
            part: form[f"unit_{key}_{part.value}"].data
            for part in PlanPart
            if form[f"unit_{key}_{part.value}"].data is not None
        }
        budget = form[f"budget_{key}"].data
        if people or budget is not None:
            lines.append(UnitData(key, people, budget))
    return Numbers(
        quotas, lines, form["notice_number"].data or "", form["declare_until"].data, form["revise_until"].data,
        form["note"].data or "",
    )  # fmt: skip


def feedback_form(numbers: Sequence[str]) -> type[BaseForm]:
    """Numbers and comments that came back."""
    fields: dict[str, Any] = {"revise_until": DayField(lazy("Revisions until")), "version": HiddenField()}
    for part in PlanPart:
        fields[f"quota_{part.value}"] = WholeField(lazy("Control number"))
        fields[f"least_{part.value}"] = WholeField(lazy("of which medium and long term, at least"))
    for number in numbers:
        fields[f"comment_{number}"] = CleanField(lazy("Comment on %(number)s", number=number), most=_NOTE)
    return type("FeedbackForm", (BaseForm,), fields)


def approval_form(numbers: Sequence[str]) -> type[BaseForm]:
    """The approval list: one line for each group that went up."""
    fields: dict[str, Any] = {
        "document": CleanField(lazy("Approval document no."), validators=[Required()], most=80),
        "on": DayField(lazy("Approval date"), validators=[Required()]),
        "version": HiddenField(),
    }
    for number in numbers:
        fields[f"approved_{number}"] = BooleanField(lazy("%(number)s approved", number=number))
        fields[f"people_{number}"] = WholeField(lazy("%(number)s: people approved", number=number))
        fields[f"subsidy_{number}"] = MoneyField(lazy("%(number)s: subsidy approved", number=number))
        fields[f"approval_{number}"] = CleanField(lazy("%(number)s: approval no.", number=number), most=80)
        fields[f"note_{number}"] = CleanField(lazy("%(number)s: note", number=number), most=_NOTE)
    return type("ApprovalForm", (BaseForm,), fields)


def approvals_of(form: BaseForm, numbers: Sequence[str]) -> list[Approval]:
    """The lines as typed."""
    return [
        Approval(
            number,
            bool(form[f"approved_{number}"].data),
            form[f"people_{number}"].data,
            form[f"subsidy_{number}"].data,
            form[f"approval_{number}"].data or "",
            form[f"note_{number}"].data or "",
        )
        for number in numbers
    ]


def comments_of(form: BaseForm, numbers: Sequence[str]) -> Mapping[str, str]:
    return {number: form[f"comment_{number}"].data or "" for number in numbers}
