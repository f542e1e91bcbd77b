"""The points table: every edge, both editions, the lines at 60 and 85, the published case of 74 points."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from expertdesk.regulations import Facts, RuleBase, RuleBook, RuleInputError

PILOT, FIRST = date(2017, 3, 31), date(2017, 4, 1)
PUBLISHED = {
    "salary_cny_year": 300000,
    "education": "bachelor",
    "experience_years": 20,
    "months_per_year": 12,
    "chinese": "none",
    "location": "other",
    "age": 43,
    "elite": [],
}


def points(book: RuleBook, **facts: object) -> dict[str, int]:
    result = book.classify(Facts.from_json(facts))
    return {factor.code: factor.score for factor in result.points.factors}


def total(book: RuleBook, **facts: object) -> int | None:
    return book.classify(Facts.from_json(facts)).points.total


def test_the_published_case_has_74_points(book: RuleBook) -> None:
    result = book.classify(Facts.from_json(PUBLISHED))
    assert result.points.total == 74
    assert result.category == "B" and result.suggested is not None and result.suggested.code == "B6"
    assert not result.points.provisional and not result.needs_officer
    assert dict(result.distance) == {"A": 11}
    assert result.distance_text is not None and result.distance_text.zh == "积分74，距A类积分线差11分"


@pytest.mark.parametrize(
    ("yuan", "score"),
    [
        ("0", 0), ("49999.99", 0), ("50000", 5), ("69999.99", 5), ("70000", 8), ("149999", 8), ("150000", 11),
        ("249999.99", 11), ("250000", 14), ("349999", 14), ("350000", 17), ("449999.99", 17), ("450000", 20),
        ("99000000", 20),
    ],
)  # fmt: skip
def test_salary_counts_to_the_cent(book: RuleBook, yuan: str, score: int) -> None:
    assert points(book, salary_cny_year=yuan)["SALARY"] == score


def test_a_monthly_salary_counts_twelve_times(book: RuleBook) -> None:
    assert points(book, salary_cny_month="37500")["SALARY"] == 20
    assert points(book, salary_cny_month="37499.99")["SALARY"] == 17


@pytest.mark.parametrize(
    ("age", "score"), [(17, 0), (18, 10), (25, 10), (26, 15), (45, 15), (46, 10), (55, 10), (56, 5), (60, 5), (61, 0)]
)
def test_ages_have_both_ends_in(book: RuleBook, age: int, score: int) -> None:
    assert points(book, age=age)["AGE"] == score


@pytest.mark.parametrize(
    ("born", "score"),
    [
        ("2000-11-24", 15),  # 26 today
        ("2000-11-25", 10),  # 26 tomorrow
        ("1981-11-24", 15),  # 45 today
        ("1980-11-24", 10),  # 46 today
        ("1966-11-24", 5),  # 60 today
        ("1965-11-24", 0),  # 61 today
        ("1965-11-25", 5),  # 61 tomorrow
    ],
)
def test_a_year_is_completed_on_the_birthday(book: RuleBook, born: str, score: int) -> None:
    assert points(book, birth_date=born)["AGE"] == score


def test_a_leap_day_counts_on_the_first_of_march(base: RuleBase) -> None:
    facts = Facts.from_json({"birth_date": "2000-02-29"})
    assert facts.age_on(date(2026, 2, 28)) == 25
    assert facts.age_on(date(2026, 3, 1)) == 26
    assert facts.age_on(date(2028, 2, 29)) == 28


@pytest.mark.parametrize(
    ("years", "score"), [("0", 0), ("1.99", 0), ("2", 5), ("2.9", 5), ("3", 6), ("16", 19), ("17", 20), ("40", 20)]
)
def test_experience_counts_full_years(book: RuleBook, years: str, score: int) -> None:
    assert points(book, experience_years=years)["EXPERIENCE"] == score


@pytest.mark.parametrize(
    ("months", "score"), [("0", 0), ("2.9", 0), ("3", 5), ("5.99", 5), ("6", 10), ("8.99", 10), ("9", 15), ("12", 15)]
)
def test_months_a_year(book: RuleBook, months: str, score: int) -> None:
    assert points(book, months_per_year=months)["ANNUAL_MONTHS"] == score


@pytest.mark.parametrize(
    ("chinese", "final", "pilot"),
    [
        ("former_national", 5, 0), ("degree_in_chinese", 5, 10), ("hsk5", 5, 10), ("hsk4", 4, 8), ("hsk3", 3, 6),
        ("hsk2", 2, 4), ("hsk1", 1, 2), ("none", 0, 0),
    ],
)  # fmt: skip
def test_chinese_in_both_editions(base: RuleBase, chinese: str, final: int, pilot: int) -> None:
    assert points(base.on(FIRST), chinese=chinese)["CHINESE"] == final
    assert points(base.on(PILOT), chinese=chinese)["CHINESE"] == pilot


def test_editions_follow_each_other_without_a_day_between(base: RuleBase) -> None:
    facts = {**PUBLISHED, "chinese": "hsk5"}
    assert total(base.on(PILOT), **facts) == 74 - 5 + 10  # experience stops at 15, Chinese gives 10
    assert total(base.on(FIRST), **facts) == 74 + 5
    assert total(base.on(date(2016, 11, 1)), **facts) == 79
    assert total(base.on(date(2016, 10, 31)), **facts) is None


@pytest.mark.parametrize(("elite", "final", "pilot"), [("university", 5, 5), ("ip", 5, 0), ("five_years", 5, 0)])
def test_distinctions_count_once(base: RuleBase, elite: str, final: int, pilot: int) -> None:
    assert points(base.on(FIRST), elite=[elite])["ELITE"] == final
    assert points(base.on(PILOT), elite=[elite])["ELITE"] == pilot
    assert points(base.on(FIRST), elite=[elite, "fortune500"])["ELITE"] == 5


@pytest.mark.parametrize(("place", "score"), [("west", 10), ("northeast", 10), ("special", 10), ("other", 0)])
def test_place_of_work(book: RuleBook, place: str, score: int) -> None:
    assert points(book, location=place)["LOCATION"] == score
    assert points(book)["LOCATION"] == 0  # Beijing is among the others


@pytest.mark.parametrize("edition", [date(2016, 11, 1), date(2017, 4, 1), date(2026, 11, 24)])
def test_the_maxima_add_up_to_120(base: RuleBase, edition: date) -> None:
    assert sum(row.max for row in base.on(edition).rows("points")) == 120


# 59, 60, 61 and 84, 85: one bonus point at a time
@pytest.mark.parametrize(
    ("bonus", "age", "salary", "points_", "category", "route"),
    [
        (0, 56, 250000, 59, None, None),
        (1, 56, 250000, 60, "B", "B6"),
        (2, 56, 250000, 61, "B", "B6"),
        (5, 43, 350000, 84, "B", "B6"),
        (6, 43, 350000, 85, "A", "A6"),
        (7, 43, 350000, 86, "A", "A6"),
    ],
)
def test_the_lines_at_60_and_85(
    book: RuleBook, bonus: int, age: int, salary: int, points_: int, category: str | None, route: str | None
) -> None:
    years = 12 if points_ < 70 else 20
    facts = {**PUBLISHED, "age": age, "salary_cny_year": salary, "experience_years": years, "bonus": bonus}
    if points_ >= 70:
        facts["chinese"] = "hsk2"
    result = book.classify(Facts.from_json(facts))
    assert result.points.total == points_
    assert result.category == category
    assert (result.suggested.code if result.suggested else None) == route
    lines = {code: result.route(code) for code in ("A6", "B6")}
    assert {code: found.met for code, found in lines.items() if found} == {"A6": points_ >= 85, "B6": points_ >= 60}


@pytest.mark.parametrize("bonus", [-1, 11, 10**13])
def test_a_bonus_out_of_range_is_refused(book: RuleBook, bonus: int) -> None:
    with pytest.raises(RuleInputError) as refused:
        book.classify(Facts.from_json({**PUBLISHED, "bonus": bonus}))
    assert "bonus" in refused.value.problems


@pytest.mark.parametrize("bonus", [0, 10])
def test_both_ends_of_the_bonus_are_allowed(book: RuleBook, bonus: int) -> None:
    assert total(book, **{**PUBLISHED, "bonus": bonus}) == 74 + bonus


def test_an_empty_factor_scores_nothing_and_makes_the_total_provisional(book: RuleBook) -> None:
    result = book.classify(Facts.from_json({key: value for key, value in PUBLISHED.items() if key != "age"}))
    assert result.points.total == 59 and result.points.provisional
    age = next(factor for factor in result.points.factors if factor.code == "AGE")
    assert not age.stated and age.value.zh == "未填写：年龄"
    route = result.route("B6")
    assert route is not None and route.met is None, "15 points for the age may still be missing"
    far = result.route("A6")
    assert far is not None and far.met is False, "even 15 more points do not reach 85"


def test_figures_are_shown_as_they_are(book: RuleBook) -> None:
    factor = book.classify(Facts.from_json({"salary_cny_year": "49999"})).points.factors[0]
    assert (factor.value.zh, factor.value.en) == ("4.9999万元/年", "49,999 CNY a year")
    assert (factor.band.zh, factor.band.en) == ("不足5万元/年", "less than 50,000 CNY a year")


def test_every_worked_example_of_the_table_comes_out(base: RuleBase) -> None:
    rows = base.rows("point_examples")
    assert len(rows) == 5
    for row in rows:
        facts = Facts(
            salary_cny_year=row.salary_10k * Decimal(10000), education=row.education, chinese=row.chinese,
            experience_years=Decimal(row.experience_years), months_per_year=Decimal(row.months_per_year),
            location=row.location, age=row.age, elite=row.elite, bonus=row.bonus,
        )  # fmt: skip
        result = base.on(FIRST).classify(facts)
        assert (row.code, result.points.total, result.category) == (row.code, row.total, row.category)


def test_every_edge_of_the_tables_comes_out(base: RuleBase) -> None:
    names = {
        "SALARY": "salary_cny_year",
        "EXPERIENCE": "experience_years",
        "ANNUAL_MONTHS": "months_per_year",
        "AGE": "age",
    }
    seen = 0
    for row in base.rows("points"):
        for edge in row.edges:
            value = edge.input * (row.unit_size or 1)
            assert points(base.on(row.valid_from), **{names[row.code]: str(value)})[row.code] == edge.score
            seen += 1
    assert seen == 64
