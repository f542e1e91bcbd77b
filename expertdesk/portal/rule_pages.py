"""The rule browser: `/rules`, `/rules/<table>`, `/rules/compare`. Public, because rules are public law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Response, request
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.validators import ValidationError

from expertdesk.foundation import clock
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import lazy
from expertdesk.portal.blueprint import blueprint
from expertdesk.portal.rule_records import Chosen, changes_record, rules_record, table_record
from expertdesk.regulations import browsable
from expertdesk.regulations.current import rule_base, rule_region
from expertdesk.web import page, public
from expertdesk.web.forms import BaseForm, DayField

_PUBLIC_LAW = "rules are public law"
_YEAR = timedelta(days=365)


def _known_region(form: BaseForm, field: SelectField) -> None:
    if field.data not in rule_base().regions():
        raise ValidationError(lazy("Choose a region from the list."))


def _region_field() -> SelectField:
    return SelectField(lazy("Region"), [_known_region], validate_choice=False)


class LookForm(BaseForm):
    """Sent by GET: changes nothing, and the address can be passed on."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    region: SelectField

    def __init__(self) -> None:
        # an empty field is as good as none: the usual value stands in it
        given = MultiDict((name, value) for name, value in request.args.items(multi=True) if value.strip())
        usual: Mapping[str, object] = {"region": rule_region(), **self.usual_days()}
        filled = MultiDict({**usual, **{name: given[name] for name in given if name in usual}})
        super().__init__(formdata=filled)
        names = rule_base().on(clock.today(), rule_region())
        self.region.choices = [(code, str(names.name_of("regions", code))) for code in rule_base().regions()]

    def usual_days(self) -> dict[str, str]:
        return {}

    def words(self) -> dict[str, str]:
        """What an address must carry to show the same again; nothing for the usual region."""
        return {} if self.region.data == rule_region() else {"region": self.region.data}


class DayForm(LookForm):
    on = DayField(lazy("Rules of"))
    region = _region_field()

    def usual_days(self) -> dict[str, str]:
        return {"on": clock.today().isoformat()}

    def chosen(self) -> Chosen:
        day = self.on.data or clock.today()
        is_today = day == clock.today()
        words = self.words() if is_today else {**self.words(), "on": day.isoformat()}
        book = rule_base().on(day, self.region.data)
        return Chosen(day, book.region, book.region_name, is_today, words)


class CompareForm(LookForm):
    # the address says from and to; "from" is no name for an attribute
    first = DayField(lazy("From the rules of"), name="from")
    second = DayField(lazy("To the rules of"), name="to")
    region = _region_field()

    def usual_days(self) -> dict[str, str]:
        today = clock.today()
        return {"from": (today - _YEAR).isoformat(), "to": today.isoformat()}

    def days(self) -> tuple[date, date]:
        today = clock.today()
        return self.first.data or today, self.second.data or today


@blueprint.get("/rules")
@public(_PUBLIC_LAW)
def rules() -> Response:
    """Every table by topic, on a day and in a region."""
    form = DayForm()
    if not form.validate():
        return page("portal/rules.html", 400, form=form, record=None, has_errors=True)
    return page("portal/rules.html", form=form, record=rules_record(rule_base(), form.chosen()), has_errors=False)


@blueprint.get("/rules/compare")
@public(_PUBLIC_LAW)
def rule_changes() -> Response:
    """What changed between two days."""
    form = CompareForm()
    if not form.validate():
        return page("portal/rules_compare.html", 400, form=form, record=None, has_errors=True)
    record = changes_record(rule_base(), *form.days(), form.region.data, form.words())
    return page("portal/rules_compare.html", form=form, record=record, has_errors=False)


@blueprint.get("/rules/<table>")
@public(_PUBLIC_LAW)
def rule_table(table: str) -> Response:
    """One table with every row, source and confidence."""
    if table not in browsable(rule_base()):
        raise NotFound
    form = DayForm()
    title = rule_base().table(table).title
    if not form.validate():
        return page("portal/rules_table.html", 400, form=form, record=None, title=title, has_errors=True)
    record = table_record(rule_base(), table, form.chosen())
    return page("portal/rules_table.html", form=form, record=record, title=title, has_errors=False)
