"""Fifty people decide at the same time: no number twice, none lost, no decision lost, doubled or half done.

The long version runs with TEST_DECISIONS=10000.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter, defaultdict

from sqlalchemy import func, select

from expertdesk.cases.issuing import letter_bytes
from expertdesk.foundation.database import db
from expertdesk.foundation.numbers import is_permit_number
from expertdesk.models import Case, CaseState, Event, Letter, LetterKind, Permit, Person, Series
from expertdesk.workflow import first_bad_event
from tests.house.deck import Outcome, cases_for, copies, deal, play
from tests.permits.making import recommended, second_case

DECISIONS = int(os.environ.get("TEST_DECISIONS", "200"))
THREADS = 50
STATES = {"grant": CaseState.GRANTED, "refuse": CaseState.REFUSED, "send_back": CaseState.ACCEPTED}
EVENTS = {"grant": "case.granted", "refuse": "case.refused", "send_back": "case.sent_back"}
LETTERS = {
    "grant": {LetterKind.NOTIFICATION_LETTER, LetterKind.GRANT_DECISION},
    "refuse": {LetterKind.REFUSAL_DECISION},
    "send_back": set(),
}


def test_decisions_at_the_same_time(app, world):
    patterns = [recommended(world), recommended(world, second_case(world), "officer2")]
    db.session.commit()
    half = cases_for(DECISIONS) // 2 + 1
    made = [case for word, pattern in zip("QR", patterns, strict=True) for case in copies(pattern, half, word)]
    chance = random.Random(29)
    chance.shuffle(made)
    versions = {row.id: row.row_version for row in db.session.execute(select(Case.id, Case.row_version))}
    turns = deal([(case, versions[case]) for case in made], DECISIONS, chance)
    assert len(turns) == DECISIONS
    actors = [world.actor("reviewer")]
    first_event = db.session.scalar(select(func.max(Event.id))) or 0
    db.session.remove()

    outcome = play(app, turns, actors, THREADS)

    print(f"\n{DECISIONS} decisions, {THREADS} threads: {dict(outcome.answers)}")
    assert not outcome.problems, outcome.problems[:5]
    assert len(outcome.made) == len({turn.case_id for turn in turns}), "a case that nobody decided, or twice"
    _each_is_whole(outcome, first_event, versions)
    _numbers_are_whole(outcome)
    assert first_bad_event(db.session()) is None


def _each_is_whole(outcome: Outcome, first_event: int, versions: dict[int, int]) -> None:
    decided = {turn.case_id: turn.action for turn, _ in outcome.made}
    happened: dict[int, list[str]] = defaultdict(list)
    named = select(Event.subject_id, Event.name).where(Event.subject_kind == "case", Event.id > first_event)
    for case_id, name in db.session.execute(named.where(Event.name.in_(EVENTS.values()))):
        happened[case_id].append(name)
    assert happened.keys() == decided.keys()
    printed: dict[int, list[LetterKind]] = defaultdict(list)
    decisions = {LetterKind.NOTIFICATION_LETTER, LetterKind.GRANT_DECISION, LetterKind.REFUSAL_DECISION}
    for case_id, kind in db.session.execute(select(Letter.case_id, Letter.kind).where(Letter.kind.in_(decisions))):
        printed[case_id].append(kind)
    steps: dict[str, set[int]] = defaultdict(set)
    for case_id, state, version in db.session.execute(select(Case.id, Case.state, Case.row_version)):
        action = decided.get(case_id)
        if action is None:
            assert state is CaseState.RECOMMENDED and version == versions[case_id], "a decision nobody was told of"
            continue
        assert state is STATES[action], (case_id, action, state)
        assert happened[case_id] == [EVENTS[action]], (case_id, happened[case_id])
        assert sorted(printed[case_id]) == sorted(LETTERS[action]), (case_id, printed[case_id])
        steps[action].add(version - versions[case_id])
    assert all(len(found) == 1 for found in steps.values()), f"an update was lost or made twice: {steps}"


def _numbers_are_whole(outcome: Outcome) -> None:
    given = {turn.case_id: number for turn, number in outcome.made if turn.action == "grant"}
    stored = db.session.execute(select(Permit.case_id, Permit.number, Person.permit_number).join(Permit.person)).all()
    assert {row.case_id: row.number for row in stored} == given
    assert len(stored) == len(set(given.values())) == len(given), "a permit number was given twice"
    assert all(is_permit_number(row.number) and row.number == row.permit_number for row in stored)
    assert db.session.scalar(select(Series.last).where(Series.kind == "PERMIT")) == len(given), "a number was lost"
    ends: Counter[str] = Counter()
    numbers: dict[str, set[int]] = defaultdict(set)
    for kind, number in db.session.execute(select(Letter.kind, Letter.number_zh)):
        found = re.findall(r"\d+", number)
        numbers[kind].add(int(found[-1]))
        ends[kind] += 1
    for kind, count in ends.items():
        assert numbers[kind] == set(range(1, count + 1)), f"a number of {kind} was lost or given twice"
    for letter in db.session.scalars(select(Letter).order_by(func.random()).limit(200)):
        assert letter_bytes(letter).startswith(b"%PDF-")
