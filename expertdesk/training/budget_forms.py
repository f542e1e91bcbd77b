"""The form of a group's budget: stays by city, host, fares by rank, exchange rates with day and source, amounts that
rest on a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField
from wtforms.widgets import TextInput

from expertdesk.foundation import clock
from expertdesk.foundation.locale import countries, current_language, lazy
from expertdesk.regulations.current import rules_today
from expertdesk.regulations.training_shapes import CURRENCIES
from expertdesk.training.budgeting import BudgetData
from expertdesk.training.costs import TRAIN_CURRENCY, Entered, Fare, Host, Stay
from expertdesk.training.forms import WholeField
from expertdesk.web.forms import BaseForm, CleanField, DayField, MoneyField, Required

STAYS = 3
ENTERED = ("training_fee", "lodging", "meals", "incidentals")
_PER = (1, 100)
_RATE_DIGITS = 6


class RateField(Field):
    """An exchange rate with at most six decimals."""

    widget = TextInput()
    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not self.raw_text:
            return
        try:
            value = Decimal(self.raw_text)
        except InvalidOperation:
            raise ValueError(lazy("Enter a rate, for example 7.853400.")) from None
        exponent = value.as_tuple().exponent
        if not value.is_finite() or value <= 0 or not isinstance(exponent, int) or -exponent > _RATE_DIGITS:
            raise ValueError(lazy("Enter a rate above 0 with at most six decimals."))
        self.data = value

    def _value(self) -> str:
        return getattr(self, "raw_text", "") or ("" if self.data is None else str(self.data))


class BudgetForm(BaseForm):
    """The fixed fields; those by city, rank, currency and item are added by `budget_form`."""

    first_day_on = DayField(lazy("First day abroad"), validators=[Required(lazy("Enter the first day abroad."))])
    training_days = WholeField(lazy("Days on which training is charged"))
    reference_country = SelectField(
        lazy("Country whose standards are taken"), validate_choice=False, render_kw={"translate": "no"}
    )
    host_meal_days = WholeField(lazy("Days with meals from the host"))
    host_incidental_days = WholeField(lazy("Days with pocket money from the host"))
    host_lodging_nights = WholeField(lazy("Nights lodged by the host"))
    host_pays_fee = BooleanField(lazy("The host pays the training fee"))
    train_hours = WholeField(lazy("Hours on an international train abroad"))
    train_days = WholeField(lazy("Calendar days on that train"))
    other = MoneyField(lazy("Inter-city travel, visas, insurance for the whole group (CNY)"))
    version = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = "zh" if current_language() == "zh" else "en"
        self.reference_country.choices = [("", str(lazy("that of the destination"))), *countries(language)]


def budget_form(currencies: Sequence[str]) -> type[BudgetForm]:
    """With lines for three cities, each rank, each currency the standards use, and each item."""
    fields: dict[str, Any] = {}
    for number in range(1, STAYS + 1):
        fields[f"city_{number}"] = CleanField(lazy("City %(n)s", n=number), most=80)
        fields[f"nights_{number}"] = WholeField(lazy("Nights in city %(n)s", n=number))
    for row in rules_today().rows("training_ranks"):
        fields[f"fare_people_{row.code}"] = WholeField(lazy("%(rank)s: people", rank=row.name))
        fields[f"fare_{row.code}"] = MoneyField(lazy("%(rank)s: fare per person (CNY)", rank=row.name))
    for currency in currencies:
        fields[f"rate_{currency}"] = RateField(lazy("CNY for %(currency)s", currency=currency))
        fields[f"per_{currency}"] = SelectField(
            lazy("Units quoted, %(currency)s", currency=currency), coerce=int, choices=[(n, str(n)) for n in _PER],
            default=_PER[0],
        )
        fields[f"rate_on_{currency}"] = DayField(lazy("Day of the rate, %(currency)s", currency=currency))
        fields[f"rate_source_{currency}"] = CleanField(
            lazy("Where it was read, %(currency)s", currency=currency), most=200
        )
    for item in ENTERED:
        name = rules_today().name_of("cost_items", item)
        fields[f"entered_{item}"] = MoneyField(lazy("%(item)s per person, in local currency", item=name))
        fields[f"document_{item}"] = CleanField(lazy("%(item)s: document or prior approval", item=name), most=300)
        fields[f"document_on_{item}"] = DayField(lazy("%(item)s: day of the document", item=name))
    return type("GroupBudgetForm", (BudgetForm,), fields)


def currencies_for(country: str) -> tuple[str, ...]:
    """Those of the country's rows and of its training fee; all of them for a country that is not in the table."""
    book = rules_today()
    rows = [*book.history("cost_rates"), *book.history("training_fees")]
    found = dict.fromkeys(row.currency for row in rows if row.country == country)
    return tuple(found) or CURRENCIES


def with_train(currencies: Sequence[str]) -> tuple[str, ...]:
    """And that of the allowance for trains, which may be another one."""
    return tuple(dict.fromkeys((*currencies, TRAIN_CURRENCY)))


def fill(form: Any, data: BudgetData) -> None:
    """Put what is stored into the fields."""
    form.train_hours.data, form.train_days.data = data.train_hours or None, data.train_days or None
    form.first_day_on.data, form.training_days.data = data.first_day_on, data.training_days
    form.reference_country.data, form.other.data = data.reference_country, data.other or None
    form.host_meal_days.data, form.host_incidental_days.data = data.host.meal_days, data.host.incidental_days
    form.host_lodging_nights.data, form.host_pays_fee.data = data.host.lodging_nights, data.host.pays_fee
    for number, stay in enumerate(data.stays[:STAYS], 1):
        form[f"city_{number}"].data, form[f"nights_{number}"].data = stay.city, stay.nights
    for fare in data.fares:
        if f"fare_{fare.rank}" in form:
            form[f"fare_people_{fare.rank}"].data, form[f"fare_{fare.rank}"].data = fare.people, fare.amount
    for currency, rate, per, on, source in data.exchanges:
        if f"rate_{currency}" in form:
            form[f"rate_{currency}"].data, form[f"per_{currency}"].data = rate, per
            form[f"rate_on_{currency}"].data, form[f"rate_source_{currency}"].data = on, source
    for entry in data.entered:
        form[f"entered_{entry.item}"].data, form[f"document_{entry.item}"].data = entry.amount, entry.document
        form[f"document_on_{entry.item}"].data = entry.on


def data_of(form: Any, currencies: Sequence[str]) -> BudgetData:
    """What was typed."""
    stays = [
        Stay(form[f"city_{number}"].data or "", form[f"nights_{number}"].data or 0)
        for number in range(1, STAYS + 1)
        if form[f"city_{number}"].data or form[f"nights_{number}"].data
    ]
    fares = [
        Fare(row.code, form[f"fare_people_{row.code}"].data or 0, form[f"fare_{row.code}"].data or Decimal(0))
        for row in rules_today().rows("training_ranks")
    ]
    entered = [
        Entered(
            item, form[f"entered_{item}"].data, form[f"document_{item}"].data or "", form[f"document_on_{item}"].data
        )
        for item in ENTERED
        if form[f"entered_{item}"].data is not None
    ]
    return BudgetData(
        first_day_on=form.first_day_on.data or clock.today(),
        stays=tuple(stays),
        training_days=form.training_days.data or 0,
        host=Host(
            form.host_meal_days.data or 0, form.host_incidental_days.data or 0, form.host_lodging_nights.data or 0,
            bool(form.host_pays_fee.data),
        ),
        exchanges=tuple(_exchanges(form, currencies)),
        fares=tuple(fare for fare in fares if fare.people or fare.amount),
        other=form.other.data or Decimal(0),
        entered=tuple(entered),
        reference_country=form.reference_country.data or "",
        train_hours=form.train_hours.data or 0,
        train_days=form.train_days.data or 0,
    )  # fmt: skip


def _exchanges(form: Any, currencies: Sequence[str]) -> list[tuple[str, Decimal, int, date, str]]:
    return [
        (
            currency, form[f"rate_{currency}"].data, form[f"per_{currency}"].data or 1,
            form[f"rate_on_{currency}"].data or clock.today(), form[f"rate_source_{currency}"].data or "",
        )
        for currency in currencies
        if form[f"rate_{currency}"].data is not None
    ]  # fmt: skip
