"""What is printed of one group: the task and budget review form (516, annex 1) and the name list.

Passport numbers stand in full for those who may write to the group, masked for everybody else and on the copy that is
put up inside the unit (publicity), which leaves the health out too. The same group gives the same bytes: the only time
on them is that of the last change of the group.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import Actor
from expertdesk.documents.plan_contexts import ReviewForm, ReviewSide, RosterPerson, RosterTable
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, country_name
from expertdesk.foundation.masking import mask_passport
from expertdesk.models import Event, TrainingPerson, TrainingProject, TrainingReview
from expertdesk.models import ReviewSide as Side
from expertdesk.regulations.current import rules_today
from expertdesk.training.export_files import LANGUAGES, MEDIA, Made, only_printable
from expertdesk.training.policy import may_declare_for
from expertdesk.training.supplementing import passport_of
from expertdesk.training.unit_names import name_of_unit
from expertdesk.training.workflow import GROUP

# what can be had: (kind, format), in the order of the page
OFFERED = (("review", "pdf"), ("roster", "pdf"), ("roster", "xlsx"))
# lines of training_review_lines whose name differs from the line of the printed form
_LINE_ON_PAPER = {"aim": "purpose", "size": "group_size"}
_AMOUNT_ON_PAPER = {
    "total": "budget_total", "training_fee": "budget_training", "travel": "budget_travel",
    "lodging": "budget_lodging", "meals": "budget_meals", "incidentals": "budget_incidentals",
    "other_costs": "budget_other",
}  # fmt: skip


@dataclass(frozen=True)
class WantedFile:
    """One file of a group; `is_public` is the copy for the publicity."""

    kind: str
    format: str
    language: str
    is_public: bool = False


def wanted_file(name: str, *, is_public: bool = False) -> WantedFile | None:
    """`roster-zh.xlsx` → what is wanted; None for anything else."""
    stem, _, ending = name.rpartition(".")
    kind, _, language = stem.partition("-")
    if (kind, ending) not in OFFERED or language not in LANGUAGES or (is_public and kind != "roster"):
        return None
    return WantedFile(kind, ending, language, is_public)


def make_file(project: TrainingProject, actor: Actor, what: WantedFile) -> Made:
    """The bytes and the name they are saved under."""
    from expertdesk.documents.review_form import review_form_pdf
    from expertdesk.documents.roster import roster_pdf, roster_xlsx

    with only_printable():
        if what.kind == "review":
            data = review_form_pdf(review_form_of(project), what.language)
        else:
            in_full = may_declare_for(project.organisation_id, actor) and not what.is_public
            table = roster_of(project, in_full=in_full, is_public=what.is_public)
            data = (roster_pdf if what.format == "pdf" else roster_xlsx)(table, what.language)
    more = ["public"] if what.is_public else []
    name = "-".join([project.number, what.kind, what.language, *more]).lower()
    return Made(data, MEDIA[what.format], f"{name}.{what.format}")


# --- the review form -------------------------------------------------------------------------------------------------


def review_form_of(project: TrainingProject) -> ReviewForm:
    """The form as far as it is known: an opinion that is missing stays empty, to be filled in by hand."""
    sides = {row.side: row for row in project.reviews}
    amounts = {line: getattr(project, field) for line, field in _AMOUNT_ON_PAPER.items()}
    form = ReviewForm(
        project_no=project.number,
        group=Bilingual(project.name, project.name_en or project.name),
        organising_unit=name_of_unit(project.organisation),
        leader=_leader(project),
        members=project.people_approved if project.people_approved is not None else project.people_planned,
        countries=_countries(project),
        first_day=project.leave_on,
        last_day=project.return_on,
        days=project.days,
        task=_side(sides.get(Side.TASK), {}),
        finance=_side(sides.get(Side.FINANCE), amounts),
        data_at=_changed_at(project),
        is_draft=not all(side in sides and sides[side].is_agreed for side in Side),
    )
    return replace(form, digest=_digest(form))


def _side(row: TrainingReview | None, amounts: dict[str, Decimal | None]) -> ReviewSide:
    if row is None:
        return ReviewSide(amounts=amounts)
    answers = {_LINE_ON_PAPER.get(code, code): text for code, text in row.answers.items() if text}
    return ReviewSide(row.body, row.on, row.basis, answers, amounts, row.opinion, row.is_agreed)


def _leader(project: TrainingProject) -> Bilingual:
    leader = next((person for person in project.roster if person.is_leader), None)
    if leader is None:
        return Bilingual("", "")
    rank = rules_today().name_of("training_ranks", leader.rank)
    if leader.title:
        rank = Bilingual(leader.title, leader.title)
    return Bilingual(f"{leader.name}（{rank.zh}）", f"{leader.name} ({rank.en})")


def _countries(project: TrainingProject) -> Bilingual:
    return Bilingual(
        "、".join(country_name(code, "zh") for code in project.destinations),
        ", ".join(country_name(code, "en") for code in project.destinations),
    )


# --- the name list ---------------------------------------------------------------------------------------------------


def roster_of(project: TrainingProject, *, in_full: bool, is_public: bool = False) -> RosterTable:
    """Everybody of the group, in the order of the list."""
    table = RosterTable(
        year=project.plan.year,
        project_no=project.number,
        group=Bilingual(project.name, project.name_en or project.name),
        organising_unit=name_of_unit(project.organisation),
        destination=_countries(project),
        people=tuple(_person(person, in_full, is_public) for person in project.roster),
        data_at=_changed_at(project),
        is_draft=project.people_approved is None,
    )
    return replace(table, digest=_digest(table))


def _person(person: TrainingPerson, in_full: bool, is_public: bool) -> RosterPerson:
    book = rules_today()
    sex = book.find("sexes", person.sex)
    status = book.find("political_statuses", person.political_status)
    passport = passport_of(person)
    return RosterPerson(
        name=person.name,
        sex=sex.letter if sex is not None and sex.letter in ("M", "F") else "",
        birth_on=person.birth_on,
        unit=person.unit,
        post=person.post,
        title=person.title,
        political_status=status.name if status is not None else person.political_status,
        language_level=person.language_level,
        passport=passport if in_full or not passport else mask_passport(passport),
        is_leader=person.is_leader,
        last_trip_on=person.last_trip_on,
        health="" if is_public else person.health,
        remarks=person.remarks,
    )


# --- both ------------------------------------------------------------------------------------------------------------


def _changed_at(project: TrainingProject) -> datetime:
    """When the group itself was last changed: what other groups of the plan do does not touch its papers."""
    statement = select(func.max(Event.at)).where(
        Event.subject_kind == GROUP.subject_kind, Event.subject_id == project.id
    )
    return db.session.scalar(statement) or project.created_at


def _digest(record: Any) -> str:
    """SHA-256 of everything that stands on the paper."""
    plain = json.dumps(asdict(record), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
