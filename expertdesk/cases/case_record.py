"""The case page put together: every part of it from the case as loaded, the events and the looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from expertdesk.access import Actor, Permission
from expertdesk.cases import guards, records
from expertdesk.cases.case_page import CaseHead, Loaded, Stage, case_head, stage_line, strip_of
from expertdesk.cases.day_strip import DayCell
from expertdesk.cases.doing import Doing, Others, doings, others
from expertdesk.cases.history_parts import (
    Change,
    Entry,
    Happened,
    OpenBy,
    changes_since,
    happened,
    history_of,
    looks_at,
)
from expertdesk.cases.judging import judgement_of
from expertdesk.cases.paper_parts import PaperGroup, paper_groups, papers_summary
from expertdesk.cases.papers import paper_grid
from expertdesk.cases.policy import know_handlers
from expertdesk.cases.result_parts import Result, result_of
from expertdesk.cases.rows import link, organisation_name
from expertdesk.foundation import clock
from expertdesk.foundation.locale import Bilingual, current_language, format_date, lazy, lazy_date
from expertdesk.models import Case, CaseState, Letter
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today

S = CaseState


@dataclass(frozen=True)
class Fact:
    """A label and its value. `is_data`: a name, number or date of the record, not a word of the language; `phone`: a
    number to call, shown under it."""

    label: Any
    text: Any
    url: str = ""
    is_data: bool = True
    day: date | None = None
    phone: str = ""


@dataclass(frozen=True)
class Alarm:
    text: Any
    is_now: bool


@dataclass(frozen=True)
class AskedItem:
    name: Any
    problem: Any
    demand: Any
    answered: bool
    url: str


@dataclass(frozen=True)
class CorrectionView:
    issued_on: date | None
    due_on: date | None
    items: tuple[AskedItem, ...]


@dataclass(frozen=True)
class RecommendationView:
    is_grant: bool
    opinion: str
    by: str
    at: datetime | None
    back_reason: str = ""
    back_by: str = ""
    back_at: datetime | None = None


@dataclass(frozen=True)
class LetterLine:
    title: Any
    number: str
    issued_on: date
    pages: int
    status: Any
    url: str
    download_url: str
    # spellings that no font of the letters has; the officer is told, the Latin name is there
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class CasePage:
    head: CaseHead
    stages: tuple[Stage, ...]
    days: tuple[DayCell, ...]
    days_note: Any
    open_by: OpenBy | None
    alarm: Alarm | None
    changes: tuple[Change, ...]
    changes_since: datetime | None
    changes_first: bool
    task_title: Any
    task_text: Any
    correction: CorrectionView | None
    recommendation: RecommendationView | None
    ending: tuple[Fact, ...]
    result: Result | None
    period: bool
    doings: tuple[Doing, ...]
    others: tuple[Others, ...]
    papers: tuple[PaperGroup, ...]
    papers_summary: Any
    papers_url: str
    letters: tuple[LetterLine, ...]
    history: tuple[Entry, ...]
    people: tuple[Fact, ...]


def case_record(loaded: Loaded, actor: Actor) -> CasePage:
    """Eight queries with the one that loaded it, the session and the note of this look."""
    case, today = loaded.case, clock.today()
    events = happened(case)
    know_handlers(case, actor, [item.event for item in events])
    looks = looks_at(case, actor)
    book = records.book_of(case)
    lines = paper_grid(case, actor)
    changes = changes_since(events, looks.last, actor, book)
    title, text = _task(case)
    return CasePage(
        head=case_head(case, actor),
        stages=stage_line(case),
        days=strip_of(case),
        days_note=_days_note(case, book),
        open_by=looks.open_by,
        alarm=_alarm(case, today),
        changes=changes,
        changes_since=looks.last,
        changes_first=case.state is S.RECOMMENDED and actor.may(Permission.CASE_DECIDE),
        task_title=title,
        task_text=text,
        correction=_correction(case, book),
        recommendation=_recommendation(case, events),
        ending=_ending(loaded, book),
        result=result_of(case, judgement_of(case), actor),
        period=case.state in (S.ACCEPTED, S.RECOMMENDED),
        doings=doings(case, actor),
        others=others(case, actor),
        papers=paper_groups(case.number, lines),
        papers_summary=papers_summary(lines),
        papers_url=url_for("cases.check", number=case.number) if actor.may(Permission.PAPER_CHECK) else "",
        letters=letter_lines(case, actor),
        history=history_of(case, events, today),
        people=_people(loaded),
    )


# --- task ------------------------------------------------------------------------------------------------------


def _task(case: Case) -> tuple[Any, Any]:
    """The heading of the middle panel and one sentence on what the stage is about."""
    return {
        S.DRAFT: (
            lazy("Draft: complete and submit"),
            lazy("Nothing has been received yet; no limit runs before the application is submitted."),
        ),
        S.SUBMITTED: (lazy("Preliminary check: papers and category"), ""),
        S.IN_CORRECTION: (lazy("Correction: waiting for the applicant"), ""),
        S.ACCEPTED: (
            lazy("Review: does the applicant meet the conditions?"),
            lazy("The application counts as accepted by silence.") if case.is_deemed_accepted else "",
        ),
        S.RECOMMENDED: (lazy("Decision: with an approving officer"), ""),
        S.GRANTED: (lazy("Granted: deliver the letters"), ""),
        S.REFUSED: (lazy("Refused: deliver the decision"), ""),
        S.DELIVERED: (lazy("Delivered: close the case"), ""),
        S.CLOSED: (lazy("Closed"), ""),
        S.NOT_ACCEPTED: (lazy("Not accepted"), ""),
        S.RETURNED: (lazy("Returned"), ""),
        S.WITHDRAWN: (lazy("Withdrawn"), ""),
    }[case.state]


def _alarm(case: Case, today: date) -> Alarm | None:
    """Silence counts as acceptance: said on the last two days, and afterwards until the worker has recorded it."""
    row = guards.running_clock(case)
    if case.state is not S.SUBMITTED or row is None or row.statutory_due_on is None:
        return None
    if guards.counts_as_accepted(case):
        text = lazy(
            "Nobody named a gap in time: the case counts as accepted since %(day)s. Record the acceptance and go on "
            "with the review.",
            day=lazy_date(row.started_on),
        )
        return Alarm(text, is_now=True)
    next_day = rules_today().calendar.add_working_days(today, 1).due_on
    if row.statutory_due_on == today:
        return Alarm(
            lazy("After 24:00 today the case counts as accepted. Name every gap before, or accept it."), is_now=True
        )
    if row.statutory_due_on == next_day:
        text = lazy(
            "After %(day)s, 24:00, the case counts as accepted. Name every gap before, or accept it.",
            day=lazy_date(next_day),
        )
        return Alarm(text, is_now=False)
    return None


def _correction(case: Case, book: RuleBook) -> CorrectionView | None:
    found = guards.open_correction(case)
    if case.state is not S.IN_CORRECTION or found is None:
        return None
    items = tuple(
        AskedItem(
            name=book.name_of("documents", item.document),
            problem=Bilingual(item.problem_zh, item.problem_en),
            demand=Bilingual(item.demand_zh, item.demand_en),
            answered=item.answered_at is not None,
            url=url_for("cases.paper", number=case.number, document=item.document),
        )
        for item in found.items
    )
    return CorrectionView(found.issued_on, found.due_on, items)


def _recommendation(case: Case, events: list[Happened]) -> RecommendationView | None:
    said = case.recommendation
    if not said or case.state in (S.DRAFT, S.SUBMITTED, S.IN_CORRECTION):
        return None
    last = next((item for item in reversed(events) if item.event.name == "case.recommended"), None)
    back = next((item for item in reversed(events) if item.event.name == "case.sent_back"), None)
    if back is not None and (case.state is not S.ACCEPTED or (last and back.event.id < last.event.id)):
        back = None
    return RecommendationView(
        is_grant=bool(said.get("is_grant")),
        opinion=said.get("opinion") or str(lazy("No remark.")),
        by=last.who if last else said.get("by", ""),
        at=last.event.at if last else None,
        back_reason=str(back.event.payload.get("reason", "")) if back else "",
        back_by=back.who if back else "",
        back_at=back.event.at if back else None,
    )


def _ending(loaded: Loaded, book: RuleBook) -> tuple[Fact, ...]:
    """What came out of the case, once something did."""
    case, permit = loaded.case, loaded.permit
    found: list[Fact] = []
    if case.decided_on:
        found.append(Fact(lazy("Decided on"), "", day=case.decided_on))
    if permit is not None:
        found.append(Fact(lazy("Permit"), permit.number, link("permits.permit", permit_id=permit.id)))
        period = lazy("%(start)s to %(end)s", start=lazy_date(permit.starts_on), end=lazy_date(permit.ends_on))
        found.append(Fact(lazy("In force"), period, is_data=False))
    grounds = case.decision.get("grounds") or ([case.decision["ground"]] if case.decision.get("ground") else [])
    table = "non_acceptance_grounds" if case.state is S.NOT_ACCEPTED else "refusal_grounds"
    found += [Fact(lazy("Ground"), book.name_of(table, code), is_data=False) for code in grounds]
    if case.decision.get("delivered_on"):
        found.append(Fact(lazy("Delivered on"), "", day=date.fromisoformat(case.decision["delivered_on"])))
    return tuple(found)


def _days_note(case: Case, book: RuleBook) -> Any:
    """Where the figures come from, in one sentence."""
    row = guards.running_clock(case)
    if row is None:
        return ""
    if row.step == "correction":
        return lazy(
            "The applicant has %(days)s working days to correct; our own limits stand still.", days=row.promised_wd
        )
    said = []
    if row.promised_wd is not None:
        layer = {
            "promised": lazy("bureau’s promise"),
            "national": lazy("national guide"),
            "statutory": lazy("law"),
        }
        source = layer.get(row.promised_layer, "")
        said.append(str(lazy("%(days)s working days by the %(source)s", days=row.promised_wd, source=source)))
    if row.statutory_wd is not None:
        said.append(str(lazy("%(days)s by law", days=row.statutory_wd + row.extended_wd)))
    if row.is_provisional:
        said.append(str(lazy("provisional: the official calendar is not out yet")))
    return ("；" if current_language() == "zh" else "; ").join(said)


# --- letters, people -------------------------------------------------------------------------------------------


def letter_lines(case: Case, actor: Actor) -> tuple[LetterLine, ...]:
    """Issued letters, newest first."""
    if not actor.may(Permission.LETTER_READ):
        return ()
    book, today = rules_today(), clock.today()
    letters = sorted(case.letters, key=lambda letter: letter.id, reverse=True)
    return tuple(_letter_line(case, letter, book, today) for letter in letters)


def letter_number(letter: Letter) -> str:
    """As it is printed on the pages of the reader's language."""
    return letter.number_en if current_language() == "en" and letter.number_en else letter.number_zh


def _letter_line(case: Case, letter: Letter, book: RuleBook, today: date) -> LetterLine:
    expired = letter.status == "issued" and letter.valid_until is not None and letter.valid_until < today
    state = "expired" if expired else letter.status.value
    url = url_for("cases.letter", number=case.number, letter_id=letter.id)
    return LetterLine(
        title=book.name_of("letters", letter.kind.value),
        number=letter_number(letter),
        issued_on=letter.issued_on,
        pages=letter.pages,
        status="" if state == "issued" else book.name_of("letter_states", state),
        url=url,
        download_url=f"{url}?download=1",
        left_out=tuple(text for _, text in letter.left_out),
    )


def _people(loaded: Loaded) -> tuple[Fact, ...]:
    """Person and employer in short; the passport in full on an officer's page, the look at it is noted."""
    case, contact = loaded.case, loaded.contact
    person, passport, organisation = case.person, case.passport, case.organisation
    post = case.post_en if case.post_en and current_language() != "zh" else case.post
    employer = organisation_name(organisation.name_zh, organisation.name_en)
    found = [
        Fact(lazy("Name in passport"), person.latin_name, link("experts.person", person_id=person.id)),
        Fact(lazy("Passport"), passport.number),
        Fact(lazy("Passport valid until"), "", day=passport.expires_on),
        Fact(lazy("Born"), "", day=person.birth_on),
        Fact(lazy("Host organisation"), employer, link("experts.organisation", organisation_id=organisation.id)),
        Fact(lazy("Place of work"), rules_today().name_of("districts", case.district), is_data=False),
        Fact(lazy("Post"), post),
        Fact(lazy("Contract"), _contract(case)),
    ]
    if contact is not None:
        found.append(Fact(lazy("Employer’s contact"), contact.name, phone=contact.phone))
    if case.previous_permit is not None:
        permit = case.previous_permit
        found.append(Fact(lazy("Permit extended"), permit.number, link("permits.permit", permit_id=permit.id)))
    return tuple(fact for fact in found if fact.text or fact.day)


def _contract(case: Case) -> str:
    start = format_date(case.contract_start_on) if case.contract_start_on else "…"
    end = format_date(case.contract_end_on) if case.contract_end_on and not case.is_open_ended else "…"
    return f"{start}{'至' if current_language() == 'zh' else ' – '}{end}"
