"""Cases in the states the portal shows, each made with the real commands."""

from __future__ import annotations

import io
from typing import Any

import pytest

from expertdesk.cases import commands, papers
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case
from tests.cases import steps

SECRET_WORDS = "shows an entry of 2011"


@pytest.fixture
def submitted(world: Any) -> commands.Submitted:
    """A submitted case with its access code."""
    found = steps.submitted(world, world.actor("officer"))
    db.session.commit()
    return found


@pytest.fixture
def correction(world: Any) -> Case:
    """A case whose contract, photo and criminal record have to be sent again."""
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    asked = ("CONTRACT", "PHOTO", "NO_CRIMINAL")
    steps.supply(case, officer)
    results = [
        papers.CheckData("CONTRACT", False, "X09"),
        papers.CheckData("PHOTO", False, "X11"),
        papers.CheckData(
            "NO_CRIMINAL",
            False,
            "X06",
            Bilingual("记载2011年一项记录", f"It {SECRET_WORDS}"),
            Bilingual("请补交", "Supply a new one"),
        ),
    ]
    papers.check_papers(case, results, officer)
    items = commands.correction_draft(case)
    assert {item.document for item in items} == set(asked)
    commands.ask_correction(case, items, officer, case.row_version)
    db.session.commit()
    return case


@pytest.fixture
def accepted(world: Any) -> Case:
    case = steps.accepted(world, world.actor("officer"))
    db.session.commit()
    return case


def pdf(text: str = "paper") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(steps.picture_pdf(text)), f"{text}.pdf"


def picture() -> tuple[io.BytesIO, str]:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (600, 800), (200, 210, 220)).save(stream, "JPEG")
    stream.seek(0)
    return stream, "photo.jpg"


def case_now(number: str) -> Case:
    """The case as it is stored now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Case).filter_by(number=number).one()
