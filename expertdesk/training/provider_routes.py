"""The register of training institutions: HTTP only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField, SelectField

from expertdesk.access import Permission
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import Bilingual, countries, country_name, current_language, lazy
from expertdesk.foundation.locale import gettext as _
from expertdesk.models import TrainingProvider
from expertdesk.regulations.current import rules_today
from expertdesk.training import registering
from expertdesk.training.both_versions import both_versions
from expertdesk.training.forms import names_in
from expertdesk.training.routes import REFUSED, blueprint, seen_version
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, Required

PAGE_SIZE = 50
_LIKE_ESCAPE = "\\"


class ProviderForm(BaseForm):
    """An institution of the register."""

    name_en = CleanField(lazy("Name in English"), validators=[Required(lazy("Enter the name."))], most=300)
    name_zh = CleanField(lazy("Name in Chinese"), most=300)
    country = SelectField(lazy("Country or region"), validate_choice=False, render_kw={"translate": "no"})
    kind = SelectField(lazy("Kind"), validate_choice=False)
    level = SelectField(lazy("Co-operation"), validate_choice=False)
    operating_unit = CleanField(
        lazy("Authorised office"), validators=[Required(lazy("Enter the office that works for the institution."))],
        most=300,
    )  # fmt: skip
    authorised_person = CleanField(
        lazy("Authorised person"), validators=[Required(lazy("Enter the authorised person."))], most=200
    )
    signatories = CleanArea(lazy("May sign invitations"), most=1000)
    office_in_china = CleanField(lazy("Office in China"), most=300)
    authorised_until = DayField(lazy("Authorisation valid until"))
    state = SelectField(lazy("State"), validate_choice=False)
    note = CleanArea(lazy("Note"), most=1000)
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = "zh" if current_language() == "zh" else "en"
        self.country.choices = [("", str(lazy("Please choose"))), *countries(language)]
        for field, table in (
            (self.kind, "provider_kinds"),
            (self.level, "provider_levels"),
            (self.state, "provider_states"),
        ):
            field.choices = [(row.code, str(row.name)) for row in rules_today().rows(table)]

    def to_data(self) -> registering.ProviderData:
        return registering.ProviderData(
            name_en=self.name_en.data or "", name_zh=self.name_zh.data or "", country=self.country.data or "",
            kind=self.kind.data or "", level=self.level.data or "", operating_unit=self.operating_unit.data or "",
            authorised_person=self.authorised_person.data or "", signatories=names_in(self.signatories.data),
            office_in_china=self.office_in_china.data or "", authorised_until=self.authorised_until.data,
            state=self.state.data or "active", note=self.note.data or "",
        )  # fmt: skip

    def fill(self, data: registering.ProviderData) -> ProviderForm:
        for name in registering.ProviderData.__dataclass_fields__:
            self[name].data = "\n".join(data.signatories) if name == "signatories" else getattr(data, name)
        return self


@dataclass(frozen=True)
class ProviderLine:
    id: int
    name: str
    other: str
    country: str
    kind: Bilingual
    until: date | None
    state: Bilingual
    state_code: str
    signatories: str
    reports: int
    mean: float | None


@blueprint.get("/training/institutions")
@requires(Permission.TRAINING_MANAGE)
def providers() -> BaseResponse:
    """The register, by name; keyset pages."""
    text, after = request.args.get("q", "").strip()[:100], request.args.get("after", "")
    statement = select(TrainingProvider).order_by(TrainingProvider.id.desc())
    if text:
        escaped = text.replace(_LIKE_ESCAPE, _LIKE_ESCAPE * 2).replace("%", "\\%").replace("_", "\\_")
        like = f"%{escaped}%"
        statement = statement.where(
            or_(TrainingProvider.name_en.ilike(like, escape="\\"), TrainingProvider.name_zh.ilike(like, escape="\\"))
        )
    if after.isascii() and after.isdigit() and len(after) < len("1000000000"):
        statement = statement.where(TrainingProvider.id < int(after))
    found = list(db.session.scalars(statement.limit(PAGE_SIZE + 1)))
    judged = registering.evaluations()
    lines = [_line(row, judged) for row in found[:PAGE_SIZE]]
    more = str(found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else ""
    return page("training/providers.html", rows=lines, text=text, more=more, after=after)


def _line(row: TrainingProvider, judged: dict[int, registering.Evaluation]) -> ProviderLine:
    book = rules_today()
    name = row.name_zh if current_language() == "zh" and row.name_zh else row.name_en
    found = judged.get(row.id, registering.Evaluation(0, None))
    return ProviderLine(
        row.id, name, row.name_en if name != row.name_en else row.name_zh, country_name(row.country),
        book.name_of("provider_kinds", row.kind), row.authorised_until,
        book.name_of("provider_states", row.state.value), row.state.value, "; ".join(row.signatories), found.count,
        found.mean,
    )  # fmt: skip


@blueprint.get("/training/institutions/new")
@requires(Permission.TRAINING_MANAGE)
def new_provider() -> BaseResponse:
    """An empty form."""
    return page("training/provider.html", form=ProviderForm(formdata=None), provider_id=0, version=1, problems=[])


@blueprint.post("/training/institutions/new")
@requires(Permission.TRAINING_MANAGE)
def create_provider() -> BaseResponse:
    """Into the register."""
    form = ProviderForm()
    if form.validate_on_submit():
        try:
            registering.register_provider(form.to_data(), current_actor())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The institution is in the register."), "ok")
            return redirect(url_for("training.providers"), code=303)
    return page("training/provider.html", REFUSED, form=form, provider_id=0, version=1, problems=form.problems())


@blueprint.get("/training/institutions/<int:provider_id>")
@requires(Permission.TRAINING_MANAGE)
def provider(provider_id: int) -> BaseResponse:
    """As it is stored."""
    found = registering.find_provider(provider_id)
    form = ProviderForm(formdata=None).fill(registering.data_of(found))
    return page("training/provider.html", form=form, provider_id=found.id, version=found.row_version, problems=[])


@blueprint.post("/training/institutions/<int:provider_id>")
@requires(Permission.TRAINING_MANAGE)
def save_provider(provider_id: int) -> BaseResponse:
    """Save it."""
    found = registering.find_provider(provider_id)
    form = ProviderForm()
    if form.validate_on_submit():
        try:
            with both_versions(found, form, lambda: ProviderForm(formdata=None).fill(registering.data_of(found))):
                registering.change_provider(found, form.to_data(), current_actor(), seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The institution is saved."), "ok")
            return redirect(url_for("training.providers"), code=303)
    return page(
        "training/provider.html", REFUSED, form=form, provider_id=found.id, version=found.row_version,
        problems=form.problems(),
    )  # fmt: skip
