"""Pages of one step each: particulars, hands, clock, recommendation, delivery, the end."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from expertdesk.access import Permission as P
from expertdesk.cases import assigning, commands, editing, recommending
from expertdesk.cases.blueprint import blueprint
from expertdesk.cases.case_page import Loaded, load_case
from expertdesk.cases.clock import pause_codes
from expertdesk.cases.forms import (
    AssignForm,
    DeliverForm,
    EditForm,
    JudgeForm,
    PauseForm,
    ReasonForm,
    RecommendForm,
    StepForm,
    VersionField,
    WithdrawForm,
    named,
)
from expertdesk.cases.records import book_of
from expertdesk.cases.step_pages import Field, step_page
from expertdesk.cases.stepping import REFUSED, Between, not_now, step
from expertdesk.foundation import clock
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext, lazy
from expertdesk.web import current_actor, page, requires

_REASON = (Field("reason", "area"),)


def simple_step(
    number: str,
    action: str,
    form: StepForm,
    fields: tuple[Field, ...],
    do: Any,
    *,
    done: Any,
    loaded: Loaded | None = None,
    **words: Any,
) -> Response:
    """A page of one action; `loaded` is the case where the form's choices needed it already."""
    actor = current_actor()
    loaded = loaded or load_case(number, actor)
    if request.method != "POST":
        not_now(loaded.case, action, actor)

    def show(fresh: Loaded, sent: StepForm, between: Between | None, status: int) -> Response:
        record = step_page(fresh, actor, action, fields, between, **words)
        return page("cases/step.html", status, record=record, form=sent)

    return step(number, form, actor, do, show, done=done, loaded=loaded)


# --- submitting, particulars -----------------------------------------------------------------------------------


@blueprint.route("/cases/<number>/submit", methods=["GET", "POST"])
@requires(P.CASE_CREATE)
def submit(number: str) -> Response:
    """Receive the application of a draft; the access code stands on the receipt alone."""
    actor = current_actor()
    return simple_step(
        number,
        "submit",
        StepForm(),
        (),
        lambda case, sent: commands.submit_case(case, actor, seen_version=sent.version.data),
        done=lazy("The application is received. Print the receipt for the applicant: it carries the access code."),
    )


@blueprint.route("/cases/<number>/edit", methods=["GET", "POST"])
@requires(P.CASE_CREATE)
def edit(number: str) -> Response:
    """Change particulars. Two versions of a field stand side by side when somebody else saved first."""
    actor = current_actor()
    loaded = load_case(number, actor)
    form = editing.edit_form(loaded.case)
    if request.method != "POST":
        not_now(loaded.case, "edit", actor)

    def show(fresh: Loaded, sent: Any, between: Between | None, status: int) -> Response:
        record = editing.edit_page(fresh, actor, sent, between)
        return page("cases/edit.html", status, record=record, form=sent)

    def do(case: Any, sent: EditForm) -> None:
        commands.edit_case(case, editing.changes_of(case, sent), actor, sent.version.data)

    return step(
        number,
        form,
        actor,
        do,
        show,
        done=lazy("The particulars are changed."),
        loaded=loaded,
        names={"facts": "criteria"},
    )


# --- hands -----------------------------------------------------------------------------------------------------


@blueprint.post("/cases/<number>/take")
@requires(P.CASE_ASSIGN)
def take(number: str) -> Response:
    """Take a case that nobody has."""
    actor = current_actor()
    case = load_case(number, actor).case
    version = VersionField.number(request.form.get("version"))
    commands.assign_case(case, actor.id, actor, version)
    flash(gettext("You are the case officer of %(number)s.", number=number), "ok")
    return redirect(url_for("cases.case", number=number), code=303)


@blueprint.route("/cases/<number>/assign", methods=["GET", "POST"])
@requires(P.CASE_ASSIGN)
def assign(number: str) -> Response:
    """Hand the case to somebody else, with a reason."""
    actor = current_actor()
    loaded = load_case(number, actor)
    if request.method != "POST":
        not_now(loaded.case, "assign", actor)
    form = AssignForm()
    form.offer(assigning.takers(loaded.case))
    fields = (
        Field("officer", "select", lazy("Officers of the district come first, with the number of their open cases.")),
        Field("reason", "text"),
    )

    def show(fresh: Loaded, sent: StepForm, between: Between | None, status: int) -> Response:
        record = step_page(fresh, actor, "assign", fields, between)
        return page("cases/step.html", status, record=record, form=sent)

    def do(case: Any, sent: AssignForm) -> None:
        commands.assign_case(case, int(sent.officer.data), actor, sent.version.data, reason=sent.reason.data or "")

    return step(
        number,
        form,
        actor,
        do,
        show,
        done=lazy("The case is handed over."),
        loaded=loaded,
        names={"officer_id": "officer"},
    )


# --- judging, recommending -------------------------------------------------------------------------------------


@blueprint.post("/cases/<number>/judge")
@requires(P.CASE_PRECHECK)
def judge(number: str) -> Response:
    """A verdict on one criterion, from the case page."""
    actor, form = current_actor(), JudgeForm()
    case = load_case(number, actor).case
    back = url_for("cases.case", number=number) + "#judge"
    if not form.validate_on_submit():
        texts = [text for _, text in form.problems()]
        return recommending.judge_again(load_case(number, actor), actor, form, texts, REFUSED)
    try:
        commands.judge(
            case, form.criterion.data or "", form.verdict.data, form.reason.data or "", actor, form.version.data
        )
    except RuleBroken as broken:
        return recommending.judge_again(load_case(number, actor), actor, form, broken.problems.values(), REFUSED)
    flash(gettext("%(criterion)s is recorded.", criterion=form.criterion.data), "ok")
    return redirect(back, code=303)


@blueprint.route("/cases/<number>/recommend", methods=["GET", "POST"])
@requires(P.CASE_RECOMMEND)
def recommend(number: str) -> Response:
    """The opinion for the approving officer, beside what the rules say."""
    actor = current_actor()
    loaded = load_case(number, actor)
    form = RecommendForm()
    if request.method != "POST":
        not_now(loaded.case, "recommend", actor)
        recommending.prefill(form, loaded.case)

    def show(fresh: Loaded, sent: Any, between: Between | None, status: int) -> Response:
        return page(
            "cases/recommend.html", status, record=recommending.recommend_page(fresh, actor, between), form=sent
        )

    def do(case: Any, sent: RecommendForm) -> None:
        commands.recommend_case(case, sent.opinion.data or "", sent.is_grant.data == "yes", actor, sent.version.data)

    return step(number, form, actor, do, show, done=lazy("The case is with an approving officer."), loaded=loaded)


# --- the clock -------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<number>/pause", methods=["GET", "POST"])
@requires(P.CASE_CLOCK)
def pause(number: str) -> Response:
    """Stop the clock for a reason of the table."""
    actor = current_actor()
    loaded = load_case(number, actor)
    rows = pause_codes(book_of(loaded.case))
    form = PauseForm()
    form.stop.choices = named(rows)
    both, promise = lazy("Stops both limits."), lazy("Stops the promise only; the legal limit runs on.")
    hints = {row.code: both if row.layer == "both" else promise for row in rows}
    return simple_step(
        number,
        "pause",
        form,
        (Field("stop", "radios", hints=hints), Field("reason", "area")),
        lambda case, sent: commands.pause_clock(case, sent.stop.data, sent.reason.data, actor, sent.version.data),
        done=lazy("The clock stands."),
        loaded=loaded,
    )


@blueprint.route("/cases/<number>/resume", methods=["GET", "POST"])
@requires(P.CASE_CLOCK)
def resume(number: str) -> Response:
    """Let the clock run again."""
    actor = current_actor()
    return simple_step(
        number,
        "resume",
        StepForm(),
        (),
        lambda case, sent: commands.resume_clock(case, actor, sent.version.data),
        done=lazy("The clock runs again."),
    )


@blueprint.route("/cases/<number>/extend-limit", methods=["GET", "POST"])
@requires(P.CASE_DECIDE)
def extend_limit(number: str) -> Response:
    """More days for the decision, once, with the reason that is told."""
    actor = current_actor()
    return simple_step(
        number,
        "extend_limit",
        ReasonForm(),
        _REASON,
        lambda case, sent: commands.extend_limit(case, sent.reason.data, actor, sent.version.data),
        done=lazy("The legal limit is extended."),
    )


# --- the end ---------------------------------------------------------------------------------------------------


@blueprint.route("/cases/<number>/deliver", methods=["GET", "POST"])
@requires(P.CASE_DELIVER)
def deliver(number: str) -> Response:
    """The letters are sealed and handed over."""
    actor = current_actor()
    form = DeliverForm()
    if request.method != "POST":
        form.on.data = clock.today()
    return simple_step(
        number,
        "deliver",
        form,
        (Field("on", "date"), Field("sealed", "checkbox")),
        lambda case, sent: commands.deliver_case(case, sent.on.data, actor, sent.version.data),
        done=lazy("The letters are delivered."),
    )


@blueprint.route("/cases/<number>/close", methods=["GET", "POST"])
@requires(P.CASE_DELIVER)
def close(number: str) -> Response:
    """Nothing is left to do."""
    actor = current_actor()
    return simple_step(
        number,
        "close",
        StepForm(),
        (),
        lambda case, sent: commands.close_case(case, actor, sent.version.data),
        done=lazy("The case is closed."),
    )


@blueprint.route("/cases/<number>/withdraw", methods=["GET", "POST"])
@requires(P.CASE_PRECHECK)
def withdraw(number: str) -> Response:
    """The employer takes the application back."""
    actor = current_actor()
    return simple_step(
        number,
        "withdraw",
        WithdrawForm(),
        (Field("reason", "area", lazy("Name the employer’s letter and its date.")),),
        lambda case, sent: commands.withdraw_case(case, sent.reason.data, actor, sent.version.data),
        done=lazy("The withdrawal is recorded."),
    )
