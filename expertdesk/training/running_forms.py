"""Forms from the approval to the settlement, and of the parts of a group: shape and wording."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField

from expertdesk.foundation import clock
from expertdesk.foundation.locale import format_month_name, lazy
from expertdesk.models import ReviewSide, TrainingPerson, TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.training.executing import PublicityData, ReportData
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.forms import WholeField, names_in
from expertdesk.training.supplementing import DayData, PersonData, ReviewData, passport_of
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

_NOTE = 1000
_LONG = 4000
EMPTY_ROWS = 3
_SCORES = (1, 2, 3, 4, 5)


class PublicityForm(BaseForm):
    """The publicity inside the unit before departure."""

    from_on = DayField(lazy("First day put up"), validators=[Required(lazy("Enter the first day."))])
    to_on = DayField(lazy("Last day put up"), validators=[Required(lazy("Enter the last day."))])
    place = CleanField(lazy("Where"), validators=[Required(lazy("Say where it was put up."))], most=300)
    text = CleanArea(lazy("Text"), validators=[Required(lazy("Enter what was made public."))], most=_LONG)
    objections = CleanArea(lazy("Objections and what was done"), most=_NOTE)
    version = HiddenField()

    def to_data(self) -> PublicityData:
        today = clock.today()
        return PublicityData(
            self.from_on.data or today, self.to_on.data or today, self.place.data or "", self.text.data or "",
            self.objections.data or "",
        )  # fmt: skip


class TaskForm(BaseForm):
    """The task approval with the days of travel."""

    number = CleanField(lazy("Task approval no."), validators=[Required()], most=80)
    leave_on = DayField(lazy("Departure"), validators=[Required(lazy("Enter the day of departure."))])
    return_on = DayField(lazy("Return"), validators=[Required(lazy("Enter the day of return."))])
    version = HiddenField()


class ReportForm(BaseForm):
    """The report after return."""

    leave_on = DayField(lazy("Departure"), validators=[Required()])
    return_on = DayField(lazy("Return"), validators=[Required()])
    people = WholeField(lazy("People sent"), validators=[Required(lazy("Enter the number of people."))])
    cities = CleanField(lazy("Cities"), most=300)
    inviter = CleanField(lazy("Inviting body and person"), most=300)
    lecture_hours = MoneyField(lazy("Hours of lectures"))
    visit_hours = MoneyField(lazy("Hours of discussion and visits"))
    passports_returned_on = DayField(lazy("Passports handed in on"))
    tasks_done = CleanArea(lazy("Tasks carried out"), validators=[Required()], most=_LONG)
    results = CleanArea(lazy("Results and their use"), validators=[Required()], most=_LONG)
    follow_up = CleanArea(lazy("Follow-up work"), most=_LONG)
    discipline = CleanArea(lazy("Breaches of foreign-affairs discipline"), most=_NOTE)
    cost_budget_training = MoneyField(lazy("Training fee"))
    cost_budget_travel = MoneyField(lazy("International travel"))
    cost_budget_lodging = MoneyField(lazy("Accommodation"))
    cost_budget_meals = MoneyField(lazy("Meals"))
    cost_budget_incidentals = MoneyField(lazy("Incidentals"))
    cost_budget_other = MoneyField(lazy("Other, with inter-city travel"))
    paid_by_host = MoneyField(lazy("Paid by the foreign side"))
    over_standard = CleanArea(lazy("Costs above the standard or outside the scope"), most=_NOTE)
    trainee_score = SelectField(lazy("Evaluation by the trainees"), coerce=str)
    provider_score = SelectField(lazy("Evaluation of the institution"), coerce=str)
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", str(lazy("not given"))), *((str(score), str(score)) for score in _SCORES)]
        self.trainee_score.choices = self.provider_score.choices = choices

    def to_data(self) -> ReportData:
        today = clock.today()
        return ReportData(
            leave_on=self.leave_on.data or today,
            return_on=self.return_on.data or today,
            people=self.people.data or 0,
            cities=names_in(self.cities.data),
            inviter=self.inviter.data or "",
            tasks_done=self.tasks_done.data or "",
            lecture_hours=self.lecture_hours.data or Decimal(0),
            visit_hours=self.visit_hours.data or Decimal(0),
            passports_returned_on=self.passports_returned_on.data,
            discipline=self.discipline.data or "",
            costs={name: self[f"cost_{name}"].data or Decimal(0) for name in AMOUNTS},
            paid_by_host=self.paid_by_host.data,
            over_standard=self.over_standard.data or "",
            results=self.results.data or "",
            follow_up=self.follow_up.data or "",
            trainee_score=int(self.trainee_score.data) if self.trainee_score.data else None,
            provider_score=int(self.provider_score.data) if self.provider_score.data else None,
        )

    def fill(self, project: TrainingProject) -> ReportForm:
        """With the report that is there, else with what was approved."""
        report = project.report
        self.leave_on.data = report.leave_on if report else project.leave_on
        self.return_on.data = report.return_on if report else project.return_on
        self.people.data = report.people if report else project.people_approved
        self.cities.data = "、".join(report.cities if report else project.cities)
        if report is None:
            return self
        for name in (
            "inviter", "lecture_hours", "visit_hours", "passports_returned_on", "tasks_done", "results", "follow_up",
            "discipline", "paid_by_host", "over_standard",
        ):  # fmt: skip
            self[name].data = getattr(report, name)
        for name in AMOUNTS:
            self[f"cost_{name}"].data = Decimal(report.costs.get(name, "0"))
        self.trainee_score.data = str(report.trainee_score or "")
        self.provider_score.data = str(report.provider_score or "")
        return self


class SettleForm(BaseForm):
    """Accept the report."""

    note = CleanArea(lazy("Note on the differences"), most=_NOTE)
    version = HiddenField()


class AdjustForm(BaseForm):
    """What is to be changed within the totals."""

    people_approved = WholeField(lazy("People"))
    depart_month = SelectField(lazy("Month of departure"), coerce=str, validate_choice=False)
    cities = CleanField(lazy("Cities"), most=300)
    reason = CleanArea(lazy("Reason"), validators=[Required(lazy("Give a reason."))], most=_NOTE)
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        months = [(str(month), format_month_name(month)) for month in range(1, 13)]
        self.depart_month.choices = [("", str(lazy("as approved"))), *months]

    def changes(self) -> dict[str, Any]:
        month = self.depart_month.data or ""
        return {
            "people_approved": self.people_approved.data,
            "depart_month": int(month) if month.isdigit() else None,
            "cities": list(names_in(self.cities.data)),
        }


class ExtendForm(BaseForm):
    """Run it in the next year."""

    until = DayField(lazy("Until"), validators=[Required(lazy("Enter the day."))])
    reason = CleanArea(lazy("Reason"), validators=[Required(lazy("Give a reason."))], most=_NOTE)
    version = HiddenField()


class InvitationForm(BaseForm):
    """Who signed the invitation."""

    signatory = CleanField(lazy("Signed by"), validators=[Required(lazy("Enter the name as signed."))], most=200)
    version = HiddenField()


class PaperForm(BaseForm):
    """A paper of the group."""

    kind = SelectField(lazy("Kind of paper"), validate_choice=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [(row.code, str(row.name)) for row in rules_today().rows("training_attachments")]


# --- rows -----------------------------------------------------------------------------------------------------------

_PERSON = ("name", "sex", "birth_on", "unit", "post", "title", "rank", "political_status", "language_level", "passport",
           "is_leader", "is_leading_official", "is_specialist", "last_trip_on", "health", "remarks")  # fmt: skip


def _choices(table: str, first: str = "") -> list[tuple[str, str]]:
    rows = [(row.code, str(row.name)) for row in rules_today().rows(table)]
    return [("", first), *rows] if first else rows


def roster_form(rows: int) -> type[BaseForm]:
    """One set of fields for each name."""
    fields: dict[str, Any] = {"version": HiddenField(), "rows": HiddenField()}
    for n in range(rows):
        fields |= {
            f"name_{n}": CleanField(lazy("Name"), most=120),
            f"sex_{n}": SelectField(lazy("Sex"), choices=_choices("sexes"), validate_choice=False, default="9"),
            f"birth_on_{n}": DayField(lazy("Date of birth")),
            f"unit_{n}": CleanField(lazy("Unit"), most=300),
            f"post_{n}": CleanField(lazy("Post"), most=200),
            f"title_{n}": CleanField(lazy("Title or rank"), most=120),
            f"rank_{n}": SelectField(
                lazy("Class of travel by rank"), choices=_choices("training_ranks"), validate_choice=False,
                default="other",
            ),
            f"political_status_{n}": SelectField(
                lazy("Political status"), choices=_choices("political_statuses", "—"), validate_choice=False
            ),
            f"language_level_{n}": CleanField(lazy("Foreign-language level"), most=120),
            f"passport_{n}": CleanField(lazy("Passport or permit no."), most=40),
            f"is_leader_{n}": BooleanField(lazy("Group leader")),
            f"is_leading_official_{n}": BooleanField(lazy("Leading official")),
            f"is_specialist_{n}": BooleanField(lazy("Technical specialist")),
            f"last_trip_on_{n}": DayField(lazy("Last trip abroad")),
            f"health_{n}": CleanField(lazy("Health"), most=120),
            f"remarks_{n}": CleanField(lazy("Remarks"), most=500),
        }  # fmt: skip
    return type("RosterForm", (BaseForm,), fields)


def fill_roster(form: BaseForm, people: Sequence[TrainingPerson], *, in_full: bool) -> None:
    """Passport numbers in full only for those who may write."""
    for n, person in enumerate(people):
        for name in _PERSON:
            value = passport_of(person) if name == "passport" else getattr(person, name)
            form[f"{name}_{n}"].data = "" if name == "passport" and not in_full else value


def people_of(form: BaseForm, rows: int) -> list[PersonData]:
    """Rows without a name are no rows."""
    return [
        PersonData(**{name: form[f"{name}_{n}"].data or _BLANK.get(name, "") for name in _PERSON})
        for n in range(rows)
        if (form[f"name_{n}"].data or "").strip()
    ]


_BLANK: dict[str, Any] = {
    "birth_on": None, "last_trip_on": None, "is_leader": False, "is_leading_official": False, "is_specialist": False,
}  # fmt: skip


def schedule_form(rows: int) -> type[BaseForm]:
    """One line for each entry."""
    fields: dict[str, Any] = {"version": HiddenField(), "rows": HiddenField()}
    for n in range(rows):
        fields |= {
            f"day_{n}": WholeField(lazy("Day of the trip")),
            f"kind_{n}": SelectField(lazy("Kind"), choices=_choices("training_day_kinds"), validate_choice=False),
            f"hours_{n}": MoneyField(lazy("Hours")),
            f"topic_{n}": CleanField(lazy("Subject of the session"), most=300),
            f"place_{n}": CleanField(lazy("Venue"), most=300),
            f"speaker_{n}": CleanField(lazy("Speaker"), most=200),
        }
    return type("ScheduleForm", (BaseForm,), fields)


def days_of(form: BaseForm, rows: int) -> list[DayData]:
    """Rows without a subject are no rows."""
    return [
        DayData(
            form[f"day_{n}"].data or 0, form[f"kind_{n}"].data or "", form[f"hours_{n}"].data or Decimal(0),
            form[f"topic_{n}"].data or "", form[f"place_{n}"].data or "", form[f"speaker_{n}"].data or "",
        )
        for n in range(rows)
        if (form[f"topic_{n}"].data or "").strip()
    ]  # fmt: skip


def review_form(side: ReviewSide) -> type[BaseForm]:
    """The lines of one side of the review form (516, annex 1)."""
    fields: dict[str, Any] = {
        "body": CleanField(lazy("Reviewing body"), validators=[Required(lazy("Name the reviewing body."))], most=200),
        "on": DayField(lazy("Date"), validators=[Required(lazy("Enter the date."))]),
        "basis": CleanField(lazy("Basis"), most=500),
        "agreed": SelectField(
            lazy("Opinion"), choices=[("", "—"), ("1", lazy("Agrees")), ("0", lazy("Does not agree"))],
            validators=[Required(lazy("Choose the opinion."))],
        ),
        "opinion": CleanArea(lazy("Words of the opinion"), most=_NOTE),
        "version": HiddenField(),
    }  # fmt: skip
    for code, label in review_lines(side):
        fields[f"line_{code}"] = CleanField(label, most=300)
    return type("ReviewForm", (BaseForm,), fields)


_OWN_LINES = {"body", "on", "basis", "opinion"}
_AMOUNT_LINES = {"total", "travel", "lodging", "meals", "incidentals", "other_costs"}


def review_lines(side: ReviewSide) -> list[tuple[str, Any]]:
    """Lines to be answered in words: without body, date, basis, opinion and the amounts, which are known."""
    rows = sorted((row for row in rules_today().rows("training_review_lines") if row.side == side.value),
                  key=lambda row: row.no)  # fmt: skip
    codes = [(row.code.partition(".")[2], row.name) for row in rows]
    return [(code, name) for code, name in codes if code not in _OWN_LINES | _AMOUNT_LINES]


def review_of(form: BaseForm, side: ReviewSide) -> ReviewData:
    """What was typed."""
    answers = {code: form[f"line_{code}"].data or "" for code, _label in review_lines(side)}
    return ReviewData(
        side, form["body"].data or "", form["on"].data or clock.today(), form["basis"].data or "", answers,
        form["agreed"].data == "1", form["opinion"].data or "",
    )  # fmt: skip
