"""The process that is killed: takes intakes as fast as it can and says each case number after its commit.

Loading the house takes longer than the work, so one process loads it and forks: each child is a process of its own with
connections of its own, and is killed for good (SIGKILL). The first one's start from nothing is a start like any other.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.world import YUNXI


def main(url: str, home: str) -> None:
    """Reads "run seconds" from standard input, answers each line with the numbers acknowledged by a child that was
    killed so many seconds after its first act (an odd run) or its start (an even one)."""
    from expertdesk.documents import load_fonts
    from expertdesk.foundation.database import db
    from tests.conftest import make_app

    place: Any = SimpleNamespace(url=url, home=Path(home))
    app = make_app(place)
    load_fonts()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for line in sys.stdin:
        run, after = line.split()
        print(json.dumps(_kill_one(app, int(run), float(after))), flush=True)


def _kill_one(app: Any, run: int, after: float) -> list[str]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ours)
            with os.fdopen(theirs, "w", encoding="ascii") as told:
                work(app, run, lambda word: print(word, file=told, flush=True))
        finally:
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, encoding="ascii") as heard:
        lines = [heard.readline()]
        # every second one is killed after it has acknowledged something
        if run % 2:
            lines.append(heard.readline())
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        lines += heard.readlines()
    if os.WIFEXITED(status):
        raise RuntimeError(f"run {run} ended by itself")
    # a line that was cut off was not read by anybody
    whole = [line.strip() for line in lines if line.endswith("\n")]
    return [line.removeprefix("ACK ") for line in whole if line.startswith("ACK ")]


def work(app: Any, run: int, say: Any) -> None:
    """Intakes without end: person, case, paper, receipt, all in one transaction."""
    from expertdesk.accounts.actors import actor_by_username
    from expertdesk.cases.commands import NewCase, open_case, submit_case
    from expertdesk.cases.papers import add_version
    from expertdesk.demo.specimens import specimen
    from expertdesk.experts.commands import PassportData, PersonData, register_person
    from expertdesk.foundation import clock
    from expertdesk.foundation.database import db, intend_to_write
    from expertdesk.models import Organisation

    with app.app_context():
        officer = actor_by_username("officer")
        organisation = db.session.query(Organisation).filter_by(district=YUNXI).first()
        assert organisation is not None
        place = organisation.id
        specimen("PASSPORT")
        say("READY")
        for number in range(10_000):
            intend_to_write(True)
            today = clock.today()
            person = register_person(
                PersonData(
                    surname=f"KILL{_letters(run)}", given_name=_letters(number), birth_on=date(1985, 1, 1),
                    nationality="NO", sex="1", district=YUNXI,
                ),
                PassportData(number=f"K{run:04}{number:05}", issuing_country="NO", expires_on=today + timedelta(1500)),
                officer,
            )  # fmt: skip
            case = open_case(
                NewCase(
                    procedure="NEW_IN_CHINA", person_id=person.id, passport_id=person.passports[0].id,
                    organisation_id=place, district=YUNXI, in_country_ground="IC3", post="研究员", occupation="2",
                    contract_start_on=today + timedelta(20), contract_end_on=today + timedelta(400),
                    salary_month=Decimal(30000), claimed_category="B", key=f"kill-{run}-{number}",
                ),
                officer,
            )  # fmt: skip
            add_version(case, "PASSPORT", specimen("PASSPORT"), officer)
            submit_case(case, officer)
            db.session.commit()
            say(f"ACK {case.number}")


def _letters(number: int) -> str:
    """A number in letters, because a name has no digits."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


if __name__ == "__main__":
    main(*sys.argv[1:])
