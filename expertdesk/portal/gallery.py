"""Made-up records for the gallery of components: every component with its states, in demo and test only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace as Row
from typing import Any

from expertdesk.foundation import clock
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import lazy
from expertdesk.portal.gallery_form import sample_forms

COLOURS = (
    "ground",
    "surface",
    "line",
    "ink",
    "primary",
    "fill",
    "accent",
    "bad",
    "warn",
    "ok",
    "hold",
    "brand",
)
ICONS = (
    "search",
    "late",
    "today",
    "clock",
    "wait",
    "pause",
    "new",
    "done",
    "tick",
    "cross",
    "dash",
    "warn",
    "block",
    "lock",
    "info",
    "user",
    "org",
    "doc",
    "id",
    "upload",
    "download",
    "theme",
    "mail",
    "phone",
    "right",
    "left",
    "plus",
    "law",
    "shield",
    "print",
    "swap",
    "menu",
    "offline",
)
CHIPS = (
    ("", "dash", lazy("grey: neither good nor bad"), False),
    ("info", "info", lazy("information"), False),
    ("ok", "tick", lazy("in order"), False),
    ("hold", "pause", lazy("waits for somebody else"), False),
    ("warn", "warn", lazy("needs attention"), False),
    ("bad", "late", lazy("problem"), False),
    ("now", "user", lazy("here and now"), False),
    ("warn", "late", lazy("a promise that passed"), True),
    ("bad", "late", lazy("a legal limit that passed"), True),
)
_LONG_NAME = "Konstantina Alexandra Papadopoulou-Anagnostopoulou von und zu Hohenstein-Waldeck"


def sample() -> dict[str, Any]:
    today, now = clock.today(), clock.now()
    filled, wrong = sample_forms()
    return {
        "colours": COLOURS,
        "icons": ICONS,
        "chips": CHIPS,
        "filled": filled,
        "wrong": wrong,
        "piles": _piles(),
        "groups": _groups(),
        "week": [
            Row(label=f"{day:%d}", count=count, is_today=place == 1) for place, (day, count) in enumerate(_week(today))
        ],
        "stages": _stages(),
        "days": _days(today),
        "events": _events(now),
        "criteria": _criteria(),
        "factors": _factors(),
        "papers": _papers(today),
        "actions": _actions(),
        "changes": _changes(now),
        "differences": _differences(),
        "decisions": _decisions(),
        "letters": _letters(),
        "doors": _doors(),
        "rows": _organisation_rows(today),
        "now": now,
        "long_name": _LONG_NAME,
    }


def _week(today: date) -> list[tuple[date, int]]:
    return [(today + timedelta(days=step), count) for step, count in enumerate((4, 7, 2, 0, 5))]


def _piles() -> list[Row]:
    return [
        Row(url="#piles", kind="bad", icon="late", title=lazy("Overdue"), count=2, note=lazy("oldest 3 days")),
        Row(url="#piles", kind="warn", icon="today", title=lazy("Due today"), count=5, note=lazy("until 24:00")),
        Row(
            url="#piles", kind="hold", icon="wait", title=lazy("Waiting on others"), count=12, note=lazy("7 for papers")
        ),
        Row(url="#piles", kind="info", icon="new", title=lazy("New"), count=0, note=lazy("nothing new")),
    ]


def _groups() -> list[Row]:
    limit = Row(kind="bad", icon="late", text=lazy("a legal limit that passed"), solid=True, note="")
    calm = Row(kind="", icon="clock", text=lazy("needs attention"), solid=False, note=lazy("information"))
    common: dict[str, Any] = {
        "url": "#worklist",
        "other_name": "",
        "other_lang": "",
        "country": "",
        "procedure": lazy("One of many"),
        "stage": lazy("information"),
        "is_me": False,
        "next_label": lazy("Go there"),
        "next_url": "#worklist",
        "next_post": "",
        "version": None,
    }
    return [
        Row(
            id="",
            kind="bad",
            icon="late",
            title=lazy("Overdue"),
            count=1,
            more_url="",
            more="",
            rows=[
                Row(
                    name=_LONG_NAME,
                    lang="el",
                    number="ED2026-000123",
                    category="A",
                    holder="Zhou Min",
                    limit=limit,
                    **common,
                )
            ],
        ),
        Row(
            id="",
            kind="info",
            icon="new",
            title=lazy("New"),
            count=1,
            more_url="#worklist",
            more=lazy("All of them"),
            rows=[
                Row(
                    name="Nguyễn Thị Minh Hạnh",
                    lang="vi",
                    number="ED2026-000124",
                    category="",
                    holder="",
                    limit=calm,
                    **common,
                )
            ],
        ),
        Row(id="", kind="hold", icon="wait", title=lazy("Waiting on others"), count=0, more_url="", more="", rows=[]),
    ]


def _stages() -> list[Row]:
    return [
        Row(name=lazy("Submitted"), note="", state="done"),
        Row(name=lazy("Preliminary check"), note=lazy("here and now"), state="now"),
        Row(name=lazy("Second choice"), note="", state="next"),
        Row(name=lazy("Decision"), note="", state="next"),
    ]


def _days(today: date) -> list[Row]:
    states = ("past", "past", "off", "off", "today", "", "limit")
    words = {
        "past": lazy("counted"),
        "off": lazy("day off"),
        "today": lazy("today"),
        "": lazy("counts"),
        "limit": lazy("last day"),
    }
    first = today - timedelta(days=4)
    return [
        Row(day=first + timedelta(days=place), word=words[state], state=state) for place, state in enumerate(states)
    ]


def _events(now: datetime) -> list[Row]:
    return [
        Row(at=now, when="", title=lazy("Papers uploaded"), text="", who="", state="now"),
        Row(
            at=now - timedelta(days=2),
            when="",
            title=lazy("Correction notice issued"),
            text=lazy("information"),
            who="Zhou Min",
            state="past",
        ),
        Row(at=now - timedelta(days=6), when="", title=lazy("Application received"), text="", who="", state="past"),
    ]


def _criteria() -> list[Row]:
    return [
        Row(
            code="A5",
            name=lazy("First choice"),
            why=lazy("information"),
            state="met",
            source=lazy("small print"),
            confidence="high",
        ),
        Row(
            code="B4",
            name=lazy("Second choice"),
            why=lazy("information"),
            state="needs_proof",
            source="",
            confidence="medium",
        ),
        Row(
            code="C1", name=lazy("Third choice"), why=lazy("information"), state="not_met", source="", confidence="low"
        ),
    ]


def _factors() -> list[Row]:
    return [
        Row(name=lazy("First choice"), fact=lazy("information"), points=17, maximum=20, evidence="", confidence="high"),
        Row(name=lazy("Second choice"), fact=lazy("information"), points=0, maximum=5, evidence="", confidence="low"),
    ]


def _papers(today: date) -> list[Row]:
    problem, good = (
        Row(kind="bad", icon="warn", text=lazy("problem")),
        Row(kind="ok", icon="tick", text=lazy("in order")),
    )
    missing = Row(kind="", icon="dash", text=lazy("Not supplied"))
    return [
        Row(
            title=lazy("To be corrected"),
            problem=True,
            note="",
            rows=[
                Row(
                    id="",
                    name=lazy("A file"),
                    note=lazy("needs attention"),
                    url="#papers",
                    chip=problem,
                    until=today,
                    is_late=True,
                )
            ],
        ),
        Row(
            title=lazy("Required"),
            problem=False,
            note=lazy("information"),
            rows=[
                Row(id="", name=lazy("A file"), note="", url="#papers", chip=good, until=today, is_late=False),
                Row(id="", name=lazy("A file"), note="", url="", chip=missing, until="", is_late=False),
            ],
        ),
    ]


def _actions() -> list[Row]:
    reasons = [Reason("one", lazy("Two papers are still to be checked."), "#actions", lazy("The case officer can."))]
    return [
        Row(
            label=lazy("Accept"),
            allowed=True,
            url="#actions",
            post_url="",
            text=lazy("Says what happens next."),
            reasons=(),
            version=None,
        ),
        Row(
            label=lazy("Send back"),
            allowed=True,
            url="#actions",
            post_url="",
            text=lazy("Says what happens next."),
            reasons=(),
            version=None,
        ),
        Row(label=lazy("Decide"), allowed=False, url="", post_url="", text="", reasons=reasons, version=None),
    ]


def _changes(now: datetime) -> list[Row]:
    return [Row(at=now, who="Zhou Min", text=lazy("An amount"), before="CNY 48,000", after="CNY 52,000")]


def _differences() -> list[Row]:
    return [
        Row(name="post", label=lazy("One line of text"), stored="Senior engineer", yours="Chief engineer"),
        Row(name="salary", label=lazy("An amount"), stored="48,000", yours=""),
    ]


def _decisions() -> list[Row]:
    return [
        Row(
            value="grant",
            label=lazy("Grant"),
            text=lazy("Says what happens next."),
            allowed=True,
            reasons=(),
            checked=True,
        ),
        Row(
            value="refuse",
            label=lazy("Refuse"),
            text="",
            allowed=False,
            checked=False,
            reasons=[Reason("one", lazy("Two papers are still to be checked."))],
        ),
    ]


def _letters() -> list[Row]:
    return [Row(title=lazy("Receipt"), url="#letters", facts=["24 Nov 2026", "212 KB"])]


def _doors() -> list[Row]:
    return [
        Row(icon="clock", url="#doors", title=lazy("See where a case stands"), text=lazy("information")),
        Row(icon="shield", url="#doors", title=lazy("Check a letter"), text=lazy("information")),
    ]


def _organisation_rows(today: date) -> list[Row]:
    common: dict[str, Any] = {"url": "#orgcases", "procedure": lazy("One of many"), "organisation": ""}
    return [
        Row(
            name=_LONG_NAME,
            lang="el",
            number="ED2026-000123",
            stage=lazy("Preliminary check"),
            todo=lazy("Send 1 paper"),
            due=today,
            limit=None,
            **common,
        ),
        Row(
            name="Nguyễn Thị Minh Hạnh",
            lang="vi",
            number="ED2026-000124",
            stage=lazy("Decision"),
            todo="",
            due=None,
            limit=Row(kind="", icon="clock", text=lazy("information"), solid=False),
            **common,
        ),
    ]
