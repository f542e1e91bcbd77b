"""The property walk: whatever order of actions the dice choose, clocks, letters and history hold."""

from __future__ import annotations

from collections import Counter

from expertdesk.cases.workflow import CASE
from expertdesk.foundation.database import db
from expertdesk.models import LetterKind
from expertdesk.workflow import first_bad_event
from tests.cases.walker import MOVES, Walk, extend

SEEDS = range(1, 13)


def test_the_walker_knows_every_action():
    assert set(MOVES) == {row.action for row in CASE.transitions if not row.is_system}


def test_random_walks_over_the_table(world):
    """Every action is taken, every letter printed, and the chain of the history is whole at the end."""
    taken: Counter[str] = Counter()
    refused: set[str] = set()
    printed: set[LetterKind] = set()
    extensions = 0
    for seed in SEEDS:
        walk = Walk(world, seed, taken)
        case = walk.start()
        walk.finish(walk.run(case))
        if case.state in ("delivered", "closed") and extensions < 2:
            following = extend(walk, case)
            if following is not None:
                walk.finish(walk.run(following))
                extensions += 1
        refused |= walk.refused
        printed |= walk.printed
        assert first_bad_event(db.session()) is None, seed
    assert set(taken) == {row.action for row in CASE.transitions}
    assert printed == set(LetterKind)
    assert extensions and len(refused) > 5  # the guards were met as well
