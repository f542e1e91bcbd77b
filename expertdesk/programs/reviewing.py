"""Writes of the check and the expert review: pass or return, assign reviewers, declare a conflict, give an opinion,
enter one from outside, finish. Never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from expertdesk.access import Actor, Role
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import Account, AccountRole, ProgramApplication, ProgramReview, ProgramState
from expertdesk.programs import rules
from expertdesk.programs.acting import act, require_possible
from expertdesk.programs.entry import OutsideReviewer, ReviewData
from expertdesk.regulations.current import rules_today

OPINION_MOST = 4000


def pass_check(application: ProgramApplication, actor: Actor, *, seen_version: int | None = None) -> None:
    act(application, "pass_check", actor, seen_version=seen_version)


def return_application(
    application: ProgramApplication, reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Back to the organisation, which reads the reason."""
    act(application, "return", actor, seen_version=seen_version, reason=reason)


# --- assigning --------------------------------------------------------------------------------------------------


def reviewer_accounts() -> tuple[Account, ...]:
    """Everybody who can review: accounts with the reviewer role."""
    holds = exists().where(AccountRole.account_id == Account.id, AccountRole.role == Role.REVIEWER)
    return tuple(db.session.scalars(select(Account).where(Account.is_active, holds).order_by(Account.name, Account.id)))


def assign_reviewers(
    application: ProgramApplication,
    account_ids: Sequence[int],
    outside: Sequence[OutsideReviewer],
    due_on: date,
    actor: Actor,
    *,
    seen_version: int | None = None,
) -> None:
    """Begin the review, or add to one that runs."""
    action = "assign" if application.state is ProgramState.CHECKED else "assign_more"
    require_possible(application, action, actor, seen_version)
    known = {account.id for account in reviewer_accounts()}
    there = {review.reviewer_id for review in application.reviews}
    new = [number for number in dict.fromkeys(account_ids) if number not in there]
    named = [item for item in outside if item.name.strip()]
    problems: dict[str, Any] = {}
    if any(number not in known for number in new):
        problems["accounts"] = lazy("Choose reviewers of the list.")
    if not new and not named:
        problems["accounts"] = lazy("Choose at least one reviewer, or name one from outside.")
    if any(not item.body.strip() for item in named):
        problems["outside"] = lazy("Say where the reviewer from outside works.")
    if due_on < clock.today():
        problems["due_on"] = lazy("The day lies in the past.")
    if problems:
        raise RuleBroken(problems)

    def write(_: Any) -> None:
        application.review_due_on = due_on
        for number in new:
            application.reviews.append(_assigned(actor, reviewer_id=number))
        for item in named:
            application.reviews.append(
                _assigned(actor, outside_name=item.name.strip(), outside_body=item.body.strip())
            )

    payload = {"accounts": new, "outside": len(named), "due_on": due_on.isoformat()}
    act(application, action, actor, payload=payload, effect=write)


def _assigned(actor: Actor, **who: Any) -> ProgramReview:
    return ProgramReview(assigned_at=clock.now(), assigned_by_id=actor.id or None, scores={}, **who)


# --- reviewing --------------------------------------------------------------------------------------------------


def declare_conflict(review: ProgramReview, note: str, actor: Actor) -> None:
    """The reviewer falls out; nothing of the application is shown any more."""
    require_possible(review.application, "declare_conflict", actor)
    if not note.strip():
        raise RuleBroken({"conflict_note": lazy("Say in a few words what the conflict is.")})

    def write(_: Any) -> None:
        review.has_conflict, review.conflict_note = True, note.strip()

    act(review.application, "declare_conflict", actor, payload={"review_id": review.id}, effect=write)


def give_review(review: ProgramReview, data: ReviewData, actor: Actor) -> None:
    """Scores, conclusion and opinion, final once given. Giving them says that there is no conflict."""
    require_possible(review.application, "review", actor)
    total = _checked(data)

    def write(_: Any) -> None:
        _write(review, data, total)
        review.has_conflict = False

    act(review.application, "review", actor, payload={"review_id": review.id}, effect=write)


def record_outside_review(
    application: ProgramApplication, review_id: int, data: ReviewData, actor: Actor, *, seen_version: int | None = None
) -> None:
    """The signed opinion of somebody without an account, entered by a manager."""
    review = next((item for item in application.reviews if item.id == review_id and not item.reviewer_id), None)
    if review is None:
        raise NotFound(str(review_id))
    require_possible(application, "record_review", actor, seen_version)
    if review.submitted_at is not None:
        raise RuleBroken({"": lazy("This opinion is entered already.")})
    total = _checked(data)

    def write(_: Any) -> None:
        _write(review, data, total)
        review.has_conflict, review.recorded_by_id = False, actor.id or None

    act(application, "record_review", actor, payload={"review_id": review.id}, effect=write)


def drop_outside_reviewer(
    application: ProgramApplication, review_id: int, note: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Somebody from outside said that there is a conflict, or does not answer."""
    review = next((item for item in application.reviews if item.id == review_id and not item.reviewer_id), None)
    if review is None or review.submitted_at is not None:
        raise NotFound(str(review_id))
    if not note.strip():
        raise RuleBroken({"conflict_note": lazy("Say in a few words why.")})

    def write(_: Any) -> None:
        review.has_conflict, review.conflict_note = True, note.strip()

    payload = {"review_id": review.id, "dropped": True}
    act(application, "record_review", actor, seen_version=seen_version, payload=payload, effect=write)


def _checked(data: ReviewData) -> int:
    book = rules_today()
    problems: dict[str, Any] = {
        f"score_{code}": lazy("Give 0 to %(most)s points.", most=most)
        for code, most in rules.score_problems(book, data.scores).items()
    }
    if book.find("program_recommendations", data.recommendation) is None:
        problems["recommendation"] = lazy("Choose a conclusion.")
    if not data.opinion.strip():
        problems["opinion"] = lazy("Write your opinion.")
    if problems:
        raise RuleBroken(problems)
    return sum(points or 0 for points in data.scores.values())


def _write(review: ProgramReview, data: ReviewData, total: int) -> None:
    review.scores = {code: points for code, points in data.scores.items() if points is not None}
    review.total = total
    review.recommendation, review.opinion = data.recommendation, data.opinion.strip()
    review.submitted_at = clock.now()


def finish_review(application: ProgramApplication, actor: Actor, *, seen_version: int | None = None) -> None:
    """Opens scores and opinions to the bureau and to the reviewers."""
    act(application, "finish_review", actor, seen_version=seen_version)
