"""The fictional bureau as a place for tests: every page has an address here, and every kind of reader a browser."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expertdesk.foundation.database import db
from expertdesk.foundation.installed import install, settings
from expertdesk.models import Account, Assignment, Case, CaseState, Letter, LetterKind, PaperCheck, PaperVersion, Permit
from tests.conftest import make_app
from tests.engines import SqliteEngine
from tests.house.program_places import PROGRAM_NO_PAGES, program_facts, program_pages
from tests.house.training_places import TRAINING_NO_PAGES, training_facts, training_pages

PASSWORD = "Lantern-river-72-quartz"


@dataclass
class Bureau:
    """An application with the demo bureau in it."""

    app: Flask
    engine: SqliteEngine
    facts: dict[str, Any] = field(default_factory=dict)
    _clients: dict[tuple[str, str], FlaskClient] = field(default_factory=dict)

    @classmethod
    def only_facts(cls, facts: dict[str, Any]) -> Bureau:
        """For a list of pages without an application of its own (the browser tests have a server)."""
        made = cls.__new__(cls)
        made.facts = facts
        return made

    def client(self, username: str, language: str) -> FlaskClient:
        """A browser of this person ("" = a visitor) in this language."""
        key = (username, language)
        if key not in self._clients:
            client = self.app.test_client()
            client.set_cookie("language", language)
            if username:
                answer = client.post("/sign-in", data={"username": username, "password": PASSWORD})
                assert answer.status_code == 303, answer.text[:500]
                client.post("/language", data={"language": language, "next": "/"})
            self._clients[key] = client
        return self._clients[key]


def build_bureau() -> Bureau:
    """Load the bureau once for a run; while working on pages TEST_BUREAU_HOME keeps it between runs."""
    from flask_migrate import upgrade

    from expertdesk.demo import load_bureau

    kept = os.environ.get("TEST_BUREAU_HOME", "")
    home = Path(kept or tempfile.mkdtemp(prefix="expertdesk-bureau-"))
    home.mkdir(parents=True, exist_ok=True)
    engine = SqliteEngine(home)
    is_there = engine.path.exists()
    app = engine.app = make_app(engine, business_now=None)
    with app.app_context():
        if not is_there:
            upgrade()
            chosen = settings()
            install(app, replace(chosen, mode="production"))  # as `demo load` does in a folder without any setting
            load_bureau(PASSWORD)
            install(app, chosen)
        facts = facts_of()
        db.session.remove()
    return Bureau(app, engine, facts)


def facts_of() -> dict[str, Any]:
    """Records to look at, by what they are an example of."""
    own = select(Case).where(Case.district == "990101")
    found: dict[str, Any] = {}
    for state in CaseState:
        case = db.session.scalars(own.where(Case.state == state).order_by(Case.id.desc())).first()
        case = case or db.session.scalars(select(Case).where(Case.state == state)).first()
        if case is not None:
            found[state.value] = case.number
    version = db.session.scalars(select(PaperVersion).order_by(PaperVersion.id)).first()
    assert version is not None
    permit = db.session.scalars(select(Permit).where(Permit.district == "990101").order_by(Permit.id.desc())).first()
    letter = db.session.scalars(select(Letter).where(Letter.kind == LetterKind.NOTIFICATION_LETTER)).first()
    assignment = db.session.scalars(select(Assignment).join(Account).where(Account.username == "officer")).first()
    expert = db.session.scalars(select(Account).where(Account.username == "expert")).one()
    mine = db.session.scalars(select(Case).where(Case.person_id == expert.person_id)).one()
    person = db.session.scalars(own.order_by(Case.id)).first()
    assert permit is not None and person is not None and letter is not None
    found |= {
        "person": person.person_id,
        "organisation": person.organisation_id,
        "credit_code": person.organisation.credit_code,
        "permit": permit.id,
        "paper_case": version.paper.case.number,
        "paper_document": version.paper.document,
        "version": version.id,
        "code": letter.code,
        "looked_after": assignment.person_id if assignment else person.person_id,
        "mine": mine.number,
        "user": db.session.scalars(select(Account.id).where(Account.username == "officer2")).one(),
        "sent_back": None,
    }
    found["programs"] = program_facts()
    found["training"] = training_facts()
    found["supply"] = _promised()
    found["assignment"] = assignment.id if assignment else 0
    found["open_paper"] = f"/cases/{found['submitted']}/papers/CONTRACT"
    found["to_judge"] = _judged(own)
    return found | {f"to_{action}": _ready(action) for action in STEPS}


# steps that are open in few cases only: an example is a case where the step can be taken now
STEPS = ("submit", "accept", "ask_correction", "answer_correction", "return_papers", "resume")


def _ready(action: str) -> tuple[str, str]:
    """(officer, number) of a case whose officer can do this now; a page of a step that is shut shows no form."""
    from expertdesk.cases.workflow import CASE
    from expertdesk.demo.bureau import officer_of
    from expertdesk.workflow import options

    for case in db.session.scalars(select(Case).order_by(Case.id.desc())):
        officer = officer_of(case.district)
        if action == "ask_correction" and not any(paper.check is PaperCheck.PROBLEM for paper in case.papers):
            continue  # the page would say that there is nothing to ask for
        if any(item.action == action and item.is_allowed for item in options(CASE, case, officer)):
            return officer.username, case.number
    raise AssertionError(f"the demo bureau has no case in which {action} can be done")


def _judged(own: Any) -> str:
    """A case whose officer has a criterion to judge."""
    from expertdesk.cases.judging import newest_verdicts

    for case in db.session.scalars(own.where(Case.state.in_([CaseState.SUBMITTED, CaseState.ACCEPTED]))):
        if newest_verdicts(case):
            return case.number
    raise AssertionError("no case of the demo bureau has a criterion to judge")


def _promised() -> tuple[str, str]:
    """(reader, page) of a paper that was put off and may come now."""
    from expertdesk.accounts.actors import actor_by_username
    from expertdesk.cases.papers import may_supply

    for username in ("expert", "expert2", "employer", "employer2"):
        actor = actor_by_username(username)
        mine = Case.person_id == actor.person_id if actor.person_id else Case.organisation_id.in_(actor.organisations)
        for case in db.session.scalars(select(Case).where(mine)):
            for paper in case.papers:
                if may_supply(case, paper, actor):
                    return username, f"/my/{case.number}/papers/{paper.document}/supply"
    raise AssertionError("nobody in the demo bureau has a paper to bring later")


Pages = dict[str, list[tuple[str, str]]]


def pages(bureau: Bureau) -> Pages:
    """endpoint → (reader, address): at least one example of every page. A new page without one fails the walk."""
    f = bureau.facts
    number, waiting = f["submitted"], f["in_correction"]
    code = f["code"]
    paper = f"/cases/{f['paper_case']}/papers/{f['paper_document']}"
    step: Callable[[str, str], list[tuple[str, str]]] = lambda state, name: [("officer", f"/cases/{f[state]}/{name}")]  # noqa: E731

    def ready(action: str, name: str) -> list[tuple[str, str]]:
        officer, open_case = f[f"to_{action}"]
        return [(officer, f"/cases/{open_case}/{name}")]

    return {
        "accounts.account": [(name, "/account") for name in ("officer", "expert", "auditor")],
        "accounts.first_administrator": [("", "/first-administrator/0000")],
        "accounts.invitation": [("", "/invitation/0000")],
        "accounts.sign_in": [("", "/sign-in"), ("", "/sign-in?why=expired&next=/desk")],
        "administration.access_log": [("auditor", "/administration/access-log")],
        "administration.counts": [("admin", "/administration/counts")],
        "administration.history": [("auditor", "/administration/history")],
        "administration.home": [("admin", "/administration")],
        "administration.invitations": [(name, "/administration/invitations") for name in ("officer", "admin")],
        "administration.new_user": [("admin", "/administration/users/new")],
        "administration.outbox": [(name, "/administration/outbox") for name in ("officer", "manager")],
        "administration.settings": [("admin", "/administration/settings")],
        "administration.user": [("admin", f"/administration/users/{f['user']}")],
        "cases.accept": ready("accept", "accept") + step("submitted", "accept"),
        "cases.answer": ready("answer_correction", "answer"),
        "cases.assign": [("officer", f"/cases/{number}/assign"), ("manager", f"/cases/{number}/assign")],
        "cases.case": [("reviewer", f"/cases/{f[state.value]}") for state in CaseState if state.value in f]
        + [("officer", f"/cases/{number}"), ("manager", f"/cases/{waiting}")],
        "cases.check": step("submitted", "check"),
        "cases.close": step("delivered", "close"),
        "cases.correction": ready("ask_correction", "correction"),
        "cases.deliver": step("granted", "deliver"),
        "cases.edit": step("submitted", "edit"),
        "cases.extend_correction": step("in_correction", "extend-correction"),
        "cases.extend_limit": [("reviewer", f"/cases/{f['accepted']}/extend-limit")],
        "cases.not_accept": step("submitted", "not-accept"),
        "cases.paper": [("reviewer", paper), ("officer", f["open_paper"])],
        "cases.pause": step("accepted", "pause"),
        "cases.queue": [(name, "/cases") for name in ("officer", "reviewer", "manager")]
        + [("officer", f"/cases?{query}") for query in ("state=submitted", "overdue=1", "state=nonsense")],
        "cases.recommend": step("accepted", "recommend"),
        "cases.resume": ready("resume", "resume"),
        "cases.return_papers": ready("return_papers", "return"),
        "cases.submit": ready("submit", "submit"),
        "cases.why_date": [("reviewer", f"/cases/{f['accepted']}/why-date")],
        "cases.withdraw": step("submitted", "withdraw"),
        "desk.desk": [(name, "/desk") for name in ("officer", "officer2", "reviewer", "manager")],
        "desk.search": [("officer", "/search"), ("officer", "/search?q=费"), ("officer", "/search?q=zzzzzz")],
        "experts.contacts": [("officer", f"/organisations/{f['organisation']}/contacts")],
        "experts.edit_organisation": [("officer", f"/organisations/{f['organisation']}/edit")],
        "experts.edit_person": [("officer", f"/experts/{f['person']}/edit")],
        "experts.names": [("officer", f"/experts/{f['person']}/names")],
        "experts.new_organisation": [("officer", "/organisations/new")],
        "experts.new_passport": [("officer", f"/experts/{f['person']}/passports/new")],
        "experts.new_person": [("officer", "/experts/new")],
        "experts.organisation": [("officer", f"/organisations/{f['organisation']}")],
        "experts.organisations": [("officer", "/organisations"), ("officer", "/organisations?q=zzzz")],
        "experts.people": [("officer", "/experts"), ("liaison", "/experts"), ("officer", "/experts?q=zzzz")],
        "experts.person": [(name, f"/experts/{f['person']}") for name in ("officer", "reviewer", "manager")],
        "experts.rows": [
            ("officer", f"/experts/{f['person']}/{part}") for part in ("education", "employment", "family")
        ],
        "intake.applied": [],
        "intake.apply": [("employer", "/my/apply")],
        "intake.apply_passport": [("employer", "/my/apply/read-passport")],
        "intake.apply_preview": [("employer", "/my/apply/preview")],
        "intake.done": [("officer", f"/intake/{number}/done")],
        "intake.new": [("officer", "/intake/new"), ("officer", "/intake/new?procedure=EXTENSION")],
        "intake.preview": [("officer", "/intake/preview")],
        "intake.read_passport": [("officer", "/intake/read-passport")],
        "liaison.hand_over": [("officer", f"/liaison/hand-over?assignment={f['assignment']}")]
        + [(name, "/liaison/hand-over") for name in ("officer", "manager")],
        "liaison.people": [("officer", "/liaison/people"), ("manager", "/liaison/people")],
        "liaison.person": [(name, f"/liaison/{f['looked_after']}") for name in ("officer", "manager")],
        "liaison.worklist": [("officer", "/liaison"), ("liaison", "/liaison")],
        "permits.decide": [("reviewer", f"/cases/{f['recommended']}/decide")],
        "permits.permit": [("officer", f"/permits/{f['permit']}"), ("manager", f"/permits/{f['permit']}")],
        "permits.permits": [("officer", "/permits"), ("manager", "/permits")],
        "portal.access": [("expert", "/my/access"), ("employer", "/my/access")],
        "portal.accessibility": [("", "/accessibility")],
        "portal.answer": [("expert", f"/my/{f['mine']}/answer")],
        "portal.front": [("", "/")],
        "portal.gallery_page": [("", "/help/gallery")],
        "portal.help": [("", "/help"), ("officer", "/help")],
        "portal.help_role": [
            ("", f"/help/{role}")
            for role in ("officer", "reviewer", "liaison", "manager", "admin", "auditor", "expert", "employer")
        ],
        "portal.messages": [("expert", "/my/messages"), ("employer", "/my/messages")],
        "portal.my": [(name, "/my") for name in ("expert", "expert2", "employer", "employer2")],
        "portal.my_case": [("expert", f"/my/{f['mine']}"), ("employer", f"/my/{f['mine']}")],
        "portal.privacy": [("", "/privacy")],
        "portal.rule_changes": [("", "/rules/compare?from=2025-01-01&to=2026-11-24")],
        "portal.rule_table": [("", "/rules/points"), ("", "/rules/checklists"), ("", "/rules/visa_kinds")],
        "portal.rules": [("", "/rules")],
        "portal.status": [("", "/status")],
        "portal.supply": [f["supply"]],
        "portal.verify": [("", "/verify")],
        "portal.verify_code": [("", f"/verify/{code}"), ("", "/verify/7KQM4WTR9D2H")],
        **program_pages(f["programs"]),
        **training_pages(f["training"]),
    }


# what answers with something else than a page, and why it needs no look
NO_PAGES = {
    "assets.asset": "files",
    "assets.favicon": "a picture",
    "cases.export": "a CSV file",
    "cases.letter": "a PDF",
    "cases.letter_preview": "a PDF",
    "cases.paper_file": "a PDF or picture",
    "health.alive": "plain text",
    "health.metrics": "plain text",
    "health.ready": "plain text",
    "permits.letter": "a PDF",
    "permits.preview": "a PDF",
    "portal.my_letter": "a PDF",
    "portal.my_paper": "a PDF or picture",
    **PROGRAM_NO_PAGES,
    **TRAINING_NO_PAGES,
}


def walk(bureau: Bureau) -> Iterator[tuple[str, str, str]]:
    """(endpoint, reader, address) of every example."""
    for endpoint, examples in pages(bureau).items():
        for reader, address in examples:
            yield endpoint, reader, address
