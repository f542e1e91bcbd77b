"""Stories: what happens to a demo case, as lines of data, planned on the agenda and told through the real commands."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expertdesk.cases.commands import NewCase, open_case
from expertdesk.demo import telling
from expertdesk.demo.agenda import Agenda
from expertdesk.demo.cast import Member, read_lines
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Case, Organisation, Permit

if TYPE_CHECKING:
    from expertdesk.demo.bureau import Bureau

_PROCEDURES = {"C": "NEW_IN_CHINA", "A": "NEW_ABROAD", "E": "EXTENSION"}
# where the first permit of an extension story came from, in working days
_FIRST_PERMIT = "submit:240 accept:238 recommend:236 grant:234 deliver:233 close:220"
_MONTHS_A_YEAR = 12
_DAYS_A_YEAR = 365
_MINUTES_BETWEEN = 23


@dataclass
class Story:
    """One case of the demo bureau: who, by which profile, and its steps (action, working days before today)."""

    code: str
    procedure: str
    profile: dict[str, Any]
    steps: list[tuple[str, int]]
    minute: int
    years: int = 2
    ends_in: int | None = None
    country: str = ""
    extends: Story | None = None
    case_id: int = 0
    member: Member | None = None
    employer_id: int = 0

    def plan(self, bureau: Bureau) -> None:
        """Put every step on the agenda."""
        for number, (action, back) in enumerate(self.steps):
            moment = bureau.agenda.moment(back, self.minute + number)
            bureau.agenda.put(moment, lambda action=action: self._tell(bureau, action))

    def _tell(self, bureau: Bureau, action: str) -> None:
        if not self.case_id:
            self.case_id = self._open(bureau)
            bureau.cases.setdefault(self.code, []).append(self.case_id)
            if action == "open":
                return
        case = db.session.get_one(Case, self.case_id)
        telling.tell(action, case, bureau, self)

    def _open(self, bureau: Bureau) -> int:
        from expertdesk.demo.bureau import employer_for, officer_of

        previous = self._previous()
        if previous is not None and self.extends is not None:
            self.member, self.employer_id = self.extends.member, self.extends.employer_id
        else:
            self.member = _next_member(bureau, self.country)
            _, self.employer_id = employer_for(bureau, self.member.line["field"])
        organisation = db.session.get_one(Organisation, self.employer_id)
        officer = officer_of(organisation.district)
        case = open_case(self._new_case(bureau, organisation, previous), officer)
        return case.id

    def _previous(self) -> Permit | None:
        if self.extends is None:
            return None
        return db.session.query(Permit).filter_by(case_id=self.extends.case_id).one()

    def _new_case(self, bureau: Bureau, organisation: Organisation, previous: Permit | None) -> NewCase:
        assert self.member is not None
        post = _posts()[self.member.line["field"]]
        starts = clock.today() + timedelta(days=20) if previous is None else previous.ends_on + timedelta(days=1)
        return NewCase(
            procedure=_PROCEDURES[self.procedure],
            person_id=self.member.person_id,
            passport_id=self.member.passport_id,
            organisation_id=organisation.id,
            contact_id=organisation.contacts[0].id,
            district=organisation.district,
            previous_permit_id=previous.id if previous is not None else None,
            in_country_ground=self._ground(),
            embassy="中国驻当地使馆" if self.procedure == "A" else "",
            entry_on=starts if self.procedure == "A" else None,
            post=post["zh"],
            post_en=post["en"],
            occupation=post["occupation"],
            duties=post["duties"],
            contract_start_on=starts,
            contract_end_on=self._contract_end(bureau.agenda, starts),
            salary_month=Decimal(self.profile["month"]),
            salary_year=Decimal(self.profile["month"]) * _MONTHS_A_YEAR,
            claimed_category=self.profile["claim"],
            facts=self._facts(),
            circumstances={},
            received_on=clock.today(),
            key=f"demo-{self.code}-{self.minute}",
        )

    def _ground(self) -> str:
        if self.procedure != "C":
            return ""
        return "IC1" if self.profile["claim"] == "A" else "IC3"

    def _contract_end(self, agenda: Agenda, starts: date) -> date:
        if self.ends_in is not None:
            return clock.day_of(agenda.now) + timedelta(days=self.ends_in)
        return starts + timedelta(days=self.years * _DAYS_A_YEAR - 1)

    def _facts(self) -> dict[str, Any]:
        profile = self.profile
        return {
            "education": profile["education"],
            "experience_years": profile["experience"],
            "months_per_year": profile["months"],
            "chinese": profile["chinese"],
            "location": "other",
            "elite": list(profile["elite"]),
            "bonus": 0,
            "criteria": list(profile["criteria"]),
        }


def _posts() -> dict[str, Any]:
    found: Any = read_lines("posts.yaml")
    return dict(found)


def _next_member(bureau: Bureau, country: str) -> Member:
    """The next person of the cast; those who need no permit wait for their own story."""
    for place, member in enumerate(bureau.cast):
        is_asked = member.line["country"] == country if country else member.line["country"] != "HK"
        if is_asked:
            return bureau.cast.pop(place)
    raise LookupError("the cast is too small for the stories")


def read_stories(agenda: Agenda, chance: random.Random) -> Iterator[Story]:
    """Every case of stories.yaml, each with its own minute of the day."""
    found: Any = read_lines("stories.yaml")
    minute = 0
    for line in found["stories"]:
        for number in range(line["count"]):
            minute += _MINUTES_BETWEEN
            yield from _stories(line, found["profiles"], number, minute)


def _stories(line: dict[str, Any], profiles: dict[str, Any], number: int, minute: int) -> Iterator[Story]:
    profile = profiles[line["profiles"][number % len(line["profiles"])]]
    first = None
    if "of" in line:
        first = Story(
            f"{line['code']}_first", "C", profile, _steps(_FIRST_PERMIT), minute, ends_in=line["of"]["ends_in"][number]
        )
        yield first
    ends = line.get("ends_in")
    yield Story(
        code=line["code"],
        procedure=line["procedure"],
        profile=profile,
        steps=_steps(line["steps"]),
        minute=minute,
        years=line.get("years", 2),
        ends_in=ends[number] if ends else None,
        country=line.get("country", ""),
        extends=first,
    )


def _steps(text: str) -> list[tuple[str, int]]:
    pairs = (part.partition(":") for part in text.split())
    return [(action, int(back)) for action, _, back in pairs]
