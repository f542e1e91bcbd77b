"""What belongs to a group beside its declaration: roster, schedule, papers, the two reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, NotPermitted, RuleBroken
from expertdesk.foundation.installed import storage, vault
from expertdesk.foundation.locale import lazy
from expertdesk.foundation.uploads import CleanUpload
from expertdesk.models import (
    ReviewSide,
    TrainingDay,
    TrainingFile,
    TrainingPerson,
    TrainingProject,
    TrainingReview,
)
from expertdesk.regulations.current import rules_today
from expertdesk.training import limits, records
from expertdesk.training.declaring import act_on_group
from expertdesk.training.policy import sees_all

MOST_PEOPLE = 500
MOST_ENTRIES = 400
MOST_FILES = 60
_SEAL = "training.passport"
_DAY_HOURS = Decimal(24)


@dataclass(frozen=True)
class PersonData:
    """One name of the roster, as typed."""

    name: str
    sex: str = "9"
    birth_on: date | None = None
    unit: str = ""
    post: str = ""
    title: str = ""
    rank: str = "other"
    political_status: str = ""
    language_level: str = ""
    passport: str = ""
    is_leader: bool = False
    is_leading_official: bool = False
    is_specialist: bool = False
    last_trip_on: date | None = None
    health: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class DayData:
    """One entry of the schedule: which day of the trip, what, how many hours."""

    day: int
    kind: str
    hours: Decimal
    topic: str
    place: str = ""
    speaker: str = ""


@dataclass(frozen=True)
class ReviewData:
    """One side of the task and budget review form."""

    side: ReviewSide
    body: str
    on: date
    basis: str
    answers: dict[str, str]
    is_agreed: bool
    opinion: str


def set_roster(
    project: TrainingProject, people: Sequence[PersonData], actor: Actor, *, seen_version: int | None = None
) -> None:
    """Replaces the roster. RuleBroken: more than one group leader, dates that cannot be, too many names."""
    problems: dict[str, Any] = {}
    if len(people) > MOST_PEOPLE:
        problems[""] = lazy("At most %(n)s names.", n=MOST_PEOPLE)
    if sum(one.is_leader for one in people) > 1:
        problems[""] = lazy("A group has one leader.")
    today = clock.today()
    for number, one in enumerate(people):
        if one.birth_on is not None and one.birth_on >= today:
            problems[f"birth_on_{number}"] = lazy("The date of birth lies in the future.")
        if one.last_trip_on is not None and one.last_trip_on > today:
            problems[f"last_trip_on_{number}"] = lazy("The last trip lies in the future.")
    numbers = [records.passport_token(one.passport) for one in people if one.passport.strip()]
    if len(numbers) != len(set(numbers)):
        problems[""] = lazy("Two names have the same passport number.")
    if problems:
        raise RuleBroken(problems)

    def put() -> None:
        project.roster.clear()
        db.session.flush()
        project.roster.extend(_person(one, number) for number, one in enumerate(people, 1))

    act_on_group(
        project, "supplement", actor, seen_version=seen_version, payload={"part": "roster", "people": len(people)},
        effect=put,
    )  # fmt: skip


def _person(one: PersonData, position: int) -> TrainingPerson:
    passport = one.passport.strip()
    return TrainingPerson(
        position=position, name=one.name, sex=one.sex, birth_on=one.birth_on, unit=one.unit, post=one.post,
        title=one.title, rank=one.rank, political_status=one.political_status, language_level=one.language_level,
        passport=vault().encrypt(passport, context=_SEAL) if passport else "",
        passport_token=records.passport_token(passport), person_token=records.person_token(one.name, one.birth_on),
        is_leader=one.is_leader, is_leading_official=one.is_leading_official, is_specialist=one.is_specialist,
        last_trip_on=one.last_trip_on, health=one.health, remarks=one.remarks,
    )  # fmt: skip


def passport_of(person: TrainingPerson) -> str:
    """The number in full, for those who may write to the group."""
    return vault().decrypt(person.passport, context=_SEAL) if person.passport else ""


def set_schedule(
    project: TrainingProject, days: Sequence[DayData], actor: Actor, *, seen_version: int | None = None
) -> None:
    """Replaces the schedule. RuleBroken: a day outside the trip, more hours than a day has."""
    problems: dict[str, Any] = {}
    if len(days) > MOST_ENTRIES:
        problems[""] = lazy("At most %(n)s entries.", n=MOST_ENTRIES)
    kinds = {row.code for row in rules_today().rows("training_day_kinds")}
    hours: dict[int, Decimal] = {}
    for number, one in enumerate(days):
        if one.day < 1 or (project.days is not None and one.day > project.days):
            problems[f"day_{number}"] = lazy("The trip has days 1 to %(n)s.", n=project.days or 1)
        if one.kind not in kinds:
            problems[f"kind_{number}"] = lazy("Choose one from the list.")
        hours[one.day] = hours.get(one.day, Decimal(0)) + one.hours
        if one.hours <= 0 or hours[one.day] > _DAY_HOURS:
            problems[f"hours_{number}"] = lazy("More than 0, and not more than a day has.")
    if problems:
        raise RuleBroken(problems)

    def put() -> None:
        project.schedule.clear()
        db.session.flush()
        for position, one in enumerate(sorted(days, key=lambda entry: entry.day), 1):
            project.schedule.append(
                TrainingDay(
                    position=position, day=one.day, kind=one.kind, hours=one.hours, topic=one.topic, place=one.place,
                    speaker=one.speaker,
                )
            )  # fmt: skip

    act_on_group(
        project, "supplement", actor, seen_version=seen_version, payload={"part": "schedule", "entries": len(days)},
        effect=put,
    )  # fmt: skip


def add_file(project: TrainingProject, kind: str, upload: CleanUpload, actor: Actor) -> TrainingFile:
    """Store a cleaned upload as a paper of the group. RuleBroken: unknown kind, too many papers."""
    if rules_today().find("training_attachments", kind) is None:
        raise RuleBroken({"kind": lazy("Choose one from the list.")})
    if len(project.files) >= MOST_FILES:
        raise RuleBroken({"file": lazy("There are %(n)s papers already; remove one first.", n=MOST_FILES)})
    stored = TrainingFile(
        kind=kind, file_name=upload.name, media_type=upload.clean_type,
        original_key=storage().put(upload.original), original_sha256=upload.original_sha256,
        clean_key=storage().put(upload.clean), clean_sha256=upload.clean_sha256, size=len(upload.clean),
        pages=upload.pages, uploaded_by_id=actor.id or None, uploaded_at=clock.now(),
    )  # fmt: skip
    payload = {"part": "paper", "kind": kind, "sha256": upload.original_sha256}
    act_on_group(project, "supplement", actor, payload=payload, effect=lambda: project.files.append(stored))
    limits.recount(project.plan_id, [project.organisation_id])
    return stored


def remove_file(project: TrainingProject, file_id: int, actor: Actor) -> None:
    """Take a paper off the list; its bytes stay with the history until they are cleaned away."""
    found = find_file(project, file_id)
    payload = {"part": "paper", "kind": found.kind, "removed": found.original_sha256}
    act_on_group(project, "supplement", actor, payload=payload, effect=lambda: project.files.remove(found))
    limits.recount(project.plan_id, [project.organisation_id])


def find_file(project: TrainingProject, file_id: int) -> TrainingFile:
    """A paper of this group, or NotFound."""
    found = next((paper for paper in project.files if paper.id == file_id), None)
    if found is None:
        raise NotFound(str(file_id))
    return found


def file_bytes(paper: TrainingFile) -> bytes:
    """The cleaned copy."""
    return storage().open(paper.clean_key)


def record_review(project: TrainingProject, data: ReviewData, actor: Actor, *, seen_version: int | None = None) -> None:
    """One of the two separate opinions (516, annex 1); a second time replaces the first, which the history keeps."""
    if not sees_all(actor):
        raise NotPermitted(Permission.TRAINING_MANAGE)
    problems: dict[str, Any] = {}
    if not data.body.strip():
        problems["body"] = lazy("Name the reviewing body.")
    if data.on > clock.today():
        problems["on"] = lazy("The review cannot lie in the future.")
    if not data.is_agreed and not data.opinion.strip():
        problems["opinion"] = lazy("Say why the review does not agree.")
    if problems:
        raise RuleBroken(problems)

    def put() -> None:
        row = next((one for one in project.reviews if one.side is data.side), None)
        if row is None:
            row = TrainingReview(side=data.side)
            project.reviews.append(row)
        row.body, row.on, row.basis, row.answers = data.body, data.on, data.basis, dict(data.answers)
        row.is_agreed, row.opinion = data.is_agreed, data.opinion
        row.recorded_by_id, row.recorded_at = actor.id or None, clock.now()

    payload = {"part": "review", "side": data.side.value, "is_agreed": data.is_agreed}
    act_on_group(project, "supplement", actor, seen_version=seen_version, payload=payload, effect=put)
