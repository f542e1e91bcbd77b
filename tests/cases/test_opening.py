"""Opening, changing and submitting: numbers, one case for one form, guards of each procedure, two versions."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from expertdesk.cases import commands
from expertdesk.cases.policy import find_case, visible_cases
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken, Stale
from expertdesk.foundation.installed import storage, vault
from expertdesk.models import Case, Event, Letter, Permit, PermitState, SpecialGroup
from tests.cases import steps

D = date


def codes(error: Any) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_the_number_takes_the_year_of_shanghai(world):
    officer = world.actor("officer")
    with clock.at(steps.shanghai(D(2026, 12, 31), 23, 59)):
        first = commands.open_case(steps.new_case(world), officer)
    with clock.at(steps.shanghai(D(2027, 1, 1), 0, 1)):  # still 2026 in Greenwich
        second = commands.open_case(
            steps.new_case(world, person_id=world.person2_id, passport_id=world.passport2_id), officer
        )
    assert (first.number, second.number) == ("ED2026-000001", "ED2027-000001")


def test_the_same_form_twice_makes_one_case(world):
    officer = world.actor("officer")
    new = steps.new_case(world, key="form-7f3a")
    first = commands.open_case(new, officer)
    commands.submit_case(first, officer)
    again = commands.open_case(new, officer)
    assert again.id == first.id
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "case.opened")) == 1


def test_a_second_unfinished_case_of_the_kind_is_refused_with_the_number_of_the_first(world):
    officer = world.actor("officer")
    first = commands.open_case(steps.new_case(world), officer)
    with pytest.raises(NotAllowedNow) as error:
        commands.open_case(steps.new_case(world), officer)
    assert codes(error) == {"already_open"} and first.number in str(error.value.reasons[0].text)
    commands.withdraw_case(first, "改日再报。", officer)
    assert commands.open_case(steps.new_case(world), officer).number == "ED2026-000002"


def test_submitting_twice_gives_one_receipt(world):
    officer = world.actor("officer")
    case = commands.open_case(steps.new_case(world), officer)
    version = case.row_version
    commands.submit_case(case, officer, seen_version=version)
    with pytest.raises(NotAllowedNow) as error:
        commands.submit_case(case, officer)
    assert codes(error) == {"not_in_this_state"}
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"person_id": 999}, {"person_id"}),
        ({"passport_id": 2}, {"passport_id"}),
        ({"organisation_id": 999}, {"organisation_id"}),
        ({"procedure": "TELEPORT"}, {"procedure"}),
        ({"procedure": "SHORT_TERM"}, {"procedure"}),
        ({"received_on": D(2026, 11, 25)}, {"received_on"}),
        ({"contract_end_on": D(2026, 11, 30)}, {"contract_end_on"}),
        ({"salary_month": Decimal(-1)}, {"salary_month"}),
        ({"claimed_category": "Z"}, {"claimed_category"}),
        ({"facts": {"education": "phd"}}, {"education"}),
        ({"facts": {"criteria": ["A99"]}}, {"criteria"}),
        ({"facts": {"shoe_size": 43}}, {"shoe_size"}),
        ({"contact_id": 999}, {"contact_id"}),
        ({"organisation_id": 2}, {"contact_id"}),  # a contact of the other organisation
        ({"previous_permit_id": 999}, {"previous_permit_id"}),
        ({"district": "000000"}, {"district"}),
        ({"post": "长" * 201}, {"post"}),
        ({"duties": "长" * 1001, "ground_reason": "长" * 501}, {"duties", "ground_reason"}),
    ],
)
def test_bad_values_are_told_at_their_field(world, changes, fields):
    with pytest.raises(RuleBroken) as error:
        commands.open_case(steps.new_case(world, **changes), world.actor("officer"))
    assert set(error.value.problems) == fields
    assert all(str(text) for text in error.value.problems.values())


@pytest.mark.parametrize("role", ["reviewer", "liaison", "manager", "admin", "auditor", "expert", "employer2"])
def test_only_the_counter_and_the_own_employer_enter_cases(world, role):
    with pytest.raises(NotPermitted):
        commands.open_case(steps.new_case(world), world.actor(role))


def test_an_employer_applies_for_the_own_organisation_and_the_case_has_no_officer(world):
    employer = world.actor("employer")
    case = commands.open_case(steps.new_case(world), employer)
    assert case.officer_id is None
    done = commands.submit_case(case, employer)
    assert done.receipt.context["received_by"].startswith("网上提交")
    assert case.officer_id is None and case.entered_by_id == employer.id


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"post": ""}, "missing.post"),
        ({"contract_start_on": None, "contract_end_on": None}, "missing.contract_start_on"),
        ({"contract_end_on": None}, "missing.contract_end_on"),
        ({"in_country_ground": ""}, "ground_missing"),
        ({"in_country_ground": "IC1"}, "ground_category"),
        ({"in_country_ground": "IC2"}, "ground_other_procedure"),
        ({"in_country_ground": "IC9"}, "ground_reason"),
    ],
)
def test_what_an_in_country_application_cannot_do_without(world, changes, reason):
    officer = world.actor("officer")
    case = commands.open_case(steps.new_case(world, **changes), officer)
    with pytest.raises(NotAllowedNow) as error:
        commands.submit_case(case, officer)
    assert reason in codes(error)


def test_the_ground_for_category_a_fits_a_person_of_category_a(world):
    officer = world.actor("officer")
    new = steps.new_case(world, in_country_ground="IC1", facts=steps.A_FACTS, claimed_category="A")
    assert commands.submit_case(commands.open_case(new, officer), officer).case.category == "A"


def test_an_application_from_abroad_needs_no_ground(world):
    officer = world.actor("officer")
    new = steps.new_case(world, procedure="NEW_ABROAD", in_country_ground="", embassy="驻葡萄牙使馆")
    case = commands.submit_case(commands.open_case(new, officer), officer).case
    lines = {paper.document: paper.requirement for paper in case.papers}
    assert lines["MEDICAL"] == "deferred" and lines["HEALTH_COMMIT"] == "required" and "VISA_PAGE" not in lines


# --- extension --------------------------------------------------------------------------------------------------


def permit(world: Any, **changes: Any) -> Permit:
    """A permit in force of the person at the organisation, ending on 2027-03-10."""
    with clock.at(steps.shanghai(D(2025, 3, 3))):
        old = commands.open_case(
            steps.new_case(world, contract_start_on=D(2025, 3, 11), contract_end_on=D(2027, 3, 10)),
            world.actor("officer"),
        )
        commands.withdraw_case(old, "历史业务。", world.actor("officer"))
    values: dict[str, Any] = {
        "number": "JZ0000000000019",
        "person_id": world.person_id,
        "organisation_id": world.organisation_id,
        "case_id": old.id,
        "state": PermitState.IN_FORCE,
        "category": "B",
        "main_criterion": "B1",
        "post": "研发工程师",
        "district": "990101",
        "starts_on": D(2025, 3, 11),
        "ends_on": D(2027, 3, 10),
        "months": 24,
        "granted_on": D(2025, 3, 3),
        "created_at": clock.now(),
    }
    row = Permit(**{**values, **changes})
    db.session.add(row)
    db.session.flush()
    return row


def extension(world: Any, row: Permit | None, **changes: Any) -> commands.NewCase:
    values = {
        "procedure": "EXTENSION",
        "in_country_ground": "",
        "previous_permit_id": row.id if row else None,
        "contract_start_on": D(2027, 3, 11),
        "contract_end_on": D(2029, 3, 10),
    }
    return steps.new_case(world, **{**values, **changes})


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (D(2026, 11, 9), "extension_early"),  # 121 days before the end
        (D(2026, 11, 10), ""),  # 120 days
        (D(2027, 2, 8), ""),  # 30 days
        (D(2027, 2, 9), "extension_late"),
        (D(2027, 3, 11), "extension_not_in_force"),
    ],
)
def test_an_extension_is_filed_inside_its_window(world, day, reason):
    officer = world.actor("officer")
    row = permit(world)
    with clock.at(steps.shanghai(day)):
        case = commands.open_case(extension(world, row), officer)
        if not reason:
            done = commands.submit_case(case, officer)
            assert done.case.state == "submitted" and "TALENT_PROOF" in {paper.document for paper in case.papers}
            return
        with pytest.raises(NotAllowedNow) as error:
            commands.submit_case(case, officer)
        assert codes(error) == {reason}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"organisation_id": 2}, "extension_employer"),
        ({"person_id": 2}, "extension_person"),
        ({"state": PermitState.CANCELLED}, "extension_not_in_force"),
    ],
)
def test_an_extension_goes_on_from_the_right_permit(world, changes, reason):
    officer = world.actor("officer")
    case = commands.open_case(extension(world, permit(world, **changes)), officer)
    with pytest.raises(NotAllowedNow) as error:
        commands.submit_case(case, officer)
    assert codes(error) == {reason}


def test_an_extension_without_a_permit_says_what_is_missing(world):
    officer = world.actor("officer")
    case = commands.open_case(extension(world, None), officer)
    with pytest.raises(NotAllowedNow) as error:
        commands.submit_case(case, officer)
    assert codes(error) == {"extension_permit"}


def test_the_papers_of_an_extension_follow_from_the_old_permit(world):
    """After a salary promise the tax record is due, on the 6 × line only by spot check; a new title needs its proof."""
    officer = world.actor("officer")
    row = permit(world, category="A", main_criterion="A6", post="主任工程师")
    case = commands.open_case(extension(world, row), officer)
    lines = {paper.document: paper.requirement for paper in case.papers}
    assert lines["TAX_RECORD"] == "required" and lines["SALARY_COMMITMENT"] == "required"
    assert lines["CHG_PROOF"] == "required"
    row.main_criterion, row.post = "A3.9", "研发工程师"
    db.session.flush()
    commands.edit_case(case, {"duties": "新材料"}, officer, case.row_version)
    lines = {paper.document: paper.requirement for paper in case.papers}
    assert lines["TAX_RECORD"] == "waived" and lines["CHG_PROOF"] == "if_applicable"


# --- who needs no permit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nationality", "group", "body"),
    [
        ("HK", SpecialGroup.NONE, "人力资源和社会保障"),
        ("MO", SpecialGroup.HKMOTW, "人力资源和社会保障"),
        ("TW", SpecialGroup.NONE, "人力资源和社会保障"),
        ("CN", SpecialGroup.HKMOTW, "人力资源和社会保障"),
        ("PT", SpecialGroup.PERMANENT_RESIDENT, "人力资源和社会保障"),
        ("PT", SpecialGroup.DIPLOMAT, "外交部"),
    ],
)
def test_who_needs_no_permit_is_not_accepted_with_the_body_responsible(world, nationality, group, body):
    officer = world.actor("officer")
    person = world.person
    person.nationality, person.special_group = nationality, group
    db.session.flush()
    # intake records no more than person, organisation and procedure
    new = steps.new_case(
        world, post="", contract_start_on=None, contract_end_on=None, in_country_ground="", salary_month=None, facts={}
    )
    case = commands.submit_case(commands.open_case(new, officer), officer).case
    with pytest.raises(NotAllowedNow) as error:
        commands.accept_case(case, officer, case.row_version)
    assert "no_permit_needed" in codes(error)
    commands.not_accept(case, "NA1", officer, case.row_version)
    letter = case.letters[-1]
    assert case.state == "not_accepted" and letter.kind == "NON_ACCEPTANCE_NOTICE"
    assert body in letter.context["apply_to"]["zh"] and letter.context["apply_to"]["en"]
    assert letter.context["legal_basis"]["zh"].startswith("《中华人民共和国行政许可法》第三十二条第一款第一项")
    assert letter.context["remedies"]["reconsideration_days"] == 60


def test_the_ground_must_fit(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    for ground, field in (("NA1", "ground"), ("NA3", "ground"), ("NA9", "ground"), ("NA2", "note")):
        with pytest.raises(RuleBroken) as error:
            commands.not_accept(case, ground, officer, case.row_version)
        assert field in error.value.problems
    assert case.state == "submitted"


# --- the access code --------------------------------------------------------------------------------------------


def test_the_access_code_is_shown_once_and_stored_nowhere_readable(world):
    officer = world.actor("officer")
    done = steps.submitted(world, officer)
    db.session.commit()
    code, case = done.access_code, done.case
    assert vault().code_matches(code, case.access_code_digest, context=case.number)
    assert not vault().code_matches(code, case.access_code_digest, context="ED2026-000002")
    rows = [json.dumps(letter.context) for letter in db.session.scalars(select(Letter))]
    rows += [json.dumps(event.payload) for event in db.session.scalars(select(Event))]
    rows.append(case.access_code_digest)
    assert not any(code in row for row in rows)
    path = storage()._path(done.receipt.file_key)
    assert code.encode() not in path.read_bytes()  # the receipt itself lies encrypted


# --- changing ---------------------------------------------------------------------------------------------------


def test_a_change_keeps_both_values_and_moves_category_checklist_and_limit(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    commands.edit_case(case, {"salary_month": Decimal(80000), "facts": {**steps.B_FACTS, "criteria": []}}, officer,
                       case.row_version)  # fmt: skip
    assert (case.category, case.main_criterion) == ("A", "A3.9")  # 6 × the average wage
    assert {paper.document: paper.requirement for paper in case.papers}["DEGREE"] == "commitment"
    event = db.session.scalars(select(Event).where(Event.name == "case.edited")).one()
    assert event.payload["changes"]["salary_month"] == ["32000", "80000"]
    assert case.clocks[-1].promised_wd == 1


def test_nothing_changed_writes_nothing(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    db.session.commit()
    version = case.row_version
    commands.edit_case(case, {"post": "研发工程师", "salary_month": Decimal("32000.00")}, officer, version)
    db.session.commit()
    assert case.row_version == version


def test_a_stale_page_gets_both_versions_and_who_changed_it(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    seen = case.row_version
    commands.edit_case(case, {"post": "高级研究员"}, officer, seen)
    db.session.commit()
    with pytest.raises(Stale) as error:
        commands.edit_case(case, {"post": "主任研究员"}, officer, seen)
    stale = error.value
    assert (stale.seen, stale.current, stale.changed_by) == (seen, case.row_version, "周敏")
    assert [(item.name, item.stored, item.yours) for item in stale.differences] == [
        ("post", "高级研究员", "主任研究员")
    ]
    with pytest.raises(Stale) as error:
        commands.accept_case(case, officer, seen)
    assert [str(item.label) for item in error.value.differences] == ["Particulars changed"]
    assert case.post == "高级研究员"


@pytest.mark.parametrize("change", ["edit", "paper", "judge", "assign", "check"])
def test_every_change_makes_a_new_version(world, change):
    from expertdesk.cases import papers

    officer = world.actor("officer")
    case = steps.submitted(world, officer, facts={**steps.B_FACTS, "criteria": ["B1", "A2.9"]}).case
    papers.mark_original_seen(case, "PHOTO", officer)
    db.session.commit()
    seen = case.row_version
    {
        "edit": lambda: commands.edit_case(case, {"duties": "别的"}, officer, seen),
        "paper": lambda: papers.mark_original_seen(case, "PASSPORT", officer),
        "judge": lambda: commands.judge(case, "A2.9", "not_used", "无证据。", officer),
        "assign": lambda: commands.assign_case(case, None, officer, reason="休假"),
        "check": lambda: papers.check_paper(case, "PHOTO", True, officer),
    }[change]()
    db.session.commit()
    assert case.row_version > seen
    with pytest.raises(Stale):
        commands.ask_correction(case, commands.correction_draft(case), officer, seen)


# --- who sees what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "draft", "submitted"),
    [
        ("officer", True, True), ("officer2", False, False), ("reviewer", True, True), ("manager", True, True),
        ("liaison", False, False), ("admin", False, False), ("auditor", False, False), ("expert", False, True),
        ("expert2", False, False), ("employer", False, True), ("employer2", False, False),
    ],
)  # fmt: skip
def test_who_sees_a_case(world, role, draft, submitted):
    officer = world.actor("officer")
    case = commands.open_case(steps.new_case(world), officer)
    assert _sees(case, world.actor(role)) is draft
    commands.submit_case(case, officer)
    assert _sees(case, world.actor(role)) is submitted


def _sees(case: Case, actor: Any) -> bool:
    from expertdesk.cases.policy import may_see

    listed = case.id in set(db.session.scalars(visible_cases(select(Case.id), actor)))
    try:
        found = find_case(case.number, actor).id == case.id
    except NotFound:
        found = False
    assert listed == found == may_see(case, actor)
    return listed


def test_a_handed_over_case_is_seen_and_done_by_the_new_officer_alone(world):
    officer, other, manager = world.actor("officer"), world.actor("officer2"), world.actor("manager")
    case = steps.submitted(world, officer).case
    with pytest.raises(NotAllowedNow):
        commands.assign_case(case, other.id, other, reason="我来")
    with pytest.raises(RuleBroken):
        commands.assign_case(case, other.id, manager)
    commands.assign_case(case, other.id, manager, reason="周敏休假。", district="990102")
    assert (case.officer_id, case.district) == (other.id, "990102")
    assert _sees(case, other)
    with pytest.raises(NotAllowedNow) as error:
        commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    assert codes(error) == {"other_officer"} and "Han Xue" in str(error.value.reasons[0].text)
    commands.ask_correction(case, commands.correction_draft(case), other, case.row_version)
