"""What journeys have in common: pressing, waiting, reading, fetching a letter."""

from __future__ import annotations

import io
import subprocess
import time

from playwright.sync_api import Page, expect
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

expect.set_options(timeout=30_000)


def paper_pdf() -> bytes:
    """A scanned paper as somebody would send it."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(72, 720, "Degree certificate with apostille")
    canvas.save()
    return out.getvalue()


def fresh_number(letter: str) -> str:
    """A passport number that no run has used before."""
    return f"{letter}{time.time_ns() // 1_000_000 % 10**8:08}"


def lang_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


def submit(page: Page, selector: str) -> None:
    """Press and wait for the next page."""
    with page.expect_navigation():
        page.click(selector)


def work_out(page: Page, selector: str, *, scripts: bool) -> None:
    """Press a button that fills the page: with scripts in place, without them by a new page."""
    if scripts:
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.click(selector)
        page.wait_for_load_state("networkidle")
    else:
        submit(page, selector)


def main_text(page: Page) -> str:
    return page.locator("main").inner_text()


def download(page: Page, selector: str, kind: str = "application/pdf") -> bytes:
    """The file behind a link, with the cookies of this browser."""
    address = page.locator(selector).first.get_attribute("href")
    assert address
    answer = page.request.get(address)
    assert answer.status == 200, (address, answer.status)
    assert answer.headers["content-type"].startswith(kind)
    return answer.body()


def text_of(data: bytes) -> str:
    assert len(PdfReader(io.BytesIO(data)).pages) >= 1
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return found.stdout.decode()
