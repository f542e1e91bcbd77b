"""The parts of the page of an application: experts, money, annexes, reviews, what runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for

from expertdesk.access import Actor
from expertdesk.cases.rows import link, person_name
from expertdesk.foundation.locale import country_name, format_date, format_money, lazy
from expertdesk.models import ProgramApplication, ProgramExpert, ProgramReview, ProgramState, ProgramVisit
from expertdesk.permits.rows import Chip
from expertdesk.programs import checking, guards, rules
from expertdesk.programs.application_records import (
    ChangeLine,
    ExpertLine,
    FileLine,
    IndicatorLine,
    Money,
    MoneyLine,
    ReportLine,
    ReviewLine,
    RunLine,
    VisitLine,
)
from expertdesk.programs.policy import is_own, manages
from expertdesk.programs.workflow import PROGRAM, SINCE_APPROVAL, WRITABLE
from expertdesk.regulations.book import RuleBook

S = ProgramState


def named(book: RuleBook, table: str, code: str) -> Any:
    return book.name_of(table, code) if code else ""


def is_writable(application: ProgramApplication, actor: Actor) -> bool:
    """Whether the organisation's contact may change the parts now."""
    return str(application.state) in WRITABLE and is_own(application, actor)


def texts_of(application: ProgramApplication) -> tuple[tuple[Any, str], ...]:
    pairs = (
        (lazy("Why the organisation needs the expert"), application.need),
        (lazy("Tasks of the expert"), application.tasks),
        (lazy("Chinese team"), application.partners),
        (lazy("Intellectual property"), application.ip_terms),
    )
    return tuple(pair for pair in pairs if pair[1])


# --- experts ----------------------------------------------------------------------------------------------------


def experts_of(application: ProgramApplication, book: RuleBook, actor: Actor, own: bool) -> tuple[ExpertLine, ...]:
    may_edit = own and is_writable(application, actor)
    may_link = not own and manages(actor) and str(application.state) in PROGRAM.get("link_expert").sources
    since = str(application.state) in SINCE_APPROVAL
    month_days = rules.setting(book, "MONTH_DAYS")
    lines = []
    for expert in application.experts:
        days = sum(visit.days for visit in application.visits if visit.expert_id == expert.id) if since else 0
        lines.append(_expert_line(application, expert, book, days, month_days, own, may_edit, may_link))
    return tuple(lines)


def _expert_line(
    application: ProgramApplication, expert: ProgramExpert, book: RuleBook, days: int, month_days: int, own: bool,
    may_edit: bool, may_link: bool,
) -> ExpertLine:
    at = {"number": application.number, "expert_id": expert.id}
    return ExpertLine(
        id=expert.id, name=expert.latin_name, chinese_name=expert.chinese_name,
        country=country_name(expert.nationality), born_on=expert.birth_on,
        role=book.name_of("program_roles", expert.role), post=expert.post, employer=expert.employer,
        degree=named(book, "education_facts", expert.degree), mode=book.name_of("program_modes", expert.mode),
        entry_on=expert.entry_on, visits=expert.visits, visit_days=expert.visit_days, months=expert.months_requested,
        done_days=days, done_months=rules.person_months(days, month_days), tasks=expert.tasks, record=expert.record,
        grants=expert.grants, works=expert.works, left_on=expert.left_on, is_linked=expert.person_id is not None,
        person_url=link("experts.person", person_id=expert.person_id) if expert.person_id and not own else "",
        link_url=url_for("programs.link", **at) if may_link else "",
        edit_url=url_for("programs.my_expert", **at) if may_edit else "", passport=expert.passport_number,
    )  # fmt: skip


# --- money, goals, annexes --------------------------------------------------------------------------------------


def money_of(application: ProgramApplication, book: RuleBook) -> Money:
    kind, stays = checking.kind_of(application), checking.stays_of(application)
    findings = checking.over_ceilings(application)
    over = {finding.item for finding in findings}
    items = {row.code: row for row in book.rows("program_items")}
    lines = []
    for line in application.budget:
        row = items.get(line.item)
        most = rules.ceiling(book, row, stays) if row is not None and kind.per_visit else None
        lines.append(
            MoneyLine(
                item=line.item, name=book.name_of("program_items", line.item), subsidy=line.subsidy, own=line.own,
                basis=line.basis, most=most, is_over=line.item in over, approved=line.approved, spent=line.spent,
                own_spent=line.own_spent, is_unsure=row is not None and row.is_unsure,
            )
        )  # fmt: skip
    order = list(items)
    lines.sort(key=lambda line: order.index(line.item) if line.item in items else len(order))
    spent = [line.spent for line in lines if line.spent is not None]
    return Money(
        tuple(lines), checking.subsidy_of(application), checking.own_of(application), application.funds_approved,
        sum(spent, rules.ZERO) if spent else None, findings,
    )  # fmt: skip


def indicators_of(application: ProgramApplication, book: RuleBook, since: bool) -> tuple[IndicatorLine, ...]:
    reached: dict[str, int] = {}
    for report in application.reports if since else ():
        reached.update(report.indicators)
    return tuple(
        IndicatorLine(row.name, row.unit_name, application.indicators.get(row.code), reached.get(row.code))
        for row in book.rows("program_indicators")
        if application.indicators.get(row.code) is not None or row.code in reached
    )


def files_of(application: ProgramApplication, book: RuleBook, own: bool) -> tuple[FileLine, ...]:
    names = {expert.id: expert.latin_name for expert in application.experts}
    endpoint = "programs.my_file" if own else "programs.file"
    return tuple(
        FileLine(
            id=file.id, document=book.name_of("program_documents", file.document),
            expert=names.get(file.expert_id or 0, ""), name=file.file_name,
            url=url_for(endpoint, number=application.number, file_id=file.id), at=file.uploaded_at, pages=file.pages,
            remove_url=url_for("programs.my_remove_file", number=application.number, file_id=file.id)
            if own and str(application.state) in WRITABLE
            else "",
        )
        for file in application.files
    )  # fmt: skip


# --- review and decision ----------------------------------------------------------------------------------------


def reviews_of(application: ProgramApplication, book: RuleBook) -> tuple[ReviewLine, ...]:
    """Who reviews and how far they are; scores and opinions only once all are in."""
    opened = guards.all_in(application)
    is_running = application.state is S.IN_REVIEW
    lines = []
    for review in application.reviews:
        may_record = not review.reviewer_id and review.submitted_at is None and not review.has_conflict and is_running
        url = url_for("programs.outside_review", number=application.number, review_id=review.id) if may_record else ""
        lines.append(_review_line(review, book, is_shown=opened, record_url=url))
    return tuple(lines)


def own_review_line(review: ProgramReview, book: RuleBook) -> ReviewLine:
    """What a reviewer gave: its author sees it at any time."""
    return _review_line(review, book, is_shown=True)


def _review_line(review: ProgramReview, book: RuleBook, *, is_shown: bool, record_url: str = "") -> ReviewLine:
    account = review.reviewer
    shown = is_shown and review.submitted_at is not None
    opinion = review.opinion if shown else review.conflict_note if review.has_conflict else ""
    return ReviewLine(
        id=review.id, who=person_name(account.name, account.name_latin) if account is not None else review.outside_name,
        body=review.outside_body, is_outside=account is None, chip=_review_chip(review),
        total=review.total if shown else None,
        recommendation=named(book, "program_recommendations", review.recommendation) if shown else "",
        opinion=opinion, scores=_scores(book, review.scores) if shown else (), record_url=record_url,
    )  # fmt: skip


def _scores(book: RuleBook, scores: dict[str, int]) -> tuple[tuple[Any, int, int], ...]:
    return tuple((row.name, scores[row.code], row.most) for row in book.rows("program_criteria") if row.code in scores)


def _review_chip(review: Any) -> Chip:
    if review.has_conflict:
        return Chip("", "cross", lazy("fell out"))
    if review.submitted_at is not None:
        return Chip("ok", "tick", lazy("opinion is in"))
    return Chip("now", "clock", lazy("waited for"))


def mean_of(application: ProgramApplication) -> Decimal | None:
    if not guards.all_in(application):
        return None
    return rules.mean([review.total for review in guards.taking_part(application) if review.total is not None])


def meeting_of(application: ProgramApplication) -> Any:
    meeting = application.meeting
    return None if meeting is None else (meeting.held_on, meeting.chair, meeting.minutes_number)


def approval_of(application: ProgramApplication) -> Any:
    if application.approved_on is None:
        return None
    return application.approval_number, application.approved_on, application.funds_approved, application.months_approved


# --- the run ----------------------------------------------------------------------------------------------------


def done_of(visits: Iterable[ProgramVisit], book: RuleBook) -> Decimal:
    return rules.person_months(sum(visit.days for visit in visits), rules.setting(book, "MONTH_DAYS"))


def runs_of(application: ProgramApplication, book: RuleBook) -> tuple[RunLine, ...]:
    month_days = rules.setting(book, "MONTH_DAYS")
    lines = []
    for run in application.runs:
        first, last = date(run.year, 1, 1), date(run.year, 12, 31)
        days = sum(rules.days_within(visit.entered_on, visit.left_on, first, last) for visit in application.visits)
        lines.append(RunLine(run.year, run.months, rules.person_months(days, month_days), run.funds, run.spent))
    return tuple(lines)


def visits_of(application: ProgramApplication, book: RuleBook) -> tuple[VisitLine, ...]:
    most = rules.setting(book, "SUBSIDISED_DAYS")
    per_visit = checking.kind_of(application).per_visit
    names = {expert.id: expert.latin_name for expert in application.experts}
    return tuple(
        VisitLine(
            names.get(visit.expert_id, ""), visit.entered_on, visit.left_on, visit.days,
            bool(per_visit) and visit.days > most, visit.work,
        )
        for visit in application.visits
    )  # fmt: skip


def reports_of(application: ProgramApplication, book: RuleBook) -> tuple[ReportLine, ...]:
    return tuple(
        ReportLine(book.name_of("program_report_kinds", item.kind), item.year, item.reported_on, item.text)
        for item in application.reports
    )


def changes_of(application: ProgramApplication, book: RuleBook) -> tuple[ChangeLine, ...]:
    lines = []
    for change in application.changes:
        chip = Chip("now", "clock", lazy("waits for the bureau"))
        if change.is_agreed is not None:
            chip = Chip("ok", "tick", lazy("agreed")) if change.is_agreed else Chip("", "cross", lazy("refused"))
        lines.append(
            ChangeLine(
                book.name_of("program_change_kinds", change.kind), change.asked_on, change.reason,
                wanted_text(application, book, change), chip, change.answer,
            )
        )  # fmt: skip
    return tuple(lines)


def wanted_text(application: ProgramApplication, book: RuleBook, change: Any) -> Any:
    """What would take effect, in a few words."""
    wanted = change.wanted
    if "ends_on" in wanted:
        return lazy("new last day %(day)s", day=format_date(date.fromisoformat(wanted["ends_on"])))
    if "amount" in wanted:
        return lazy(
            "%(amount)s from %(source)s to %(target)s", amount=format_money(Decimal(wanted["amount"])),
            source=book.name_of("program_items", wanted["from_item"]),
            target=book.name_of("program_items", wanted["to_item"]),
        )  # fmt: skip
    if "expert_id" in wanted:
        found = next((item for item in application.experts if item.id == wanted["expert_id"]), None)
        return lazy("%(name)s leaves", name=found.latin_name) if found is not None else ""
    return ""


