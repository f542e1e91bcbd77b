"""What an application still lacks: by section, each with the sentence that is shown and the place to mend it.

The same list stands on the organisation's page, keeps the submission back, and is what the manager's check looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.foundation import clock
from expertdesk.foundation.locale import format_money, lazy
from expertdesk.models import ProgramApplication, ProgramExpert
from expertdesk.programs import rules
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_on, rules_today
from expertdesk.regulations.rows import Row
from expertdesk.regulations.shapes import NATION

PARTICULARS, EXPERTS, BUDGET, GOALS, FILES = "particulars", "experts", "budget", "goals", "files"
SECTIONS = (PARTICULARS, EXPERTS, BUDGET, GOALS, FILES)
REMOTE, VISITS = "remote", "visits"


@dataclass(frozen=True)
class Gap:
    """`expert_id`: the one it is about."""

    code: str
    section: str
    text: Any
    expert_id: int | None = None


def book_of(application: ProgramApplication) -> RuleBook:
    """The rules an application is judged by: those of its submission; before that those of today."""
    if application.submitted_at is None:
        return rules_today()
    return rules_on(clock.day_of(application.submitted_at))


def kind_of(application: ProgramApplication) -> Row:
    return book_of(application).row("program_kinds", application.call.kind)


def stays_of(application: ProgramApplication) -> tuple[rules.Stays, ...]:
    """The visits of the work plan; who works from afar makes none."""
    return tuple(rules.Stays(item.visits, item.visit_days) for item in application.experts if item.mode != REMOTE)


def amounts_of(application: ProgramApplication) -> dict[str, Decimal]:
    return {line.item: line.subsidy for line in application.budget}


def subsidy_of(application: ProgramApplication) -> Decimal:
    return sum((line.subsidy for line in application.budget), rules.ZERO)


def own_of(application: ProgramApplication) -> Decimal:
    return sum((line.own for line in application.budget), rules.ZERO)


def months_of(application: ProgramApplication) -> Decimal:
    return sum((expert.months_requested for expert in application.experts), rules.ZERO)


def gaps(application: ProgramApplication) -> tuple[Gap, ...]:
    """Everything that keeps it from being submitted, section by section."""
    return (
        *_particulars(application),
        *_experts(application),
        *_budget(application),
        *_goals(application),
        *_files(application),
    )


# --- particulars ------------------------------------------------------------------------------------------------


def _particulars(application: ProgramApplication) -> Iterator[Gap]:
    kind = kind_of(application)
    if kind.fields and application.field not in kind.fields:
        yield Gap("field", PARTICULARS, lazy("Choose the field of the programme."))
    if application.unit_rank is None:
        yield Gap("unit_rank", PARTICULARS, lazy("Say which place this application has among yours in this call."))
    if not application.contact_name or not (application.contact_phone or application.contact_email):
        yield Gap("contact", PARTICULARS, lazy("Name a contact with phone or e-mail."))
    for name, text in (
        ("need", lazy("Say why the organisation needs the expert.")),
        ("tasks", lazy("Describe the tasks.")),
        ("partners", lazy("Name the Chinese team that works with the expert.")),
        ("ip_terms", lazy("Say to whom intellectual property will belong.")),
    ):
        if not getattr(application, name).strip():
            yield Gap(name, PARTICULARS, text)
    yield from _period(application, kind)


def _period(application: ProgramApplication, kind: Row) -> Iterator[Gap]:
    first, last = application.starts_on, application.ends_on
    if first is None or last is None:
        yield Gap("period", PARTICULARS, lazy("Enter first and last day of the project."))
        return
    if last < first:
        yield Gap("period", PARTICULARS, lazy("The project ends before it begins."))
        return
    if first.year != application.call.year:
        year = application.call.year
        yield Gap("period_year", PARTICULARS, lazy("A project of this call begins in %(year)s.", year=year))
    yield from _length(first, last, kind)


def _length(first: date, last: date, kind: Row) -> Iterator[Gap]:
    if kind.months_least is not None and last < _after_months(first, kind.months_least):
        text = lazy("This kind of project takes %(months)s months at least.", months=kind.months_least)
        yield Gap("too_short", PARTICULARS, text)
    if kind.months_most is not None and last >= _after_months(first, kind.months_most + 1):
        text = lazy("This kind of project takes %(months)s months at most.", months=kind.months_most)
        yield Gap("too_long", PARTICULARS, text)


def _after_months(first: date, months: int) -> date:
    """The last day of a span of so many months that begins on `first`."""
    year, month = divmod(first.month - 1 + months, 12)
    following = date(first.year + year, month + 1, min(first.day, 28))
    return date.fromordinal(following.toordinal() - 1)


# --- experts ----------------------------------------------------------------------------------------------------


def _experts(application: ProgramApplication) -> Iterator[Gap]:
    present = [expert for expert in application.experts if expert.left_on is None]
    if not present:
        yield Gap("no_expert", EXPERTS, lazy("Enter at least one expert."))
    book, kind = book_of(application), kind_of(application)
    regions = {row.code for row in book.rows("no_permit_regions")} | {NATION}
    for expert in present:
        name = expert.latin_name
        if expert.nationality in regions and not kind.base_checks:
            text = lazy("%(name)s is no foreign expert: residents of these regions take other ways.", name=name)
            yield Gap("not_foreign", EXPERTS, text, expert.id)
        yield from _work_plan(expert, book)
        age = rules.age_on(expert.birth_on, application.starts_on or clock.today())
        if kind.age_most is not None and age > kind.age_most:
            text = lazy("%(name)s is %(age)s; this programme ends at %(most)s.", name=name, age=age, most=kind.age_most)
            yield Gap("too_old", EXPERTS, text, expert.id)


def _work_plan(expert: ProgramExpert, book: RuleBook) -> Iterator[Gap]:
    name = expert.latin_name
    if expert.months_requested <= 0:
        yield Gap("no_months", EXPERTS, lazy("%(name)s: enter the person-months.", name=name), expert.id)
    if expert.mode == REMOTE:
        return
    days = expert.visits * expert.visit_days
    if not days:
        yield Gap("no_days", EXPERTS, lazy("%(name)s: enter visits and days.", name=name), expert.id)
        return
    most = rules.person_months(days, rules.setting(book, "MONTH_DAYS"))
    if expert.mode == VISITS and expert.months_requested > most:
        text = lazy(
            "%(name)s: %(asked)s person-months are more than the visits give (%(days)s days = %(most)s).",
            name=name, asked=expert.months_requested, days=days, most=most,
        )  # fmt: skip
        yield Gap("months_over", EXPERTS, text, expert.id)


# --- budget, goals, annexes -------------------------------------------------------------------------------------


def _budget(application: ProgramApplication) -> Iterator[Gap]:
    if not any(line.subsidy or line.own for line in application.budget):
        yield Gap("no_budget", BUDGET, lazy("Enter the budget by item."))
        return
    for finding in over_ceilings(application):
        text = lazy(
            "%(item)s: %(amount)s is more than the %(most)s that may be asked for.",
            item=finding.why, amount=_Yuan(finding.amount), most=_Yuan(finding.most),
        )  # fmt: skip
        yield Gap(f"over.{finding.item or 'total'}", BUDGET, text)


def over_ceilings(application: ProgramApplication) -> tuple[rules.BudgetFinding, ...]:
    kind = kind_of(application)
    return rules.over_ceiling(book_of(application), kind, amounts_of(application), stays_of(application))


@dataclass(frozen=True)
class _Yuan:
    """An amount inside a lazy text: written in the language in which the text is shown."""

    amount: Decimal

    def __str__(self) -> str:
        return format_money(self.amount)


def _goals(application: ProgramApplication) -> Iterator[Gap]:
    if not application.goals.strip():
        yield Gap("goals", GOALS, lazy("Describe what the project is to achieve."))
    book = book_of(application)
    for code in application.call.indicators:
        if not application.indicators.get(code):
            name = book.name_of("program_indicators", code)
            yield Gap(f"indicator.{code}", GOALS, lazy("The call asks for a target: %(name)s.", name=name))
    if not application.call.indicators and not any(application.indicators.values()):
        yield Gap("indicators", GOALS, lazy("Set a target for at least one indicator."))
    unmet = [check for check in base_checks(application) if not check.is_met]
    if unmet and not str(application.base.get("reason", "")).strip():
        text = lazy("%(count)s template checks of a 111 base are not met; give the reason.", count=len(unmet))
        yield Gap("base_reason", GOALS, text)


def base_checks(application: ProgramApplication) -> tuple[rules.BaseCheck, ...]:
    """Only for kinds that are checked by the template."""
    if not kind_of(application).base_checks:
        return ()
    day = application.starts_on or clock.today()
    members = [
        rules.Member(expert.role, rules.age_on(expert.birth_on, day))
        for expert in application.experts
        if expert.left_on is None
    ]
    return rules.base_checks(book_of(application), members, application.base)


def _files(application: ProgramApplication) -> Iterator[Gap]:
    there = {(file.document, file.expert_id) for file in application.files}
    documents = {document for document, _ in there}
    for row in book_of(application).rows("program_documents"):
        if not row.needed:
            continue
        if not row.per_expert:
            if row.code not in documents:
                yield Gap(f"file.{row.code}", FILES, lazy("Annex missing: %(name)s.", name=row.name))
            continue
        for expert in application.experts:
            if expert.left_on is None and (row.code, expert.id) not in there:
                text = lazy("Annex missing: %(name)s of %(expert)s.", name=row.name, expert=expert.latin_name)
                yield Gap(f"file.{row.code}", FILES, text, expert.id)


