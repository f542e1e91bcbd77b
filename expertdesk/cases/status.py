"""Where the case stands in one sentence: what happened last, who holds it, the next step, the date.

The same sentence is read by the expert on `/my`, on the phone at the counter, and by whoever holds the slip at
`/status`: it names roles, never people. Everything is worked out at read time; overdue, paused, provisional and
"counts as accepted" are no states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from expertdesk.cases import records
from expertdesk.cases.clock import TimeLeft, time_left
from expertdesk.cases.guards import counts_as_granted, open_correction, running_clock
from expertdesk.foundation import clock
from expertdesk.foundation.locale import Bilingual, lazy, lazy_date
from expertdesk.models import Case, CaseState, LetterKind
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today

S = CaseState


@dataclass(frozen=True)
class StageItem:
    """A place of the stage line; `state`: done, now or next."""

    code: str
    name: Bilingual
    note: Any
    state: str


@dataclass(frozen=True)
class Status:
    """`sentence` says it all in one; `for_you` what the expert or the employer must do now ("" = nothing).

    `due_on`: the day the reader waits for, or must act by. `tone`: "" calm, you (something to do), late, good, bad.
    """

    sentence: Any
    holder: Any
    next_step: Any
    due_on: date | None
    is_provisional: bool
    for_you: Any
    stage_line: tuple[StageItem, ...]
    tone: str = ""
    time: TimeLeft | None = None


@dataclass(frozen=True)
class _Told:
    """What one state has to say."""

    sentence: Any
    next_step: Any
    due_on: date | None = None
    for_you: Any = ""
    tone: str = ""


def status_of(case: Case) -> Status:
    """The status today, in the language in which it is shown."""
    time = time_left(case)
    book = rules_today()
    told = _TELLERS[case.state](case, time)
    state = book.state(_seen_state(case, time))
    return Status(
        sentence=told.sentence,
        holder=state.holder or "",
        next_step=told.next_step,
        due_on=told.due_on,
        is_provisional=time is not None and time.is_provisional and told.due_on is not None,
        for_you=told.for_you,
        stage_line=stage_line(case, book, time),
        tone=told.tone,
        time=time,
    )


def _seen_state(case: Case, time: TimeLeft | None) -> str:
    """A case that silence accepted is shown as accepted before the worker came by."""
    if time is not None and time.counts_as_accepted_since is not None:
        return S.ACCEPTED.value
    return case.state.value


# --- words ------------------------------------------------------------------------------------------------------


def _day(day: date | None) -> Any:
    """A day written out, in the language of the reader."""
    return lazy_date(day, "long")


def _due(time: TimeLeft | None) -> Any:
    """The day the reader waits for; said to be provisional where the year has no official calendar."""
    if time is None or time.due_on is None:
        return ""
    if time.is_provisional:
        return lazy("%(day)s (provisional)", day=_day(time.due_on))
    return _day(time.due_on)


def _legal(time: TimeLeft) -> Any:
    if time.is_provisional:
        return lazy("%(day)s (provisional)", day=_day(time.statutory_on))
    return _day(time.statutory_on)


def _days_after(text: str | None, fallback: date) -> date:
    return date.fromisoformat(text) if text else fallback


# --- one teller for each state ----------------------------------------------------------------------------------


def _draft(case: Case, time: TimeLeft | None) -> _Told:
    return _Told(
        lazy("The application is being prepared by the employer and has not been submitted yet."),
        lazy("Submission"),
    )


def _submitted(case: Case, time: TimeLeft | None) -> _Told:
    assert time is not None
    next_step = lazy("Result of the preliminary check")
    if time.counts_as_accepted_since is not None:
        sentence = lazy(
            "The time to name missing papers has passed, so the application counts as accepted since %(since)s; the "
            "case officer now reviews it.",
            since=_day(time.counts_as_accepted_since),
        )
        return _Told(sentence, lazy("Review and decision"), None, tone="good")
    answered = max((row.answered_at for row in case.corrections if row.answered_at is not None), default=None)
    came = _day(clock.day_of(answered)) if answered is not None else _day(case.received_on)
    if time.is_promise_broken and time.statutory_on is not None:
        sentence = lazy(
            "Your papers came on %(came)s; the case officer’s answer was promised for %(due)s and is late, and by "
            "law it must come by %(legal)s.",
            came=came, due=_day(time.promised_on), legal=_legal(time),
        )  # fmt: skip
        return _Told(sentence, next_step, time.statutory_on, tone="late")
    if answered is not None:
        sentence = lazy(
            "Your corrections came on %(came)s; the case officer is checking them and answers by %(due)s.",
            came=came, due=_due(time),
        )  # fmt: skip
    else:
        sentence = lazy(
            "Your application came on %(came)s; the case officer is checking the papers and answers by %(due)s.",
            came=came, due=_due(time),
        )  # fmt: skip
    return _Told(sentence, next_step, time.due_on)


def _in_correction(case: Case, time: TimeLeft | None) -> _Told:
    correction = open_correction(case)
    assert correction is not None and time is not None
    left = sum(item.answered_at is None for item in correction.items)
    asked, due = _day(correction.issued_on), _day(correction.due_on)
    next_step = lazy("You send the papers, then the check goes on")
    if time.is_promise_broken:
        sentence = lazy(
            "We asked for papers on %(asked)s and they were due on %(due)s; please send them now, otherwise the "
            "application may be returned.",
            asked=asked, due=due,
        )  # fmt: skip
        return _Told(sentence, next_step, correction.due_on, lazy("Send the papers now"), "late")
    if left == 0:
        sentence = lazy(
            "All papers we asked for on %(asked)s are here; please confirm by %(due)s that they are complete, then "
            "the case officer goes on with the check.",
            asked=asked, due=due,
        )  # fmt: skip
        return _Told(sentence, next_step, correction.due_on, lazy("Confirm that the papers are complete"), "you")
    if left == 1:
        sentence = lazy(
            "On %(asked)s we asked for papers; please send one more by %(due)s, then the case officer goes on with the "
            "check.",
            asked=asked, due=due,
        )  # fmt: skip
        return _Told(sentence, next_step, correction.due_on, lazy("Send one paper"), "you")
    sentence = lazy(
        "On %(asked)s we asked for papers; please send %(left)s more by %(due)s, then the case officer goes on with "
        "the check.",
        asked=asked, left=left, due=due,
    )  # fmt: skip
    return _Told(sentence, next_step, correction.due_on, lazy("Send %(left)s papers", left=left), "you")


def _accepted(case: Case, time: TimeLeft | None) -> _Told:
    assert time is not None
    on = _day(case.accepted_on)
    since = (
        lazy("Your application counts as accepted since %(on)s", on=on)
        if case.is_deemed_accepted
        else lazy("Your application was accepted on %(on)s", on=on)
    )
    return _under_review(case, time, since, lazy("the case officer reviews it"))


def _recommended(case: Case, time: TimeLeft | None) -> _Told:
    assert time is not None
    on = _day(_iso(case.recommendation.get("on")) or case.accepted_on)
    since = lazy("The review of your application was finished on %(on)s", on=on)
    return _under_review(case, time, since, lazy("the approving officer decides"))


def _under_review(case: Case, time: TimeLeft, since: Any, who: Any) -> _Told:
    """Accepted and recommended read alike: calm, paused, the promise late, the law late."""
    step = lazy("Decision")
    if counts_as_granted(case) and case.previous_permit is not None:
        sentence = lazy(
            "%(since)s; your permit ended on %(ended)s without a decision, so its extension counts as granted by law, "
            "and the approving officer still has to issue the letters.",
            since=since, ended=_day(case.previous_permit.ends_on),
        )  # fmt: skip
        return _Told(sentence, lazy("Issue of the letters"), None, tone="late")
    if time.is_law_broken:
        sentence = lazy(
            "%(since)s, but the decision was due by law on %(legal)s and is late; please ask the case officer about "
            "it.",
            since=since, legal=_day(time.statutory_on),
        )  # fmt: skip
        return _Told(sentence, step, time.statutory_on, tone="late")
    if time.is_paused:
        row = running_clock(case)
        paused = _day(row.pauses[-1].from_on) if row is not None and row.pauses else ""
        sentence = lazy(
            "%(since)s; the clock stands since %(paused)s (%(why)s), and the day of the decision will be set when "
            "it runs again.",
            since=since, paused=paused, why=time.pause_reason,
        )  # fmt: skip
        return _Told(sentence, step, None)
    if time.is_promise_broken and time.statutory_on is not None:
        sentence = lazy(
            "%(since)s; the decision was promised for %(due)s and is late, and by law it must come by %(legal)s.",
            since=since, due=_day(time.promised_on), legal=_legal(time),
        )  # fmt: skip
        return _Told(sentence, step, time.statutory_on, tone="late")
    if time.is_extended and time.statutory_on is not None:
        sentence = lazy(
            "%(since)s; %(who)s, and because the limit was extended the decision comes by %(legal)s at the latest.",
            since=since, who=who, legal=_legal(time),
        )  # fmt: skip
        return _Told(sentence, step, time.statutory_on)
    return _Told(lazy("%(since)s; %(who)s by %(due)s.", since=since, who=who, due=_due(time)), step, time.due_on)


def _granted(case: Case, time: TimeLeft | None) -> _Told:
    late = time is not None and time.is_law_broken
    if late:
        sentence = lazy(
            "Your application was granted on %(on)s; the letters were due by %(due)s and the case officer has not "
            "handed them over yet.",
            on=_day(case.decided_on), due=_due(time),
        )  # fmt: skip
    else:
        sentence = lazy(
            "Your application was granted on %(on)s; the case officer delivers the letters by %(due)s.",
            on=_day(case.decided_on), due=_due(time),
        )  # fmt: skip
    tone = "late" if late else "good"
    return _Told(sentence, lazy("Delivery of the letters"), time.due_on if time else None, tone=tone)


def _refused(case: Case, time: TimeLeft | None) -> _Told:
    sentence = lazy(
        "Your application was refused on %(on)s; the case officer delivers the decision with its reasons by %(due)s.",
        on=_day(case.decided_on), due=_due(time),
    )  # fmt: skip
    return _Told(sentence, lazy("Delivery of the decision"), time.due_on if time else None, tone="bad")


def _delivered(case: Case, time: TimeLeft | None) -> _Told:
    on = _days_after(case.decision.get("delivered_on"), case.decided_on or case.received_on)
    if _was_refused(case):
        book = rules_today()
        until = on + timedelta(days=book.row("remedies", "RECONSIDERATION").value)
        sentence = lazy(
            "The refusal was delivered on %(on)s; until %(until)s you may apply for reconsideration, as the "
            "decision says.",
            on=_day(on), until=_day(until),
        )  # fmt: skip
        return _Told(sentence, lazy("Reconsideration, if you wish"), until, tone="bad")
    after = _next_after_grant(case)
    until = next((row.valid_until for row in case.letters if row.kind is LetterKind.NOTIFICATION_LETTER), None)
    if until is not None:
        sentence = lazy(
            "The letters were delivered on %(on)s and lie with you; the next step is yours, by %(until)s: %(after)s.",
            on=_day(on), until=_day(until), after=after,
        )  # fmt: skip
    else:
        sentence = lazy(
            "The letters were delivered on %(on)s and lie with you; the next step is yours: %(after)s.",
            on=_day(on), after=after,
        )  # fmt: skip
    return _Told(sentence, after, until, after, "good")


def _was_refused(case: Case) -> bool:
    return any(letter.kind is LetterKind.REFUSAL_DECISION for letter in case.letters)


def _next_after_grant(case: Case) -> Any:
    steps = records.book_of(case).procedure(case.procedure).after
    return steps[0] if steps else lazy("keep the letters with your passport")


def _closed(case: Case, time: TimeLeft | None) -> _Told:
    on = _days_after(case.decision.get("ended_on"), case.decided_on or case.received_on)
    sentence = lazy("Your case was closed on %(on)s; nothing is left to do for you or for us.", on=_day(on))
    return _Told(sentence, lazy("Nothing"), None)


def _not_accepted(case: Case, time: TimeLeft | None) -> _Told:
    on = _days_after(case.decision.get("ended_on"), case.received_on)
    sentence = lazy(
        "Your application was not accepted on %(on)s; the notice gives the reason, the body responsible and your "
        "rights.",
        on=_day(on),
    )
    return _Told(sentence, lazy("Nothing here; see the notice"), None, tone="bad")


def _returned(case: Case, time: TimeLeft | None) -> _Told:
    on = _days_after(case.decision.get("ended_on"), case.received_on)
    sentence = lazy(
        "Your papers were returned on %(on)s because the corrections did not come in time; the employer may apply "
        "again at any time.",
        on=_day(on),
    )
    return _Told(sentence, lazy("A new application, if you wish"), None, tone="bad")


def _withdrawn(case: Case, time: TimeLeft | None) -> _Told:
    on = _days_after(case.decision.get("ended_on"), case.received_on)
    sentence = lazy("Your employer withdrew the application on %(on)s; nothing more will be done.", on=_day(on))
    return _Told(sentence, lazy("Nothing"), None)


_TELLERS: dict[CaseState, Callable[[Case, TimeLeft | None], _Told]] = {
    S.DRAFT: _draft,
    S.SUBMITTED: _submitted,
    S.IN_CORRECTION: _in_correction,
    S.ACCEPTED: _accepted,
    S.RECOMMENDED: _recommended,
    S.GRANTED: _granted,
    S.REFUSED: _refused,
    S.DELIVERED: _delivered,
    S.CLOSED: _closed,
    S.NOT_ACCEPTED: _not_accepted,
    S.RETURNED: _returned,
    S.WITHDRAWN: _withdrawn,
}


# --- the stage line ---------------------------------------------------------------------------------------------


def stage_line(case: Case, book: RuleBook, time: TimeLeft | None) -> tuple[StageItem, ...]:
    """The six places, each done with its day, current with its limit, or still to come."""
    state = book.state(_seen_state(case, time))
    here = state.place
    ended = state.is_end or case.state in (S.DELIVERED, S.CLOSED)
    items = []
    for row in book.stages():
        passed = row.place < here or (row.place == here and ended and case.state in (S.DELIVERED, S.CLOSED))
        place = "done" if passed else "now" if row.place == here else "next"
        items.append(StageItem(row.code, row.name, _stage_note(case, row.code, place, time), place))
    return tuple(items)


def _stage_note(case: Case, code: str, place: str, time: TimeLeft | None) -> Any:
    if place == "done":
        day = _stage_day(case, code)
        return lazy_date(day, "day") if day is not None else ""
    if place == "now" and time is not None and time.due_on is not None:
        return lazy("by %(day)s", day=lazy_date(time.due_on, "day"))
    return ""


def _stage_day(case: Case, code: str) -> date | None:
    """When a stage was passed."""
    days: dict[str, date | None] = {
        "submission": case.received_on if case.submitted_at else None,
        "precheck": case.accepted_on,
        "acceptance": case.accepted_on,
        "review": _iso(case.recommendation.get("on")),
        "decision": case.decided_on,
        "delivery": _iso(case.decision.get("delivered_on")),
    }
    return days.get(code)


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
