"""The particulars of a case as a form: filled from the case, read back as changes, and compared field by field when
somebody else saved first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import records
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.forms import EditForm
from expertdesk.cases.step_pages import Effect, effects_of
from expertdesk.cases.stepping import Between
from expertdesk.foundation.errors import FieldDifference
from expertdesk.foundation.locale import current_language, lazy
from expertdesk.models import Case

# fields that are columns of the case; the others are facts for the category
COLUMNS = (
    "post",
    "post_en",
    "occupation",
    "duties",
    "employment_basis",
    "contract_start_on",
    "contract_end_on",
    "is_open_ended",
    "salary_month",
    "salary_year",
    "in_country_ground",
    "ground_reason",
    "embassy",
    "entry_on",
    "claimed_category",
)
FACTS = ("education", "experience_years", "months_per_year", "chinese", "location", "elite", "criteria", "bonus")
_NUMBERS = ("experience_years", "months_per_year", "bonus")
_WHOLE = ("bonus",)


@dataclass(frozen=True)
class EditPage:
    """`differences`: fields in two versions; then the page asks for a choice instead of showing the form."""

    head: CaseHead
    effects: tuple[Effect, ...]
    between: Between | None
    differences: tuple[FieldDifference, ...]
    carried: tuple[tuple[str, str], ...]
    is_in_country: bool
    is_abroad: bool


def edit_form(case: Case) -> EditForm:
    """The form with what is stored, or with what was sent."""
    form = EditForm(data=_stored(case))
    form.offer(records.book_of(case))
    form.keep(
        occupation=case.occupation, employment_basis=case.employment_basis, in_country_ground=case.in_country_ground
    )
    return form


def _stored(case: Case) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(case, name) for name in COLUMNS}
    values |= {name: case.facts.get(name) for name in FACTS}
    for name in ("education", "chinese", "location"):
        values[name] = values[name] or ""
    for name in ("elite", "criteria"):
        values[name] = list(values[name] or ())
    for name in _NUMBERS:
        values[name] = None if values[name] in (None, "") else Decimal(str(values[name]))
    return values


def changes_of(case: Case, form: EditForm) -> dict[str, Any]:
    """What was sent, as changes for the command; facts keep what the form does not ask for."""
    changes: dict[str, Any] = {name: form[name].data for name in COLUMNS}
    if changes["is_open_ended"]:
        changes["contract_end_on"] = None
    facts = dict(case.facts)
    for name in FACTS:
        value = _fact(name, form[name].data)
        if value in (None, "", []) and name not in facts:
            continue
        facts[name] = value
    facts = {name: value for name, value in facts.items() if value not in (None, "")}
    if facts.get("elite") == [] and not case.facts.get("elite") and "elite" not in case.facts:
        facts.pop("elite")
    changes["facts"] = facts
    return changes


def _fact(name: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    if name in _WHOLE:
        return int(value)
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else format(value.normalize(), "f")
    return list(value) if isinstance(value, (list, tuple)) else value


def edit_page(loaded: Loaded, actor: Actor, form: EditForm, between: Between | None) -> EditPage:
    case = loaded.case
    differences = _differences(case, form) if between is not None else ()
    names = {item.name for item in differences}
    return EditPage(
        head=case_head(case, actor),
        effects=effects_of(case, "edit"),
        between=between,
        differences=differences,
        carried=_carried(form, names) if differences else (),
        is_in_country=case.procedure == "NEW_IN_CHINA",
        is_abroad=case.procedure == "NEW_ABROAD",
    )


@dataclass(frozen=True)
class Version(FieldDifference):
    """As people read it, and as the form takes it."""

    stored_value: str = ""
    yours_value: str = ""


def _differences(case: Case, form: EditForm) -> tuple[FieldDifference, ...]:
    """Every field in which what is stored now differs from what was sent."""
    stored = edit_form_of(case)
    found = []
    for name in (*COLUMNS, *FACTS):
        ours, theirs = _value(form[name]), _value(stored[name])
        if ours != theirs:
            found.append(
                Version(
                    name,
                    form[name].label.text,
                    _words(stored[name]),
                    _words(form[name]),
                    stored_value=theirs,
                    yours_value=ours,
                )
            )
    return tuple(found)


def edit_form_of(case: Case) -> EditForm:
    """The form as a fresh page would show it, whatever was sent."""
    form = EditForm(formdata=None, data=_stored(case))
    form.offer(records.book_of(case))
    return form


def _value(field: Any) -> str:
    """A field's value as a form sends it."""
    if field.type == "CodesField":
        return ",".join(field.data or ())
    if field.type == "BooleanField":
        return "y" if field.data else ""
    if field.type == "SelectField":
        return field.data or ""
    if field.type in ("CountField", "MoneyField"):
        return "" if field.data is None else format(Decimal(str(field.data)).normalize(), "f")
    if field.type == "DayField":
        return field.data.isoformat() if field.data else ""
    return field.data or ""


def _words(field: Any) -> str:
    """A field's value as people read it."""
    if field.type in ("SelectField", "CodesField"):
        names: Mapping[str, Any] = {choice.value: choice.label for choice in field.choices or ()}
        codes = field.data if field.type == "CodesField" else [field.data] if field.data else []
        return ("、" if current_language() == "zh" else ", ").join(str(names.get(code, code)) for code in codes or ())
    if field.type == "BooleanField":
        return str(lazy("yes") if field.data else lazy("no"))
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


def _carried(form: EditForm, chosen: set[str]) -> tuple[tuple[str, str], ...]:
    """The rest of what was sent, hidden in the form of the choice."""
    return tuple((name, _value(form[name])) for name in (*COLUMNS, *FACTS) if name not in chosen and _value(form[name]))
