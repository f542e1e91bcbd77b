"""Categories: salary lines to the yuan, ages of B and C, claims, what is not in force, and what is not evaluated."""

from __future__ import annotations

from datetime import date

import pytest

from expertdesk.regulations import Classification, Facts, RuleBase, RuleBook, RuleInputError

ENOUGH = {"education": "master", "experience_years": 5, "age": 40}


def judged(book: RuleBook, **facts: object) -> Classification:
    return book.classify(Facts.from_json(facts))


def met(result: Classification, code: str) -> bool | None:
    route = result.route(code)
    assert route is not None, code
    return route.met


# --- salary ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "a", "b", "category"),
    [
        (71621, False, True, "B"),
        ("71621.99", False, True, "B"),
        (71622, True, True, "A"),
        (71623, True, True, "A"),
        (47747, False, False, None),
        (47748, False, True, "B"),
    ],
)
def test_one_yuan_below_the_line_fails(book: RuleBook, month: object, a: bool, b: bool, category: str | None) -> None:
    result = judged(book, salary_cny_month=month, education="bachelor", experience_years=2, age=40)
    assert (met(result, "A3.9"), met(result, "B4"), result.category) == (a, b, category)


@pytest.mark.parametrize(
    ("year", "a", "b"), [(859463, False, True), (859464, True, True), (572975, False, False), (572976, False, True)]
)
def test_a_year_alone_is_held_against_both_lines(book: RuleBook, year: int, a: bool, b: bool) -> None:
    result = judged(book, salary_cny_year=year, **ENOUGH)
    assert (met(result, "A3.9"), met(result, "B4")) == (a, b)


def test_month_and_year_must_both_reach_the_line(book: RuleBook) -> None:
    result = judged(book, salary_cny_month=80000, salary_cny_year=859463, **ENOUGH)
    route = result.route("A3.9")
    assert route is not None and route.met is False
    assert route.why.en == "CNY 859,463 a year < 859,464 (Beijing, since 4 Feb 2026)"
    assert route.why.zh == "年薪859,463元 < 859,464元（北京，2026-02-04起）"
    short = judged(book, salary_cny_month=71621, salary_cny_year=900000, **ENOUGH)
    assert met(short, "A3.9") is False


def test_what_fails_by_a_fen_is_not_shown_as_reaching(book: RuleBook) -> None:
    route = judged(book, salary_cny_year=859463, **ENOUGH).route("A3.9")
    assert route is not None and "71,621.91" in route.why.en


@pytest.mark.parametrize(
    ("region", "on", "known"),
    [
        ("Beijing", date(2026, 2, 3), False),
        ("Beijing", date(2026, 2, 4), True),
        ("Shanghai", date(2026, 2, 3), True),
        ("Guangzhou", date(2024, 1, 1), True),
        ("Shenzhen", date(2026, 11, 24), False),
        ("CN", date(2026, 11, 24), False),
    ],
)
def test_never_another_regions_row(base: RuleBase, region: str, on: date, known: bool) -> None:
    result = judged(base.on(on, region), salary_cny_month=90000, criteria=["A3.9"], **ENOUGH)
    route = result.route("A3.9")
    assert route is not None
    assert route.met is (True if known else None)
    if not known:
        assert "no figure in force" in route.why.en and "没有有效的规则" in route.why.zh
        assert result.needs_officer and result.category is None


@pytest.mark.parametrize(("on", "old"), [(date(2027, 3, 4), False), (date(2027, 3, 5), True)])
def test_a_threshold_older_than_13_months_is_told(base: RuleBase, on: date, old: bool) -> None:
    warnings = {warning.code for warning in judged(base.on(on), salary_cny_month=90000, **ENOUGH).warnings}
    assert ("THRESHOLD_OLD" in warnings) is old


# --- age ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "category", "officer", "code"),
    [
        (17, None, False, None),
        (18, "B", False, None),
        (59, "B", False, None),
        (60, "B", False, "AGE_AT_LIMIT"),
        (61, "B", True, "AGE_ABOVE_LIMIT"),
        (75, "B", True, "AGE_ABOVE_LIMIT"),
    ],
)
def test_the_age_of_category_b(book: RuleBook, age: int, category: str | None, officer: bool, code: str | None) -> None:
    result = judged(book, age=age, education="bachelor", experience_years=2, criteria=["B1"])
    assert (result.category, result.needs_officer) == (category, officer)
    assert (code in {warning.code for warning in result.warnings}) is (code is not None)
    if age < 18:
        assert [warning.code for warning in result.blocked] == ["APP_AGE18"]
        assert "未满18周岁" in result.summary.zh


@pytest.mark.parametrize("age", [18, 60, 61, 90])
def test_category_a_has_no_upper_age(book: RuleBook, age: int) -> None:
    result = judged(book, age=age, criteria=["A1"])
    assert result.category == "A" and not result.needs_officer


def test_category_a_needs_18_years_too(book: RuleBook) -> None:
    assert judged(book, age=17, criteria=["A1"]).category is None


@pytest.mark.parametrize(("age", "officer"), [(60, False), (61, True)])
def test_the_age_of_category_c(book: RuleBook, age: int, officer: bool) -> None:
    result = judged(book, age=age, criteria=["C1"])
    assert result.category == "C" and result.needs_officer is officer


@pytest.mark.parametrize(
    ("on", "age", "category"),
    [("2026-11-24", 40, "A"), ("2026-11-24", 41, None), ("2017-01-01", 35, "A"), ("2017-01-01", 36, None)],
)
def test_outstanding_young_talent(base: RuleBase, on: str, age: int, category: str | None) -> None:
    assert judged(base.on(date.fromisoformat(on)), age=age, criteria=["A5"]).category == category


# --- degree, experience, claims --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("education", "years", "category"),
    [("bachelor", 2, "B"), ("master", 2, "B"), ("bachelor", "1.99", None), ("none", 10, None)],
)
def test_b1_needs_a_bachelor_and_two_years(book: RuleBook, education: str, years: object, category: str | None) -> None:
    result = judged(book, education=education, experience_years=years, age=40, criteria=["B1", "B1.5"])
    assert result.category == category


@pytest.mark.parametrize(
    ("waiver", "hours", "expected"),
    [
        ("degree", None, True),
        ("licence", None, True),
        ("certificate", 120, True),
        ("certificate", 119, False),
        (None, None, False),
    ],
)
def test_language_teachers_may_be_freed_of_the_two_years(
    book: RuleBook, waiver: str | None, hours: int | None, expected: bool
) -> None:
    facts: dict[str, object] = {"education": "bachelor", "experience_years": 0, "age": 30, "criteria": ["B3"]}
    facts |= {"teaching_waiver": waiver} if waiver else {}
    facts |= {"teaching_hours": hours} if hours else {}
    assert met(judged(book, **facts), "B3") is expected


@pytest.mark.parametrize("code", ["B2", "B5"])
def test_a_gap_that_may_be_relaxed_only_warns(book: RuleBook, code: str) -> None:
    result = judged(book, education="none", experience_years=1, age=40, criteria=[code])
    assert result.category == "B" and result.needs_officer
    assert {"GAP_DEGREE", "GAP_YEARS"} <= {warning.code for warning in result.warnings}


def test_nothing_claimed_is_no_category_and_never_c(book: RuleBook) -> None:
    result = judged(book, age=40)
    assert result.category is None and result.summary.zh == "未符合任何类别的条件"
    assert all(route.met is not True for route in result.routes)


def test_empty_facts_are_not_evaluated(book: RuleBook) -> None:
    result = judged(book)
    assert {route.met for route in result.routes} == {None}
    assert result.category is None and not result.needs_officer


def test_an_item_lifts_its_group(book: RuleBook) -> None:
    result = judged(book, criteria=["A2.9"])
    assert met(result, "A2") is True and result.category == "A"
    assert result.suggested is not None and result.suggested.code == "A2.9"


@pytest.mark.parametrize(("days", "expected"), [(90, True), (91, False)])
def test_short_term_work_has_90_days_at_most(book: RuleBook, days: int, expected: bool) -> None:
    assert met(judged(book, criteria=["C2"], work_days=days), "C2") is expected


def test_an_unknown_criterion_is_refused(book: RuleBook) -> None:
    with pytest.raises(RuleInputError) as refused:
        judged(book, criteria=["A9"])
    assert "A9" in refused.value.text("zh") and "criteria" in refused.value.problems


def test_a_regions_own_criterion_stays_there(base: RuleBase) -> None:
    assert judged(base.on(date(2026, 11, 24), "Beijing"), criteria=["A_BJ_RD"]).category == "A"
    elsewhere = judged(base.on(date(2026, 11, 24), "Shanghai"), criteria=["A_BJ_RD"])
    route = elsewhere.route("A_BJ_RD")
    assert elsewhere.category is None and route is not None and route.met is None
    assert route.why.zh == "只适用于北京"


# --- days before any rule --------------------------------------------------------------------------------------


def test_a_day_before_any_rule_is_not_called_not_met(base: RuleBase) -> None:
    result = judged(base.on(date(2010, 1, 1)), age=40, education="master", criteria=["A1"], salary_cny_month=99999)
    assert result.category is None and result.points.total is None
    assert {route.met for route in result.routes} == {None}
    assert {route.code for route in result.routes} >= {"A1", "A6", "B6", "C1"}
    for route in result.routes:
        assert "No figure in force on 1 Jan 2010" in route.why.en and "2010-01-01没有有效的规则" in route.why.zh
    assert "no figure in force" in result.summary.en


def test_the_pilot_judges_points_and_says_what_it_does_not_know(base: RuleBase) -> None:
    facts = {"salary_cny_year": 450000, "education": "doctorate", "experience_years": 20, "months_per_year": 12,
             "chinese": "hsk5", "age": 40}  # fmt: skip
    result = judged(base.on(date(2017, 1, 1)), criteria=["A1"], **facts)
    assert result.points.total == 95 and result.category == "A"
    route = result.route("A1")
    assert route is not None and route.met is None and "No figure in force" in route.why.en
    near = judged(base.on(date(2017, 1, 1)), **{**facts, "education": "bachelor", "chinese": "none"})
    assert near.points.total == 75 and near.category == "B"
