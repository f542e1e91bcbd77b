"""HTTP of the introduction plan, and of everything that leaves as a sheet or on paper."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import Optional

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.paper_routes import document_answer
from expertdesk.documents.program_pdf import form_pdf, table_pdf
from expertdesk.documents.program_sheets import tables_xlsx
from expertdesk.experts import keeping
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import current_language, lazy
from expertdesk.foundation.locale import gettext as _
from expertdesk.programs import exports
from expertdesk.programs.blueprint import REFUSED, blueprint, page_version, seen_version
from expertdesk.programs.commands import plan_of, save_plan
from expertdesk.programs.entry import PlanData, Target
from expertdesk.programs.fields import NumberField
from expertdesk.programs.plan_page import plan_page, values_of_plan
from expertdesk.programs.planning import MOST_TARGET, PLAN_LABELS, target_field
from expertdesk.programs.policy import YEARS, find_application, find_own
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LANGUAGES = ("zh", "en")


@blueprint.get("/programs/<int:year>/plan")
@requires(P.PROGRAM_READ)
def plan(year: int) -> Response:
    """Targets and fulfilment."""
    return page("programs/plan.html", record=plan_page(year, current_actor()))


def _plan_form(year: int) -> tuple[Any, list[Any], list[Any]]:
    """One field for every figure of the city; those by district in a grid."""
    book, stored = rules_today(), plan_of(year)
    districts = book.districts(demo=bool(book.bureau.demo))
    targets = {(item.indicator, item.district): item.target for item in stored.targets} if stored else {}
    fields: dict[str, Any] = {
        "document_number": CleanField(PLAN_LABELS["document_number"], [Optional()], most=80),
        "adopted_on": DayField(PLAN_LABELS["adopted_on"], [Optional()]),
        "note": CleanArea(PLAN_LABELS["note"], [Optional()], most=2000),
    }
    rows = book.rows("introduction_indicators")
    for row in rows:
        label = lazy("%(name)s (%(unit)s)", name=row.name, unit=row.unit_name)
        at = target_field(row.code, "")
        fields[at] = NumberField(label, [Optional()], default=targets.get((row.code, "")), most=MOST_TARGET)
        for district in districts if row.by_district else ():
            label = lazy("%(what)s, %(where)s", what=row.name, where=district.short)
            at, value = target_field(row.code, district.code), targets.get((row.code, district.code))
            fields[at] = NumberField(label, [Optional()], default=value, most=MOST_TARGET)
    form: Any = type("PlanForm", (BaseForm,), fields)(**values_of_plan(stored))
    lines = [
        {
            "name": row.name,
            "unit": row.unit_name,
            "city": form[target_field(row.code, "")],
            "districts": [form[target_field(row.code, item.code)] if row.by_district else None for item in districts],
        }
        for row in rows
    ]
    return form, lines, [item.short for item in districts]


def _targets(form: Any) -> list[Target]:
    found = []
    for field in form:
        if field.name.startswith("t_") and field.data is not None:
            found.append(Target(*_key(field.name), field.data))
    return found


def _key(name: str) -> tuple[str, str]:
    """The indicator and the district of a field; district codes are figures only."""
    plain = name.removeprefix("t_")
    indicator, _, district = plain.rpartition("_")
    return (indicator, district) if indicator and district.isdigit() else (plain, "")


@blueprint.route("/programs/<int:year>/plan/edit", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def edit_plan(year: int) -> Response:
    """The figures of the plan."""
    if year not in YEARS:
        raise NotFound(str(year))
    switched = keeping.switched("program.plan", year) if request.method == "POST" else None
    if switched is not None:
        return switched
    if request.method == "GET":
        keeping.give_back("program.plan", year)
    form, lines, districts = _plan_form(year)
    if request.method == "POST" and form.validate_on_submit():
        data = PlanData(form["document_number"].data, form["adopted_on"].data, form["note"].data)
        try:
            save_plan(year, data, _targets(form), current_actor(), seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
        else:
            keeping.done("program.plan", year)
            flash(_("The plan is saved."), "ok")
            return redirect(url_for("programs.plan", year=year), code=303)
    stored = plan_of(year)
    version = page_version(stored.row_version if stored else 0)
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/plan_form.html", status, form=form, lines=lines, districts=districts, year=year, version=version
    )


# --- sheets and paper -------------------------------------------------------------------------------------------


def _language() -> str:
    wanted = request.args.get("lang", "")
    return wanted if wanted in _LANGUAGES else "zh" if current_language() == "zh" else "en"


@blueprint.get("/programs/<int:year>/applications.<any(xlsx, pdf):form>")
@requires(P.PROGRAM_READ)
def export_applications(year: int, form: str) -> Response:
    """Every application of the year this reader sees, with calls and rates."""
    if year not in YEARS:
        raise NotFound(str(year))
    actor, lang = current_actor(), _language()
    tables = exports.year_tables(year, actor)
    note_access(actor, "exported", "program", year, f"{year} applications.{form}")
    return _sent(tables, form, lang, f"programmes-{year}-{lang}")


@blueprint.get("/programs/<int:year>/plan.<any(xlsx, pdf):form>")
@requires(P.PROGRAM_READ)
def export_plan(year: int, form: str) -> Response:
    """The introduction plan with its fulfilment."""
    actor, lang = current_actor(), _language()
    tables = exports.plan_tables(plan_page(year, actor))
    note_access(actor, "exported", "program", year, f"{year} plan.{form}")
    return _sent(tables, form, lang, f"introduction-plan-{year}-{lang}")


def _sent(tables: Any, form: str, lang: str, name: str) -> Response:
    if form == "xlsx":
        return document_answer(tables_xlsx(tables, lang), XLSX, f"{name}.xlsx", download=True)
    return document_answer(table_pdf(tables, lang), "application/pdf", f"{name}.pdf")


@blueprint.get("/programs/applications/<number>/form.pdf")
@requires(P.PROGRAM_READ)
def print_form(number: str) -> Response:
    """The application as a form on paper, for the file and for reviewers without an account."""
    actor, lang = current_actor(), _language()
    found = find_application(number, actor, for_page=True)
    note_access(actor, "printed", "program", found.id, found.number)
    return document_answer(form_pdf(exports.form_of(found), lang), "application/pdf", f"{number}-{lang}.pdf")


@blueprint.get("/my/programs/<number>/form.pdf")
@requires(P.PROGRAM_APPLY)
def my_print(number: str) -> Response:
    """The own application on paper, to be signed and sealed."""
    actor, lang = current_actor(), _language()
    found = find_own(number, actor)
    note_access(actor, "printed", "program", found.id, found.number)
    return document_answer(form_pdf(exports.form_of(found), lang), "application/pdf", f"{number}-{lang}.pdf")
