"""From acceptance to the end: handing over, judging, recommending, delivering, closing, withdrawing, and the clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor, Permission, Role
from expertdesk.cases import judging, records
from expertdesk.cases.acting import act, require_possible
from expertdesk.cases.clock import pause_codes
from expertdesk.cases.guards import in_own_hands, running_clock
from expertdesk.cases.issuing import DECISIONS
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted, Reason, RuleBroken
from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.models import Account, AccountRole, Case, CaseState, Judgement, Verdict
from expertdesk.workflow import Performed

_JUDGED_IN = frozenset({CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_CORRECTION, CaseState.ACCEPTED})
_LONGEST_REASON = 500
_LONGEST_OPINION = 4000


# --- hands ------------------------------------------------------------------------------------------------------


def assign_case(
    case: Case,
    officer_id: int | None,
    actor: Actor,
    seen_version: int | None = None,
    *,
    reason: str = "",
    district: str = "",
) -> Case:
    """Hand the case to an officer, or back to the district (None). `district`: the place of work turned out to lie
    elsewhere; recorded, and only then changed. Taking an unassigned case needs no reason."""
    require_possible(case, "assign", actor, seen_version)
    officer = db.session.get(Account, officer_id) if officer_id is not None else None
    problems: dict[str, Any] = {}
    if officer_id is not None and not _is_officer(officer):
        problems["officer_id"] = lazy("Choose a case officer.")
    takes = case.officer_id is None and officer_id == actor.id
    if not takes and not reason.strip():
        problems["reason"] = lazy("Give a reason.")
    if district and records.book_of(case).find("districts", district) is None:
        problems["district"] = lazy("Choose a district.")
    if problems:
        raise RuleBroken(problems)
    payload = {
        "officer": officer.name if officer else "",
        "officer_latin": officer.name_latin if officer else "",
        "officer_id": officer_id or 0,
        "before_id": case.officer_id or 0,
    }
    if district and district != case.district:
        payload |= {"district": district, "district_before": case.district}

    def effect(done: Performed) -> None:
        case.officer_id = officer_id
        if district:
            case.district = district

    act(case, "assign", actor, seen_version=seen_version, reason=reason, payload=payload, effect=effect)
    return case


def _is_officer(account: Account | None) -> bool:
    if account is None or not account.is_active:
        return False
    held = select(AccountRole.role).where(AccountRole.account_id == account.id, AccountRole.role == Role.OFFICER)
    return db.session.scalar(held) is not None


# --- judging ----------------------------------------------------------------------------------------------------


def judge(
    case: Case, criterion: str, verdict: str | Verdict, reason: str, actor: Actor, seen_version: int | None = None
) -> judging.Judged:
    """Set a criterion to proved, not used, or to be asked; category, checklist and limits follow."""
    if not actor.may(Permission.CASE_PRECHECK):
        raise NotPermitted(Permission.CASE_PRECHECK)
    records.hold(case, seen_version)
    refused = list(in_own_hands(case, actor))
    if case.state not in _JUDGED_IN:
        label = records.book_of(case).state(case.state).name
        text = lazy("This is not possible in the state “%(state)s”.", state=label)
        refused.append(Reason("not_in_this_state", text))
    if refused:
        raise NotAllowedNow(refused, action="judge")
    chosen = Verdict(verdict)
    problems: dict[str, Any] = {}
    if records.book_of(case).find("criteria", criterion) is None:
        problems["criterion"] = lazy("Choose a criterion.")
    if chosen is not Verdict.ASK and not reason.strip():
        problems["reason"] = lazy("Give a reason.")
    if len(reason) > _LONGEST_REASON:
        problems["reason"] = lazy("At most %(count)s characters.", count=_LONGEST_REASON)
    if problems:
        raise RuleBroken(problems)
    if chosen is Verdict.PROVED and criterion not in (case.facts.get("criteria") or ()):
        # an officer may find a ground the applicant did not name
        case.facts = {**case.facts, "criteria": [*(case.facts.get("criteria") or ()), criterion]}
    case.judgements.append(
        Judgement(criterion=criterion, verdict=chosen, reason=reason.strip(), by_id=actor.id or None, at=clock.now())
    )
    before = case.category
    judged = judging.refresh(case)
    payload = {"criterion": criterion, "verdict": chosen.value, "reason": reason.strip()}
    if before != case.category:
        payload |= {"category": case.category, "category_before": before}
    records.note(case, "case.judged", actor, payload)
    records.session_of(case).flush()
    return judged


def recommend_case(case: Case, opinion: str, is_grant: bool, actor: Actor, seen_version: int | None) -> Case:
    """Hand the case to an approving officer with an opinion. A grant that leaves something to discretion says why."""
    require_possible(case, "recommend", actor, seen_version)
    problems = _problems_of_recommendation(case, opinion, is_grant)
    if len(opinion) > _LONGEST_OPINION:
        problems["opinion"] = lazy("At most %(count)s characters.", count=_LONGEST_OPINION)
    if problems:
        raise RuleBroken(problems)
    payload = {"is_grant": is_grant, "opinion": opinion.strip()}

    def effect(done: Performed) -> None:
        case.recommended_by_id = actor.id or None
        case.recommendation = {**payload, "by": actor.name, "on": records.event_day(done.event).isoformat()}
        if case.officer_id is None:
            case.officer_id = actor.id or None

    act(case, "recommend", actor, seen_version=seen_version, payload=payload, effect=effect)
    return case


def _problems_of_recommendation(case: Case, opinion: str, is_grant: bool) -> dict[str, Any]:
    judged = judging.judgement_of(case)
    if not is_grant:
        return {} if opinion.strip() else {"opinion": lazy("Say why the application should be refused.")}
    if not judged.category:
        return {"is_grant": lazy("No criterion of any category is met, so a grant cannot be recommended.")}
    if not judged.period.ok:
        return {"is_grant": judged.period.text}
    if judged.needs_officer and not opinion.strip():
        return {"opinion": lazy("Name the ground you rely on; the rules alone do not decide here.")}
    return {}


# --- the clock --------------------------------------------------------------------------------------------------


def pause_clock(case: Case, stop: str, note: str, actor: Actor, seen_version: int | None = None) -> Case:
    """Stop the clock for a reason of the table (`stop`), told to the applicant with `note`."""
    require_possible(case, "pause", actor, seen_version)
    if stop not in {row.code for row in pause_codes(records.book_of(case))}:
        raise RuleBroken({"stop": lazy("Choose why the clock stops.")})
    act(case, "pause", actor, seen_version=seen_version, reason=note, payload={"stop": stop})
    return case


def resume_clock(case: Case, actor: Actor, seen_version: int | None = None) -> Case:
    """Let the clock run again; the days it stood are added."""
    act(case, "resume", actor, seen_version=seen_version)
    return case


def extend_limit(case: Case, reason: str, actor: Actor, seen_version: int | None = None) -> Case:
    """More days for the decision, once, as the law allows (art. 42)."""
    row = running_clock(case)
    legal = None
    if row is not None:
        legal = records.book_of(case).limits(case.procedure, records.working_category(case), row.step).statutory
    more = (legal.extension_wd if legal else None) or 0
    act(case, "extend_limit", actor, seen_version=seen_version, reason=reason, payload={"working_days": more})
    return case


# --- the end ----------------------------------------------------------------------------------------------------


def deliver_case(case: Case, on: date | None, actor: Actor, seen_version: int | None) -> Case:
    """The letters are sealed and handed over on a day, by this person."""
    require_possible(case, "deliver", actor, seen_version)
    day = on or clock.today()
    decided_on = case.decided_on or day
    if day > clock.today():
        raise RuleBroken({"on": lazy("The day lies in the future.")})
    if day < decided_on:
        text = lazy("The decision was made on %(day)s; delivery cannot be earlier.", day=lazy_date(decided_on))
        raise RuleBroken({"on": text})

    def effect(done: Performed) -> None:
        for letter in case.letters:
            if letter.kind in DECISIONS and letter.sealed_on is None:
                letter.sealed_on, letter.sealed_by_id = day, actor.id or None
        case.decision = {**case.decision, "delivered_on": day.isoformat()}

    act(case, "deliver", actor, seen_version=seen_version, payload={"on": day.isoformat()}, effect=effect)
    return case


def close_case(case: Case, actor: Actor, seen_version: int | None = None) -> Case:
    """Nothing is left to do."""
    act(case, "close", actor, seen_version=seen_version, effect=records.mark_end)
    return case


def withdraw_case(case: Case, reason: str, actor: Actor, seen_version: int | None = None) -> Case:
    """The employer takes the application back."""
    act(case, "withdraw", actor, seen_version=seen_version, reason=reason, effect=records.mark_end)
    return case
