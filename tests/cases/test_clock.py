"""The clock keeper through real cases: known dates, both layers, pauses, extension, silence, a new calendar."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from expertdesk import regulations
from expertdesk.cases import commands, papers
from expertdesk.cases.clock import days_of, pause_codes, silent_acceptance_on, time_left
from expertdesk.cases.guards import counts_as_accepted, running_clock
from expertdesk.cases.status import status_of
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import Bilingual, use_language
from expertdesk.models import Case, CaseClock, Event, Message
from expertdesk.permits.commands import grant_permit
from expertdesk.regulations.current import rule_base, rule_region, rules_on
from expertdesk.workflow import first_bad_event
from tests.cases import steps

D = date


def at(day: date, hour: int = 9):
    return clock.at(steps.shanghai(day, hour))


def reasons(error) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_five_working_days_over_national_day(world):
    """Published: 5 working days after 2026-09-29 end on 2026-10-12 (1-7 October off, Saturday 10 October worked)."""
    officer = world.actor("officer")
    with at(D(2026, 9, 29)):
        case = steps.submitted(world, officer).case
        row = running_clock(case)
        assert (row.step, row.started_on) == ("precheck", D(2026, 9, 29))
        assert (row.promised_wd, row.statutory_wd) == (3, 5)
        assert row.statutory_due_on == D(2026, 10, 12) == silent_acceptance_on(case)
        assert row.promised_due_on == D(2026, 10, 9)
        assert not row.is_provisional
        steps.supply(case, officer)
        commands.accept_case(case, officer, case.row_version)
        row = running_clock(case)
        assert (row.step, row.promised_wd, row.promised_due_on) == ("decision", 5, D(2026, 10, 12))
        assert (row.statutory_wd, row.statutory_due_on) == (20, D(2026, 11, 2))


def test_ten_working_days_over_spring_festival(world):
    """10 working days after 2026-02-11 end on 2026-03-03: 14 and 28 February worked, 15-23 off."""
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    with at(D(2026, 2, 11)):
        case = steps.recommended(world, officer, contract_start_on=D(2026, 3, 1))
        grant_permit(case, reviewer, seen_version=case.row_version)
        row = running_clock(case)
        assert (row.step, row.started_on, row.statutory_due_on) == ("delivery", D(2026, 2, 11), D(2026, 3, 3))


def test_category_a_has_one_day_for_the_check_and_the_figures_follow_the_category(world):
    officer = world.actor("officer")
    facts = {**steps.B_FACTS, "criteria": ["B1", "A2.9"]}
    case = steps.submitted(world, officer, facts=facts).case
    assert case.category == "B" and running_clock(case).promised_wd == 3
    commands.judge(case, "A2.9", "proved", "任职证明。", officer)
    assert case.category == "A" and case.main_criterion == "A2.9"
    row = running_clock(case)
    assert (row.promised_wd, row.promised_due_on) == (1, D(2026, 11, 25))
    assert row.statutory_due_on == D(2026, 12, 1)


def test_at_most_one_clock_runs_and_every_step_leaves_its_row(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    case = steps.recommended(world, officer)
    grant_permit(case, reviewer, seen_version=case.row_version)
    commands.deliver_case(case, None, officer, case.row_version)
    db.session.flush()
    assert [row.step for row in case.clocks] == ["precheck", "acceptance", "decision", "delivery"]
    assert all(row.ended_on == D(2026, 11, 24) for row in case.clocks)
    assert time_left(case) is None and days_of(case) == ()


# --- silence ----------------------------------------------------------------------------------------------------


def test_silence_counts_as_acceptance_as_of_the_submission(world):
    officer = world.actor("officer")
    with at(D(2026, 9, 17)):
        case = steps.submitted(world, officer).case
        number = case.number
        db.session.commit()
    with at(D(2026, 9, 23), 23):  # the fifth working day still runs
        assert not counts_as_accepted(case)
        assert commands.deem_accepted_due() == 0
    with at(D(2026, 9, 24), 0):
        # shown before the worker came by
        assert counts_as_accepted(case) and case.state == "submitted"
        left = time_left(case)
        assert left is not None and left.counts_as_accepted_since == D(2026, 9, 17) and left.solid
        with use_language("en"):
            assert "counts as accepted since 17 September 2026" in str(status_of(case).sentence)
        assert next(item.code for item in status_of(case).stage_line if item.state == "now") == "review"
        for action, call in {
            "ask": lambda: commands.ask_correction(
                case, commands.correction_draft(case), officer, case.row_version
            ),
            "refuse": lambda: commands.not_accept(case, "NA2", officer, case.row_version, Bilingual("无权", "not ours"),
                                                  body=Bilingual("省局", "the province")),
        }.items():
            with pytest.raises(NotAllowedNow) as error:
                call()
            assert "counts_as_accepted" in reasons(error), action
            db.session.rollback()
        assert commands.deem_accepted_due() == 1
        assert commands.deem_accepted_due() == 0
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    assert case.state == "accepted" and case.is_deemed_accepted and case.accepted_on == D(2026, 9, 17)
    check, decision = case.clocks
    assert (check.step, check.ended_on) == ("precheck", D(2026, 9, 23))
    assert (decision.step, decision.started_on, decision.ended_on) == ("decision", D(2026, 9, 17), None)
    notice = case.letters[-1]
    assert notice.kind == "ACCEPTANCE_NOTICE" and notice.context["deemed"] is True
    event = db.session.scalars(select(Event).where(Event.name == "case.deemed_accepted")).one()
    assert event.actor_role == "system" and event.payload["accepted_on"] == "2026-09-17" and event.is_public
    assert db.session.scalars(select(Message).where(Message.kind == "case_accepted")).all()
    assert first_bad_event(db.session()) is None


def test_an_officer_who_accepts_after_the_silence_records_what_the_law_did(world):
    officer = world.actor("officer")
    with at(D(2026, 9, 17)):
        case = steps.submitted(world, officer).case
    with at(D(2026, 9, 28)):
        commands.accept_case(case, officer, case.row_version)  # papers are missing: the law accepted all the same
        assert case.is_deemed_accepted and case.accepted_on == D(2026, 9, 17)
        with pytest.raises(NotAllowedNow) as error:
            commands.accept_case(case, officer, case.row_version)
        assert reasons(error) == {"not_in_this_state"}


def test_after_a_silent_acceptance_gaps_still_stop_the_grant(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    with at(D(2026, 9, 17)):
        case = steps.submitted(world, officer).case
        db.session.commit()
    with at(D(2026, 9, 24)):
        commands.deem_accepted_due()
        commands.recommend_case(case, "材料不齐。", True, officer, case.row_version)
        with pytest.raises(NotAllowedNow) as error:
            grant_permit(case, reviewer, seen_version=case.row_version)
        assert "papers_missing" in reasons(error)


def test_a_notice_that_cannot_be_printed_does_not_stop_the_law(world):
    officer = world.actor("officer")
    with at(D(2026, 9, 17)):
        case = steps.submitted(world, officer).case
        world.organisation.name_zh = "江州\U0001f9ec公司"
        db.session.commit()
    with at(D(2026, 9, 24)):
        assert commands.deem_accepted_due() == 1
    assert case.state == "accepted" and [letter.kind for letter in case.letters] == ["RECEIPT"]
    assert db.session.scalars(select(Event).where(Event.name == "case.letter_stopped")).one()
    assert first_bad_event(db.session()) is None


def test_corrections_start_the_check_and_the_silence_anew(world):
    officer = world.actor("officer")
    with at(D(2026, 9, 17)):
        case = steps.submitted(world, officer).case
        steps.supply(case, officer, but=("PHOTO",))
        commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
        assert running_clock(case).step == "correction"
        db.session.commit()
    with at(D(2026, 9, 29)):
        assert commands.deem_accepted_due() == 0  # the clock of the office stands still
        papers.mark_original_seen(case, "PHOTO", officer)
        commands.answer_correction(case, officer)
        row = running_clock(case)
        assert (row.step, row.started_on, row.statutory_due_on) == ("precheck", D(2026, 9, 29), D(2026, 10, 12))
        assert case.rules_date == case.received_on == D(2026, 9, 17)  # judged under the first submission (D-PT-01)
        db.session.commit()
    with at(D(2026, 10, 13)):
        assert commands.deem_accepted_due() == 1
        assert case.accepted_on == D(2026, 9, 29)


# --- pauses -----------------------------------------------------------------------------------------------------


def test_an_expert_review_stops_both_layers_and_both_its_days_fall_out(world):
    officer = world.actor("officer")
    with at(D(2026, 11, 2)):
        case = steps.accepted(world, officer)
        row = running_clock(case)
        assert (row.promised_due_on, row.statutory_due_on) == (D(2026, 11, 9), D(2026, 11, 30))
    with at(D(2026, 11, 4)):
        commands.pause_clock(case, "EXPERT_REVIEW", "专家评审会。", officer, case.row_version)
        assert (row.promised_due_on, row.statutory_due_on) == (None, None)
        left = time_left(case)
        assert left.is_paused and left.pauses_law and left.icon == "pause" and left.due_on is None
        with pytest.raises(NotAllowedNow) as error:
            commands.recommend_case(case, "", True, officer, case.row_version)
        assert reasons(error) == {"paused"}
        with pytest.raises(NotAllowedNow) as error:
            commands.pause_clock(case, "HEARING", "听证。", officer, case.row_version)
        assert reasons(error) == {"paused_already"}
    with at(D(2026, 11, 10)):
        commands.resume_clock(case, officer, case.row_version)
    # 4 to 10 November are 5 working days that do not count
    assert (row.promised_due_on, row.statutory_due_on) == (D(2026, 11, 16), D(2026, 12, 7))
    strip = {cell.day: cell for cell in days_of(case)}
    assert strip[D(2026, 11, 4)].state == strip[D(2026, 11, 10)].state == "pause"
    assert (strip[D(2026, 11, 3)].promised_no, strip[D(2026, 11, 11)].promised_no) == (1, 2)
    assert (strip[D(2026, 11, 3)].legal_no, strip[D(2026, 11, 11)].legal_no) == (1, 2)


def test_a_question_stops_the_promise_only(world):
    officer = world.actor("officer")
    with at(D(2026, 11, 2)):
        case = steps.accepted(world, officer)
        row = running_clock(case)
        commands.pause_clock(case, "MORE_MATERIAL", "请补充说明。", officer, case.row_version)
        assert (row.promised_due_on, row.statutory_due_on) == (None, D(2026, 11, 30))
    with at(D(2026, 11, 3)):
        commands.resume_clock(case, officer, case.row_version)
        assert (row.promised_due_on, row.statutory_due_on) == (D(2026, 11, 10), D(2026, 11, 30))


def test_a_running_pause_of_the_promise_does_not_hide_the_law(world):
    officer = world.actor("officer")
    with at(D(2026, 11, 2)):
        case = steps.accepted(world, officer)
        commands.pause_clock(case, "INTERVIEW", "面谈。", officer, case.row_version)
    with at(D(2026, 12, 1)):
        left = time_left(case)
        assert left.is_law_broken and left.kind == "bad" and left.solid
        with use_language("en"):
            assert "was due by law on 30 November 2026" in str(status_of(case).sentence)


def test_a_pause_needs_a_code_of_the_table_and_a_note(world):
    officer = world.actor("officer")
    case = steps.accepted(world, officer)
    with pytest.raises(RuleBroken) as error:
        commands.pause_clock(case, "HOLIDAY", "休假。", officer)
    assert set(error.value.problems) == {"stop"}
    with pytest.raises(NotAllowedNow) as refused:
        commands.pause_clock(case, "HEARING", "  ", officer)
    assert reasons(refused) == {"reason_missing"}
    assert "CORRECTION" not in {row.code for row in pause_codes(rules_on(D(2026, 11, 24)))}


# --- extension --------------------------------------------------------------------------------------------------


def test_the_legal_limit_is_extended_once_with_a_reason_by_the_approving_officer(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    with at(D(2026, 11, 2)):
        case = steps.accepted(world, officer)
        row = running_clock(case)
    with at(D(2026, 11, 27)):
        commands.extend_limit(case, "需要核实国外学历。", reviewer, case.row_version)
        assert (row.statutory_due_on, row.extended_wd) == (D(2026, 12, 14), 10)
        assert row.promised_due_on == D(2026, 11, 9)  # a promise is not mended by an extension
        assert row.extension["reason"] == "需要核实国外学历。" and row.extension["by"] == "陆远"
        with pytest.raises(NotAllowedNow) as error:
            commands.extend_limit(case, "再延。", reviewer, case.row_version)
        assert reasons(error) == {"extended_already"}


def test_a_limit_that_is_over_cannot_be_extended(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    with at(D(2026, 11, 2)):
        case = steps.accepted(world, officer)
    with at(D(2026, 12, 1)), pytest.raises(NotAllowedNow) as error:
        commands.extend_limit(case, "需要核实。", reviewer, case.row_version)
    assert reasons(error) == {"limit_over"}


# --- overdue, provisional, a new calendar -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "kind", "solid", "promised", "legal"),
    [
        (D(2026, 11, 6), "warn", False, 1, 16),
        (D(2026, 11, 9), "warn", False, 0, 15),
        (D(2026, 11, 10), "warn", True, -1, 14),
        (D(2026, 11, 14), "warn", True, -4, 11),  # a Saturday
        (D(2026, 11, 30), "warn", True, -15, 0),
        (D(2026, 12, 1), "bad", True, -16, -1),
        (D(2026, 12, 5), "bad", True, -19, -4),
    ],
)
def test_days_left_count_after_today_up_to_the_last_day(world, today, kind, solid, promised, legal):
    with at(D(2026, 11, 2)):
        case = steps.accepted(world, world.actor("officer"))
    with at(today):
        left = time_left(case)
        assert (left.kind, left.solid, left.promised_left, left.statutory_left) == (kind, solid, promised, legal)


def test_a_date_in_a_year_without_calendar_is_provisional_and_moves_with_the_calendar(world):
    officer = world.actor("officer")
    with at(D(2026, 12, 28)):
        case = steps.accepted(world, officer, contract_start_on=D(2027, 1, 4), contract_end_on=D(2028, 12, 31))
        row = running_clock(case)
        assert row.is_provisional and time_left(case).is_provisional
        before = (row.promised_due_on, row.statutory_due_on)
        with use_language("en"):
            assert "(provisional)" in str(status_of(case).sentence)
        notice = (case.letters[-1].sha256, case.letters[-1].context["promised_by"])
        db.session.commit()
    install_official_2027()
    with at(D(2026, 12, 29)):
        assert commands.recompute_clocks() == 1
        assert commands.recompute_clocks() == 0
        assert not row.is_provisional
        # 4 and 5 January fall out; for the law the worked Saturdays 9 and 16 January make up for them
        assert before == (D(2027, 1, 5), D(2027, 1, 26))
        assert (row.promised_due_on, row.statutory_due_on) == (D(2027, 1, 7), D(2027, 1, 26))
    event = db.session.scalars(select(Event).where(Event.name == "case.clock_recomputed")).one()
    assert event.payload["promised"] == [before[0].isoformat(), row.promised_due_on.isoformat()]
    assert (case.letters[-1].sha256, case.letters[-1].context["promised_by"]) == notice  # letters stay


def install_official_2027() -> None:
    """A calendar as the State Council might publish it: 1-5 January off, Saturday 9 January worked."""
    import tempfile
    from pathlib import Path

    import yaml

    from expertdesk.regulations import current

    shipped = Path(regulations.__file__).parent / "tables" / "calendar.yaml"
    text = shipped.read_text(encoding="utf-8")
    start = text.index('      - code: "2027"')
    end = text.index("  statutory_holidays:")
    new_year = """      - code: "2027"
        name: {zh: 2027年, en: "2027"}
        valid_from: 2026-12-28
        official: true
        notice: {zh: 试验用, en: For the test}
        off:
          - {first: 2027-01-01, last: 2027-01-05, name: {zh: 元旦, en: New Year}}
          - {first: 2027-02-05, last: 2027-02-11, name: {zh: 春节, en: Spring Festival}}
          - {first: 2027-04-03, last: 2027-04-05, name: {zh: 清明节, en: Tomb-Sweeping Day}}
          - {first: 2027-05-01, last: 2027-05-05, name: {zh: 劳动节, en: Labour Day}}
          - {first: 2027-06-09, last: 2027-06-09, name: {zh: 端午节, en: Dragon Boat Festival}}
          - {first: 2027-09-15, last: 2027-09-15, name: {zh: 中秋节, en: Mid-Autumn Festival}}
          - {first: 2027-10-01, last: 2027-10-07, name: {zh: 国庆节, en: National Day}}
        work: [2027-01-09, 2027-01-16]
"""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "calendar.yaml").write_text(text[:start] + new_year + text[end:], encoding="utf-8")
        assert yaml.safe_load((Path(folder) / "calendar.yaml").read_text(encoding="utf-8"))
        current.install(regulations.load(Path(folder)), rule_region())
    assert rule_base().calendar.is_official(D(2027, 1, 4))


def test_a_correction_date_is_never_made_earlier_by_a_new_calendar(world):
    officer = world.actor("officer")
    with at(D(2026, 12, 14)):
        case = steps.submitted(world, officer, contract_start_on=D(2027, 2, 1), contract_end_on=D(2028, 12, 31)).case
        correction = commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
        row = running_clock(case)
        row.promised_due_on = correction.due_on = D(2027, 3, 1)  # printed so: the applicant relies on it
        db.session.commit()
    install_official_2027()
    with at(D(2026, 12, 29)):
        commands.recompute_clocks()
        assert row.promised_due_on == D(2027, 3, 1) == case.corrections[-1].due_on


def test_every_open_clock_row_is_found_by_its_case(world):
    case = steps.accepted(world, world.actor("officer"))
    rows = db.session.scalars(select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.ended_on.is_(None))).all()
    assert [row.step for row in rows] == ["decision"]
