"""Forms sent as they should not be: with nothing in them, and with something wrong in every field.

A form belongs to the endpoint that takes it. `sent_forms` lists each with the page it stands on; `BUTTONS` are the
endpoints whose form has nothing to fill in. An endpoint that takes a POST stands in one of the two, or a test fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.house.program_places import PROGRAM_BUTTONS, PROGRAM_FORMS
from tests.house.training_places import TRAINING_BUTTONS, training_forms
from tests.pages import _XHTML, parse

EMPTY, WRONG = "empty", "wrong"
# what stands in a field that takes no such thing; the sign in the middle is a control character
WRONG_TEXT = "错\x07误"
WRONG_VALUES = {
    "date": "2026-02\x0730", "number": "-1\x07x", "email": "nobody\x07@", "password": "短\x07", "radio": "NO_SUCH",
    "checkbox": "NO_SUCH", "select": "NO_SUCH",
}  # fmt: skip
_NOT_FILLED = frozenset({"submit", "button", "image", "reset"})
REFUSED = (400, 422)
# not a PDF, whatever its name says
WRONG_FILE = ("scan.pdf", "application/pdf", b"this is no PDF")

Value = str | tuple[str, str, bytes]


@dataclass(frozen=True)
class Sent:
    """One form on one page, sent in one way. `more` are the values of the button that is pressed, and the like."""

    reader: str
    address: str
    action: str
    how: str = EMPTY
    more: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.reader or 'visitor'} {self.action} ({self.how})"

    def values(self, html: str) -> list[tuple[str, Value]]:
        """What the browser sends: hidden fields as they are, the others empty or wrong."""
        return [*filled(form_in(html, self.action), self.how), *self.more]


def form_in(html: str, action: str) -> Any:
    """The form of a page that leads there, by itself or by one of its buttons; else the one that leads to the page."""
    to_itself = None
    for form in parse(html)[0].iter(_XHTML + "form"):
        buttons = [button.get("formaction", "") for button in form.iter(_XHTML + "button")]
        if any((to or "").partition("#")[0] == action for to in [form.get("action"), *buttons]):
            return form
        if not form.get("action") and form.get("method") == "post" and to_itself is None:
            to_itself = form
    assert to_itself is not None, f"no form to {action}"
    return to_itself


def filled(form: Any, how: str) -> Iterator[tuple[str, Value]]:
    seen: set[str] = set()
    for field in form.iter():
        name, tag = field.get("name"), field.tag.removeprefix(_XHTML)
        if not name or field.get("disabled") is not None or tag not in {"input", "select", "textarea"}:
            continue
        kind = field.get("type", "text") if tag == "input" else tag
        if kind == "hidden" or field.get("readonly") is not None:
            yield name, field.get("value", "")
        elif kind in _NOT_FILLED or name in seen:
            continue
        elif kind == "file":
            if how == WRONG:
                yield name, WRONG_FILE
        elif how == WRONG:
            yield name, WRONG_VALUES.get(kind, WRONG_TEXT)
        elif kind not in {"radio", "checkbox"}:
            yield name, ""
        seen.add(name)


def sent_forms(facts: dict[str, Any]) -> dict[str, list[Sent]]:
    """endpoint → its form, sent in every wrong way that it answers with a message."""
    f = facts
    person, organisation = f"/experts/{f['person']}", f"/organisations/{f['organisation']}"
    decide, looked_after = f"/cases/{f['recommended']}/decide", f"/liaison/{f['looked_after']}"
    paper, judged = f["open_paper"], f"/cases/{f['to_judge']}"
    user = f"/administration/users/{f['user']}"

    def at(reader: str, page: str, action: str = "", ways: tuple[str, ...] = (EMPTY, WRONG), **more: str) -> list[Sent]:
        return [Sent(reader, page, action or page, how, tuple(more.items())) for how in ways]

    def step(state: str, name: str, **options: Any) -> list[Sent]:
        return at("officer", f"/cases/{f[state]}/{name}", **options)

    def ready(action: str, name: str, **options: Any) -> list[Sent]:
        officer, number = f[f"to_{action}"]
        return at(officer, f"/cases/{number}/{name}", **options)

    return {
        "accounts.change_password": at("officer", "/account", "/account/password"),
        "accounts.take_invitation": at("", f["invitation"]) if f.get("invitation") else [],
        "accounts.take_sign_in": at("", "/sign-in", ways=(EMPTY,)),
        "administration.add_new_user": at("admin", "/administration/users/new"),
        "administration.make_invitation": at("officer", "/administration/invitations"),
        "administration.save": at("admin", user),
        "cases.assign": step("submitted", "assign"),
        "cases.assign_many": at("officer", "/cases", "/cases/assign"),
        "cases.check": step("submitted", "check", ways=(WRONG,)),
        "cases.correction": ready("ask_correction", "correction"),
        "cases.deliver": step("granted", "deliver"),
        "cases.edit": step("submitted", "edit"),
        "cases.extend_correction": step("in_correction", "extend-correction"),
        "cases.extend_limit": at("reviewer", f"/cases/{f['accepted']}/extend-limit"),
        "cases.judge": at("officer", judged, f"{judged}/judge"),
        "cases.not_accept": step("submitted", "not-accept"),
        "cases.paper_seen": at("officer", paper, f"{paper}/seen", ways=(WRONG,)),
        "cases.paper_upload": at("officer", paper),
        "cases.pause": step("accepted", "pause"),
        "cases.recommend": step("accepted", "recommend"),
        "cases.withdraw": step("submitted", "withdraw"),
        "experts.add_name": at("officer", f"{person}/names"),
        "experts.add_passport": at("officer", f"{person}/passports/new"),
        "experts.register_organisation": at("officer", "/organisations/new"),
        "experts.register_person": at("officer", "/experts/new"),
        "experts.save_contacts": at("officer", f"{organisation}/contacts"),
        "experts.save_organisation": at("officer", f"{organisation}/edit"),
        "experts.save_person": at("officer", f"{person}/edit"),
        "experts.save_rows": [
            sent
            for part in ("education", "employment", "family")
            for sent in at("officer", f"{person}/{part}", ways=(WRONG,))
        ],
        "intake.apply": at("employer", "/my/apply", do="take_in"),
        "intake.apply_passport": at("employer", "/my/apply", "/my/apply/read-passport", do="read_passport"),
        "intake.apply_preview": at("employer", "/my/apply", "/my/apply/preview", ways=(WRONG,), do="work_out"),
        "intake.new": at("officer", "/intake/new", do="take_in"),
        "intake.preview": at("officer", "/intake/new", "/intake/preview", ways=(WRONG,), do="work_out"),
        "intake.read_passport": at("officer", "/intake/new", "/intake/read-passport", do="read_passport"),
        "liaison.contact": at("officer", looked_after, f"{looked_after}/contact"),
        "liaison.do_hand_over": at("officer", f"/liaison/hand-over?assignment={f['assignment']}", "/liaison/hand-over"),
        "liaison.level": at("manager", looked_after, f"{looked_after}/level"),
        "liaison.release": at("officer", looked_after, f"{looked_after}/release"),
        "permits.grant": at("reviewer", decide, decide.replace("/decide", "/grant"), ways=(WRONG,)),
        "permits.preview_refusal": at("reviewer", decide, decide.replace("/decide", "/refuse/preview")),
        "permits.refuse": at("reviewer", decide, decide.replace("/decide", "/refuse")),
        "permits.send_back": at("reviewer", decide, decide.replace("/decide", "/send-back")),
        "portal.send_answer": at("expert", f"/my/{f['mine']}/answer", do="keep"),
        "portal.send_supply": at(*f["supply"]),
        "portal.status_answer": at("", "/status"),
        **training_forms(f["training"], at),
    }


# endpoints whose form has nothing to fill in, and what could be wrong with it
BUTTONS = {
    "accounts.end_session": "the session to end is named by the button",
    "accounts.join": "the address says all",
    "accounts.sign_out": "one button",
    "accounts.take_first_administrator": "only while nobody has an account; see test_the_first_administrator",
    "administration.disable": "one button",
    "administration.enable": "one button",
    "administration.end_sessions": "one button",
    "administration.reset": "one button",
    "administration.send_again": "one button",
    "administration.withdraw": "one button",
    "cases.accept": "a version only",
    "cases.answer": "a version only",
    "cases.close": "a version only",
    "cases.letter_preview": "a PDF of what is typed",
    "cases.resume": "a version only",
    "cases.return_papers": "a version only",
    "cases.submit": "a version only",
    "cases.take": "a version only",
    "experts.remove_name": "one button",
    "intake.apply_discard": "one button",
    "intake.discard": "one button",
    "language.choose_language": "one button",
    "language.choose_theme": "one button",
    "liaison.take": "one button",
    **TRAINING_BUTTONS,
    **PROGRAM_BUTTONS,
    **dict.fromkeys(PROGRAM_FORMS, "sent by the tests of the programmes"),
}


def invitation_values(facts: dict[str, Any]) -> dict[str, str]:
    """An invitation of an organisation's contact, as an officer fills it in."""
    return {
        "role": "employer", "organisation": facts["credit_code"], "right": "handler", "name": "何静", "language": "zh",
        "passport": "", "email": "",
    }  # fmt: skip
