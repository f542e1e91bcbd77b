"""Every door of the house: each view says who may call it, a person has judged each one, and the real answers agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from expertdesk.access import GRANTS, Role
from expertdesk.web.guard import declared

MATRIX: dict[str, str] = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8"))
ROLES = {"officer2": Role.OFFICER} | {role.value: role for role in Role if role is not Role.OFFICER}
# end the session of whoever calls them, so they are tried last
_LAST = ("accounts.change_password", "accounts.end_session", "accounts.sign_out")


def roles_of(view) -> str:
    found = declared(view)
    if isinstance(found, str):
        return "public"
    assert found, view
    return " ".join(role.value for role in Role if any(right in GRANTS[role] for right in found))


def test_every_view_is_judged_and_none_is_left_over(app):
    assert set(app.view_functions) == set(MATRIX)


def test_the_grants_are_what_was_judged(app):
    found = {name: roles_of(view) for name, view in app.view_functions.items()}
    assert found == {name: " ".join(str(who).split()) for name, who in MATRIX.items()}


def addresses(app):
    """One address for each rule and method, with ids that do not exist."""
    values = {"number": "ED2026-999999", "code": "0000", "name": "x.css", "role": "officer", "table": "points",
              "kind": "RECEIPT", "document": "PASSPORT", "part": "family", "form": "xlsx"}  # fmt: skip
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in _LAST, rule.endpoint))
    for rule in rules:
        chosen = {name: values.get(name, 999_999) for name in rule.arguments}
        with app.test_request_context():
            from flask import url_for

            address = url_for(rule.endpoint, **chosen)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


def test_a_visitor_is_sent_to_sign_in_wherever_it_is_not_public(app, visitor):
    for endpoint, method, address in addresses(app):
        answer = visitor.open(address, method=method)
        if MATRIX[endpoint] == "public":
            assert answer.status_code < 500 and answer.status_code != 403, (endpoint, answer.status_code)
        else:
            assert answer.status_code == 303, (endpoint, method, answer.status_code)
            assert answer.headers["Location"].startswith("/sign-in"), endpoint


@pytest.mark.parametrize("username", ROLES)
def test_the_answers_agree_with_the_matrix(app, client_for, username):
    """Refused where the matrix does not name the role; where it does, neither refused nor broken."""
    client = client_for(username)
    for endpoint, method, address in addresses(app):
        answer = client.open(address, method=method)
        allowed = MATRIX[endpoint] == "public" or ROLES[username].value in MATRIX[endpoint].split()
        if allowed:
            assert answer.status_code not in (403, 500), (endpoint, method, answer.status_code)
        else:
            assert answer.status_code == 403, (endpoint, method, answer.status_code)


def test_every_answer_carries_the_safe_headers(app, visitor):
    for address in ("/", "/sign-in", "/no-such-page", "/verify/0000", "/healthz"):
        headers = visitor.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        policy = headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy and "default-src 'none'" in policy
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_signed_in_people_are_not_kept_by_browsers(client_for):
    assert client_for("officer").get("/desk").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(app, client_for):
    client = client_for("officer")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post("/language", data={"language": "zh"}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_redirects_stay_in_the_house(visitor, target):
    answer = visitor.post("/language", data={"language": "zh", "next": target})
    assert answer.headers["Location"] == "/"
