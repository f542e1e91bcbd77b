"""HTTP of the bureau: the years, one application and its steps, annexes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import Optional

from expertdesk.access import Actor, Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.paper_routes import document_answer
from expertdesk.experts import keeping
from expertdesk.experts.candidates import possible_duplicates
from expertdesk.experts.records import PassportData, PersonData
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.models import ProgramApplication, ProgramExpert
from expertdesk.programs import commands, stepping
from expertdesk.programs.application_page import application_page
from expertdesk.programs.blueprint import REFUSED, blueprint, page_version, seen_version, whole
from expertdesk.programs.entry import Approval, Spent
from expertdesk.programs.fields import CodeField, NumberField
from expertdesk.programs.members import expert_of
from expertdesk.programs.policy import find_application, may_open_file
from expertdesk.programs.year_page import YearFilter, overview, year_page
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

P = Permission


@blueprint.errorhandler(NotAllowedNow)
def not_allowed_now(error: NotAllowedNow) -> Response:
    return stepping.refused(error)


@blueprint.get("/programs")
@requires(P.PROGRAM_READ)
def programs() -> Response:
    """Every year with its rates, and what waits."""
    return page("programs/programs.html", record=overview(current_actor()))


@blueprint.get("/programs/<int:year>")
@requires(P.PROGRAM_READ)
def year(year: int) -> Response:
    """One year: figures, calls, applications."""
    state = request.args.get("state", "")
    known = {row.code for row in rules_today().rows("program_states")}
    wanted = YearFilter(state if state in known else "", whole(request.args.get("after", "")))
    return page("programs/year.html", record=year_page(year, wanted, current_actor()))


@blueprint.get("/programs/applications/<number>")
@requires(P.PROGRAM_READ)
def application(number: str) -> Response:
    """One application as the bureau sees it; that it was looked at is noted."""
    actor = current_actor()
    found = find_application(number, actor, for_page=True)
    record = application_page(found, actor, own=False)
    note_access(actor, "viewed", "program", found.id, found.number)
    return page("programs/application.html", record=record, frame="layout/staff.html")


@blueprint.route("/programs/applications/<number>/do/<action>", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def step(number: str, action: str) -> Response:
    """A step of the table with a form of its own."""
    return stepping.step(number, action, own=False)


@blueprint.get("/programs/applications/<number>/files/<int:file_id>")
@requires(P.PROGRAM_READ)
def file(number: str, file_id: int) -> Response:
    """An annex, in a box of its own; who opened it is noted."""
    actor = current_actor()
    return send_file(find_application(number, actor), file_id, actor)


def send_file(found: ProgramApplication, file_id: int, actor: Actor) -> Response:
    row = next((item for item in found.files if item.id == file_id), None)
    if row is None or not may_open_file(found, actor):
        raise NotFound(str(file_id))
    wants_file = "download" in request.args
    note_access(actor, "downloaded" if wants_file else "viewed", "program", found.id, row.file_name)
    name = row.file_name if row.media_type != "application/pdf" or row.file_name.lower().endswith(".pdf") else ""
    return document_answer(
        commands.file_bytes(row), row.media_type, name or f"{row.file_name}.pdf", download=wants_file
    )


# --- who an expert is -------------------------------------------------------------------------------------------


class LinkForm(BaseForm):
    person = CodeField(lazy("In the register this is"), render_kw={"translate": "no"})


@blueprint.route("/programs/applications/<number>/experts/<int:expert_id>/link", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def link(number: str, expert_id: int) -> Response:
    """Who of the register an expert is: likely ones with the reasons, a person decides."""
    actor = current_actor()
    found = find_application(number, actor)
    expert = expert_of(found, expert_id)
    stepping.not_now(found, "link_expert", actor) if request.method == "GET" else None
    hits = _hits(expert, actor)
    form = LinkForm(person=str(expert.person_id or ""))
    form.person.choices = [("", str(lazy("nobody on file"))), *((str(hit.person_id), hit.name) for hit in hits)]
    if request.method == "POST" and form.validate_on_submit():
        try:
            person_id = int(form.person.data) if form.person.data else None
            commands.link_expert(found, expert_id, person_id, actor, seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
        else:
            flash(_("It is on file who this expert is."), "ok")
            return redirect(url_for("programs.application", number=number) + "#experts", code=303)
    head = stepping.head_of(found, own=False)
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/link.html", status, head=head, form=form, hits=hits, expert=_told(expert),
        version=page_version(found.row_version),
    )  # fmt: skip


def _hits(expert: ProgramExpert, actor: Actor) -> list[Any]:
    candidate = PersonData(
        surname=expert.surname, given_name=expert.given_name, chinese_name=expert.chinese_name, sex=expert.sex,
        birth_on=expert.birth_on, nationality=expert.nationality,
    )  # fmt: skip
    passport = None
    if expert.passport_number:
        far = clock.today().replace(day=1)
        passport = PassportData(number=expert.passport_number, issuing_country=expert.nationality, expires_on=far)
    return [hit for hit in possible_duplicates(candidate, passport, actor) if not hit.is_masked]


def _told(expert: ProgramExpert) -> dict[str, Any]:
    return {"name": expert.latin_name, "birth_on": expert.birth_on, "nationality": expert.nationality,
            "passport": expert.passport_number, "employer": expert.employer}  # fmt: skip


# --- approval and settlement ------------------------------------------------------------------------------------


def _approval_form(found: ProgramApplication) -> tuple[Any, list[Any]]:
    """An amount for every item asked for; proposed as far as the meeting's sum reaches."""
    book = rules_today()
    fields: dict[str, Any] = {
        "number": CleanField(
            lazy("Number of the approval"), [Required(lazy("Enter the number of the approval."))], most=80
        ),
        "on": DayField(lazy("Day of the approval"), [Required(lazy("Enter the day."))], default=clock.today()),
        "months": NumberField(
            lazy("Person-months approved"), [Required(lazy("Enter the person-months."))],
            default=found.proposed_months, most=9999, decimals=2,
        ),
    }  # fmt: skip
    left = found.proposed_funds if found.proposed_funds is not None else Decimal(10) ** 12
    for line in found.budget:
        amount = min(line.subsidy, left)
        left -= amount
        name = book.name_of("program_items", line.item)
        label: Any = name
        fields[f"line_{line.item}"] = MoneyField(label, default=amount)
    form: Any = type("ApprovalForm", (BaseForm,), fields)()
    return form, [(form[f"line_{line.item}"], line.subsidy) for line in found.budget]


@blueprint.route("/programs/applications/<number>/approve", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def approve(number: str) -> Response:
    """Number and day, funds by item, person-months."""
    actor = current_actor()
    switched = keeping.switched("program.approve", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = find_application(number, actor)
    if request.method == "GET":
        stepping.not_now(found, "approve", actor)
        keeping.give_back("program.approve", number)
    form, lines = _approval_form(found)
    if request.method == "POST" and form.validate_on_submit():
        amounts = {line.item: form[f"line_{line.item}"].data or Decimal(0) for line in found.budget}
        data = Approval(form["number"].data, form["on"].data, form["months"].data, amounts)
        try:
            commands.approve_application(found, data, actor, seen_version=seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
            found = find_application(number, actor)
        else:
            keeping.done("program.approve", number)
            flash(_("Approved. The organisation can start the project."), "ok")
            return redirect(url_for("programs.application", number=number), code=303)
    record = {"funds": found.proposed_funds, "months": found.proposed_months, "call_funds": found.call.funds}
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/approve.html", status, head=stepping.head_of(found, own=False), form=form, lines=lines,
        record=record, version=page_version(found.row_version),
    )  # fmt: skip


@blueprint.route("/programs/applications/<number>/settlement", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def settlement(number: str) -> Response:
    """Entered by the bureau for an organisation without an account."""
    return settle_page(number, own=False)


def settle_page(number: str, *, own: bool) -> Response:
    """What was spent, item by item, beside what was approved."""
    actor = current_actor()
    switched = keeping.switched("program.settlement", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = stepping.find_own(number, actor) if own else find_application(number, actor)
    if request.method == "GET":
        stepping.not_now(found, "file_settlement", actor)
        keeping.give_back("program.settlement", number)
    form, lines = _settlement_form(found)
    if request.method == "POST" and form.validate_on_submit():
        zero = Decimal(0)
        spent = {
            line.item: Spent(form[f"spent_{line.item}"].data or zero, form[f"own_{line.item}"].data or zero)
            for line in found.budget
        }
        try:
            commands.file_settlement(found, spent, form["explanation"].data, actor, seen_version=seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
            found = stepping.find_own(number, actor) if own else find_application(number, actor)
        else:
            keeping.done("program.settlement", number)
            flash(_("The settlement is filed."), "ok")
            return redirect(stepping.back_url(found, own=own), code=303)
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/settlement.html", status, head=stepping.head_of(found, own=own), form=form, lines=lines,
        version=page_version(found.row_version),
    )  # fmt: skip


def _settlement_form(found: ProgramApplication) -> tuple[Any, list[Any]]:
    book = rules_today()
    fields: dict[str, Any] = {}
    for line in found.budget:
        name = book.name_of("program_items", line.item)
        fields[f"spent_{line.item}"] = MoneyField(lazy("%(item)s: spent of the subsidy", item=name), default=line.spent)
        fields[f"own_{line.item}"] = MoneyField(lazy("%(item)s: own funds spent", item=name), default=line.own_spent)
    filed = found.settlement
    fields["explanation"] = CleanArea(
        lazy("Explanation of differences"), [Optional()], default=filed.explanation if filed is not None else "",
        most=4000,
    )  # fmt: skip
    form: Any = type("SettlementForm", (BaseForm,), fields)()
    rows = {row.code: row for row in book.rows("program_items")}
    lines = [
        {
            "name": book.name_of("program_items", line.item), "approved": line.approved, "own": line.own,
            "spent_field": form[f"spent_{line.item}"], "own_field": form[f"own_{line.item}"],
            "proofs": rows[line.item].proofs if line.item in rows else (),
        }
        for line in found.budget
    ]  # fmt: skip
    return form, lines


