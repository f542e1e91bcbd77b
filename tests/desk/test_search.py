"""The one search box: any part of a name in any script, numbers, phone; grouped; says what was searched."""

from __future__ import annotations

import pytest

from tests.cases_pages import scenes
from tests.cases_pages.counting import statements


@pytest.mark.parametrize(
    "text", ["Ferreira", "luisa", "费安娜", "安娜", "feianna", "CB128382", "138 0000 0416", "ana.ferreira@mail.example"]
)
def test_a_person_is_found_by_any_part(world, client_for, read, text):
    page = read(client_for("officer").get("/search", query_string={"q": text}))
    assert page.one("a", href=f"/experts/{world.person_id}") is not None, text
    assert page.one("input", id="q").get("value") == text, "the box keeps what was typed"


def test_groups_with_stage_and_next_verb(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    for language in ("en", "zh"):
        page = read(client_for("officer", language).get("/search?q=Ferreira"))
        assert [page.words(head) for head in page.all("h2")][:2] in (["Experts", "Cases"], ["专家", "案件"])
    page = read(client_for("officer").get("/search?q=Ferreira"))
    cases = page.words(page.one("section", aria_labelledby="found-case-h"))
    assert number in cases and "In check" in cases and "3 days left" in cases and "Check papers" in cases


def test_a_whole_case_number_leads_straight_there(world, client_for):
    number = scenes.case_in(world, "submitted")
    answer = client_for("officer").get(f"/search?q={number.lower()}")
    assert (answer.status_code, answer.location) == (303, f"/cases/{number}")
    assert client_for("officer2").get(f"/search?q={number}").status_code == 200, "not to somebody who may not see it"


def test_nothing_found_says_what_was_searched_and_what_to_do(world, client_for, read):
    page = read(client_for("officer").get("/search?q=Nobodyhasthisname"))
    assert "Nothing fits. These were searched:" in page.text and "passport number" in page.text
    assert any((link.get("href") or "").startswith("/intake") for link in page.all("a"))
    read(client_for("officer", "zh").get("/search"))


@pytest.mark.parametrize(
    "text", ["", " ", "%", '"', "'; DROP TABLE case; --", "*", "AND OR NOT", "a" * 300, "\x00", "\ud800x"]
)
def test_any_text_is_answered(world, client_for, read, text):
    query = {"q": text.encode("utf-8", "surrogatepass")} if "\ud800" in text else {"q": text}
    answer = client_for("officer").get("/search", query_string=query)
    read(answer)


def test_only_what_one_may_see(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    page = read(client_for("officer2").get("/search?q=Ferreira"))
    assert number not in page.text
    for role in ("admin", "auditor", "expert"):
        assert client_for(role).get("/search?q=Ferreira").status_code == 403


def test_at_most_eight_queries(world, client_for):
    scenes.case_in(world, "submitted")
    client = client_for("officer")
    client.get("/desk")
    with statements() as seen:
        client.get("/search?q=Ana")
    assert len(seen) <= 8, "\n".join(seen)
