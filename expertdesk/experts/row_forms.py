"""Lists edited as rows on one page without scripts: the rows there are, an empty one (two at first), a tick to take a
row away, and a button for one more empty row. Rows left empty are no rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, HiddenField
from wtforms.validators import Optional

from expertdesk.experts import records, row_rules, rules
from expertdesk.experts.fields import CodeField, MonthField
from expertdesk.experts.forms import coded, country_choices
from expertdesk.experts.records import ContactData, EducationData, EmploymentData, FamilyData
from expertdesk.experts.row_values import CHOSEN, row_values
from expertdesk.foundation import clock
from expertdesk.foundation.locale import gettext, lazy
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.web.forms import CleanArea, CleanField, DayField, OwnMeta

EMPTY_ROWS = 2
MOST_ROWS = 40
_DATA: dict[str, Any] = {"translate": "no"}


class RowForm(Form):
    """One row. `flags` say nothing about whether a row is filled."""

    Meta = OwnMeta

    remove = BooleanField(lazy("Take this row away"))
    flags: tuple[str, ...] = ("remove",)
    record: type[Any]

    def offer(self, book: RuleBook) -> None:
        """Fill the lists of choices."""

    @property
    def is_blank(self) -> bool:
        return not any(
            field.raw_data and any(str(value).strip() for value in field.raw_data)
            for field in self
            if field.short_name not in self.flags
        )

    @property
    def has_content(self) -> bool:
        """Whether there is anything to take away."""
        return any(field.data for field in self if field.short_name not in self.flags)

    def values(self) -> Any:
        names = self.record.__dataclass_fields__
        return self.record(**{name: self[name].data for name in names if name in self})

    def shown_fields(self) -> list[Field]:
        return [field for field in self if field.short_name not in ("remove", "id")]


class EducationRow(RowForm):
    level = CodeField(lazy("Level of education"))
    school = CleanField(lazy("School"), most=records.ORGANISATION_NAME_MOST)
    country = CodeField(lazy("Country or region"), render_kw=_DATA)
    major = CleanField(lazy("Subject"), most=records.PLACE_MOST)
    from_month = MonthField(lazy("From (month)"))
    to_month = MonthField(lazy("To (month)"))
    is_taught_in_chinese = BooleanField(lazy("Taught in Chinese"))
    flags = ("remove", "is_taught_in_chinese")
    record = EducationData

    def offer(self, book: RuleBook) -> None:
        levels = [(row.code, str(row.name)) for row in book.dictionary("education") if row.is_level]
        self.level.choices = [("", gettext("Choose")), *levels]
        self.country.choices = [("", gettext("Choose")), *country_choices()]


class EmploymentRow(RowForm):
    employer = CleanField(lazy("Employer"), most=records.ORGANISATION_NAME_MOST)
    country = CodeField(lazy("Country or region"), render_kw=_DATA)
    post = CleanField(lazy("Post"), most=records.PLACE_MOST)
    from_month = MonthField(lazy("From (month)"))
    to_month = MonthField(lazy("To (month; empty: still there)"))
    duties = CleanArea(lazy("Duties"), most=records.DUTIES_MOST)
    referee = CleanField(lazy("Who can confirm it (name, telephone)"), most=records.ORGANISATION_NAME_MOST)
    is_relevant = BooleanField(lazy("Counts as relevant work experience"), default=True)
    flags = ("remove", "is_relevant")
    record = EmploymentData

    def offer(self, book: RuleBook) -> None:
        self.country.choices = [("", gettext("Choose")), *country_choices()]


class FamilyRow(RowForm):
    relation = CodeField(lazy("Relation"))
    latin_name = CleanField(lazy("Name in the passport"), most=records.NAME_MOST)
    native_name = CleanField(lazy("Name in own script"), most=records.NAME_MOST)
    sex = CodeField(lazy("Sex"))
    nationality = CodeField(lazy("Nationality (country or region)"), render_kw=_DATA)
    birth_on = DayField(lazy("Date of birth"), [Optional()])
    passport_number = CleanField(lazy("Passport number"), most=records.PASSPORT_NUMBER_MOST * 2)
    is_accompanying = BooleanField(lazy("Comes along to China"), default=True)
    flags = ("remove", "is_accompanying", "sex")
    record = FamilyData

    def offer(self, book: RuleBook) -> None:
        self.relation.choices = [("", gettext("Choose")), *coded(book, "family_relations")]
        self.sex.choices = coded(book, "sexes")
        if not self.sex.data:
            self.sex.data = "9"
        self.nationality.choices = [("", gettext("Choose")), *country_choices()]


class ContactRow(RowForm):
    id = HiddenField()
    name = CleanField(lazy("Name"), most=records.NAME_MOST)
    post = CleanField(lazy("Post"), most=records.POST_MOST)
    phone = CleanField(lazy("Telephone"), most=records.PHONE_MOST)
    email = CleanField(lazy("E-mail"), most=records.EMAIL_MOST)
    flags = ("remove", "id")
    record = ContactData

    def values(self) -> ContactData:
        plain = str(self.id.data or "")
        number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < len(str(2**31)) else None
        return ContactData(
            self.name.data or "", self.post.data or "", self.phone.data or "", self.email.data or "", number
        )


KINDS: dict[str, type[RowForm]] = {
    "education": EducationRow,
    "employment": EmploymentRow,
    "family": FamilyRow,
    "contacts": ContactRow,
}


class RowsForm:
    """All rows of a list. Made from what is stored, or from what was sent."""

    def __init__(self, part: str, rows: Sequence[RowForm]) -> None:
        self.part = part
        self.rows = list(rows)
        self.form_errors: list[Any] = []

    @classmethod
    def stored(cls, part: str, stored: Sequence[Any]) -> RowsForm:
        """The rows there are and the empty ones."""
        kind, book = KINDS[part], rules_today()
        rows = [kind(prefix=f"rows-{place}-", data=asdict(row)) for place, row in enumerate(stored)]
        form = cls(part, rows)
        for _ in range(EMPTY_ROWS if not stored else 1):
            form.add_empty()
        for row in rows:
            row.offer(book)
        return form

    @classmethod
    def sent(cls, part: str, formdata: MultiDict[str, str]) -> RowsForm:
        """As typed, in the order of the page; whole rows chosen among two versions stand for their fields."""
        formdata = with_chosen_rows(formdata)
        places = sorted({place for name in formdata if (place := _place_of(name)) is not None})
        book, kind, rows = rules_today(), KINDS[part], []
        for place in places[:MOST_ROWS]:
            row = kind(formdata, prefix=f"rows-{place}-")
            row.offer(book)
            rows.append(row)
        return cls(part, rows)

    def add_empty(self) -> None:
        row = KINDS[self.part](prefix=f"rows-{len(self.rows)}-")
        row.offer(rules_today())
        self.rows.append(row)

    @property
    def filled(self) -> list[RowForm]:
        return [row for row in self.rows if not row.is_blank and not row.remove.data]

    def is_good(self, birth_on: date | None = None) -> bool:
        """Whether the list may be saved; what the rules say stands beside what the fields say."""
        are_valid = [row.validate() for row in self.filled]
        today, book, values = clock.today(), rules_today(), self.values()
        check = {
            "education": lambda: row_rules.check_education(values, book, today, birth_on or today),
            "employment": lambda: row_rules.check_employment(values, book, today, birth_on or today),
            "family": lambda: row_rules.check_family(values, book, today),
            "contacts": lambda: row_rules.check_contacts(values, book, today),
        }[self.part]
        problems = rules.problems_of(check)
        self.refuse(problems)
        return all(are_valid) and not problems

    def values(self) -> list[Any]:
        return [row.values() for row in self.filled]

    def problems(self) -> list[tuple[str, Any]]:
        found = [(field.id, message) for row in self.rows for field in row for message in field.errors]
        return found + [("", message) for message in self.form_errors]

    def refuse(self, problems: Mapping[str, Any]) -> None:
        """Messages of a RuleBroken: `rows-1-school` is the field of the second *filled* row."""
        filled = self.filled
        for name, message in problems.items():
            place = _place_of(name)
            field_name = name.split("-", 2)[2] if place is not None else ""
            if place is not None and place < len(filled) and field_name in filled[place]:
                field = filled[place][field_name]
                field.errors = field.errors or [message]
            else:
                self.form_errors.append(message)


def _place_of(name: str) -> int | None:
    parts = name.split("-", 2)
    is_row = len(parts) == 3 and parts[0] == "rows" and parts[1].isascii() and parts[1].isdigit()
    return int(parts[1]) if is_row and len(parts[1]) < 4 else None


def with_chosen_rows(formdata: MultiDict[str, str]) -> MultiDict[str, str]:
    """`chosen-2` = a whole row as text takes the place of the fields `rows-2-…`."""
    changed: MultiDict[str, str] = MultiDict(formdata)
    for name in [name for name in formdata if name.startswith(CHOSEN)]:
        place = name.removeprefix(CHOSEN)
        try:
            row = json.loads(formdata[name])
        except ValueError:
            continue
        if not place.isdigit() or not isinstance(row, dict):
            continue
        for old in [old for old in changed if old.startswith(f"rows-{place}-")]:
            changed.poplist(old)
        changed.pop(name)
        for field, value in row.items():
            if isinstance(field, str) and isinstance(value, str):
                changed[f"rows-{place}-{field}"] = value
    return changed


__all__ = ["EMPTY_ROWS", "KINDS", "RowForm", "RowsForm", "row_values"]
