"""Killed at any moment, the house is whole: what was acknowledged is there, nothing is half done, and it goes on by
itself. The long version runs with TEST_KILLS=1000."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from expertdesk.cases.issuing import letter_bytes
from expertdesk.cases.papers import paper_bytes
from expertdesk.foundation.database import db
from expertdesk.models import Case, CaseState, Event, Letter, PaperVersion
from expertdesk.workflow import first_bad_event
from tests.engines import Engine

KILLS = int(os.environ.get("TEST_KILLS", "25"))
LONGEST_SECONDS = 0.4
# so many children, then the process that forks them starts from nothing again
A_START = 100
ROOT = Path(__file__).parents[2]


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(app, world, engine):
    db.session.remove()
    db.engine.dispose()
    chance, acknowledged = random.Random(11), []
    for start in range(0, KILLS, A_START):
        runs = range(start, min(KILLS, start + A_START))
        acknowledged += _kill(engine, [(run, chance.uniform(0.0, LONGEST_SECONDS)) for run in runs])
    assert acknowledged, "every process was killed before its first act"
    print(f"\n{KILLS} kills, {len(acknowledged)} acts acknowledged")
    _is_whole(acknowledged)


def _kill(engine: Engine, runs: list[tuple[int, float]]) -> list[str]:
    """The numbers that the killed processes acknowledged."""
    told = "".join(f"{run} {after:.4f}\n" for run, after in runs)
    command = [sys.executable, "-m", "tests.house.killed", engine.url, str(engine.home)]
    done = subprocess.run(command, cwd=ROOT, input=told, stdout=subprocess.PIPE, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(runs)
    return [number for answer in answers for number in answer]


def _is_whole(acknowledged: list[str]) -> None:
    cases = {case.number: case for case in db.session.scalars(select(Case))}
    for number in acknowledged:
        assert cases[number].state is CaseState.SUBMITTED
    assert len(set(acknowledged)) == len(acknowledged)
    keys = [case.intake_key for case in cases.values()]
    assert len(set(keys)) == len(keys)
    for case in cases.values():
        named = select(Event.name).where(Event.subject_kind == "case", Event.subject_id == case.id)
        events = list(db.session.scalars(named))
        letters = db.session.scalars(select(Letter).where(Letter.case_id == case.id)).all()
        assert case.state is CaseState.SUBMITTED and events.count("case.submitted") == 1 and len(letters) == 1
        assert letter_bytes(letters[0]).startswith(b"%PDF-")
        assert len(case.clocks) == 1 and case.clocks[0].ended_on is None
    numbers = sorted(int(number[-6:]) for number in cases)
    assert numbers == list(range(1, len(numbers) + 1)), "a number was lost or given twice"
    for version in db.session.scalars(select(PaperVersion)):
        assert paper_bytes(version)
    count = db.session.scalar(select(func.count()).select_from(PaperVersion))
    assert count == len(cases), "a paper without its case, or a case without its paper"
    # last, because it walks through the whole history and forgets what was read before
    assert first_bad_event(db.session()) is None
