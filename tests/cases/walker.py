"""A case walked at random through its table with the real commands, every letter printed on the way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from expertdesk.cases import commands, papers
from expertdesk.cases.guards import open_correction, paper_gaps
from expertdesk.cases.issuing import letter_bytes
from expertdesk.cases.status import status_of
from expertdesk.cases.workflow import CASE, FINALS
from expertdesk.documents import print_letter
from expertdesk.documents.freezing import thaw
from expertdesk.experts.commands import PassportData, PersonData, register_person
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import Bilingual, use_language
from expertdesk.models import Case, Event, LetterKind, Permit
from expertdesk.permits.commands import grant_permit, refuse_permit, send_back
from tests.cases import steps

NAMES = (
    ("ÅSTRÖM", "BJÖRN", "Björn Åström", "sv", "SE"),
    ("KOWALCZYK-ŻÓŁĆ", "ŁUCJA", "Łucja Kowalczyk-Żółć", "pl", "PL"),
    ("ALHARBI", "NASSER", "ناصر الحربي", "ar", "SA"),
    ("SUKARNO", "", "Sukarno", "id", "ID"),
    ("PETROVIC", "DORDE", "Ђорђе Петровић", "sr", "RS"),
    ("CHEN", "YAN", "陈䶮", "zh", "SG"),
)
_HOURS = (1, 1, 3, 3, 24, 24, 24, 48, 72, 24 * 9)
_LONG = (1, 24, 72, 24 * 9, 24 * 40)
TEXT = Bilingual("经核查，合同与申报不一致。", "The contract differs from the application.")


class Walk:
    """One case and the dice. `taken`: how often each action succeeded, over all walks; `printed`: kinds of letters."""

    def __init__(self, world: Any, seed: int, taken: Counter[str] | None = None) -> None:
        self.taken: Counter[str] = taken if taken is not None else Counter()
        self.world, self.dice = world, random.Random(seed)
        self.seed = seed
        self.now = steps.shanghai(date(2026, 3, 2)) + timedelta(days=self.dice.randrange(120))
        self.refused: set[str] = set()
        self.printed: set[LetterKind] = set()
        self.path: list[str] = []
        self.officer, self.reviewer = world.actor("officer"), world.actor("reviewer")

    def start(self) -> Case:
        with clock.at(self.now):
            surname, given, native, lang, country = self.dice.choice(NAMES)
            person = register_person(
                PersonData(
                    surname=surname, given_name=given, native_name=native, native_lang=lang, chinese_name="",
                    sex="1", birth_on=date(1985, 5, 5), nationality=country, district="990101",
                ),
                PassportData(
                    number=f"W{self.seed:04d}{self.dice.randrange(10**4):04d}", issuing_country=country,
                    kind="ORDINARY", expires_on=date(2033, 1, 1),
                ),
                self.officer,
            )  # fmt: skip
            abroad = self.dice.random() < 0.5
            new = steps.new_case(
                self.world,
                procedure="NEW_ABROAD" if abroad else "NEW_IN_CHINA",
                in_country_ground="" if abroad else "IC3",
                person_id=person.id,
                passport_id=person.passports[0].id,
                contract_start_on=self.today() + timedelta(days=40),
                contract_end_on=self.today() + timedelta(days=900),
                facts={**steps.B_FACTS, "criteria": self.dice.choice([["B1"], ["B1", "A2.9"], []])},
            )
            case = commands.open_case(new, self.officer)
            db.session.commit()
        return case

    def today(self) -> date:
        return clock.day_of(self.now)

    # --- walking ------------------------------------------------------------------------------------------------

    def run(self, case: Case, most: int = 40) -> Case:
        for _ in range(most):
            if case.state in FINALS:
                break
            self.now += timedelta(hours=self.dice.choice(_HOURS if case.state != "in_correction" else _LONG))
            with clock.at(self.now):
                if commands.deem_accepted_due():
                    self.took("deem_accepted", case)
                self.step(case)
                self.look(case)
        return case

    def step(self, case: Case) -> None:
        """One action of the present state, chosen by the dice; a refusal by a guard is an answer too."""
        actions = [row.action for row in CASE.from_state(case.state.value) if not row.is_system]
        # what was rarely taken so far is tried more often, so that few walks see everything
        action = self.dice.choices(actions, [1 / (1 + self.taken[action]) ** 2 for action in actions])[0]
        before = (case.state.value, len(case.letters))
        try:
            MOVES[action](self, case)
            db.session.commit()
        except (NotAllowedNow, RuleBroken) as error:
            assert str(error), action
            db.session.rollback()
            self.refused.add(action)
            assert (case.state.value, len(case.letters)) == before, f"{action} was refused and left a trace"
            return
        self.took(action, case)
        row = CASE.get(action)
        assert before[0] in row.sources and case.state.value == (row.target or before[0]), (action, before)
        assert [letter.kind.value for letter in case.letters[before[1] :]] == list(row.letters), action

    def took(self, action: str, case: Case) -> None:
        self.taken[action] += 1
        self.path.append(action)
        self.printed |= {letter.kind for letter in case.letters}

    # --- what must always hold ----------------------------------------------------------------------------------

    def look(self, case: Case) -> None:
        db.session.expire_all()
        running = [row for row in case.clocks if row.ended_on is None]
        assert len(running) == (0 if case.state in (*FINALS, "draft", "delivered") else 1), (case.state, self.path)
        for row in case.clocks:
            assert row.ended_on is None or row.ended_on >= row.started_on
            assert sum(pause.to_on is None for pause in row.pauses) <= (1 if row.ended_on is None else 0)
        for language in ("zh", "en"):
            with use_language(language):
                status = status_of(case)
                assert str(status.sentence).strip() and "%(" not in str(status.sentence)
                assert str(status.next_step).strip() and len(status.stage_line) == 6

    def finish(self, case: Case) -> None:
        """The history replays to the state; every letter is still what it was."""
        db.session.expire_all()
        state = "draft"
        about = select(Event).where(Event.subject_kind == "case", Event.subject_id == case.id).order_by(Event.id)
        for event in db.session.scalars(about):
            if "from" in event.payload:
                assert event.payload["from"] == state, event.name
                state = event.payload["to"]
        assert state == case.state.value
        for letter in case.letters:
            assert letter_bytes(letter).startswith(b"%PDF-")
            if letter.kind is not LetterKind.RECEIPT:
                assert print_letter(thaw(letter.context)).sha256 == letter.sha256


# --- how each action is done ------------------------------------------------------------------------------------


def _submit(walk: Walk, case: Case) -> None:
    commands.submit_case(case, walk.officer, seen_version=case.row_version)


def _edit(walk: Walk, case: Case) -> None:
    duties = f"工作内容{walk.dice.randrange(10**6)}"
    salary = walk.dice.choice([20000, 32000, 50000, 90000])
    commands.edit_case(case, {"duties": duties, "salary_month": salary}, walk.officer, case.row_version)


def _assign(walk: Walk, case: Case) -> None:
    commands.assign_case(case, walk.officer.id, walk.world.actor("manager"), case.row_version, reason="轮岗")


def _prepare(walk: Walk, case: Case) -> None:
    """Papers in order and verdicts given, as an officer would before passing the check."""
    steps.supply(case, walk.officer)
    for gap in paper_gaps(case).get("problem", []):
        papers.mark_original_seen(case, gap.document, walk.officer)
    steps.check_all(case, walk.officer)
    for code in case.facts.get("criteria") or ():
        if code == "A2.9":
            commands.judge(case, code, walk.dice.choice(["proved", "not_used"]), "核对任职证明。", walk.officer)


def _accept(walk: Walk, case: Case) -> None:
    if walk.dice.random() < 0.85:
        _prepare(walk, case)
    commands.accept_case(case, walk.officer, case.row_version)


def _ask(walk: Walk, case: Case) -> None:
    steps.check_all(case, walk.officer)
    papers.mark_original_seen(case, "PASSPORT", walk.officer)
    papers.check_paper(case, "PASSPORT", False, walk.officer, "X12")
    commands.ask_correction(case, commands.correction_draft(case), walk.officer, case.row_version, "首次告知后发现。")


def _extend_correction(walk: Walk, case: Case) -> None:
    commands.extend_correction(case, walk.officer, case.row_version, "国外认证需时。")


def _answer(walk: Walk, case: Case) -> None:
    correction = open_correction(case)
    assert correction is not None
    for document in [item.document for item in correction.items]:
        waits = any(item.document == document and item.answered_at is None for item in correction.items)
        if waits and walk.dice.random() < 0.95:
            papers.add_version(case, document, steps.upload(document.lower()), walk.officer)
    commands.answer_correction(case, walk.officer, case.row_version)


def _return(walk: Walk, case: Case) -> None:
    commands.return_papers(case, walk.officer, case.row_version)


def _not_accept(walk: Walk, case: Case) -> None:
    ground = walk.dice.choice(["NA1", "NA2", "NA3"])
    note, body = (TEXT, Bilingual("东江省外国专家局", "the provincial bureau")) if ground == "NA2" else (None, None)
    commands.not_accept(case, ground, walk.officer, case.row_version, note, body=body)


def _recommend(walk: Walk, case: Case) -> None:
    if walk.dice.random() < 0.9:
        _prepare(walk, case)
    commands.recommend_case(case, "经审查，提出如下意见。", walk.dice.random() < 0.8, walk.officer, case.row_version)


def _grant(walk: Walk, case: Case) -> None:
    grant_permit(case, walk.reviewer, seen_version=case.row_version, opinion="同意。")


def _refuse(walk: Walk, case: Case) -> None:
    refuse_permit(case, walk.reviewer, seen_version=case.row_version, grounds=["J03"], facts=TEXT, reasons=TEXT)


def _send_back(walk: Walk, case: Case) -> None:
    send_back(case, walk.reviewer, seen_version=case.row_version, reason="请补充核查。")


def _pause(walk: Walk, case: Case) -> None:
    stop = walk.dice.choice(["EXPERT_REVIEW", "HEARING", "MORE_MATERIAL", "SITE_VISIT"])
    commands.pause_clock(case, stop, "另行告知。", walk.dice.choice([walk.officer, walk.reviewer]), case.row_version)


def _resume(walk: Walk, case: Case) -> None:
    commands.resume_clock(case, walk.officer, case.row_version)


def _extend_limit(walk: Walk, case: Case) -> None:
    commands.extend_limit(case, "情况复杂。", walk.reviewer, case.row_version)


def _deliver(walk: Walk, case: Case) -> None:
    commands.deliver_case(case, None, walk.officer, case.row_version)


def _close(walk: Walk, case: Case) -> None:
    commands.close_case(case, walk.officer, case.row_version)


def _withdraw(walk: Walk, case: Case) -> None:
    commands.withdraw_case(case, "用人单位书面撤回。", walk.officer, case.row_version)


MOVES: dict[str, Callable[[Walk, Case], None]] = {
    "submit": _submit, "edit": _edit, "assign": _assign, "accept": _accept, "ask_correction": _ask,
    "extend_correction": _extend_correction, "answer_correction": _answer, "return_papers": _return,
    "not_accept": _not_accept, "recommend": _recommend, "grant": _grant, "refuse": _refuse,
    "send_back": _send_back, "pause": _pause, "resume": _resume, "extend_limit": _extend_limit,
    "deliver": _deliver, "close": _close, "withdraw": _withdraw,
}  # fmt: skip


def extend(walk: Walk, case: Case) -> Case | None:
    """After a grant: an extension of the permit inside its window, walked in its turn."""
    permit = db.session.scalars(select(Permit).where(Permit.case_id == case.id)).one_or_none()
    if permit is None:
        return None
    walk.now = steps.shanghai(permit.ends_on - timedelta(days=60))
    with clock.at(walk.now):
        new = steps.new_case(
            walk.world, procedure="EXTENSION", in_country_ground="", person_id=case.person_id,
            passport_id=case.passport_id, previous_permit_id=permit.id, post=permit.post,
            contract_start_on=permit.ends_on + timedelta(days=1), contract_end_on=permit.ends_on + timedelta(days=700),
        )  # fmt: skip
        extension = commands.open_case(new, walk.officer)
        db.session.commit()
    return extension
