"""Forms of an application: its parts, its experts, its money. Shape and wording; choices come from the rule tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FileField
from wtforms.validators import Email, Optional

from expertdesk.foundation.locale import countries, current_language, gettext, lazy
from expertdesk.models import ProgramApplication, ProgramCall
from expertdesk.programs.calling import CALL_LABELS
from expertdesk.programs.entry import (
    EXPERT_LABELS,
    NOTE_MOST,
    PARTICULAR_LABELS,
    SHORT_MOST,
    TEXT_MOST,
    TITLE_MOST,
    BudgetEntry,
    CallData,
    ExpertData,
    Goals,
    Particulars,
)
from expertdesk.programs.fields import CodeField, CodesField, NumberField
from expertdesk.programs.members import MOST_DAYS, MOST_VISITS
from expertdesk.regulations.current import rules_today
from expertdesk.regulations.rows import Row
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

Choices = list[tuple[str, str]]
_L, _X, _C = PARTICULAR_LABELS, EXPERT_LABELS, CALL_LABELS
_DATA = {"translate": "no"}
_MOST_MONTHS = 1200


def named(rows: Iterable[Row]) -> Choices:
    return [(row.code, str(row.name)) for row in rows]


def please_choose(choices: Choices, empty: Any = None) -> Choices:
    return [("", str(empty if empty is not None else lazy("Please choose"))), *choices]


class ParticularsForm(BaseForm):
    """What the project is, when it runs, who answers for it."""

    organisation = CodeField(lazy("Organisation"), render_kw=_DATA)
    title = CleanField(_L["title"], [Required(lazy("Give the project a title."))], most=TITLE_MOST)
    title_en = CleanField(_L["title_en"], [Optional()], most=TITLE_MOST)
    field = CodeField(_L["field"])
    priority_field = CodeField(_L["priority_field"])
    secrecy = CodeField(_L["secrecy"])
    starts_on = DayField(_L["starts_on"], [Optional()])
    ends_on = DayField(_L["ends_on"], [Optional()])
    unit_rank = NumberField(_L["unit_rank"], [Optional()], least=1, most=999)
    contact_name = CleanField(_L["contact_name"], [Optional()], most=SHORT_MOST)
    contact_phone = CleanField(_L["contact_phone"], [Optional()], most=40)
    contact_email = CleanField(
        _L["contact_email"],
        [Optional(), Email(lazy("Enter an e-mail address, for example name@example.org."))],
        most=254,
    )
    need = CleanArea(_L["need"], [Optional()], most=TEXT_MOST)
    tasks = CleanArea(_L["tasks"], [Optional()], most=TEXT_MOST)
    partners = CleanArea(_L["partners"], [Optional()], most=TEXT_MOST)
    ip_terms = CleanArea(_L["ip_terms"], [Optional()], most=TEXT_MOST)

    def offer(self, call: ProgramCall, organisations: Sequence[tuple[int, str]] = ()) -> ParticularsForm:
        book = rules_today()
        kind = book.row("program_kinds", call.kind)
        fields = [row for row in book.rows("program_fields") if not kind.fields or row.code in kind.fields]
        self.field.choices = please_choose(named(fields))
        self.priority_field.choices = please_choose(named(book.rows("program_priority_fields")))
        self.secrecy.choices = named(book.rows("program_secrecy"))
        if len(organisations) > 1:
            self.organisation.choices = please_choose([(str(number), name) for number, name in organisations])
        else:
            del self.organisation
        return self

    def particulars(self) -> Particulars:
        return Particulars(**{name: _plain(self[name].data) for name in Particulars.__dataclass_fields__})


def _plain(value: Any) -> Any:
    return value if value is not None or not isinstance(value, str) else ""


class ExpertForm(BaseForm):
    """One expert: who it is, what was done before, the work plan."""

    person_id = CodeField(_X["person_id"], render_kw=_DATA)
    surname = CleanField(_X["surname"], [Optional()], most=SHORT_MOST)
    given_name = CleanField(_X["given_name"], [Optional()], most=SHORT_MOST)
    chinese_name = CleanField(_X["chinese_name"], [Optional()], most=80)
    sex = CodeField(_X["sex"])
    birth_on = DayField(_X["birth_on"], [Optional()])
    nationality = CodeField(_X["nationality"], render_kw=_DATA)
    passport_number = CleanField(_X["passport_number"], [Optional()], most=40)
    degree = CodeField(_X["degree"])
    employer = CleanField(_X["employer"], [Optional()], most=TITLE_MOST)
    post = CleanField(_X["post"], [Optional()], most=SHORT_MOST)
    email = CleanField(
        _X["email"], [Optional(), Email(lazy("Enter an e-mail address, for example name@example.org."))], most=254
    )
    phone = CleanField(_X["phone"], [Optional()], most=40)
    record = CleanArea(_X["record"], [Optional()], most=TEXT_MOST)
    grants = CleanArea(_X["grants"], [Optional()], most=TEXT_MOST)
    works = CleanArea(_X["works"], [Optional()], most=TEXT_MOST)
    role = CodeField(_X["role"])
    mode = CodeField(_X["mode"])
    entry_on = DayField(_X["entry_on"], [Optional()])
    visits = NumberField(_X["visits"], [Optional()], most=MOST_VISITS)
    visit_days = NumberField(_X["visit_days"], [Optional()], most=MOST_DAYS)
    months_requested = NumberField(_X["months_requested"], [Optional()], most=_MOST_MONTHS, decimals=2)
    tasks = CleanArea(_X["tasks"], [Optional()], most=NOTE_MOST)

    def offer(self, people: Sequence[tuple[int, str]]) -> ExpertForm:
        book = rules_today()
        self.person_id.choices = please_choose(
            [(str(number), name) for number, name in people], lazy("Somebody new: fill in below")
        )
        self.sex.choices = named(row for row in book.dictionary("sexes"))
        self.nationality.choices = please_choose(list(countries(current_language())))
        self.degree.choices = please_choose(named(book.rows("education_facts")))
        self.role.choices = named(book.rows("program_roles"))
        self.mode.choices = named(book.rows("program_modes"))
        return self

    def expert(self) -> ExpertData:
        values = {name: self[name].data for name in ExpertData.__dataclass_fields__}
        values["person_id"] = int(values["person_id"]) if values["person_id"] else None
        values["visits"] = values["visits"] or 0
        values["visit_days"] = values["visit_days"] or 0
        values["months_requested"] = values["months_requested"] or Decimal(0)
        return ExpertData(**values)


def budget_form(application: ProgramApplication, formdata: Any = None) -> tuple[BaseForm, list[dict[str, Any]]]:
    """A form with two amounts and a basis for every item, and the lines in order for the template."""
    rows = rules_today().rows("program_items")
    stored = {line.item: line for line in application.budget}
    fields: dict[str, Any] = {}
    for row in rows:
        line = stored.get(row.code)
        fields[f"subsidy_{row.code}"] = MoneyField(
            lazy("%(item)s: asked for", item=row.name), default=line.subsidy if line and line.subsidy else None
        )
        fields[f"own_{row.code}"] = MoneyField(
            lazy("%(item)s: own funds", item=row.name), default=line.own if line and line.own else None
        )
        fields[f"basis_{row.code}"] = CleanField(
            lazy("%(item)s: how it was worked out", item=row.name), default=line.basis if line else "", most=500
        )
    form = type("BudgetForm", (BaseForm,), fields)(**({"formdata": formdata} if formdata is not None else {}))
    lines = [
        {
            "row": row,
            "subsidy": form[f"subsidy_{row.code}"],
            "own": form[f"own_{row.code}"],
            "basis": form[f"basis_{row.code}"],
        }
        for row in rows
    ]
    return form, lines


def budget_entries(form: BaseForm) -> dict[str, BudgetEntry]:
    zero = Decimal(0)
    return {
        row.code: BudgetEntry(
            form[f"subsidy_{row.code}"].data or zero, form[f"own_{row.code}"].data or zero,
            form[f"basis_{row.code}"].data or "",
        )
        for row in rules_today().rows("program_items")
    }  # fmt: skip


def goals_form(application: ProgramApplication, *, with_base: bool) -> tuple[BaseForm, list[Any], list[Any]]:
    """Goals, a target for every indicator, and for 111 bases the statements of the template."""
    book = rules_today()
    fields: dict[str, Any] = {
        "goals": CleanArea(
            lazy("What the project is to achieve"), [Optional()], default=application.goals, most=TEXT_MOST
        )
    }
    indicators = book.rows("program_indicators")
    for row in indicators:
        label = lazy("%(name)s (%(unit)s)", name=row.name, unit=row.unit_name)
        fields[f"indicator_{row.code}"] = NumberField(
            label, [Optional()], default=application.indicators.get(row.code), most=9_999_999
        )
    checks = [row for row in book.rows("program_base_checks") if not row.role and row.code != "OVERSEAS"]
    for row in checks if with_base else ():
        stated = application.base.get(row.code)
        kind: Any = NumberField if row.least is not None else BooleanField
        fields[f"base_{row.code}"] = kind(row.name, default=stated)
    if with_base:
        reason = str(application.base.get("reason", ""))
        fields["base_reason"] = CleanArea(
            lazy("Why a check that is not met does not stand in the way"), [Optional()], default=reason, most=NOTE_MOST
        )
    form = type("GoalsForm", (BaseForm,), fields)()
    return (
        form,
        [form[f"indicator_{row.code}"] for row in indicators],
        [form[f"base_{row.code}"] for row in checks] if with_base else [],
    )


def goals_data(form: BaseForm) -> Goals:
    indicators: dict[str, int] = {}
    base: dict[str, Any] = {}
    for field in form:
        prefix, _, code = field.name.partition("_")
        if prefix == "indicator" and field.data is not None:
            indicators[code] = field.data
        elif prefix == "base" and field.data:
            base[code] = field.data
    return Goals(form["goals"].data or "", indicators, base)


class FileForm(BaseForm):
    """One annex."""

    document = CodeField(lazy("What it is"))
    expert = CodeField(lazy("Of which expert"), render_kw=_DATA)
    file = FileField(lazy("File"))

    def offer(self, application: ProgramApplication) -> FileForm:
        self.document.choices = please_choose(named(rules_today().rows("program_documents")))
        people = [(str(item.id), item.latin_name) for item in application.experts]
        self.expert.choices = please_choose(people, lazy("of the whole application"))
        return self


class CallForm(BaseForm):
    """A call."""

    kind = CodeField(_C["kind"], [Required(lazy("Choose a programme of the table."))])
    name = CleanField(_C["name"], [Required(lazy("Name the call."))], most=TITLE_MOST)
    name_en = CleanField(_C["name_en"], [Optional()], most=TITLE_MOST)
    notice_number = CleanField(_C["notice_number"], [Optional()], most=80)
    opens_on = DayField(_C["opens_on"], [Required(lazy("Enter the first day of the call."))])
    closes_on = DayField(_C["closes_on"], [Required(lazy("Enter the last day of the call."))])
    quota = NumberField(_C["quota"], [Optional()], least=1, most=9999)
    unit_quota = NumberField(_C["unit_quota"], [Optional()], least=1, most=999)
    funds = MoneyField(_C["funds"], [Optional()])
    indicators = CodesField(_C["indicators"])
    note = CleanArea(_C["note"], [Optional()], most=2000)

    def offer(self, kept: str = "") -> CallForm:
        book = rules_today()
        kinds = [row for row in book.rows("program_kinds") if row.offered or row.code == kept]
        families = {row.code: row.name for row in book.rows("program_families")}
        self.kind.choices = please_choose(
            [(row.code, gettext("%(family)s: %(name)s", family=families[row.family], name=row.name)) for row in kinds]
        )
        self.indicators.choices = named(book.rows("program_indicators"))
        return self

    def call(self, year: int) -> CallData:
        assert self.opens_on.data is not None and self.closes_on.data is not None
        return CallData(
            year=year, kind=self.kind.data or "", name=self.name.data or "", name_en=self.name_en.data or "",
            notice_number=self.notice_number.data or "", opens_on=self.opens_on.data, closes_on=self.closes_on.data,
            quota=self.quota.data, unit_quota=self.unit_quota.data, funds=self.funds.data,
            indicators=tuple(self.indicators.data or ()), note=self.note.data or "",
        )  # fmt: skip
