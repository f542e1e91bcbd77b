"""The rows of the bulk data: plain dictionaries, made without the object layer because there are millions of them."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import select

from expertdesk.demo.cast import credit_code, read_lines
from expertdesk.experts.index import passport_index
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.numbers import permit_number
from expertdesk.foundation.text import search_tokens
from expertdesk.models import Event, HistoryHead
from expertdesk.regulations.current import rule_base, rule_region, rules_on
from expertdesk.workflow.history import GENESIS, chain_hash, payload_digest

_CASES_AN_ORGANISATION = 80
_PROCEDURES = (("NEW_IN_CHINA", 60), ("NEW_ABROAD", 25), ("EXTENSION", 15))
_CATEGORIES = (("A", 22), ("B", 68), ("C", 10))
_CRITERIA = {"A": "A6", "B": "B1.5", "C": "C1"}
# how ended cases ended, and where open ones stand
_ENDS = (("closed", 84), ("refused", 5), ("returned", 3), ("withdrawn", 5), ("not_accepted", 3))
_OPEN = (("submitted", 24), ("in_correction", 18), ("accepted", 32), ("recommended", 14), ("granted", 12))
_DISTRICTS = ("990101", "990102", "990103")
_BIRTH = date(1965, 1, 1)
_BIRTH_DAYS = 11_000
_PASSPORT_DAYS = (400, 3200)
_CONTRACT_DAYS = 730
_POSTS = ("软件架构师", "英语教师", "材料学研究员", "风电场技术总监", "行政总厨", "建筑设计师")


@dataclass
class Plan:
    """What the bulk data is made from."""

    chance: random.Random
    officers: dict[str, int]
    names: dict[int, str]
    days: tuple[date, ...]
    cases: int
    organisations: list[tuple[int, str]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=lambda: read_lines("people.yaml"))
    recorded_at: datetime = field(default_factory=lambda: clock.real_now().replace(microsecond=0))

    def officer(self, district: str) -> int:
        return self.officers["officer" if district == _DISTRICTS[0] else "officer2"]


@dataclass
class Ids:
    """The last id given in each table, and the last number of each series."""

    last: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    case_numbers: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    permit_number: int = 0

    def next(self, table: str) -> int:
        self.last[table] += 1
        return self.last[table]


@dataclass
class History:
    """The end of the chain while it grows."""

    last_id: int = 0
    last_hash: str = GENESIS

    @classmethod
    def of_session(cls) -> History:
        head = db.session.scalars(select(HistoryHead)).one_or_none()
        return cls() if head is None else cls(head.last_id, head.last_hash)


@dataclass
class Batch:
    """Rows by table, written together."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    cases: int = 0

    def add(self, table: str, row: dict[str, Any]) -> None:
        self.rows[table].append(row)


def first_rows(plan: Plan, ids: Ids) -> Batch:
    """The organisations: well-formed codes, twelve names, numbered branches."""
    batch, lines = Batch(), read_lines("organisations.yaml")
    for number in range(max(len(lines), plan.cases // _CASES_AN_ORGANISATION)):
        line = lines[number % len(lines)]
        branch = number // len(lines)
        suffix_zh, suffix_en = (f"（第{branch}分部）", f" (branch {branch})") if branch else ("", "")
        organisation = ids.next("organisation")
        code = credit_code(line["prefix"], f"{10_000_000 + number}")
        batch.add("organisation", {
            "id": organisation, "name_zh": line["zh"] + suffix_zh, "name_en": line["en"] + suffix_en,
            "credit_code": code, "credit_code_note": "", "district": line["district"], "industry": line["industry"],
            "kind": line["kind"], "address": "", "phone": "", "licence_ends_on": None, "may_organise_groups": False,
            "created_at": clock.at_shanghai(plan.days[0]), "row_version": 1,
        })  # fmt: skip
        batch.add("organisation_contact", {
            "id": ids.next("organisation_contact"), "organisation_id": organisation, "name": line["contact"],
            "post": line["post"], "phone": "", "email": "",
        })  # fmt: skip
        _find(batch, ids, "organisation", organisation, (line["zh"] + suffix_zh, line["en"] + suffix_en), (code,))
        plan.organisations.append((organisation, line["district"]))
    return batch


def add_case(plan: Plan, ids: Ids, history: History, batch: Batch, day: date, *, is_open: bool) -> None:
    """One person with one case, submitted that day, and everything that hangs on it."""
    chance = plan.chance
    batch.cases += 1
    organisation, district = chance.choice(plan.organisations)
    procedure, category = _pick(chance, _PROCEDURES), _pick(chance, _CATEGORIES)
    state = _pick(chance, _OPEN if is_open else _ENDS)
    person, passport = _person(plan, ids, batch, district, day)
    case = ids.next("case")
    ids.case_numbers[day.year] += 1
    number = f"ED{day.year}-{ids.case_numbers[day.year]:06}"
    at = clock.at_shanghai(day, 9) + timedelta(minutes=ids.case_numbers[day.year] % 480)
    steps = _steps(state, day, procedure, category)
    officer = plan.officer(district)
    starts = day + timedelta(days=30)
    salary = Decimal(chance.randrange(18, 95)) * 1000
    is_accepted = any(name == "case.accepted" for name, _ in steps)
    decided = next((on for name, on in steps if name in ("case.granted", "case.refused")), None)
    stored = "closed" if state == "refused" and not is_open else state
    batch.add("case", {
        "id": case, "number": number, "intake_key": f"bulk-{case}", "procedure": procedure, "state": stored,
        "district": district, "person_id": person, "passport_id": passport, "organisation_id": organisation,
        "contact_id": organisation, "previous_permit_id": None,
        "in_country_ground": "IC3" if procedure == "NEW_IN_CHINA" else "", "ground_reason": "", "embassy": "",
        "entry_on": None, "post": chance.choice(_POSTS), "post_en": "", "occupation": "2", "duties": "",
        "employment_basis": "CONTRACT", "contract_start_on": starts,
        "contract_end_on": starts + timedelta(days=_CONTRACT_DAYS), "is_open_ended": False, "salary_month": salary,
        "salary_year": salary * 12, "claimed_category": category, "category": category,
        "main_criterion": _CRITERIA[category], "facts": _facts(category), "circumstances": {}, "received_on": day,
        "submitted_at": at, "accepted_on": day if is_accepted else None, "is_deemed_accepted": False,
        "decided_on": decided, "rules_date": day, "rule_region": rule_region(), "access_code_digest": "",
        "officer_id": officer, "entered_by_id": officer, "recommended_by_id": officer if decided else None,
        "decided_by_id": plan.officers["reviewer"] if decided else None, "recommendation": {}, "decision": {},
        "updated_at": at, "row_version": 1,
    })  # fmt: skip
    _find(batch, ids, "case", case, (), (number,))
    for name, on in steps:
        _event(plan, history, batch, name, case, officer, clock.at_shanghai(on, 10), day)
    _clocks(ids, batch, case, state, day, steps, procedure, category)
    _papers(ids, batch, case, procedure, category, officer, at, is_accepted=is_accepted)
    if state in ("closed", "granted"):
        _permit(plan, ids, batch, case, person, organisation, district, category, decided or day, starts)


def _pick(chance: random.Random, shares: tuple[tuple[str, int], ...]) -> str:
    names, weights = zip(*shares, strict=True)
    return chance.choices(names, weights)[0]


@cache
def _facts(category: str) -> dict[str, Any]:
    return {
        "education": "master", "experience_years": 8, "months_per_year": 11, "chinese": "none", "location": "other",
        "elite": [], "bonus": 0, "criteria": [_CRITERIA[category]],
    }  # fmt: skip


# --- people -----------------------------------------------------------------------------------------------------


def _person(plan: Plan, ids: Ids, batch: Batch, district: str, day: date) -> tuple[int, int]:
    chance = plan.chance
    # one's surname with another's given name: enough different people from one cast
    line, other = chance.choice(plan.people), chance.choice(plan.people)
    person, passport = ids.next("person"), ids.next("passport")
    latin = f"{line['surname']} {other['given']}".strip()
    native = line["native"] if line is other else ""
    phone = f"+86 13{person:09}"
    number = f"{chance.choice('CDEFGHJKLM')}{person:08}"
    made = clock.at_shanghai(day, 9)
    batch.add("person", {
        "id": person, "surname": line["surname"], "given_name": other["given"], "native_name": native,
        "native_lang": line["lang"] if native else "", "chinese_name": line["chinese"], "sex": str(line["sex"]),
        "birth_on": _BIRTH + timedelta(days=chance.randrange(_BIRTH_DAYS)), "birth_place": "",
        "nationality": line["country"], "other_passport_countries": [], "was_chinese_national": False,
        "special_group": "none", "marital": "90", "email": "", "phone": phone, "permit_number": None,
        "district": district, "residence": {}, "created_at": made, "row_version": 1,
    })  # fmt: skip
    batch.add("person_name", {
        "id": ids.next("person_name"), "person_id": person, "kind": "passport", "text": latin, "lang": "",
        "source": "passport", "added_at": made,
    })  # fmt: skip
    batch.add("passport", {
        "id": passport, "person_id": person, "number": number, "issuing_country": line["country"], "kind": "ORDINARY",
        "issued_on": None, "expires_on": day + timedelta(days=chance.randrange(*_PASSPORT_DAYS)), "is_current": True,
    })  # fmt: skip
    names = tuple(name for name in (latin, native, line["chinese"]) if name)
    _find(batch, ids, "person", person, names, (phone,), passport_index(number))
    return person, passport


@lru_cache(maxsize=20_000)
def _name_tokens(names: tuple[str, ...]) -> str:
    return search_tokens(names)


def _find(
    batch: Batch, ids: Ids, kind: str, record: int, names: tuple[str, ...], numbers: tuple[str, ...], more: str = ""
) -> None:
    parts = (_name_tokens(names), search_tokens((), numbers), more)
    batch.add("search_entry", {
        "id": ids.next("search_entry"), "kind": kind, "record_id": record, "tokens": " ".join(filter(None, parts)),
    })  # fmt: skip


# --- what happened ----------------------------------------------------------------------------------------------

_WAYS: dict[str, tuple[tuple[str, int], ...]] = {
    "submitted": (("case.submitted", 0),),
    "in_correction": (("case.submitted", 0), ("case.correction_asked", 1)),
    "accepted": (("case.submitted", 0), ("case.accepted", 1)),
    "recommended": (("case.submitted", 0), ("case.accepted", 1), ("case.recommended", 2)),
    "granted": (("case.submitted", 0), ("case.accepted", 1), ("case.recommended", 2), ("case.granted", 3)),
    "closed": (
        ("case.submitted", 0), ("case.accepted", 2), ("case.recommended", 4), ("case.granted", 5),
        ("case.delivered", 6), ("case.closed", 8),
    ),
    "refused": (
        ("case.submitted", 0), ("case.accepted", 2), ("case.recommended", 4), ("case.refused", 6),
        ("case.delivered", 8), ("case.closed", 12),
    ),
    "returned": (("case.submitted", 0), ("case.correction_asked", 3), ("case.returned", 23)),
    "withdrawn": (("case.submitted", 0), ("case.withdrawn", 2)),
    "not_accepted": (("case.submitted", 0), ("case.not_accepted", 2)),
}  # fmt: skip
_PUBLIC = frozenset({"case.submitted", "case.accepted", "case.granted", "case.refused", "case.delivered"})


def _steps(state: str, day: date, procedure: str, category: str) -> list[tuple[str, date]]:
    today = clock.today()
    return [(name, min(_later(day, count), today)) for name, count in _WAYS[state]]


@lru_cache(maxsize=100_000)
def _later(day: date, working_days: int) -> date:
    return rule_base().calendar.add_working_days(day, working_days).due_on


def _event(
    plan: Plan, history: History, batch: Batch, name: str, case: int, officer: int, at: datetime, rules: date
) -> None:
    salt = f"{plan.chance.getrandbits(128):032x}"
    payload = {"version": 1}
    history.last_id += 1
    line = SimpleNamespace(
        id=history.last_id, name=name, subject_kind="case", subject_id=case, actor_id=officer,
        actor_role="officer", actor_name=plan.names[officer], at=at.astimezone(UTC),
        recorded_at=plan.recorded_at, rules_date=rules,
        is_public=name in _PUBLIC, payload=payload, salt=salt, payload_digest=payload_digest(salt, payload),
        previous_hash=history.last_hash,
    )  # fmt: skip
    history.last_hash = chain_hash(cast(Event, line))
    row = dict(line.__dict__, hash=history.last_hash)
    row["happened_at"] = row.pop("at")
    batch.add("event", row)


# --- clocks, papers, permits ------------------------------------------------------------------------------------


def _month(day: date) -> date:
    """Limits and checklists are looked up once a month: the rules of bulk data need no more."""
    return day.replace(day=1)


@lru_cache(maxsize=4096)
def _limit(procedure: str, category: str, step: str, day: date) -> tuple[int | None, str, int | None]:
    found = rules_on(day).limits(procedure, category, step)
    promised, statutory = found.promised, found.statutory
    return (
        promised.working_days if promised else None,
        promised.from_layer if promised else "",
        statutory.working_days if statutory else None,
    )


def _clocks(
    ids: Ids, batch: Batch, case: int, state: str, day: date, steps: list[tuple[str, date]], procedure: str,
    category: str,
) -> None:  # fmt: skip
    when = dict(steps)
    accepted = when.get("case.accepted")
    decided = when.get("case.granted") or when.get("case.refused")
    asked = when.get("case.correction_asked")
    ended = steps[-1][1] if state in ("returned", "withdrawn", "not_accepted") else None
    _clock(ids, batch, case, "precheck", day, asked or accepted or ended, procedure, category)
    if asked:
        _clock(ids, batch, case, "correction", asked, ended, procedure, category)
    if accepted:
        _clock(ids, batch, case, "decision", accepted, decided, procedure, category)
    if decided:
        _clock(ids, batch, case, "delivery", decided, when.get("case.delivered"), procedure, category)


def _clock(
    ids: Ids, batch: Batch, case: int, step: str, start: date, end: date | None, procedure: str, category: str
) -> None:
    promised, layer, statutory = _limit(procedure, category, step, _month(start))
    batch.add("case_clock", {
        "id": ids.next("case_clock"), "case_id": case, "step": step, "started_on": start, "promised_wd": promised,
        "promised_layer": layer, "statutory_wd": statutory,
        "promised_due_on": _later(start, promised) if promised else None,
        "statutory_due_on": _later(start, statutory) if statutory else None,
        "is_provisional": False, "extended_wd": 0, "extension": {}, "ended_on": end,
    })  # fmt: skip


@lru_cache(maxsize=4096)
def _checklist(procedure: str, category: str, day: date) -> tuple[tuple[str, str], ...]:
    return tuple((item.code, item.status) for item in rules_on(day).checklist(procedure, category))


def _papers(
    ids: Ids, batch: Batch, case: int, procedure: str, category: str, officer: int, at: datetime, *, is_accepted: bool
) -> None:
    for position, (document, status) in enumerate(_checklist(procedure, category, _month(at.date())), 1):
        state = {"required": "original_seen", "commitment": "committed", "deferred": "deferred"}.get(status, "missing")
        is_checked = is_accepted and state == "original_seen"
        batch.add("paper", {
            "id": ids.next("paper"), "case_id": case, "document": document, "position": position,
            "requirement": status, "state": state, "check_result": "in_order" if is_checked else "unchecked",
            "issued_on": None, "valid_until": None, "due_on": None, "pages": 1 if state == "original_seen" else 0,
            "reason_code": "", "problem_zh": "", "problem_en": "", "demand_zh": "", "demand_en": "",
            "checked_by_id": officer if is_checked else None, "checked_at": at if is_checked else None,
        })  # fmt: skip


def _permit(
    plan: Plan, ids: Ids, batch: Batch, case: int, person: int, organisation: int, district: str, category: str,
    granted: date, starts: date,
) -> None:  # fmt: skip
    ids.permit_number += 1
    number = permit_number(ids.permit_number)
    row = batch.rows["person"][-1]
    row["permit_number"] = number
    permit = ids.next("permit")
    batch.add("permit", {
        "id": permit, "number": number, "person_id": person, "organisation_id": organisation, "case_id": case,
        "previous_id": None, "state": "in_force", "category": category, "main_criterion": _CRITERIA[category],
        "post": plan.chance.choice(_POSTS), "district": district, "starts_on": starts,
        "ends_on": starts + timedelta(days=_CONTRACT_DAYS), "months": 24, "end_cause": "contract_end",
        "granted_on": granted, "ended_on": None, "created_at": clock.at_shanghai(granted, 11), "row_version": 1,
    })  # fmt: skip
    _find(batch, ids, "permit", permit, (), (number,))
