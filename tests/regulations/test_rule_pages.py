"""The rule browser in both languages: every table, the day picker, regions, two days compared, wrong input.

The pages need no database: the application here has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expertdesk.factory import create_app
from expertdesk.foundation import clock
from expertdesk.regulations import RuleBase, browsable
from expertdesk.settings import Settings
from expertdesk.web.guard import declared
from tests.pages import Page, Reader

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    home: Path = tmp_path_factory.mktemp("rules")
    yield create_app(
        Settings(
            mode="test",
            home=home,
            database_url=f"sqlite:///{home / 'none.sqlite3'}",
            secret_key="test-key-0123456789-abcdefghijklmnopqrstuvwxyz",
            business_now=NOW,
            rate_limits=False,
        )
    )
    clock.start_at(None)


@pytest.fixture
def look(application: Flask):
    """look("/rules", "zh") → the checked page."""

    def get(path: str, language: str = "en", status: int = 200) -> Page:
        return Reader()(client(application, language).get(path), status)

    return get


def client(application: Flask, language: str) -> FlaskClient:
    visitor = application.test_client()
    visitor.set_cookie("language", language)
    return visitor


def test_the_rule_pages_are_public(application: Flask) -> None:
    for endpoint in ("portal.rules", "portal.rule_table", "portal.rule_changes"):
        assert declared(application.view_functions[endpoint]) == "rules are public law"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_list_of_all_tables(look, base: RuleBase, language: str) -> None:
    page = look("/rules", language)
    links = {link.get("href") for link in page.all("a")}
    assert {f"/rules/{code}" for code in browsable(base)} <= links
    for word in ("Points table", "积分要素计分赋值表"):
        assert word in page.text
    assert ("to be confirmed" if language == "en" else "待确认") in page.text
    assert "/rules/compare" in links and "/rules/compare?from=2026-02-03&to=2026-02-04&region=Beijing" in links


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_table_is_readable_in_both_languages(application: Flask, base: RuleBase, language: str) -> None:
    visitor = client(application, language)
    for code in browsable(base):
        answer = visitor.get(f"/rules/{code}")
        assert answer.status_code == 200, code
        text, title = unescape(answer.text), base.table(code).title
        assert f'<h1 id="page-title">{title.text(language)}</h1>' in text
        assert title.zh in text and title.en in text, "the name in the other language stands below"
        for row in base.on(NOW.date(), "Beijing").rows(code):
            assert row.name.zh in text and row.name.en in text, row
            assert row.sources.text(language) in text, row


@pytest.mark.parametrize(
    "table", ["points", "criteria", "checklists", "calendar", "time_limits", "visa_kinds", "decisions"]
)
def test_each_kind_of_table_is_a_sound_page(look, table: str) -> None:
    look(f"/rules/{table}", "zh")
    look(f"/rules/{table}?on=2017-01-01&region=Shanghai", "en")


def test_low_confidence_is_shown_as_to_be_confirmed(look) -> None:
    assert look("/rules/criteria").text.count("To be confirmed") == 2
    assert look("/rules/criteria", "zh").text.count("待确认") == 3  # two rows and the sentence that counts them
    assert "To be confirmed" not in look("/rules/base_conditions").text


def test_figures_sources_and_days_stand_on_the_page(look) -> None:
    page = look("/rules/salary_thresholds?on=2026-11-24&region=Beijing")
    for text in ("71,622", "859,464", "47,748", "572,976", "since 4 Feb 2026", "Vialto", "Beijing"):
        assert text in page.text, text
    assert "74,604" not in page.text, "Shanghai's line is not Beijing's"
    assert "74,604" in look("/rules/salary_thresholds?region=Shanghai").text


@pytest.mark.parametrize(
    ("day", "maximum", "others"), [("2026-11-24", "20", 9), ("2017-03-31", "15", 9), ("2010-01-01", "", 18)]
)
def test_the_day_picker(look, day: str, maximum: str, others: int) -> None:
    page = look(f"/rules/points?on={day}")
    assert page.one("input", name="on").get("value") == day
    rules = [article for article in page.all("article") if article.get("id") == "row-EXPERIENCE"]
    if maximum:
        assert f"Maximum {maximum} " in page.words(rules[0]).replace("Maximum", "Maximum ").replace("  ", " ")
    else:
        assert not rules and "No figure in force on this day" in page.text
    assert f"{others} rows of other days" in page.text
    assert ("not those of today" in page.text) is (day != "2026-11-24")
    assert ("Back to today" in page.text) is (day != "2026-11-24")


def test_the_chosen_day_and_region_travel_along(look) -> None:
    page = look("/rules?on=2017-01-15&region=Shanghai")
    links = [link.get("href") or "" for link in page.all("a")]
    assert "/rules/points?region=Shanghai&on=2017-01-15" in links
    table = look("/rules/points?region=Shanghai&on=2017-01-15")
    assert "/rules/point_lines?region=Shanghai&on=2017-01-15" in [link.get("href") for link in table.all("a")]
    back = [link.get("href") for link in table.all("a") if "Back to today" in table.words(link)]
    assert back == ["/rules/points?region=Shanghai"]


@pytest.mark.parametrize(
    ("table", "english", "chinese"),
    [
        ("training_columns", ("List of choices", "key fields", "Cost (CNY)"), ("选项表", "重点领域", "经费（元）")),
        ("training_rules", ("warning", "fewest people: 5; most people: 25"), ("提示", "人数最少：5；人数最多：25")),
        ("training_parts", ("Hong Kong, China", "Macao, China"), ("中国香港", "中国澳门")),
        ("training_plan_states", ("the authority above",), ("上级",)),
        ("training_ranks", ("business class", "soft sleeper or first-class seat"), ("公务舱", "高级软卧、商务座")),
        ("training_calendar", ("September to November of the year before",), ("上年9月至11月",)),
        ("cost_editions", ("Caihang [2017] No. 434", "To be confirmed"), ("财行〔2017〕434号", "待确认")),
        ("cost_rates", ("Germany · Munich", "Europe", "EUR", "2013"), ("德国·慕尼黑", "欧洲", "欧元", "2013年住宿费")),
        ("cost_items", ("Other incl. inter-city",), ("其他费用（含城市间交通费）",)),
        ("training_fees", ("8,400", "JPY"), ("8,400", "日元")),
        ("cost_examples", ("562,400",), ("562,400", "日元")),
    ],
)
def test_the_tables_of_the_training_plan(look, table: str, english: tuple[str, ...], chinese: tuple[str, ...]) -> None:
    for language, texts in (("en", english), ("zh", chinese)):
        page = look(f"/rules/{table}", language)
        for text in texts:
            assert text in page.text, text


def test_a_checklist_is_a_grid_of_papers(look) -> None:
    page = look("/rules/checklists")
    article = next(found for found in page.all("article") if found.get("id") == "row-NEW_IN_CHINA")
    lines = [page.words(line) for line in article.iter("{http://www.w3.org/1999/xhtml}tr")]
    assert "Papers A B C" in [
        line.replace("Papers", "Papers ").replace("ABC", "A B C").replace("  ", " ") for line in lines
    ]
    assert any("Highest degree" in line and "Commitment" in line and "If applicable" in line for line in lines)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_days_compared(look, language: str) -> None:
    page = look("/rules/compare?from=2017-03-31&to=2017-04-01", language)
    deleted, inserted = ([page.words(found) for found in page.all(tag)] for tag in ("del", "ins"))
    assert any(text.endswith("15") for text in deleted) and any(text.endswith("20") for text in inserted)
    assert ("Points table" if language == "en" else "积分要素计分赋值表") in page.text
    assert page.one("input", name="from").get("value") == "2017-03-31"
    assert page.one("input", name="to").get("value") == "2017-04-01"


def test_nothing_changed_says_so(look) -> None:
    page = look("/rules/compare?from=2026-03-01&to=2026-03-02")
    assert "Nothing changes from 1 Mar 2026 to 2 Mar 2026" in page.text
    assert "The rules of both days read the same" in page.text


def test_comparing_without_days_looks_at_the_last_year(look) -> None:
    page = look("/rules/compare?from=&to=&region=")
    assert page.one("input", name="from").get("value") == "2025-11-24"
    assert page.one("input", name="to").get("value") == "2026-11-24"
    assert "Salary thresholds" in page.text


@pytest.mark.parametrize(
    ("path", "field", "english", "chinese"),
    [
        ("/rules?on=yesterday", "on", "Enter a real date, for example 2026-11-24.", "2026-11-24"),
        ("/rules?on=2026-02-30", "on", "Enter a real date, for example 2026-11-24.", "2026-11-24"),
        ("/rules?on=9999-01-01", "on", "Enter a date between 1900 and 2200.", "1900"),
        ("/rules/points?region=Mars", "region", "Choose a region from the list.", "请从列表中选择地区。"),
        ("/rules/compare?from=x", "from", "Enter a real date, for example 2026-11-24.", "2026-11-24"),
        ("/rules/compare?to=x", "to", "Enter a real date, for example 2026-11-24.", "2026-11-24"),
    ],
)
def test_wrong_input_is_told_at_its_field(look, path: str, field: str, english: str, chinese: str) -> None:
    page = look(path, "en", 400)
    assert english in page.text and "Error:" in page.words(page.one("title"))
    wrong = next(found for tag in ("input", "select") for found in page.all(tag) if found.get("name") == field)
    assert wrong.get("aria-invalid") == "true"
    assert f"#{wrong.get('id')}" in [link.get("href") for link in page.all("a")], "the summary leads to the field"
    assert chinese in look(path, "zh", 400).text


@pytest.mark.parametrize(
    "path", ["/rules/nope", "/rules/sentences", "/rules/table_columns", "/rules/a%00b", "/rules/points/x"]
)
def test_an_unknown_table_is_a_404(look, path: str) -> None:
    look(path, "en", 404)


def test_a_wrong_day_keeps_what_was_typed(application: Flask) -> None:
    html = client(application, "en").get("/rules?on=32.13.2026&region=Shanghai").text
    assert 'value="32.13.2026"' in html and re.search(r'<option selected value="Shanghai"', html)


@pytest.mark.parametrize(
    "path",
    [
        "/rules",
        "/rules/points",
        "/rules/checklists?on=2017-05-01",
        "/rules/visa_kinds",
        "/rules/compare",
        "/rules?on=x",
    ],
)
def test_nothing_on_the_pages_is_left_untranslated(application: Flask, path: str) -> None:
    """The pseudo-locale marks every translated text; what is neither marked nor data is a text somebody forgot."""
    from tests.pages import parse

    root, _ = parse(client(application, "qps").get(path).text)
    assert not list(unmarked(root)), list(unmarked(root))[:10]


def unmarked(element, inherited: bool = False) -> Iterator[str]:
    tag = element.tag.removeprefix("{http://www.w3.org/1999/xhtml}") if isinstance(element.tag, str) else "!"
    if tag in ("script", "style", "bdi", "title", "!") or element.get("translate") == "no":
        return
    for text in (element.text, *(child.tail for child in element)):
        plain = text or ""
        while MARKED.search(plain):
            plain = MARKED.sub("", plain)
        if any(sign.isalpha() for sign in plain):
            yield " ".join(plain.split())
    for child in element:
        yield from unmarked(child)


def test_staff_see_the_rules_in_their_own_frame(client_for, read: Reader) -> None:
    page = read(client_for("officer").get("/rules/points"))
    current = [link for link in page.all("a", aria_current="page") if link.get("href") == "/rules"]
    assert current, "the navigation marks where one is"
    assert page.one("h1") is not None and "Points table" in page.text
