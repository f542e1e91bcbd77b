"""The process that is killed: takes intakes as fast as it can and says each case number after its commit."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from tests.conftest import make_app
from tests.engines import SqliteEngine
from tests.world import YUNXI


def main(home: Path, run: int) -> None:
    from expertdesk.accounts.actors import actor_by_username
    from expertdesk.cases.commands import NewCase, open_case, submit_case
    from expertdesk.cases.papers import add_version
    from expertdesk.demo.specimens import specimen
    from expertdesk.documents import load_fonts
    from expertdesk.experts.commands import PassportData, PersonData, register_person
    from expertdesk.foundation import clock
    from expertdesk.foundation.database import db, intend_to_write
    from expertdesk.models import Organisation

    engine = SqliteEngine(home)
    with make_app(engine, business_now=None).app_context():
        officer = actor_by_username("officer")
        organisation = db.session.query(Organisation).filter_by(district=YUNXI).first()
        assert organisation is not None
        place = organisation.id
        load_fonts()
        specimen("PASSPORT")
        print("READY", flush=True)
        for number in range(10_000):
            intend_to_write(True)
            today = clock.today()
            person = register_person(
                PersonData(
                    surname=f"KILL{_letters(run)}", given_name=_letters(number), birth_on=date(1985, 1, 1),
                    nationality="NO", sex="1", district=YUNXI,
                ),
                PassportData(number=f"K{run:02}{number:05}", issuing_country="NO", expires_on=today + timedelta(1500)),
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
            print(f"ACK {case.number}", flush=True)


def _letters(number: int) -> str:
    """A number in letters, because a name has no digits."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
