"""Cases brought to the approving officer with the commands that people use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.cases.commands import NewCase, accept_case, open_case, recommend_case, submit_case
from expertdesk.cases.papers import check_paper, commit_paper, defer_paper, mark_original_seen
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case, Permit
from expertdesk.permits.commands import grant_permit
from tests.world import World

FACTS = {
    "education": "master",
    "experience_years": "6",
    "months_per_year": "12",
    "chinese": "hsk3",
    "location": "other",
    "criteria": ["B1"],
}


def new_case(world: World, **changes: Any) -> NewCase:
    """An application for the world's person at the world's organisation."""
    values: dict[str, Any] = {
        "procedure": "NEW_IN_CHINA",
        "person_id": world.person_id,
        "passport_id": world.passport_id,
        "organisation_id": world.organisation_id,
        "contact_id": world.contact_id,
        "in_country_ground": "IC3",
        "post": "高级研究员",
        "post_en": "Senior researcher",
        "duties": "蛋白质工程研究",
        "occupation": "2",
        "contract_start_on": date(2026, 12, 1),
        "contract_end_on": date(2029, 11, 30),
        "salary_month": Decimal("32000"),
        "salary_year": Decimal("384000"),
        "claimed_category": "B",
        "facts": dict(FACTS),
    }
    return NewCase(**{**values, **changes})


def second_case(world: World, **changes: Any) -> NewCase:
    """The same for the world's second person and organisation, in the second district."""
    more = {"person_id": world.person2_id, "passport_id": world.passport2_id, "organisation_id": world.organisation2_id}
    return new_case(world, **{**more, "contact_id": None, **changes})


def supply(case: Case, actor: Any) -> None:
    """Every paper that is asked for, seen and in order."""
    for paper in list(case.papers):
        if paper.requirement == "commitment":
            commit_paper(case, paper.document, actor)
        elif paper.requirement == "deferred":
            defer_paper(case, paper.document, actor)
        elif paper.requirement == "required":
            mark_original_seen(case, paper.document, actor, date(2026, 11, 2))
            check_paper(case, paper.document, True, actor)


def accepted(world: World, new: NewCase | None = None, officer: str = "officer") -> Case:
    """Submitted with all papers in order, and accepted."""
    actor = world.actor(officer)
    case = open_case(new or new_case(world), actor)
    supply(case, actor)
    submit_case(case, actor)
    accept_case(case, actor, case.row_version)
    return case


def recommended(
    world: World,
    new: NewCase | None = None,
    officer: str = "officer",
    *,
    is_grant: bool = True,
    opinion: str = "材料齐全。",
) -> Case:
    """With the approving officer."""
    case = accepted(world, new, officer)
    recommend_case(case, opinion, is_grant, world.actor(officer), case.row_version)
    db.session.flush()
    return case


def granted(world: World, new: NewCase | None = None, officer: str = "officer") -> Permit:
    """A permit, granted by the approving officer, committed."""
    case = recommended(world, new, officer)
    permit = grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    db.session.commit()
    return permit


FACTS_OF_REFUSAL = Bilingual(
    "申请人取得学士学位后从事相关工作13个月，税前月薪人民币18,000元。",
    "After the bachelor’s degree the applicant did related work for 13 months; the pay is CNY 18,000 a month.",
)
REASONS_OF_REFUSAL = Bilingual("相关工作经历不足2年。", "The applicant has less than 2 years of related work.")


def weak_case(world: World) -> NewCase:
    """Somebody who meets no category: a bachelor with one year of work and a low salary."""
    facts = {
        "education": "bachelor",
        "experience_years": "1",
        "months_per_year": "12",
        "chinese": "none",
        "location": "other",
        "criteria": ["B1"],
    }
    return new_case(world, facts=facts, salary_month=Decimal("12000"), salary_year=Decimal("144000"))
