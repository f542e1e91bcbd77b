"""HTTP of contacts of organisations: calls, the application in its parts, annexes, the steps that are theirs."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.paper_routes import clean_file
from expertdesk.cases.papers import upload_limits
from expertdesk.experts import keeping
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.uploads import UploadRefused
from expertdesk.models import ProgramApplication, ProgramExpert
from expertdesk.programs import checking, commands, guards, stepping
from expertdesk.programs.application_page import application_page
from expertdesk.programs.application_parts import files_of, named
from expertdesk.programs.blueprint import REFUSED, blueprint, page_version, seen_version
from expertdesk.programs.entry import ExpertData, Particulars, values_of
from expertdesk.programs.forms import (
    ExpertForm,
    FileForm,
    ParticularsForm,
    budget_entries,
    budget_form,
    goals_data,
    goals_form,
)
from expertdesk.programs.members import expert_of, own_people
from expertdesk.programs.mine import mine as mine_page
from expertdesk.programs.mine import organisations_of
from expertdesk.programs.policy import find_application, find_call, find_own
from expertdesk.programs.routes import send_file, settle_page
from expertdesk.programs.rows import kind_name, project_title
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires

P = Permission


@blueprint.get("/my/programs")
@requires(P.PROGRAM_APPLY)
def mine() -> Response:
    """Calls that are open or coming, and the own applications."""
    return page("programs/mine.html", record=mine_page(current_actor()))


@blueprint.route("/my/programs/calls/<int:call_id>/apply", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def apply(call_id: int) -> Response:
    """Begin an application: the particulars; everything else follows on its page."""
    actor = current_actor()
    switched = keeping.switched("program.apply", call_id) if request.method == "POST" else None
    if switched is not None:
        return switched
    call = find_call(call_id, actor)
    if call.announced_on is None:
        raise NotFound(str(call_id))
    organisations = organisations_of(actor)
    if not organisations:
        raise NotPermitted(P.PROGRAM_APPLY)
    reasons = guards.call_refusals(call)
    if reasons:
        raise NotAllowedNow(reasons, action="program.begin")
    if request.method == "GET":
        keeping.give_back("program.apply", call_id)
    form = ParticularsForm(secrecy="open", unit_rank=1).offer(call, organisations)
    if request.method == "POST" and form.validate_on_submit():
        chosen = form.organisation.data if "organisation" in form else str(organisations[0][0])
        try:
            made = commands.begin_application(call, int(chosen or 0), form.particulars(), actor)
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
        else:
            keeping.done("program.apply", call_id)
            flash(_("The draft is kept. Add experts, budget, goals and annexes, then submit it."), "ok")
            return redirect(url_for("programs.my_application", number=made.number), code=303)
    name, lang = project_title(call.name, call.name_en)
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/edit_particulars.html", status, form=form, head=None, version=0,
        call={"name": name, "lang": lang, "kind": kind_name(call.kind), "closes_on": call.closes_on, "note": call.note},
        has_fields=bool(rules_today().row("program_kinds", call.kind).fields),
    )  # fmt: skip


@blueprint.get("/my/programs/<number>")
@requires(P.PROGRAM_APPLY)
def my_application(number: str) -> Response:
    """The own application: what is missing, how it stands, what can be done."""
    actor = current_actor()
    found = find_application(number, actor, for_page=True)
    if found.organisation_id not in actor.organisations:
        raise NotFound(number)
    record = application_page(found, actor, own=True)
    note_access(actor, "viewed", "program", found.id, found.number)
    return page("programs/application.html", record=record, frame="layout/public.html")


@blueprint.route("/my/programs/<number>/do/<action>", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_step(number: str, action: str) -> Response:
    """A step of the table that is the organisation's."""
    return stepping.step(number, action, own=True)


@blueprint.route("/my/programs/<number>/settlement", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_settlement(number: str) -> Response:
    return settle_page(number, own=True)


def _writable(number: str) -> ProgramApplication:
    """The own application; on GET the page is not even shown when nothing can be changed."""
    actor = current_actor()
    found = find_own(number, actor)
    if request.method == "GET":
        stepping.not_now(found, "edit", actor)
    return found


@blueprint.route("/my/programs/<number>/particulars", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_edit(number: str) -> Response:
    """Title, period, rank, contact, need, tasks."""
    switched = keeping.switched("program.particulars", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = _writable(number)
    if request.method == "GET":
        keeping.give_back("program.particulars", number)
    form = ParticularsForm(**values_of(Particulars, found)).offer(found.call)
    if request.method == "POST" and form.validate_on_submit():
        try:
            commands.edit_particulars(found, form.particulars(), current_actor(), seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
            found = find_own(number, current_actor())
        else:
            return _saved("program.particulars", number)
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/edit_particulars.html", status, form=form, head=stepping.head_of(found, own=True), call=None,
        version=page_version(found.row_version), has_fields=bool(checking.kind_of(found).fields),
    )  # fmt: skip


def _saved(form: str, number: str, *, subject: str = "", place: str = "") -> Response:
    keeping.done(form, subject or number)
    flash(_("Saved."), "ok")
    return redirect(url_for("programs.my_application", number=number) + (f"#{place}" if place else ""), code=303)


# --- experts ----------------------------------------------------------------------------------------------------


@blueprint.route("/my/programs/<number>/experts", methods=["GET", "POST"], defaults={"expert_id": 0})
@blueprint.route("/my/programs/<number>/experts/<int:expert_id>", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_expert(number: str, expert_id: int) -> Response:
    """A new expert (0), or one that is there."""
    actor, subject = current_actor(), f"{number}:{expert_id}"
    switched = keeping.switched("program.expert", subject) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = _writable(number)
    expert = expert_of(found, expert_id) if expert_id else None
    if request.method == "GET":
        keeping.give_back("program.expert", subject)
    people = [(person.id, _person_name(person)) for person in own_people(found.organisation_id)]
    form = ExpertForm(**_expert_values(expert, people)).offer(people)
    if request.method == "POST" and form.validate_on_submit():
        try:
            if expert is None:
                commands.add_expert(found, form.expert(), actor, seen_version())
            else:
                commands.change_expert(found, expert.id, form.expert(), actor, seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
            found = find_own(number, actor)
        else:
            return _saved("program.expert", number, subject=subject, place="experts")
    status = REFUSED if request.method == "POST" else 200
    book = rules_today()
    return page(
        "programs/edit_expert.html", status, form=form, head=stepping.head_of(found, own=True), expert_id=expert_id,
        version=page_version(found.row_version), month_days=book.row("program_settings", "MONTH_DAYS").value,
        subsidised=book.row("program_settings", "SUBSIDISED_DAYS").value, has_people=bool(people),
        remove_url=url_for("programs.my_remove_expert", number=number, expert_id=expert_id) if expert_id else "",
    )  # fmt: skip


def _person_name(person: Any) -> str:
    return f"{person.latin_name} {person.chinese_name}".strip()


def _expert_values(expert: ProgramExpert | None, people: list[tuple[int, str]]) -> dict[str, Any]:
    """As it is stored; the choice is kept only for somebody of the own people."""
    if expert is None:
        return {"role": "lead", "mode": "visits", "visits": 1, "sex": "9"}
    values = values_of(ExpertData, expert)
    own = {key for key, _ in people}
    return {**values, "person_id": str(expert.person_id) if expert.person_id in own else ""}


@blueprint.post("/my/programs/<number>/experts/<int:expert_id>/remove")
@requires(P.PROGRAM_APPLY)
def my_remove_expert(number: str, expert_id: int) -> Response:
    found = find_own(number, current_actor())
    commands.remove_expert(found, expert_id, current_actor())
    flash(_("The expert is taken out of the application."), "ok")
    return redirect(url_for("programs.my_application", number=number) + "#experts", code=303)


# --- budget and goals -------------------------------------------------------------------------------------------


@blueprint.route("/my/programs/<number>/budget", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_budget(number: str) -> Response:
    """Every item with its ceiling beside it."""
    switched = keeping.switched("program.budget", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = _writable(number)
    if request.method == "GET":
        keeping.give_back("program.budget", number)
    form, lines = budget_form(found)
    if request.method == "POST" and form.validate_on_submit():
        try:
            commands.set_budget(found, budget_entries(form), current_actor(), seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
            found = find_own(number, current_actor())
        else:
            over = checking.over_ceilings(found)
            if over:
                flash(_("Saved. Some amounts are above what may be asked for; see the budget."), "warn")
            return _saved("program.budget", number, place="budget")
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/edit_budget.html", status, form=form, lines=_with_ceilings(found, lines),
        head=stepping.head_of(found, own=True), version=page_version(found.row_version), **_visit_limits(found),
    )  # fmt: skip


def _with_ceilings(found: ProgramApplication, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from expertdesk.programs import rules

    book, kind, stays = rules_today(), checking.kind_of(found), checking.stays_of(found)
    for line in lines:
        line["most"] = rules.ceiling(book, line["row"], stays) if kind.per_visit else None
    return lines


def _visit_limits(found: ProgramApplication) -> dict[str, Any]:
    from expertdesk.programs import rules

    book, kind, stays = rules_today(), checking.kind_of(found), checking.stays_of(found)
    row = book.row("program_settings", "VISIT_MOST")
    return {
        "per_visit": bool(kind.per_visit), "visits": sum(stay.visits for stay in stays), "visit_most": row.value,
        "all_visits": rules.visits_ceiling(book, stays), "days": book.row("program_settings", "SUBSIDISED_DAYS").value,
        "source": row.sources, "subsidy_most": kind.subsidy_most,
    }  # fmt: skip


@blueprint.route("/my/programs/<number>/goals", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_goals(number: str) -> Response:
    """Goals and targets; for 111 bases the statements of the template."""
    switched = keeping.switched("program.goals", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = _writable(number)
    if request.method == "GET":
        keeping.give_back("program.goals", number)
    with_base = bool(checking.kind_of(found).base_checks)
    form, indicators, base = goals_form(found, with_base=with_base)
    if request.method == "POST" and form.validate_on_submit():
        commands.set_goals(found, goals_data(form), current_actor(), seen_version())
        return _saved("program.goals", number, place="goals")
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/edit_goals.html", status, form=form, indicators=indicators, base=base, asked=found.call.indicators,
        head=stepping.head_of(found, own=True), version=page_version(found.row_version),
    )  # fmt: skip


# --- annexes ----------------------------------------------------------------------------------------------------


@blueprint.route("/my/programs/<number>/files", methods=["GET", "POST"])
@requires(P.PROGRAM_APPLY)
def my_files(number: str) -> Response:
    """The annexes, and one more through the upload pipeline of the house."""
    actor = current_actor()
    found = find_own(number, actor)
    form = FileForm().offer(found)
    if request.method == "POST":
        if not form.file.data:
            form.refuse({"file": _("Choose a file.")})
        elif not form.document.data:
            form.refuse({"document": _("Choose what the file is.")})
        elif form.validate_on_submit():
            try:
                upload = clean_file(form.file.data, "papers")
                expert_id = int(form.expert.data) if form.expert.data else None
                commands.add_file(found, form.document.data, upload, actor, expert_id)
            except UploadRefused as refused:
                form.refuse({"file": refused.text})
            except RuleBroken as broken:
                form.refuse(broken.problems)
            else:
                flash(_("The file is kept."), "ok")
                return redirect(url_for("programs.my_files", number=number), code=303)
        db.session.rollback()
        found = find_own(number, actor)
    limits, book = upload_limits(), rules_today()
    status = REFUSED if request.method == "POST" else 200
    missing = [gap for gap in checking.gaps(found) if gap.section == checking.FILES]
    return page(
        "programs/edit_files.html", status, form=form, head=stepping.head_of(found, own=True),
        files=files_of(found, book, True), size_mb=limits.size_bytes // 2**20, pages=limits.pages, missing=missing,
        needed=[named(book, "program_documents", row.code) for row in book.rows("program_documents") if row.needed],
    )  # fmt: skip


@blueprint.post("/my/programs/<number>/files/<int:file_id>/remove")
@requires(P.PROGRAM_APPLY)
def my_remove_file(number: str, file_id: int) -> Response:
    found = find_own(number, current_actor())
    commands.remove_file(found, file_id, current_actor())
    flash(_("The annex is removed."), "ok")
    return redirect(url_for("programs.my_files", number=number), code=303)


@blueprint.get("/my/programs/<number>/files/<int:file_id>")
@requires(P.PROGRAM_APPLY)
def my_file(number: str, file_id: int) -> Response:
    """An annex of the own application."""
    actor = current_actor()
    return send_file(find_own(number, actor), file_id, actor)
