"""The main work without a mouse: only Tab, Enter, Space and arrows, with a focus that is seen at every stop and goes
through the page in its order."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Opener
from tests.browser.steps import lang_of, main_text

# what has the focus, and what a person sees of it
_STOP = """() => {
  const now = document.activeElement, before = window.lastStop;
  if (!now || now === document.body) return null;
  const box = now.getBoundingClientRect();
  const look = getComputedStyle(now);
  // an invisible control that lies over its picture shows the focus there
  const drawn = [now, now.nextElementSibling, now.labels?.[0]].filter(Boolean).map(part => getComputedStyle(part));
  const ring = part => part.outlineStyle !== "none" && parseFloat(part.outlineWidth) >= 2;
  const follows = !before?.isConnected
    || Boolean(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.lastStop = now;
  const name = `${now.tagName.toLowerCase()}${now.id ? "#" + now.id : ""}${now.name ? `[${now.name}]` : ""}`;
  return {
    what: `${name} ${(now.innerText || now.value || "").trim().slice(0, 40)}`,
    hasRing: now.matches(":focus-visible") && drawn.some(ring),
    isSeen: box.width > 0 && box.height > 0 && look.visibility !== "hidden"
      && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    isCovered: isCovered(now, box),
    isInOrder: follows,
  };
  function isCovered(element, box) {
    const x = Math.min(Math.max(box.left + Math.min(box.width, innerWidth) / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return Boolean(top) && !element.contains(top) && !top.contains(element) && !element.labels?.[0]?.contains(top);
  }
}"""
_MOST_STOPS = 250


class Keys:
    """Somebody with a keyboard. Every stop of the focus is looked at."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0
        page.emulate_media(reduced_motion="reduce")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def stop(self, where: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.page.evaluate(_STOP)
        if found is not None:
            self.stops += 1
            flaws = [
                text
                for text, is_so in (
                    ("no ring around it", not found["hasRing"]),
                    ("out of sight", not found["isSeen"]),
                    ("hidden under something", found["isCovered"]),
                    ("not in the order of the page", not found["isInOrder"]),
                )
                if is_so
            ]
            assert not flaws, f"{where}: {found['what']}: {', '.join(flaws)}"
        return found

    def tab_to(self, selector: str) -> None:
        """Tab on until this has the focus."""
        for _ in range(_MOST_STOPS):
            self.press("Tab")
            self.stop(self.page.url)
            if self.page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
                return
        raise AssertionError(f"{self.page.url}: Tab never comes to {selector}")

    def go(self, selector: str, key: str = "Enter") -> None:
        """Tab to a link or button, press it, and wait for the page."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.press(key)

    def skip(self) -> None:
        """The first stop of a page is the link that leads past the head; it is seen and works."""
        self.press("Tab")
        self.stop(self.page.url)
        assert self.page.evaluate("document.activeElement.matches('a.ed-skip')"), self.page.url
        self.press("Enter")
        self.page.wait_for_function("document.activeElement?.id === 'main'")

    def sign_in(self, username: str) -> None:
        self.page.goto("/sign-in")
        focused = self.page.evaluate("document.activeElement?.name === 'username'")
        if not focused:
            self.tab_to("[name=username]")
        self.page.keyboard.type(username)
        self.tab_to("[name=password]")
        self.page.keyboard.type(PASSWORD)
        with self.page.expect_navigation():
            self.press("Enter")
        assert "/sign-in" not in self.page.url

    def choose(self, name: str, value: str) -> None:
        """Tab to a group of radios and go through it with the arrow keys."""
        self.tab_to(f"[name='{name}']")
        for _ in range(6):
            if self.page.locator(f"[name='{name}'][value='{value}']").is_checked():
                return
            self.press("ArrowRight")
            self.stop(self.page.url)
        raise AssertionError(f"the arrows do not come to {name} = {value}")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def test_an_officer_asks_for_corrections_by_keyboard(open_as: Opener, language: str):
    page = open_as("", language)
    keys = Keys(page)
    keys.sign_in("officer")
    assert page.url.endswith("/desk")
    page.reload()
    keys.skip()
    # the first case of the desk that waits for its check, opened by its name, then by its next step
    keys.tab_to("main a[href$='/check']")
    number = page.evaluate("document.activeElement.getAttribute('href').split('/')[2]")
    page.reload()
    keys.skip()
    keys.go(f"main a.ed-who[href='/cases/{number}']")
    assert page.url.endswith(number)
    keys.skip()
    keys.go(f"main a[href='/cases/{number}/check']")
    keys.skip()
    document = page.locator("main [name$='-check'][value=problem]").nth(2).get_attribute("name")
    assert document
    prefix = document.removesuffix("check")
    keys.choose(document, "problem")
    keys.tab_to(f"[name='{prefix}reason_code']")
    keys.press("ArrowDown", "ArrowDown")
    assert page.locator(f"[name='{prefix}reason_code']").input_value()
    expect(page.locator(f"[name='{prefix}problem_zh']")).not_to_have_value("")
    keys.go("button[name=then][value=correction]")
    assert page.url.endswith("/correction"), main_text(page)[:1000]
    keys.skip()
    keys.go("main form .ed-submit .btn-primary")
    assert page.url.rstrip("/").endswith(number), main_text(page)[:1000]
    letters = page.locator("main a[href*='/letters/'][href$='.pdf']")
    assert letters.count() >= 2, "the receipt and the notice"
    assert keys.stops > 40


def test_an_expert_reads_the_file_and_changes_the_language_by_keyboard(open_as: Opener, language: str):
    page = open_as("", language, width=375)
    keys = Keys(page)
    keys.sign_in("expert2")
    assert page.url.rstrip("/").endswith("/my")
    other = "en" if language == "zh" else "zh"
    for wanted in (other, language):
        if lang_of(page) == ("zh-CN" if wanted == "zh" else "en"):
            continue  # the account already speaks it
        keys.go(f"button[name=language][value={wanted}]", key="Space")
        assert page.url.rstrip("/").endswith("/my")
        assert lang_of(page) == ("zh-CN" if wanted == "zh" else "en")
    keys.skip()
    assert page.locator("h1").count() == 1
    keys.tab_to("main a[href*='/letters/']")
    # to the very end of the page, so that every stop is looked at
    for _ in range(_MOST_STOPS):
        keys.press("Tab")
        if keys.stop(page.url) is None or page.evaluate("document.activeElement.matches('a.ed-skip')"):
            break
    else:
        raise AssertionError("the focus never leaves the page")


def test_errors_are_reached_by_keyboard(open_as: Opener, language: str):
    """The summary takes the focus, its links lead to the fields."""
    page = open_as("", language)
    keys = Keys(page)
    page.goto("/status")
    keys.go("main form .btn-primary")
    page.wait_for_function("document.activeElement?.classList.contains('ed-errors')")
    keys.tab_to(".ed-errors a")
    target = page.evaluate("document.activeElement.getAttribute('href').slice(1)")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == target
    page.keyboard.type("ED2026-000001")
    assert page.locator("[name=number]").input_value() == "ED2026-000001"
