"""What a page of one step shows beside its form: what will happen, from the transition table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import clock as clocks
from expertdesk.cases import guards, records
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.stepping import Between
from expertdesk.cases.workflow import CASE
from expertdesk.foundation import clock
from expertdesk.foundation.locale import Bilingual, format_date, lazy, lazy_date
from expertdesk.models import Case
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import ClockEffect


@dataclass(frozen=True)
class Effect:
    icon: str
    text: Any


@dataclass(frozen=True)
class Field:
    """A field of the form in the order of the page; `when`: the choices (joined by -) it belongs to."""

    name: str
    kind: str = "text"
    hint: Any = ""
    optional: bool = False
    hints: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 4
    when: str = ""


@dataclass(frozen=True)
class StepPage:
    """`preview_kind`: the letter whose draft can be looked at before it is issued."""

    head: CaseHead
    title: Any
    text: Any
    button: Any
    effects: tuple[Effect, ...]
    fields: tuple[Field, ...]
    between: Between | None
    preview_kind: str = ""
    is_end: bool = False
    notes: tuple[Any, ...] = ()


def step_page(
    loaded: Loaded,
    actor: Actor,
    action: str,
    fields: tuple[Field, ...],
    between: Between | None,
    *,
    title: Any = None,
    text: Any = None,
    button: Any = None,
    preview_kind: str = "",
    notes: tuple[Any, ...] = (),
) -> StepPage:
    """The page of an action of the table."""
    row = CASE.get(action)
    return StepPage(
        head=case_head(loaded.case, actor),
        title=title or row.label,
        text=row.does if text is None else text,
        button=button or row.label,
        effects=effects_of(loaded.case, action),
        fields=fields,
        between=between,
        preview_kind=preview_kind,
        is_end=row.target in CASE.finals and action != "close",
        notes=notes,
    )


def effects_of(case: Case, action: str) -> tuple[Effect, ...]:
    """State, clock, letters, notice: what the table says will happen, in the order in which it does."""
    row = CASE.get(action)
    found = []
    if row.target and row.target != case.state:
        found.append(Effect("right", lazy("The case goes to: %(state)s.", state=CASE.state_label(row.target))))
    moved = _clock(case, row.clock)
    if moved:
        found.append(Effect("clock", moved))
    for kind in row.letters:
        found.append(
            Effect("doc", lazy("Printed and kept: %(letter)s.", letter=rules_today().name_of("letters", kind)))
        )
    if row.notice:
        found.append(Effect("mail", lazy("Applicant and employer are told at once, in their language.")))
    found.append(
        Effect("user", lazy("The applicant sees it in their own file."))
        if row.is_public
        else Effect("lock", lazy("Internal: the applicant does not see it."))
    )
    return tuple(found)


def _clock(case: Case, effect: ClockEffect) -> Any:
    """The dates that follow, worked out for today."""
    today = clock.today()
    step = {
        ClockEffect.START_PRECHECK: clocks.PRECHECK,
        ClockEffect.START_CORRECTION: clocks.CORRECTION,
        ClockEffect.START_DECISION: clocks.DECISION,
        ClockEffect.START_DELIVERY: clocks.DELIVERY,
    }.get(effect)
    if step == clocks.CORRECTION:
        due = clocks.due_if_started(case, step, today)
        return lazy(
            "The applicant has until %(day)s, %(days)s working days; our limits stand still.",
            day=_day(due.promised_due_on),
            days=due.promised_wd,
        )
    if step is not None:
        due = clocks.due_if_started(case, step, today)
        return lazy(
            "The next limit starts today: promised %(promised)s, legal %(legal)s.",
            promised=_day(due.promised_due_on),
            legal=_day(due.statutory_due_on),
        )
    if effect is ClockEffect.STOP:
        return lazy("The running limit ends.") if guards.running_clock(case) else ""
    return {
        ClockEffect.PAUSE: lazy(
            "The limits it stands for wait until the clock runs again; no date can be told meanwhile."
        ),
        ClockEffect.RESUME: lazy("The days on which the clock stood are added to the limits."),
    }.get(effect, "")


def _day(day: Any) -> Any:
    return lazy_date(day) if day else "—"


def draft_opinion(case: Case, judged: Any) -> str:
    """The opinion as it usually reads, from what the rules found; the officer changes what is not so."""
    book = records.book_of(case)
    found, period = judged.classification, judged.period
    if not judged.category or not period.ok:
        return ""
    codes = [route.code for route in found.relevant if route.met and route.row.category == judged.category]
    category = book.row("categories", judged.category).name
    words = Bilingual(
        f"申请材料齐全、符合法定形式；申请人符合{category.zh}条件（{'、'.join(codes)}）。建议准予，许可期限自"
        f"{format_date(period.start, 'long', 'zh')}至{format_date(period.end, 'long', 'zh')}。",
        f"The papers are complete and in due form; the applicant meets the conditions of {category.en} "
        f"({', '.join(codes)}). Recommended: grant, from {format_date(period.start, 'long', 'en')} to "
        f"{format_date(period.end, 'long', 'en')}.",
    )
    return str(words)
