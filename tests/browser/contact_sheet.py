"""One look at everything: `python -m tests.browser.contact_sheet OUT` takes every page of a running demo bureau in both
languages, wide and on a phone, light and dark, and lays them out on sheets.

    EXPERTDESK_HOME=FOLDER EXPERTDESK_DEMO_PASSWORD=Lantern-river-72-quartz EXPERTDESK_RATE_LIMITS=off \\
        python app.py --demo        # in one terminal
    python -m tests.browser.contact_sheet OUT --home FOLDER --url http://127.0.0.1:8000
"""

from __future__ import annotations

import argparse
import math
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, sync_playwright

from tests.browser.conftest import FLAGS, House, sign_in
from tests.browser.places import places

LOOKS = [("zh", 1280, "light"), ("en", 1280, "dark"), ("zh", 375, "dark"), ("en", 375, "light")]
_TILE, _HIGH, _A_ROW, _A_SHEET = 420, 560, 5, 20


def main() -> None:
    parser = argparse.ArgumentParser(description="Pictures of every page, on contact sheets.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path, default=Path("instance-demo"))
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--only", default="", help="pages whose reader and address contain this")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for language, width, theme in LOOKS:
        taken = _take(options, language, width, theme)
        _lay_out(taken, options.out / f"sheet-{language}-{width}-{theme}")


def _take(options: argparse.Namespace, language: str, width: int, theme: str) -> list[Path]:
    url, taken = options.url, []
    wanted = [place for place in places(House(url, "", options.home)) if options.only in str(place)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        pages = {}
        for number, place in enumerate(wanted):
            if place.reader not in pages:
                context = browser.new_context(base_url=url, viewport={"width": width, "height": 900})
                chosen = {"language": language, "theme": theme}
                context.add_cookies([{"name": name, "value": value, "url": url} for name, value in chosen.items()])
                pages[place.reader] = context.new_page()
                if place.reader:
                    sign_in(pages[place.reader], place.reader, language)
            page = pages[place.reader]
            place.open(page)
            name = "".join(sign if sign.isalnum() else "-" for sign in f"{place}")[:80]
            path = options.out / f"{language}-{width}-{theme}-{number:03}-{name}.png"
            try:
                page.screenshot(path=path, full_page=True)
            except Error:
                # a page too long for one picture: what one sees first
                page.screenshot(path=path)
            taken.append(path)
        browser.close()
    return taken


def _lay_out(taken: list[Path], stem: Path) -> None:
    for start in range(0, len(taken), _A_SHEET):
        part = taken[start : start + _A_SHEET]
        sheet = Image.new("RGB", (_TILE * _A_ROW, _HIGH * math.ceil(len(part) / _A_ROW)), "white")
        for place, path in enumerate(part):
            with Image.open(path) as picture:
                picture.thumbnail((_TILE - 10, _HIGH * 4))
                tile = picture.crop((0, 0, picture.width, min(picture.height, _HIGH - 10)))
                sheet.paste(tile, ((place % _A_ROW) * _TILE + 5, (place // _A_ROW) * _HIGH + 5))
        sheet.save(stem.with_name(f"{stem.name}-{start // _A_SHEET + 1}.png"))


if __name__ == "__main__":
    main()
