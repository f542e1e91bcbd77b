"""axe (WCAG 2.0 to 2.2, A and AA) finds nothing on any page, in either language, light and dark, wide and on a phone;
no page scrolls sideways at 320 pixels; every form with its errors shown is a page too."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import House, Opener
from tests.browser.places import Place, open_invitation, places

AXE = Axe()
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,
}
# only what is wrong comes back: the report on everything that is right takes longer than the page
_RUN = "options => axe.run(document, options).then(found => found.violations)"
LOOKS = [("zh", 1280, ""), ("en", 375, "dark")]


@pytest.mark.parametrize(("language", "width", "theme"), LOOKS, ids=lambda value: str(value))
def test_no_page_has_a_finding(open_as: Opener, house: House, language: str, width: int, theme: str):
    found: list[str] = []
    pages: dict[str, Page] = {}
    invitation = open_invitation(open_as("officer", language), house)
    for place in places(house, invitation=invitation):
        if place.reader not in pages:
            pages[place.reader] = open_as(place.reader, language, width=width, theme=theme)
        found += [f"{place}: {finding}" for finding in findings(pages[place.reader], place)]
    assert not found, "\n".join(found[:60])


def findings(page: Page, place: Place):
    """What axe says of one page, and whether it is too wide."""
    place.open(page)
    page.evaluate(AXE.axe_script)
    for violation in page.evaluate(_RUN, RULES):
        targets = [" ".join(map(str, node["target"])) for node in violation["nodes"]][:3]
        yield f"{violation['id']} ({violation['impact']}): {json.dumps(targets, ensure_ascii=False)}"
    if page.viewport_size and page.viewport_size["width"] < 500:
        page.set_viewport_size({"width": 320, "height": 700})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            yield f"{wide} px wide at 320"
        page.set_viewport_size({"width": 375, "height": 900})
