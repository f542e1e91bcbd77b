"""Many recommended cases, and many people who decide them at once: what the property run of decisions is made of.

The cases are copies of two that the real commands brought to the approving officer, so that ten thousand of them are
there in seconds; every decision on them is the real command.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

from expertdesk.access import Actor
from expertdesk.foundation.database import Base, db, intend_to_write
from expertdesk.foundation.errors import Busy, NotAllowedNow, Stale
from expertdesk.models import Case
from expertdesk.permits.commands import grant_permit, refuse_permit, send_back
from tests.permits.making import FACTS_OF_REFUSAL, REASONS_OF_REFUSAL

ACTIONS = ("grant", "grant", "grant", "refuse", "send_back")
# of three cases two are decided by one person, one by two people at the same time
_CASES_OF_THREE_TURNS = 2
_ROWS_A_STATEMENT = 500


@dataclass(frozen=True)
class Turn:
    """One person's decision on one case, at the version seen before anybody decided."""

    case_id: int
    version: int
    action: str


@dataclass
class Outcome:
    """What was answered. `made`: the acknowledged decisions, with the permit number of a grant."""

    made: list[tuple[Turn, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def copies(pattern: Case, count: int, word: str) -> Iterator[int]:
    """So many copies of a case, each with a person and a passport of its own; yields the ids of the cases."""
    ids = {name: _top(name) for name in ("person", "passport", "case")}
    person, passport, case = (
        _row("person", pattern.person_id),
        _row("passport", pattern.passport_id),
        _row("case", pattern.id),
    )
    hanging = {name: _rows_of(name, pattern.id) for name in ("paper", "case_clock", "judgement")}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("person", "passport", "case", *hanging)}
    for number in range(1, count + 1):
        one, own, made = (ids[name] + number for name in ("person", "passport", "case"))
        rows["person"].append({**person, "id": one, "permit_number": None})
        rows["passport"].append({**passport, "id": own, "person_id": one, "number": f"{word}{number:07}"})
        rows["case"].append(
            {
                **case, "id": made, "person_id": one, "passport_id": own, "number": f"{word}2026-{number:06}",
                "intake_key": f"{word}-{number}",
            }
        )  # fmt: skip
        for name, found in hanging.items():
            rows[name] += [{**{key: row[key] for key in row if key != "id"}, "case_id": made} for row in found]
        yield made
    for name, found in rows.items():
        for start in range(0, len(found), _ROWS_A_STATEMENT):
            db.session.execute(insert(Base.metadata.tables[name]), found[start : start + _ROWS_A_STATEMENT])
    db.session.commit()


def _top(name: str) -> int:
    # far above what the counters of PostgreSQL give to new rows
    table = Base.metadata.tables[name]
    return 1_000_000 + (db.session.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1)) or 0)


def _row(name: str, key: int) -> dict[str, Any]:
    table = Base.metadata.tables[name]
    return dict(db.session.execute(select(table).where(table.c.id == key)).mappings().one())


def _rows_of(name: str, case_id: int) -> list[dict[str, Any]]:
    table = Base.metadata.tables[name]
    return [dict(row) for row in db.session.execute(select(table).where(table.c.case_id == case_id)).mappings()]


def deal(cases: list[tuple[int, int]], count: int, chance: random.Random) -> list[Turn]:
    """So many turns; those of one case lie beside each other, so that they happen at the same time."""
    turns: list[Turn] = []
    for place, (case_id, version) in enumerate(cases):
        for _ in range(1 + place % _CASES_OF_THREE_TURNS):
            turns.append(Turn(case_id, version, chance.choice(ACTIONS)))
    return turns[:count]


def cases_for(turns: int) -> int:
    """How many cases are needed for so many turns."""
    return -(-turns * _CASES_OF_THREE_TURNS // 3) + 1


def play(app: Flask, turns: list[Turn], actors: list[Actor], threads: int) -> Outcome:
    """All turns by so many threads. "Busy" is an honest answer: that person tries again."""
    outcome = Outcome()

    def one(place: int) -> None:
        turn, actor = turns[place], actors[place % len(actors)]
        while True:
            answer, number = _decide(app, turn, actor)
            outcome.answers[answer] += 1  # the interpreter's lock makes this safe enough for a count of answers
            if answer == "made":
                outcome.made.append((turn, number))
            if answer.startswith("!"):
                outcome.problems.append(answer)
            if answer != "busy":
                return

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(len(turns))))
    return outcome


def _decide(app: Flask, turn: Turn, actor: Actor) -> tuple[str, str]:
    with app.app_context():
        intend_to_write(True)
        try:
            number = _act(db.session.get_one(Case, turn.case_id), turn, actor)
            db.session.commit()
            return "made", number
        except (NotAllowedNow, Stale) as refused:
            db.session.rollback()
            return type(refused).__name__, ""
        except (Busy, PoolTimeout):
            db.session.rollback()
            return "busy", ""
        except Exception as problem:
            db.session.rollback()
            return f"!{type(problem).__name__}: {problem}", ""
        finally:
            db.session.remove()


def _act(case: Case, turn: Turn, actor: Actor) -> str:
    if turn.action == "grant":
        return grant_permit(case, actor, seen_version=turn.version).number
    if turn.action == "refuse":
        refuse_permit(
            case, actor, seen_version=turn.version, grounds=["J03"], facts=FACTS_OF_REFUSAL, reasons=REASONS_OF_REFUSAL
        )
    else:
        send_back(case, actor, seen_version=turn.version, reason="请补充说明。")
    return ""
