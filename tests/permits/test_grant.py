"""Granting: the number for life, the permit and its period, the letters; four eyes; the version that was seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from expertdesk.access import Role
from expertdesk.accounts.actors import actor_of
from expertdesk.accounts.commands import create_account
from expertdesk.cases.commands import pause_clock, resume_clock
from expertdesk.cases.papers import add_version
from expertdesk.cases.policy import find_case
from expertdesk.experts.commands import person_data, update_person
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted, Stale
from expertdesk.foundation.numbers import is_permit_number
from expertdesk.models import Account, Case, CaseState, Event, LetterKind, Message, Permit, PermitState, Person, Series
from expertdesk.permits.commands import grant_permit, last_event
from expertdesk.permits.queries import extendable, permit_in_force
from tests.permits.making import accepted, granted, new_case, recommended, second_case
from tests.permits.uploads import clean_pdf
from tests.world import PASSWORD, YUNXI


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def test_a_first_grant_makes_number_permit_and_both_letters(world):
    case = recommended(world)
    permit = grant_permit(case, world.actor("reviewer"), seen_version=case.row_version, opinion="同意。")
    db.session.commit()
    assert case.state is CaseState.GRANTED and case.decided_by_id == world.accounts["reviewer"]
    assert is_permit_number(permit.number) and case.person.permit_number == permit.number
    assert (permit.starts_on, permit.ends_on, permit.months) == (date(2026, 12, 1), date(2028, 11, 30), 24)
    assert permit.end_cause == "category_max" and permit.category == "B" and permit.district == YUNXI
    kinds = {letter.kind: letter for letter in case.letters if letter.permit_id == permit.id}
    assert set(kinds) == {LetterKind.NOTIFICATION_LETTER, LetterKind.GRANT_DECISION}
    assert kinds[LetterKind.NOTIFICATION_LETTER].valid_until == date(2027, 5, 24)
    assert case.decision == {"outcome": "granted", "opinion": "同意。", "permit_id": permit.id}
    assert list(db.session.scalars(select(Event.name).where(Event.subject_kind == "permit"))) == ["permit.granted"]
    told = list(db.session.scalars(select(Message.kind).where(Message.kind == "case_granted")))
    assert len(told) == 2, "the expert and the organisation's handler are told"
    assert permit_in_force(world.person_id) is permit


def test_two_grants_at_once_take_two_numbers(app, world):
    first, second = recommended(world), recommended(world, second_case(world), "officer2")
    db.session.commit()
    numbers = [first.number, second.number]
    db.session.remove()

    def grant(number: str) -> str:
        with app.app_context():
            actor = world.actor("reviewer")
            case = find_case(number, actor)
            permit = grant_permit(case, actor, seen_version=case.row_version)
            made = permit.number
            db.session.commit()
            db.session.remove()
            return made

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(grant, numbers))
    assert len(set(made)) == 2 and all(is_permit_number(number) for number in made)
    with app.app_context():
        assert db.session.scalar(select(Series.last).where(Series.kind == "PERMIT")) == 2


def test_one_case_granted_twice_at_once_is_granted_once(app, world):
    number = recommended(world).number
    db.session.commit()
    db.session.remove()

    def grant(_: int) -> str:
        with app.app_context():
            try:
                actor = world.actor("reviewer")
                case = find_case(number, actor)
                made = grant_permit(case, actor, seen_version=case.row_version).number
                db.session.commit()
                return made
            except (NotAllowedNow, Stale) as refused:
                db.session.rollback()
                return type(refused).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(grant, range(3)))
    assert sum(is_permit_number(answer) for answer in answers) == 1, answers
    with app.app_context():
        assert len(list(db.session.scalars(select(Permit)))) == 1


def extension_of(world, permit: Permit, **changes):
    values = {
        "procedure": "EXTENSION",
        "in_country_ground": "",
        "previous_permit_id": permit.id,
        "contract_start_on": date(2028, 12, 1),
        "contract_end_on": date(2030, 6, 30),
    }
    return new_case(world, **{**values, **changes})


def test_an_extension_keeps_the_number_and_follows_the_old_permit(world):
    old = granted(world)
    number = old.number
    with clock.at(clock.at_shanghai(date(2028, 9, 4))):
        case = recommended(world, extension_of(world, old))
        permit = grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
        db.session.commit()
        assert permit.number == number and permit.previous_id == old.id
        assert (permit.starts_on, permit.ends_on) == (date(2028, 12, 1), date(2030, 6, 30))
        assert permit.end_cause == "contract_end"
        assert old.state is PermitState.SUPERSEDED
        assert permit_in_force(world.person_id) is permit
        assert {letter.kind for letter in case.letters if letter.permit_id == permit.id} == {
            LetterKind.NOTIFICATION_LETTER,
            LetterKind.GRANT_DECISION,
        }
    assert db.session.scalar(select(Series.last).where(Series.kind == "PERMIT")) == 1


def test_what_can_be_extended_follows_the_window(world):
    permit = granted(world)
    opens, closes = permit.ends_on - timedelta(days=120), permit.ends_on - timedelta(days=30)
    for day, found in ((opens - timedelta(days=1), 0), (opens, 1), (closes, 1), (closes + timedelta(days=1), 0)):
        with clock.at(clock.at_shanghai(day)):
            bases = extendable(world.actor("officer"))
            assert len(bases) == found, day
    with clock.at(clock.at_shanghai(opens)):
        assert extendable(world.actor("officer"))[0].is_open
        case = accepted(world, extension_of(world, permit))
        base = extendable(world.actor("officer"))[0]
        assert base.open_case_number == case.number and not base.is_open
        assert extendable(world.actor("officer2")) == ()


def test_a_person_with_a_permit_in_force_gets_no_second_one(world):
    granted(world)
    case = recommended(world, new_case(world, organisation_id=world.organisation2_id, contact_id=None, district=YUNXI))
    with pytest.raises(NotAllowedNow) as refused:
        grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    assert codes(refused) == {"permit_running"}


def test_after_a_lapse_the_number_is_the_same(world):
    first = granted(world)
    with clock.at(clock.at_shanghai(date(2029, 2, 5))):
        later = new_case(world, contract_start_on=date(2029, 2, 1), contract_end_on=date(2030, 1, 31))
        case = recommended(world, later)
        permit = grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
        assert permit.number == first.number and permit.previous_id is None
        assert (permit.starts_on, permit.ends_on) == (date(2029, 2, 5), date(2030, 1, 31))
        assert first.state is PermitState.IN_FORCE, "lapsing is computed, never stored"
        assert permit_in_force(world.person_id) is permit


def test_dates_that_leave_no_period_forbid_a_grant(world):
    case = recommended(world)
    with clock.at(clock.at_shanghai(date(2029, 12, 3))), pytest.raises(NotAllowedNow) as refused:
        grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    assert codes(refused) == {"period.contract_end"}
    db.session.rollback()
    assert db.session.scalar(select(Series.last).where(Series.kind == "PERMIT")) is None


@pytest.mark.parametrize("officer", ["officer", "manager", "liaison"])
def test_only_approving_officers_grant(world, officer):
    case = recommended(world)
    with pytest.raises((NotPermitted, NotAllowedNow)):
        grant_permit(case, world.actor(officer), seen_version=case.row_version)


def test_four_eyes_hold_through_a_changed_role(world):
    case = recommended(world)
    account = db.session.get_one(Account, world.accounts["officer"])
    both = actor_of(account)
    object.__setattr__(both, "roles", frozenset({Role.REVIEWER}))
    object.__setattr__(both, "permissions", world.actor("reviewer").permissions)
    with pytest.raises(NotAllowedNow) as refused:
        grant_permit(case, both, seen_version=case.row_version)
    assert codes(refused) == {"four_eyes"}


def test_somebody_who_only_uploaded_a_paper_does_not_decide(world):
    helper = create_account(
        username="both", name="贺宁", roles=(Role.OFFICER, Role.REVIEWER), password=PASSWORD, districts=(YUNXI,),
        actor=world.actor("admin"),
    )  # fmt: skip
    both = actor_of(helper)
    case = accepted(world)
    case.officer_id = None
    db.session.flush()
    add_version(case, "CONTRACT", clean_pdf(), both)
    case.state = CaseState.RECOMMENDED
    db.session.flush()
    with pytest.raises(NotAllowedNow) as refused:
        grant_permit(case, both, seen_version=case.row_version)
    assert "four_eyes" in codes(refused)


def test_an_older_version_is_not_approved(world):
    case = recommended(world)
    seen = case.row_version
    pause_clock(case, "EXPERT_REVIEW", "专家评审", world.actor("reviewer"))
    resume_clock(case, world.actor("reviewer"))
    with pytest.raises(Stale) as refused:
        grant_permit(case, world.actor("reviewer"), seen_version=seen)
    assert refused.value.seen == seen and refused.value.current == case.row_version > seen
    assert {item.name for item in refused.value.differences} >= {"case.paused", "case.resumed"}
    assert case.state is CaseState.RECOMMENDED and db.session.scalar(select(Permit.id)) is None


def test_a_change_of_the_person_makes_the_approval_stale(world):
    case = recommended(world)
    seen = last_event(case)
    person = db.session.get_one(Person, world.person_id)
    changed = replace(person_data(person), phone="+86 138 0000 9999")
    update_person(person.id, changed, world.actor("officer"), person.row_version)
    with pytest.raises(Stale) as refused:
        grant_permit(case, world.actor("reviewer"), seen_version=case.row_version, seen_event=seen)
    assert [item.name for item in refused.value.differences] == ["person.updated"]
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version, seen_event=last_event(case))
    assert case.state is CaseState.GRANTED


def test_a_letter_that_cannot_be_printed_leaves_nothing_behind(world):
    case = recommended(world)
    world.organisation.name_en = "Institute of \U00013000"
    db.session.commit()
    version, number = case.row_version, case.number
    with pytest.raises(NotAllowedNow) as refused:
        grant_permit(case, world.actor("reviewer"), seen_version=version)
    assert codes(refused) == {"missing_glyph"}
    db.session.rollback()
    found = db.session.scalars(select(Case).where(Case.number == number)).one()
    assert found.state is CaseState.RECOMMENDED and found.person.permit_number is None
    assert db.session.scalar(select(Permit.id)) is None
