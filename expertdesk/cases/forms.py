"""Forms of the case pages: shape and wording of fields. Choices come from the rule tables; nothing is decided here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import NumberRange, Optional, ValidationError

from expertdesk.cases.queries import OfficerChoice, QueueFilter
from expertdesk.foundation import clock
from expertdesk.foundation.locale import lazy
from expertdesk.models import Verdict
from expertdesk.regulations import RuleBook
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

REASON_MOST = 500
OPINION_MOST = 4000
TEXT_MOST = 500
_MOST_PAGES = 500

Choices = list[SelectChoice]


def named(rows: Iterable[Any], *, short: bool = False) -> Choices:
    """Rows of a rule table as choices."""
    return [SelectChoice(row.code, row.short if short else row.name) for row in rows]


def not_in_future(form: BaseForm, field: DayField) -> None:
    if field.data and field.data > clock.today():
        raise ValidationError(lazy("The day of issue lies in the future."))


class OneOf(RadioField):
    """One of a few. Nothing chosen is for `Required` to say, in the words of the page."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, "", "None"):
            super().pre_validate(form)


class VersionField(HiddenField):
    """The row version the page was made from; a damaged one reads as 0 and is refused as stale."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = self.number(valuelist[0] if valuelist else "")

    @staticmethod
    def number(text: str | None) -> int:
        plain = (text or "").strip()
        return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0


class Confirmed:
    """The box must be ticked."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            raise ValidationError(self.message)


class StepForm(BaseForm):
    """A page that does one thing to a case."""

    version = VersionField()


class ReasonForm(StepForm):
    reason = CleanArea(lazy("Reason"), [Required(lazy("Give a reason."))], most=REASON_MOST)


class AssignForm(StepForm):
    officer = SelectField(
        lazy("New case officer"), [Required(lazy("Choose a case officer."))], choices=[], render_kw={"translate": "no"}
    )
    reason = CleanField(lazy("Reason"), [Required(lazy("Give a reason."))], most=REASON_MOST)

    def offer(self, choices: Sequence[OfficerChoice], *, but: int | None = None) -> None:
        """Everybody who can take it, with the number of open cases where it is known."""
        self.officer.choices = [SelectChoice("", lazy("Choose a case officer"))] + [
            SelectChoice(str(choice.id), _with_count(choice), {"translate": "no"})
            for choice in choices
            if choice.id != but
        ]


def _with_count(choice: OfficerChoice) -> Any:
    if not choice.open_cases:
        return choice.name
    return lazy("%(name)s: %(count)s open", name=choice.name, count=choice.open_cases)


class TakeForm(StepForm):
    """Takes a case that nobody has, at once."""


class NotAcceptForm(StepForm):
    ground = OneOf(lazy("Ground"), [Required(lazy("Choose a ground."))], choices=[])
    note_zh = CleanArea(lazy("Reason in words, Chinese"), most=TEXT_MOST)
    note_en = CleanArea(lazy("Reason in words, English"), most=TEXT_MOST)
    body_zh = CleanField(lazy("Body responsible, Chinese"))
    body_en = CleanField(lazy("Body responsible, English"))


class RecommendForm(StepForm):
    is_grant = OneOf(
        lazy("You recommend"),
        [Required(lazy("Choose what you recommend."))],
        choices=[SelectChoice("yes", lazy("Grant")), SelectChoice("no", lazy("Refuse"))],
    )
    opinion = CleanArea(lazy("Opinion"), most=OPINION_MOST)


class DeliverForm(StepForm):
    on = DayField(lazy("Delivered on"), [Required(lazy("Enter the day of delivery."))])
    sealed = BooleanField(
        lazy("The letters carry the seal."), [Confirmed(lazy("Confirm that the letters are sealed."))]
    )


class PauseForm(StepForm):
    stop = OneOf(lazy("Why the clock stops"), [Required(lazy("Choose why the clock stops."))], choices=[])
    reason = CleanArea(
        lazy("What the applicant is told"), [Required(lazy("Write what the applicant is told."))], most=TEXT_MOST
    )


class WithdrawForm(StepForm):
    reason = CleanArea(lazy("Reason of the withdrawal"), [Required(lazy("Give a reason."))], most=REASON_MOST)


class CorrectionForm(StepForm):
    later_reason = CleanArea(lazy("Why this was not in the first notice"), most=REASON_MOST)


class ItemForm(BaseForm):
    """One item of a correction notice; a prefix with the document's code keeps the fields apart."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    problem_zh = CleanArea(lazy("Problem, Chinese"), most=TEXT_MOST)
    problem_en = CleanArea(lazy("Problem, English"), most=TEXT_MOST)
    demand_zh = CleanArea(lazy("What would be enough, Chinese"), most=TEXT_MOST)
    demand_en = CleanArea(lazy("What would be enough, English"), most=TEXT_MOST)


class JudgeForm(StepForm):
    criterion = HiddenField()
    verdict = OneOf(
        lazy("Verdict"),
        [Required(lazy("Choose a verdict."))],
        choices=[
            SelectChoice(Verdict.ASK.value, lazy("Ask for proof")),
            SelectChoice(Verdict.PROVED.value, lazy("Proved")),
            SelectChoice(Verdict.NOT_USED.value, lazy("Not used")),
        ],
    )
    reason = CleanField(lazy("Reason"), most=REASON_MOST)


# --- papers ----------------------------------------------------------------------------------------------------

UNCHECKED, IN_ORDER, PROBLEM, COMMIT, LATER = "", "in_order", "problem", "commit", "later"


class PaperForm(BaseForm):
    """One paper on the page of the completeness check; a prefix with the document's code keeps the fields apart."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    # a paper the checklist itself puts off needs no reason
    needs_later_reason = True

    check = OneOf(lazy("Result"), choices=[], default=UNCHECKED)
    reason_code = SelectField(lazy("What is wrong"), choices=[])
    problem_zh = CleanArea(lazy("Problem, Chinese"), most=TEXT_MOST)
    problem_en = CleanArea(lazy("Problem, English"), most=TEXT_MOST)
    demand_zh = CleanArea(lazy("What would be enough, Chinese"), most=TEXT_MOST)
    demand_en = CleanArea(lazy("What would be enough, English"), most=TEXT_MOST)
    later_reason = CleanField(lazy("Why it may follow later"), most=TEXT_MOST)
    file = FileField(lazy("Upload for the applicant"))
    is_translation = BooleanField(lazy("This is the translation"))
    seen = BooleanField(lazy("Original seen at the counter"))
    issued_on = DayField(lazy("Date of issue"), [Optional()])
    pages = IntegerField(
        lazy("Pages"), [Optional(), NumberRange(1, _MOST_PAGES, lazy("Enter a number from 1 to 500."))]
    )

    def validate_later_reason(self, field: CleanField) -> None:
        if self.check.data == LATER and self.needs_later_reason and not (field.data or "").strip():
            raise ValidationError(lazy("Write why the paper may follow later."))

    validate_issued_on = not_in_future


class CheckForm(StepForm):
    """What belongs to the page as a whole: the version and the button pressed."""


class UploadForm(StepForm):
    file = FileField(lazy("File"))
    issued_on = DayField(lazy("Date of issue"), [Optional()])
    is_translation = BooleanField(lazy("This is the translation"))

    validate_issued_on = not_in_future


class SeenForm(StepForm):
    issued_on = DayField(lazy("Date of issue"), [Optional()])
    pages = IntegerField(
        lazy("Pages"), [Optional(), NumberRange(1, _MOST_PAGES, lazy("Enter a number from 1 to 500."))], default=1
    )

    validate_issued_on = not_in_future


# --- particulars -----------------------------------------------------------------------------------------------


class CodesField(SelectMultipleField):
    """Several codes; also taken as one value with commas (when two versions are compared)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [code for value in valuelist for code in value.split(",") if code]

    def pre_validate(self, form: Any) -> None:
        choices: Any = self.choices or ()
        known = {choice.value for choice in choices}
        if any(code not in known for code in self.data or ()):
            raise ValidationError(lazy("Choose from the list."))


class CountField(StringField):
    """A number with at most one decimal, as years and months are counted."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, most: int = 99, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.most = most

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not self.typed:
            return
        try:
            number = Decimal(unicodedata.normalize("NFKC", self.typed))
        except InvalidOperation:
            raise ValueError(lazy("Enter a number, for example 4.5.")) from None
        if not number.is_finite() or not 0 <= number <= self.most or number != number.quantize(Decimal("0.1")):
            raise ValueError(lazy("Enter a number from 0 to %(most)s with at most one decimal.", most=self.most))
        self.data = number

    def _value(self) -> str:
        typed = getattr(self, "typed", "")
        return typed or ("" if self.data is None else format(Decimal(str(self.data)).normalize(), "f"))


class EditForm(StepForm):
    """The particulars of the application; names are those of the case's columns and of the facts for the category."""

    post = CleanField(lazy("Post"), [Required(lazy("Enter the post."))])
    post_en = CleanField(lazy("Post in English"))
    occupation = SelectField(lazy("Occupation"), choices=[])
    duties = CleanArea(lazy("Duties"), most=1000)
    employment_basis = SelectField(lazy("Basis of employment"), choices=[])
    contract_start_on = DayField(lazy("First day of the contract"), [Optional()])
    contract_end_on = DayField(lazy("Last day of the contract"), [Optional()])
    is_open_ended = BooleanField(lazy("Contract without end"))
    salary_month = MoneyField(lazy("Salary a month (CNY)"), [Optional()])
    salary_year = MoneyField(lazy("Salary a year (CNY)"), [Optional()])
    in_country_ground = SelectField(lazy("Ground for applying inside China"), choices=[])
    ground_reason = CleanArea(lazy("Reason for the ground"), most=500)
    embassy = CleanField(lazy("Embassy or consulate"))
    entry_on = DayField(lazy("Planned or actual entry"), [Optional()])
    claimed_category = SelectField(lazy("Category claimed"), choices=[])
    education = SelectField(lazy("Highest degree"), choices=[])
    experience_years = CountField(lazy("Years of relevant work"), [Optional()], most=80)
    months_per_year = CountField(lazy("Months a year in China"), [Optional()], most=12)
    chinese = SelectField(lazy("Chinese"), choices=[])
    location = SelectField(lazy("Place of work"), choices=[])
    elite = CodesField(lazy("Elite ground"), choices=[])
    criteria = CodesField(lazy("Criteria claimed"), choices=[])
    bonus = CountField(lazy("Bonus points of the province"), [Optional()], most=10)

    def offer(self, book: RuleBook) -> None:
        none = [SelectChoice("", "—")]
        self.occupation.choices = none + named(book.dictionary("occupations"))
        self.employment_basis.choices = named(book.dictionary("employment_bases"))
        self.in_country_ground.choices = none + named(book.dictionary("in_country_grounds"))
        self.claimed_category.choices = none + named(book.rows("categories"))
        self.education.choices = none + named(book.rows("education_facts"))
        self.chinese.choices = none + named(book.rows("chinese_facts"))
        self.location.choices = none + named(book.rows("location_facts"))
        self.elite.choices = named(book.rows("elite_facts"))
        self.criteria.choices = [
            SelectChoice(row.code, lazy("%(code)s %(name)s", code=row.code, name=row.short))
            for row in book.rows("criteria")
        ]

    def keep(self, **stored: str) -> None:
        """A stored code that is not offered any more stays a choice of this case."""
        for name, code in stored.items():
            field: Any = self[name]
            if code and code not in {choice.value for choice in field.choices}:
                field.choices = [*field.choices, SelectChoice(code, code)]

    def validate_contract_end_on(self, field: DayField) -> None:
        start: date | None = self.contract_start_on.data
        if field.data and start and field.data < start:
            raise ValidationError(lazy("The contract ends before it begins."))


# --- the queue -------------------------------------------------------------------------------------------------


class FilterForm(BaseForm):
    """The filters of the queue travel in the address; a value that is not offered is no filter."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    state = SelectField(lazy("State"), id="by-state", choices=[])
    procedure = SelectField(lazy("Procedure"), id="by-procedure", choices=[])
    district = SelectField(lazy("District"), id="by-district", choices=[])
    officer = SelectField(lazy("Case officer"), id="by-officer", choices=[], render_kw={"translate": "no"})
    order = SelectField(
        lazy("Order"),
        id="by-order",
        choices=[SelectChoice("", lazy("Newest first")), SelectChoice("due", lazy("By limit"))],
        validate_choice=False,
    )
    overdue = BooleanField(lazy("Only overdue"), id="by-overdue")

    def offer(self, book: RuleBook, districts: Choices, officers: Sequence[OfficerChoice], *, is_officer: bool) -> None:
        self.state.choices = [
            SelectChoice("", lazy("All states")),
            SelectChoice("open", lazy("All in progress")),
            *named(book.rows("case_states"), short=True),
        ]
        open_ones = named(book.procedures(open_only=True), short=True)
        self.procedure.choices = [SelectChoice("", lazy("All procedures")), *open_ones]
        self.district.choices = [SelectChoice("", lazy("All districts")), *districts]
        mine: Choices = [SelectChoice("me", lazy("Mine"))] if is_officer else []
        self.officer.choices = [
            SelectChoice("", lazy("Everybody")),
            *mine,
            SelectChoice("none", lazy("Not assigned")),
            *(SelectChoice(str(choice.id), choice.name, {"translate": "no"}) for choice in officers),
        ]

    def wanted(self, arguments: Any) -> QueueFilter:
        """The filter that is in force; what was not offered falls out."""
        values = {name: self._offered(name) for name in ("state", "procedure", "district", "officer")}
        return QueueFilter(
            **values,
            overdue=bool(self.overdue.data),
            order="due" if self.order.data == "due" else "new" if arguments.get("order") == "new" else "",
            after=arguments.get("after", "")[:40],
            before=arguments.get("before", "")[:40],
            choose=arguments.get("choose") == "all",
        )

    def _offered(self, name: str) -> str:
        field: Any = self[name]
        known = {choice.value for choice in field.choices}
        if field.data not in known:
            field.data = ""
        return field.data or ""
