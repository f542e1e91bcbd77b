"""The steps of an application that are done on a page of their own: for each action of the table its form, what it
writes and the words around it. One page and one route serve all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wtforms import RadioField
from wtforms.validators import Optional

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.locale import lazy
from expertdesk.models import ProgramApplication
from expertdesk.programs import commands, guards
from expertdesk.programs.entry import NOTE_MOST, TEXT_MOST, ChangeData, ReportData
from expertdesk.programs.fields import CodeField, NumberField
from expertdesk.programs.forms import named, please_choose
from expertdesk.regulations.current import rules_today
from expertdesk.web.forms import BaseForm, CleanArea, DayField, MoneyField, Required

_DATA = {"translate": "no"}


class NothingForm(BaseForm):
    """A press of a button."""


class ReasonForm(BaseForm):
    reason = CleanArea(lazy("Reason"), [Required(lazy("Give a reason."))], most=NOTE_MOST)


class ObjectionForm(BaseForm):
    objection = CleanArea(
        lazy("What was objected"), [Required(lazy("Write what was objected."))], most=NOTE_MOST
    )
    answer = CleanArea(lazy("How it was looked into and answered"), [Optional()], most=NOTE_MOST)


class StartForm(BaseForm):
    on = DayField(lazy("First day of the work"), [Required(lazy("Enter the day."))])


class VisitForm(BaseForm):
    expert = CodeField(lazy("Expert"), [Required(lazy("Choose the expert."))], render_kw=_DATA)
    entered_on = DayField(lazy("Entered China on"), [Required(lazy("Enter the day of entering."))])
    left_on = DayField(lazy("Left China on"), [Required(lazy("Enter the day of leaving."))])
    work = CleanArea(lazy("Work done"), [Optional()], most=NOTE_MOST)


class ChangeForm(BaseForm):
    kind = CodeField(lazy("What is to be changed"), [Required(lazy("Choose what is to be changed."))])
    ends_on = DayField(lazy("New last day"), [Optional()])
    from_item = CodeField(lazy("Take from"))
    to_item = CodeField(lazy("Give to"))
    amount = MoneyField(lazy("Amount"), [Optional()])
    expert_id = CodeField(lazy("Expert who leaves"), render_kw=_DATA)
    reason = CleanArea(lazy("Reason"), [Required(lazy("Give a reason."))], most=NOTE_MOST)


class AnswerForm(BaseForm):
    decision = RadioField(
        lazy("Decision"), choices=[], validators=[Required(lazy("Choose one.")), ], validate_choice=True
    )
    answer = CleanArea(lazy("Answer to the organisation"), [Optional()], most=NOTE_MOST)


class NoteForm(BaseForm):
    note = CleanArea(lazy("Note"), [Optional()], most=NOTE_MOST)


class GradeForm(BaseForm):
    grade = CodeField(lazy("Grade"), [Required(lazy("Choose a grade."))])
    opinion = CleanArea(lazy("Opinion"), [Required(lazy("Say what the grade rests on."))], most=TEXT_MOST)


@dataclass(frozen=True)
class Step:
    """`make` gives the form, filled when it was sent; `do` writes; `hints` by field; `lead` above the form."""

    title: Any
    button: Any
    done: Any
    make: Callable[[ProgramApplication], BaseForm]
    do: Callable[[ProgramApplication, Any, Actor, int], Any]
    lead: Any = ""
    hints: dict[str, Any] | None = None
    is_danger: bool = False


# --- making the forms -------------------------------------------------------------------------------------------


def _start(application: ProgramApplication) -> BaseForm:
    return StartForm(on=clock.today())


def _visit(application: ProgramApplication) -> BaseForm:
    form = VisitForm()
    present = [item for item in application.experts if item.left_on is None]
    people = [(str(item.id), item.latin_name) for item in present]
    form.expert.choices = people if len(people) == 1 else please_choose(people)
    return form


def _report(application: ProgramApplication) -> BaseForm:
    """A report with a figure for every indicator that has a target."""
    book = rules_today()
    fields: dict[str, Any] = {
        "kind": CodeField(lazy("Report"), [Required(lazy("Choose what you report."))]),
        "year": CodeField(lazy("Year"), [Required(lazy("Choose the year."))]),
        "reported_on": DayField(lazy("Day of the report"), [Required(lazy("Enter the day."))], default=clock.today()),
        "spent": MoneyField(lazy("Spent of the subsidy in this year"), [Optional()]),
        "text": CleanArea(
            lazy("What was done and reached"), [Required(lazy("Write what was done and reached."))], most=TEXT_MOST
        ),
    }
    for row in book.rows("program_indicators"):
        if application.indicators.get(row.code) is not None:
            label = lazy("%(name)s (%(unit)s), reached so far", name=row.name, unit=row.unit_name)
            fields[f"indicator_{row.code}"] = NumberField(label, [Optional()], most=9_999_999)
    form = type("ReportForm", (BaseForm,), fields)()
    form["kind"].choices = please_choose(named(book.rows("program_report_kinds")))  # type: ignore[attr-defined]
    years = [(str(run.year), str(run.year)) for run in application.runs]
    form["year"].choices = years  # type: ignore[attr-defined]
    form["year"].render_kw = _DATA
    return form


def _report_data(form: Any) -> ReportData:
    indicators = {
        field.name.partition("_")[2]: field.data
        for field in form
        if field.name.startswith("indicator_") and field.data is not None
    }
    return ReportData(
        form["kind"].data, int(form["year"].data), form["reported_on"].data, form["text"].data, form["spent"].data,
        indicators,
    )  # fmt: skip


def _change(application: ProgramApplication) -> BaseForm:
    book, form = rules_today(), ChangeForm()
    form.kind.choices = please_choose(named(book.rows("program_change_kinds")))
    there = {line.item for line in application.budget if line.approved}
    items = book.rows("program_items")
    form.from_item.choices = please_choose(named(row for row in items if row.code in there), lazy("does not apply"))
    form.to_item.choices = please_choose(named(items), lazy("does not apply"))
    people = [(str(item.id), item.latin_name) for item in application.experts if item.left_on is None]
    form.expert_id.choices = please_choose(people, lazy("does not apply"))
    return form


def _change_data(form: Any) -> ChangeData:
    expert_id = int(form.expert_id.data) if form.expert_id.data else None
    return ChangeData(
        form.kind.data, form.reason.data, form.ends_on.data, form.from_item.data, form.to_item.data,
        form.amount.data, expert_id,
    )  # fmt: skip


AGREED, REFUSED = "agreed", "refused"


def _answer(application: ProgramApplication) -> BaseForm:
    form = AnswerForm()
    form.decision.choices = [(AGREED, str(lazy("Agree"))), (REFUSED, str(lazy("Refuse")))]
    return form


def _objection(application: ProgramApplication) -> BaseForm:
    return ObjectionForm(objection=application.objection, answer=application.objection_answer)


def _grade(application: ProgramApplication) -> BaseForm:
    form = GradeForm()
    form.grade.choices = please_choose(named(rules_today().rows("program_grades")))
    return form


def _plain(kind: type[BaseForm]) -> Callable[[ProgramApplication], BaseForm]:
    return lambda application: kind()


# --- the steps --------------------------------------------------------------------------------------------------

STEPS: dict[str, Step] = {
    "submit": Step(
        lazy("Submit the application"), lazy("Submit the application"),
        lazy("The application is submitted. The bureau checks next whether it is complete."),
        _plain(NothingForm),
        lambda a, f, actor, seen: commands.submit_application(a, actor, seen_version=seen),
    ),
    "withdraw": Step(
        lazy("Withdraw the application"), lazy("Withdraw"), lazy("The application is withdrawn."),
        _plain(ReasonForm),
        lambda a, f, actor, seen: commands.withdraw_application(a, f.reason.data, actor, seen_version=seen),
        lead=lazy("It ends without a decision and cannot be taken up again."), is_danger=True,
    ),
    "pass_check": Step(
        lazy("Pass the check"), lazy("Pass the check"), lazy("Checked. Assign reviewers next."),
        _plain(NothingForm),
        lambda a, f, actor, seen: commands.pass_check(a, actor, seen_version=seen),
    ),
    "return": Step(
        lazy("Return for changes"), lazy("Return"), lazy("The application went back to the organisation."),
        _plain(ReasonForm),
        lambda a, f, actor, seen: commands.return_application(a, f.reason.data, actor, seen_version=seen),
        lead=lazy("Name everything at once: the organisation mends it and submits again, also after the call closed."),
    ),
    "finish_review": Step(
        lazy("Finish the review"), lazy("Finish the review"), lazy("The review is finished; scores are open."),
        _plain(NothingForm),
        lambda a, f, actor, seen: commands.finish_review(a, actor, seen_version=seen),
    ),
    "reject": Step(
        lazy("Do not select"), lazy("Do not select"), lazy("The application was not selected."),
        _plain(ReasonForm),
        lambda a, f, actor, seen: commands.reject_application(a, f.reason.data, actor, seen_version=seen),
        lead=lazy("The organisation reads the reason."), is_danger=True,
    ),
    "note_objection": Step(
        lazy("Enter an objection"), lazy("Save"), lazy("The objection is on file."),
        _objection,
        lambda a, f, actor, seen: commands.note_objection(
            a, f.objection.data, f.answer.data or "", actor, seen_version=seen
        ),
        lead=lazy("Without an answer the application cannot be approved; without ground it can be."),
    ),
    "start": Step(
        lazy("Start the project"), lazy("Start"), lazy("The project runs."),
        _start,
        lambda a, f, actor, seen: commands.start_project(a, f.on.data, actor, seen_version=seen),
    ),
    "record_visit": Step(
        lazy("Record a visit"), lazy("Record the visit"), lazy("The visit is recorded."),
        _visit,
        lambda a, f, actor, seen: commands.record_visit(
            a, int(f.expert.data), f.entered_on.data, f.left_on.data, f.work.data or "", actor, seen_version=seen
        ),
        lead=lazy("Both the day of entering and the day of leaving count. Person-months follow from the days."),
    ),
    "report": Step(
        lazy("File a report"), lazy("File the report"), lazy("The report is filed."),
        _report,
        lambda a, f, actor, seen: commands.file_report(a, _report_data(f), actor, seen_version=seen),
        hints={"spent": lazy("Of the whole year so far; leave it empty when nothing changed.")},
    ),
    "ask_change": Step(
        lazy("Ask for a change"), lazy("Ask for the change"), lazy("The bureau decides on the change."),
        _change,
        lambda a, f, actor, seen: commands.ask_change(a, _change_data(f), actor, seen_version=seen),
        hints={
            "ends_on": lazy("For an extension or a change of the period."),
            "from_item": lazy("For money moved between items."),
            "expert_id": lazy("When an expert leaves the project."),
        },
    ),
    "decide_change": Step(
        lazy("Decide on the change"), lazy("Decide"), lazy("The change is decided."),
        _answer,
        lambda a, f, actor, seen: commands.decide_change(
            a, f.decision.data == AGREED, f.answer.data or "", actor, seen_version=seen
        ),
        hints={"answer": lazy("A refusal needs its reason.")},
    ),
    "settle": Step(
        lazy("Accept the settlement"), lazy("Accept"), lazy("The settlement is accepted."),
        _plain(NoteForm),
        lambda a, f, actor, seen: commands.accept_settlement(a, f.note.data or "", actor, seen_version=seen),
        lead=lazy("Compare experts, days and amounts with the approval; what was not spent is paid back."),
    ),
    "return_settlement": Step(
        lazy("Return the settlement"), lazy("Return"), lazy("The settlement went back to the organisation."),
        _plain(ReasonForm),
        lambda a, f, actor, seen: commands.return_settlement(a, f.reason.data, actor, seen_version=seen),
        lead=lazy("Name everything at once. The amounts stay in the form for the organisation to correct."),
    ),
    "close": Step(
        lazy("Close the project"), lazy("Close"), lazy("The project is closed. Evaluate it next."),
        _plain(NoteForm),
        lambda a, f, actor, seen: commands.close_project(a, f.note.data or "", actor, seen_version=seen),
    ),
    "evaluate": Step(
        lazy("Evaluate"), lazy("Evaluate"), lazy("The project is evaluated."),
        _grade,
        lambda a, f, actor, seen: commands.evaluate_project(
            a, f.grade.data, f.opinion.data, actor, seen_version=seen
        ),
        lead=lazy("By what was reached of the goals, days and funds; never by a single count of papers."),
    ),
    "terminate": Step(
        lazy("Terminate the project"), lazy("Terminate"), lazy("The project is terminated."),
        _plain(ReasonForm),
        lambda a, f, actor, seen: commands.terminate_project(a, f.reason.data, actor, seen_version=seen),
        lead=lazy("Before its time and for good."), is_danger=True,
    ),
}  # fmt: skip


def layout(form: BaseForm, hints: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The fields in order with the macro that draws each."""
    lines = []
    for field in form:
        if field.name == "csrf_token":
            continue
        lines.append({"field": field, "macro": _macro(field), "hint": (hints or {}).get(field.name, "")})
    return lines


def _macro(field: Any) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (CleanArea, "textarea"), (DayField, "date"), (MoneyField, "money"), (RadioField, "radios"),
        (CodeField, "select"), (NumberField, "number"),
    )  # fmt: skip
    return next((name for kind, name in kinds if isinstance(field, kind)), "text")


def change_to_decide(application: ProgramApplication) -> Any:
    return guards.open_change(application)
