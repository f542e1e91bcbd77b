"""What of a case its own people see, beyond cases.policy (which cases, which papers)."""

from __future__ import annotations

from expertdesk.access import Actor, Role
from expertdesk.cases.policy import PRIVATE_PAPERS, is_own
from expertdesk.models import Case, Letter


def is_the_expert(case: Case, actor: Actor) -> bool:
    return Role.EXPERT in actor.roles and actor.person_id is not None and actor.person_id == case.person_id


def may_answer(case: Case, actor: Actor) -> bool:
    """The expert, or somebody who handles cases for the organisation; a contact with the right to read does not."""
    return is_own(case, actor, to_act=True)


def may_read_problem(case: Case, document: str, actor: Actor) -> bool:
    """What an officer wrote about a medical or criminal-record paper can repeat what is in it: not for the employer."""
    return is_the_expert(case, actor) or document not in PRIVATE_PAPERS


def may_read_letter(letter: Letter) -> bool:
    """A decision is there to read once it is delivered, which seals it; every other letter when it is issued."""
    return letter.sealed_on is not None
