"""Killed at any moment, the house is whole: what was acknowledged is there, nothing is half done, and it goes on by
itself. The long version runs with TEST_KILLS=1000."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from expertdesk.cases.issuing import letter_bytes
from expertdesk.cases.papers import paper_bytes
from expertdesk.foundation.database import db, reading
from expertdesk.models import Case, CaseState, Event, Letter, PaperVersion
from expertdesk.workflow import first_bad_event
from tests.conftest import make_app
from tests.engines import SqliteEngine
from tests.world import build_world

KILLS = int(os.environ.get("TEST_KILLS", "25"))
ROOT = Path(__file__).parents[2]


def test_nothing_acknowledged_is_lost_when_the_process_is_killed():
    home = Path(tempfile.mkdtemp(prefix="expertdesk-kills-"))
    engine = SqliteEngine(home)
    app = engine.app = make_app(engine, business_now=None)
    try:
        engine.make_schema()
        with app.app_context():
            build_world()
            db.session.remove()
            db.engine.dispose()
        chance, acknowledged = random.Random(11), []
        for run in range(KILLS):
            acknowledged += _kill_one(home, run, chance.uniform(0.0, 0.8))
        assert acknowledged, "every process was killed before its first act"
        with app.app_context(), reading():
            _is_whole(acknowledged)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _kill_one(home: Path, run: int, after: float) -> list[str]:
    """Start the process, kill it so many seconds after it is ready; the numbers it acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.house.killed", str(home), str(run)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "READY"
    # every second one is killed after it has acknowledged something
    first = child.stdout.readline() if run % 2 else ""
    time.sleep(after)
    child.kill()
    rest = first + child.communicate(timeout=60)[0]
    # a line that was cut off was not read by anybody
    return [line.removeprefix("ACK ") for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def _is_whole(acknowledged: list[str]) -> None:
    cases = {case.number: case for case in db.session.scalars(select(Case))}
    for line in acknowledged:
        assert cases[line.strip()].state is CaseState.SUBMITTED
    for case in cases.values():
        named = select(Event.name).where(Event.subject_kind == "case", Event.subject_id == case.id)
        events = set(db.session.scalars(named))
        letters = db.session.scalars(select(Letter).where(Letter.case_id == case.id)).all()
        assert case.state is CaseState.SUBMITTED and "case.submitted" in events and len(letters) == 1
        assert letter_bytes(letters[0]).startswith(b"%PDF-")
        assert len(case.clocks) == 1 and case.clocks[0].ended_on is None
    numbers = sorted(int(number[-6:]) for number in cases)
    assert numbers == list(range(1, len(numbers) + 1)), "a number was lost or given twice"
    for version in db.session.scalars(select(PaperVersion)):
        assert paper_bytes(version)
    # last, because it walks through the whole history and forgets what was read before
    assert first_bad_event(db.session()) is None
