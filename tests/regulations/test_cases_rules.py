"""Checklists, papers, passports, periods of permits and who needs none."""

from __future__ import annotations

from datetime import date

import pytest

from expertdesk.regulations import (
    ChecklistItem,
    Circumstances,
    Dates,
    PermitPeriod,
    RuleBase,
    RuleBook,
    add_months,
    whole_months,
)

DAY = date(2026, 11, 24)


def papers(book: RuleBook, procedure: str, category: str, **given: object) -> dict[str, ChecklistItem]:
    items = book.checklist(procedure, category, Circumstances(**given))  # type: ignore[arg-type]
    return {item.code: item for item in items}


def status(book: RuleBook, procedure: str, category: str, **given: object) -> dict[str, str]:
    return {code: item.status for code, item in papers(book, procedure, category, **given).items()}


# --- checklists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (
            "A",
            {
                "DEGREE": "commitment",
                "WORK_EXPERIENCE": "commitment",
                "NO_CRIMINAL": "commitment",
                "MEDICAL": "required",
            },
        ),
        ("B", {"DEGREE": "required", "WORK_EXPERIENCE": "required", "NO_CRIMINAL": "required", "MEDICAL": "required"}),
        (
            "C",
            {
                "DEGREE": "if_applicable",
                "WORK_EXPERIENCE": "if_applicable",
                "NO_CRIMINAL": "required",
                "MEDICAL": "required",
            },
        ),
    ],
)
def test_in_country_papers_by_category(book: RuleBook, category: str, expected: dict[str, str]) -> None:
    found = status(book, "NEW_IN_CHINA", category)
    assert {code: found[code] for code in expected} == expected
    assert found["VISA_PAGE"] == found["PASSPORT"] == found["PHOTO"] == found["CONTRACT"] == "required"
    assert "HEALTH_COMMIT" not in found


def test_from_abroad_the_examination_may_follow(book: RuleBook) -> None:
    found = papers(book, "NEW_ABROAD", "B")
    assert found["MEDICAL"].status == "deferred" and "30" in found["MEDICAL"].reason.zh
    assert found["HEALTH_COMMIT"].status == "required" and "VISA_PAGE" not in found
    here = status(book, "NEW_ABROAD", "B", has_medical=True)
    assert here["MEDICAL"] == "required" and "HEALTH_COMMIT" not in here


def test_a_commitment_ends_where_the_criterion_rests_on_the_paper(book: RuleBook) -> None:
    assert status(book, "NEW_IN_CHINA", "A", main_criterion="A5")["DEGREE"] == "required"
    assert status(book, "NEW_IN_CHINA", "A", main_criterion="A2.9")["WORK_EXPERIENCE"] == "required"
    assert status(book, "NEW_IN_CHINA", "A", main_criterion="A2.1")["WORK_EXPERIENCE"] == "commitment"
    points = {"main_criterion": "A6"}
    assert status(book, "NEW_IN_CHINA", "A", **points, claimed_factors=frozenset({"EDUCATION"}))["DEGREE"] == "required"
    assert status(book, "NEW_IN_CHINA", "A", **points, claimed_factors=frozenset({"SALARY"}))["DEGREE"] == "commitment"


@pytest.mark.parametrize(
    ("criterion", "expected"), [("A3.9", True), ("A6", True), ("B4", True), ("B6", True), ("B1", False), ("A1", False)]
)
def test_a_salary_promise_needs_its_letter(book: RuleBook, criterion: str, expected: bool) -> None:
    found = status(book, "NEW_IN_CHINA", criterion[0], main_criterion=criterion)["SALARY_COMMITMENT"]
    assert (found == "required") is expected


def test_family_papers_only_with_a_family(book: RuleBook) -> None:
    assert status(book, "NEW_IN_CHINA", "B")["FAMILY"] == "if_applicable"
    assert status(book, "NEW_IN_CHINA", "B", has_family=True)["FAMILY"] == "required"
    assert status(book, "NEW_IN_CHINA", "B", needs_preapproval=True)["INDUSTRY_APPROVAL"] == "required"


def test_papers_of_graduates_appear_only_for_graduates(book: RuleBook) -> None:
    extra = {"CV", "INTENT_LETTER_WITH_SALARY", "HIRING_REASON_REPORT_30DAY_JOB_AD"}
    assert not extra & set(status(book, "NEW_IN_CHINA", "B"))
    found = status(book, "NEW_IN_CHINA", "B", is_graduate=True)
    assert {found[code] for code in extra} == {"required"}


def test_extension_after_a_salary_promise(base: RuleBase, book: RuleBook) -> None:
    plain = status(book, "EXTENSION", "B")
    assert plain["TAX_RECORD"] == "if_applicable" and plain["SALARY_COMMITMENT"] == "if_applicable"
    promised = status(book, "EXTENSION", "B", old_criterion="B4")
    assert promised["TAX_RECORD"] == promised["SALARY_COMMITMENT"] == "required"
    six = status(book, "EXTENSION", "A", old_criterion="A3.9")
    assert six["TAX_RECORD"] == "waived" and six["SALARY_COMMITMENT"] == "required"
    elsewhere = status(base.on(DAY, "Shanghai"), "EXTENSION", "A", old_criterion="A3.9")
    assert elsewhere["TAX_RECORD"] == "required", "the waiver is Beijing's own"
    assert status(book, "EXTENSION", "A", is_upgrade=True)["TALENT_PROOF"] == "required"
    assert status(book, "EXTENSION", "B", title_changed=True)["CHG_PROOF"] == "required"


def test_change_of_employer_waives_what_was_seen_before(book: RuleBook) -> None:
    found = status(book, "CHANGE_EMPLOYER", "B")
    assert found["MEDICAL"] == found["NO_CRIMINAL"] == "waived" and found["CANCEL_CERT"] == "required"
    assert status(book, "CHANGE_EMPLOYER", "B", papers_never_filed=True)["DEGREE"] == "required"


def test_every_line_of_every_open_checklist_says_why_and_where_from(book: RuleBook) -> None:
    for procedure in book.procedures(open_only=True):
        for category in procedure.categories:
            for item in book.checklist(procedure.code, category):
                assert item.reason.zh and item.reason.en and item.source.zh and item.source.en, item.code


@pytest.mark.parametrize(
    ("code", "category", "criterion", "expected"),
    [
        ("DEGREE", "A", "", True),
        ("DEGREE", "B", "", False),
        ("DEGREE", "B", "A_BJ_RD", True),
        ("NO_CRIMINAL", "A", "", False),
    ],
)
def test_only_non_core_papers_of_category_a_may_follow(
    book: RuleBook, code: str, category: str, criterion: str, expected: bool
) -> None:
    item = papers(book, "NEW_IN_CHINA", "B")[code]
    assert book.may_defer(item, category, criterion) is expected


def test_evidence_follows_the_criterion(book: RuleBook) -> None:
    talent = papers(book, "NEW_IN_CHINA", "A", main_criterion="A2.8")["TALENT_PROOF"]
    assert [part.code for part in talent.parts] == ["PUBLICATION_PROOF"]
    points = papers(
        book, "NEW_IN_CHINA", "B", main_criterion="B6", claimed_factors=frozenset({"CHINESE"}), claims_hsk=True
    )
    assert [part.code for part in points["TALENT_PROOF"].parts] == ["HSK_CERT"]


# --- passport and papers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "expiry", "fits"),
    [
        ("2026-11-24", "2027-05-24", True), ("2026-11-24", "2027-05-23", False), ("2026-08-31", "2027-02-28", True),
        ("2026-08-31", "2027-02-27", False), ("2026-11-24", "2026-11-23", False),
    ],
)  # fmt: skip
def test_a_passport_needs_six_months(book: RuleBook, submitted: str, expiry: str, fits: bool) -> None:
    assert book.passport_check(date.fromisoformat(expiry), date.fromisoformat(submitted)).met is fits


def test_an_unknown_passport_is_not_judged(book: RuleBook) -> None:
    assert book.passport_check(None).met is None


@pytest.mark.parametrize(
    ("issued", "fits"), [("2026-05-24", True), ("2026-05-23", False), ("2026-11-24", True), ("2026-11-25", False)]
)
def test_a_no_crime_certificate_is_good_for_six_months(book: RuleBook, issued: str, fits: bool) -> None:
    assert book.paper_check("NO_CRIMINAL", date.fromisoformat(issued), DAY).met is fits


def test_a_degree_has_no_age(book: RuleBook) -> None:
    assert book.paper_check("DEGREE", date(1980, 1, 1), DAY).met is True
    assert book.paper_valid_until("DEGREE", date(1980, 1, 1)) is None
    assert book.paper_valid_until("CAPITAL_VERIFICATION_12M", date(2026, 2, 28)) == date(2027, 2, 28)


@pytest.mark.parametrize(("born", "fits"), [("2008-11-24", True), ("2008-11-25", False)])
def test_eighteen_on_the_day_of_submission(book: RuleBook, born: str, fits: bool) -> None:
    checks = {check.code: check for check in book.base_conditions(date.fromisoformat(born), date(2030, 1, 1))}
    assert checks["APP_AGE18"].met is fits
    assert len(checks) == 10 and checks["APP_HEALTH"].met is None


@pytest.mark.parametrize(
    ("nationality", "flags", "group"),
    [
        ("HK", {}, "HKMOTW"), ("MO", {}, "HKMOTW"), ("TW", {}, "HKMOTW"), ("BR", {"is_permanent_resident": True}, "PR"),
        ("FR", {"is_diplomat": True}, "DIPLOMAT"), ("BR", {}, None), ("NO", {}, None),
    ],
)  # fmt: skip
def test_who_needs_no_permit(book: RuleBook, nationality: str, flags: dict[str, bool], group: str | None) -> None:
    found = book.no_permit_needed(nationality, **flags)
    assert (found.group.code if found else None) == group
    if found:
        assert found.ground.code == "NA1" and found.body.zh and found.body.en and found.law.code == "L1.32.1"


def test_before_2018_residents_of_hong_kong_needed_one(base: RuleBase) -> None:
    assert base.on(date(2018, 7, 27)).no_permit_needed("HK") is None
    assert base.on(date(2018, 7, 28)).no_permit_needed("HK") is not None


# --- periods -------------------------------------------------------------------------------------------------------


def period(book: RuleBook, procedure: str = "NEW_IN_CHINA", category: str = "B", **changes: object) -> object:
    given = {
        "contract_start": date(2026, 12, 1),
        "contract_end": date(2030, 11, 30),
        "passport_expiry": date(2035, 1, 1),
        "decision_on": DAY,
    }
    return book.permit_period(procedure, category, Dates(**{**given, **changes}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("category", "end", "months"),
    [("A", date(2030, 11, 30), 48), ("B", date(2028, 11, 30), 24), ("C", date(2027, 11, 30), 12)],
)
def test_the_greatest_length_of_a_category(book: RuleBook, category: str, end: date, months: int) -> None:
    found = period(book, category=category)
    assert isinstance(found, PermitPeriod)
    assert (found.start, found.end, found.months) == (date(2026, 12, 1), end, months)
    assert found.cause == ("contract_end" if category == "A" else "category_max")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"passport_expiry": date(2027, 1, 5)}, "passport_expiry"),
        ({"licence_end": date(2027, 1, 5)}, "licence_end"),
        ({"industry_permit_end": date(2027, 1, 5)}, "industry_permit_end"),
        ({"contract_end": date(2027, 1, 5)}, "contract_end"),
    ],
)
def test_the_earliest_end_wins_and_is_named(book: RuleBook, changes: dict[str, object], cause: str) -> None:
    found = period(book, **changes)
    assert isinstance(found, PermitPeriod)
    assert (found.end, found.cause, found.months) == (date(2027, 1, 5), cause, 1)


def test_impossible_and_missing_dates_name_their_cause(book: RuleBook) -> None:
    assert getattr(period(book, passport_expiry=date(2026, 11, 30)), "cause", "") == "passport_expiry"
    assert getattr(period(book, contract_end=None), "cause", "") == "contract_end"
    assert getattr(period(book, contract_end=None, is_open_ended=True), "cause", "") == "category_max"
    assert getattr(period(book, decision_on=None), "cause", "") == "decision_on"


def test_an_extension_begins_the_day_after_the_old_end(book: RuleBook) -> None:
    found = period(book, "EXTENSION", old_end=date(2026, 12, 31), contract_start=date(2027, 1, 1))
    assert isinstance(found, PermitPeriod) and found.start == date(2027, 1, 1)
    assert found.end == date(2028, 12, 31)


def test_graduates_have_one_year_first(book: RuleBook) -> None:
    first, later = (
        period(book, graduate="first"),
        period(book, category="A", graduate="later", contract_end=date(2040, 1, 1)),
    )
    assert isinstance(first, PermitPeriod) and first.end == date(2027, 11, 30)
    assert isinstance(later, PermitPeriod) and later.end == date(2031, 11, 30)


def test_every_worked_example_of_periods_comes_out(base: RuleBase) -> None:
    rows = base.rows("period_examples")
    assert len(rows) == 3
    for row in rows:
        names = ("contract_start", "contract_end", "passport_expiry", "licence_end", "decision_on", "old_end")
        found = base.on(row.decision_on).permit_period(
            row.procedure, row.category, Dates(**{name: row.get(name) for name in names})
        )
        assert isinstance(found, PermitPeriod)
        assert (found.start, found.end, found.cause, found.months) == (row.start, row.end, row.cause, row.months)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-11-24", 6, "2027-05-24"),
        ("2026-12-31", 1, "2027-01-31"),
    ],
)
def test_adding_months(book: RuleBook, day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == expected
    assert whole_months(date.fromisoformat(day), date.fromisoformat(expected)) == months
    if months == 6:
        assert book.letter_valid_until(date.fromisoformat(day)).isoformat() == expected
