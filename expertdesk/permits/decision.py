"""The approving officer's page as a frozen record: what changed, who did what, why which category, the papers, the
limits, the opinion, the permit a grant would make and why it ends when it ends, and what can be done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor, Permission
from expertdesk.cases import records
from expertdesk.cases.case_page import CaseHead, case_head, case_options, stage_line, strip_of
from expertdesk.cases.case_record import LetterLine, letter_lines, letter_number
from expertdesk.cases.history_parts import OpenBy, looks_at
from expertdesk.cases.judging import Judged, judgement_of
from expertdesk.cases.letters import remedies
from expertdesk.cases.paper_parts import PaperGroup, paper_groups, papers_summary
from expertdesk.cases.papers import paper_grid
from expertdesk.cases.policy import NEUTRAL_EVENTS, know_handlers, visible_cases
from expertdesk.cases.result_parts import Result, result_of
from expertdesk.cases.rows import organisation_name
from expertdesk.cases.workflow import CASE
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, Reason
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import Case, CaseState, Event, OrganisationContact, PaperCheck, Permit, Person
from expertdesk.permits import commands, letters
from expertdesk.permits.changes import Change, Names, Step, changes_of, history_lines, names_of
from expertdesk.permits.wording import PaperProblem, Particulars, RefusalDraft, refusal_draft
from expertdesk.regulations import PermitPeriod
from expertdesk.workflow import Transition

S = CaseState
GRANT, REFUSE, SEND_BACK = "grant", "refuse", "send_back"
_LONGEST_NUMBER = 40
_DECIDED = frozenset({S.GRANTED, S.REFUSED, S.DELIVERED, S.CLOSED})


@dataclass(frozen=True)
class Choice:
    """What the reader can decide, or why not; `does` says what happens then."""

    action: str
    label: Any
    does: Any
    is_allowed: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class End:
    """A date that could end the permit; the earliest does."""

    name: Any
    on: date
    decides: bool


@dataclass(frozen=True)
class Period:
    """The permit a grant today would make. `text` names the date that makes it impossible when `is_ok` is false."""

    is_ok: bool
    text: Any
    start: date | None = None
    end: date | None = None
    months: int = 0
    cause: Any = ""
    ends: tuple[End, ...] = ()


@dataclass(frozen=True)
class Opinion:
    """What the case officer recommends."""

    text: str
    is_grant: bool
    by: str
    on: date | None


@dataclass(frozen=True)
class Outcome:
    """The decision that was made."""

    is_grant: bool
    by: str
    on: date
    opinion: str
    permit_number: str
    permit_url: str
    letters: tuple[LetterLine, ...]


@dataclass(frozen=True)
class Ground:
    code: str
    name: Any
    basis: Any
    note: Any


@dataclass(frozen=True)
class Facts:
    """Person, employer and work, as the letters print them."""

    latin_name: str
    passport_number: str
    passport_expires_on: date
    birth_on: date
    employer: str
    employer_other: str
    credit_code: str
    contact: str
    contact_phone: str
    post: str
    contract_start: date | None
    contract_end: date | None
    is_open_ended: bool
    salary_month: Any
    received_on: date
    accepted_on: date | None
    is_deemed: bool
    family: tuple[str, ...]
    permit_number: str
    previous_url: str
    previous_ends_on: date | None


@dataclass(frozen=True)
class DecisionPage:
    case_id: int
    head: CaseHead
    stages: Sequence[Any]
    days: Sequence[Any]
    seen_event: int
    facts: Facts
    opinion: Opinion
    changes: tuple[Change, ...]
    new_changes: int
    looked_at: datetime | None
    history: tuple[Step, ...]
    open_by: OpenBy | None
    result: Result
    papers: tuple[PaperGroup, ...]
    papers_summary: Any
    period: Period
    choices: tuple[Choice, ...]
    previews: tuple[tuple[str, str], ...]
    grounds: tuple[Ground, ...]
    remedies: Any
    draft: RefusalDraft
    outcome: Outcome | None
    is_open: bool
    state_name: Any
    case_url: str
    next_url: str

    def choice(self, action: str) -> Choice:
        return next(choice for choice in self.choices if choice.action == action)


def load(number: str, actor: Actor) -> tuple[Case, OrganisationContact | None, Permit | None]:
    """The case with everything the page needs, in four queries. NotFound also for what the reader may not see."""
    if not 0 < len(number) <= _LONGEST_NUMBER:
        raise NotFound(number)
    statement: Any = (
        select(Case, OrganisationContact, Permit)
        .outerjoin(OrganisationContact, Case.contact_id == OrganisationContact.id)
        .outerjoin(Permit, Permit.case_id == Case.id)
        .where(Case.number == number)
        .options(*case_options(), joinedload(Case.person).joinedload(Person.family))
    )
    found: Any = db.session.execute(visible_cases(statement, actor)).unique().one_or_none()
    if found is None:
        raise NotFound(number)
    case, contact, permit = found
    return case, contact, permit


def decision_page(number: str, actor: Actor) -> DecisionPage:
    """Everything for one decision, in at most eight queries."""
    case, contact, permit = load(number, actor)
    judged = judgement_of(case)
    events = commands.events_since(case, 0)
    know_handlers(case, actor, [event for event in events if event.subject_kind == "case"])
    looks = looks_at(case, actor)
    lines, book = paper_grid(case, actor), records.book_of(case)
    recommended = next((event.id for event in reversed(events) if event.name == "case.recommended"), 0)
    later = [event for event in events if event.id > recommended] if recommended else []
    names = names_of([*(event.actor_id for event in events), case.decided_by_id, case.recommended_by_id])
    changes = changes_of(later, looks.last, book, names)
    is_open = case.state is S.RECOMMENDED
    running = commands.running_permits(case) if is_open else []
    return DecisionPage(
        case_id=case.id,
        head=case_head(case, actor),
        stages=stage_line(case),
        days=strip_of(case),
        seen_event=events[-1].id if events else 0,
        facts=_facts(case, contact),
        opinion=_opinion(case, names),
        changes=changes,
        new_changes=sum(1 for change in changes if change.is_new),
        looked_at=looks.last,
        history=history_lines([event for event in events if event.subject_kind == "case"], book, names),
        open_by=looks.open_by,
        result=result_of(case, judged, actor),
        papers=paper_groups(case.number, lines),
        papers_summary=papers_summary(lines),
        period=_period(judged),
        choices=_choices(case, actor, events, running) if is_open else (),
        previews=_previews(case, judged) if is_open else (),
        grounds=_grounds(case),
        remedies=remedies(clock.today()),
        draft=draft_of(case, judged),
        outcome=_outcome(case, permit, actor, names) if case.state in _DECIDED else None,
        is_open=is_open,
        state_name=book.state(case.state).name,
        case_url=url_for("cases.case", number=case.number),
        next_url="" if is_open else next_to_decide(actor),
    )


def draft_of(case: Case, judged: Judged | None = None) -> RefusalDraft:
    """Facts and reasons of a refusal as the data gives them."""
    judged = judged or judgement_of(case)
    work = Particulars(
        post=Bilingual(case.post, case.post_en or case.post),
        contract_start=case.contract_start_on,
        contract_end=case.contract_end_on,
        is_open_ended=case.is_open_ended,
        salary_month=case.salary_month,
        salary_year=case.salary_year,
        claimed_category=case.claimed_category,
    )
    return refusal_draft(work, judged.classification, judged.checks, judged.period, _problem_papers(case))


def _problem_papers(case: Case) -> list[PaperProblem]:
    """Papers the officer found not in order, in the words of the check."""
    book = records.book_of(case)
    return [
        PaperProblem(
            book.name_of("documents", paper.document),
            Bilingual(paper.problem_zh, paper.problem_en or paper.problem_zh),
        )
        for paper in sorted(case.papers, key=lambda paper: paper.position)
        if paper.check is PaperCheck.PROBLEM and paper.problem_zh
    ]


# --- parts -------------------------------------------------------------------------------------------------------


def _facts(case: Case, contact: OrganisationContact | None) -> Facts:
    organisation, person, permit = case.organisation, case.person, case.previous_permit
    name = organisation_name(organisation.name_zh, organisation.name_en)
    spouse, children, others = letters.family_of(case)
    family = [member.latin if not member.native else f"{member.latin} {member.native}"
              for member in (*((spouse,) if spouse else ()), *children, *others)]  # fmt: skip
    return Facts(
        latin_name=person.latin_name,
        passport_number=case.passport.number,
        passport_expires_on=case.passport.expires_on,
        birth_on=person.birth_on,
        employer=name,
        employer_other=organisation.name_en if name == organisation.name_zh else organisation.name_zh,
        credit_code=organisation.credit_code,
        contact=contact.name if contact else "",
        contact_phone=contact.phone if contact else organisation.phone,
        post=case.post,
        contract_start=case.contract_start_on,
        contract_end=case.contract_end_on,
        is_open_ended=case.is_open_ended,
        salary_month=case.salary_month,
        received_on=case.received_on,
        accepted_on=case.accepted_on,
        is_deemed=case.is_deemed_accepted,
        family=tuple(family),
        permit_number=person.permit_number or "",
        previous_url=url_for("permits.permit", permit_id=permit.id) if permit is not None else "",
        previous_ends_on=permit.ends_on if permit is not None else None,
    )


def _opinion(case: Case, names: Names) -> Opinion:
    said = case.recommendation or {}
    on = said.get("on")
    return Opinion(
        text=str(said.get("opinion", "")),
        is_grant=bool(said.get("is_grant", True)),
        by=names.get(case.recommended_by_id or 0) or str(said.get("by", "")),
        on=date.fromisoformat(on) if on else None,
    )


def _period(judged: Judged) -> Period:
    found = judged.period
    if not judged.category:
        return Period(False, lazy("No criterion of any category is met."))
    if not isinstance(found, PermitPeriod):
        return Period(False, found.text)
    book = judged.classification.book
    ends = sorted(found.ends, key=lambda pair: (pair[1], pair[0] != found.cause))
    return Period(
        True,
        found.text,
        start=found.start,
        end=found.end,
        months=found.months,
        cause=found.cause_name,
        ends=tuple(End(book.row("period_causes", code).date, on, code == found.cause) for code, on in ends),
    )


def _choices(case: Case, actor: Actor, events: Sequence[Event], running: Sequence[Permit]) -> tuple[Choice, ...]:
    """The three actions of the table with every reason against them; each guard is asked once."""
    asked: dict[Callable[..., Any], Sequence[Reason]] = {}

    def reasons_of(row: Transition) -> tuple[Reason, ...]:
        found: list[Reason] = []
        for guard in row.guards:
            if guard not in asked:
                asked[guard] = guard(case, actor)
            found.extend(asked[guard])
        if row.action == GRANT:
            found.extend(commands.period_reasons(case, running))
        return tuple(found)

    rows = [CASE.get(action) for action in (GRANT, REFUSE, SEND_BACK)]
    made = [(row, reasons_of(row)) for row in rows if actor.may(Permission.CASE_DECIDE)]
    return tuple(Choice(row.action, row.label, row.does, not reasons, reasons) for row, reasons in made)


def _previews(case: Case, judged: Judged) -> tuple[tuple[str, str], ...]:
    """(kind, address) of the drafts that can be drawn now."""
    kinds = [letters.REFUSAL]
    if judged.category and judged.period.ok:
        kinds = [letters.NOTIFICATION, letters.GRANT, letters.REFUSAL]
    return tuple((kind, url_for("permits.preview", number=case.number, kind=kind)) for kind in kinds)


def _grounds(case: Case) -> tuple[Ground, ...]:
    book = records.book_of(case)
    found = []
    for row in book.rows("refusal_grounds"):
        table = "articles" if book.find("articles", row.basis) else "laws"
        found.append(Ground(row.code, row.name, book.name_of(table, row.basis), row.note))
    return tuple(found)


def _outcome(case: Case, permit: Permit | None, actor: Actor, names: Names) -> Outcome:
    decisions = {letter_number(letter) for letter in case.letters if letter.kind.value in letters.DECISIONS}
    return Outcome(
        is_grant=case.decision.get("outcome") == "granted",
        by=names.get(case.decided_by_id or 0, ""),
        on=case.decided_on or clock.today(),
        opinion=str(case.decision.get("opinion", "")),
        permit_number=permit.number if permit is not None else "",
        permit_url=url_for("permits.permit", permit_id=permit.id) if permit is not None else "",
        letters=tuple(line for line in letter_lines(case, actor) if line.number in decisions),
    )


def next_to_decide(actor: Actor) -> str:
    """The case that waits longest for this reader's decision, "" when none does."""
    touched = exists().where(
        Event.subject_kind == "case",
        Event.subject_id == Case.id,
        Event.actor_id == actor.id,
        Event.name.not_in(NEUTRAL_EVENTS),
    )
    statement = select(Case.number).where(Case.state == S.RECOMMENDED, ~touched).order_by(Case.id).limit(1)
    number = db.session.scalar(visible_cases(statement, actor))
    return url_for("permits.decide", number=number) if number else ""


__all__ = ["DecisionPage", "decision_page", "draft_of", "load", "next_to_decide"]
