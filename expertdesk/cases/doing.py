"""What can be done with a case, as the page shows it: every action of the present state with what it does, or why not
and who can; fed by the transition table alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from expertdesk.access import GRANTS, STAFF_ROLES, Actor, Permission
from expertdesk.accounts.names import role_list
from expertdesk.cases import guards
from expertdesk.cases.rows import link
from expertdesk.cases.workflow import CASE
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case, CaseState
from expertdesk.workflow import Option, Transition, options

S = CaseState


@dataclass(frozen=True)
class Doing:
    """A button and the words beside it. `post_url`: done at once; `reasons`: why it is locked."""

    action: str
    label: Any
    allowed: bool
    url: str = ""
    post_url: str = ""
    text: Any = ""
    reasons: tuple[Reason, ...] = ()
    version: int | None = None
    is_main: bool = False


@dataclass(frozen=True)
class Others:
    """What somebody else can do in this state, and who."""

    label: Any
    who: str


def doings(case: Case, actor: Actor) -> tuple[Doing, ...]:
    """Actions this reader has the right to: what the stage asks for first, then the rest, then what is locked."""
    found = [_doing(case, option) for option in options(CASE, case, actor) if not _is_plain_nonsense(case, option)]
    found = _merge_decisions([*_take(case, actor), *_check(case, actor), *found])
    return tuple(sorted(found, key=lambda item: (not item.allowed, not item.is_main)))


def others(case: Case, actor: Actor) -> tuple[Others, ...]:
    """Actions of this state that are other people's, with the roles that hold the right."""
    found: dict[str, list[Any]] = {}
    for row in CASE.from_state(str(case.state)):
        if row.is_system or any(actor.may(right) for right in row.rights):
            continue
        found.setdefault(who_may(row), []).append(row.label)
    return tuple(Others(label, who) for who, labels in found.items() if who for label in labels)


def who_may(row: Transition) -> str:
    """The staff roles that hold the right to an action."""
    return role_list(role for role in STAFF_ROLES if any(right in GRANTS[role] for right in row.rights))


def _doing(case: Case, option: Option) -> Doing:
    reasons = option.reasons
    if option.action == "ask_correction" and not reasons and not flaws(case):
        reasons = (Reason("nothing_to_tell", lazy("No paper has a problem; there is nothing to tell.")),)
    return Doing(
        action=option.action,
        label=option.label,
        allowed=not reasons,
        url=link(option.endpoint, number=case.number) if option.endpoint else "",
        text=option.does,
        reasons=tuple(with_fix(case, reason) for reason in reasons),
        is_main=_is_main(case, option),
    )


def _is_main(case: Case, option: Option) -> bool:
    """Acceptance leads when it is possible, the correction notice when there is something to correct."""
    if case.state is S.SUBMITTED:
        if option.action == "not_accept":
            return guards.no_permit_needed(case) is not None
        return option.action == "accept" or (option.action == "ask_correction" and bool(flaws(case)))
    if case.state is S.IN_CORRECTION:
        late = not guards.correction_overdue(case, _NOBODY)
        return option.action == ("return_papers" if late else "answer_correction")
    return option.is_primary


_NOBODY = Actor(id=0, username="", name="", permissions=frozenset({Permission.ACCOUNT_SELF}))


def flaws(case: Case) -> list[Any]:
    """Papers that a correction notice would name."""
    gaps = guards.paper_gaps(case)
    return [paper for gap in ("problem", "missing", "uncommitted", "overdue") for paper in gaps.get(gap, [])]


def _is_plain_nonsense(case: Case, option: Option) -> bool:
    """Not shown at all: letting a clock run that is running, stopping one that stands."""
    codes = {reason.code for reason in option.reasons}
    return bool(codes & {"not_paused", "paused_already"})


def _take(case: Case, actor: Actor) -> Iterable[Doing]:
    """A case that nobody has is taken with one press."""
    row = CASE.get("assign")
    if case.officer_id is None and str(case.state) in row.sources and actor.may(Permission.CASE_PRECHECK):
        yield Doing(
            action="take",
            label=lazy("Take the case"),
            allowed=True,
            post_url=url_for("cases.take", number=case.number),
            text=lazy("You become its case officer; the limits stay as they are."),
            version=case.row_version,
        )


def _check(case: Case, actor: Actor) -> Iterable[Doing]:
    """The completeness check is no action of the table: it leads to acceptance or to the correction notice."""
    if case.state not in (S.SUBMITTED, S.IN_CORRECTION, S.ACCEPTED) or not actor.may(Permission.PAPER_CHECK):
        return
    locked = guards.in_own_hands(case, actor)
    waiting = len(guards.paper_gaps(case).get("unchecked", []))
    brought = case.state is S.IN_CORRECTION
    yield Doing(
        action="check",
        label=lazy("Record papers") if brought else lazy("Check papers"),
        allowed=not locked,
        url=url_for("cases.check", number=case.number),
        text=lazy("For papers that were brought to the counter.") if brought else _to_check(case, waiting),
        reasons=tuple(locked),
        is_main=case.state is S.SUBMITTED and waiting > 0,
    )


def _to_check(case: Case, waiting: int) -> Any:
    if waiting:
        return (
            lazy("1 paper is still to be checked.")
            if waiting == 1
            else (lazy("%(number)s papers are still to be checked.", number=waiting))
        )
    wrong = len(flaws(case)) if case.state is S.SUBMITTED else 0
    if wrong:
        return (
            lazy("1 problem goes into the notice.")
            if wrong == 1
            else (lazy("%(number)s problems go into the notice.", number=wrong))
        )
    return lazy("Every paper has been looked at.")


def _merge_decisions(items: list[Doing]) -> list[Doing]:
    """Grant, refuse and send back are one page: one button, locked only when all three are."""
    choices = [item for item in items if item.action in ("grant", "refuse", "send_back")]
    if len(choices) < 2:
        return items
    allowed = any(item.allowed for item in choices)
    locked = next((item.reasons for item in choices if not item.allowed), ())
    decide = replace(
        choices[0],
        action="decide",
        label=lazy("Decide"),
        allowed=allowed,
        is_main=True,
        text=lazy("Grant, refuse or send back, with the opinion, the rule trace and the papers on one page."),
        reasons=() if allowed else locked,
    )
    return [decide, *(item for item in items if item not in choices)]


_FIXES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("papers_", "items_open"), "cases.check"),
    (("missing.", "ground_", "contract_order", "extension_permit"), "cases.edit"),
    (("no_permit_needed",), "cases.not_accept"),
    (("counts_as_accepted",), "cases.accept"),
)


def with_fix(case: Case, reason: Reason) -> Reason:
    """The reason with a link to where its cause can be removed."""
    reason = _in_short(case, reason)
    if reason.fix_url:
        return reason
    if reason.code == "verdict_open":
        return replace(reason, fix_url=f"{url_for('cases.case', number=case.number)}#judge")
    for starts, endpoint in _FIXES:
        if reason.code.startswith(starts):
            return replace(reason, fix_url=url_for(endpoint, number=case.number))
    return reason


_MANY = 3  # more papers than this are counted instead of named
_COUNTED = frozenset({"papers_missing", "papers_problem", "papers_unchecked", "papers_uncommitted"})


def _in_short(case: Case, reason: Reason) -> Reason:
    """A long list of papers as a number, a short one by short names: the page beside shows them all."""
    if reason.code not in _COUNTED:
        return reason
    papers = guards.paper_gaps(case).get(reason.code.removeprefix("papers_"), [])
    if len(papers) <= _MANY:
        return reason
    return replace(reason, text=_counted(reason.code, len(papers)))


def _counted(code: str, number: int) -> Any:
    return {
        "papers_missing": lazy("%(number)s papers have not been supplied.", number=number),
        "papers_problem": lazy("%(number)s papers have a problem.", number=number),
        "papers_unchecked": lazy("%(number)s papers have not been checked yet.", number=number),
        "papers_uncommitted": lazy("%(number)s commitments have not been confirmed.", number=number),
    }[code]
