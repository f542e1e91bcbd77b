"""Settings, counts and invitations as pages: nothing secret, nothing of a case, one's own invitations."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from expertdesk.access import Role
from expertdesk.accounts.invitations import invite
from expertdesk.foundation.database import db
from expertdesk.models import Invitation, Organisation
from tests.conftest import SECRET


@pytest.mark.parametrize("language", ["en", "zh"])
def test_settings_say_what_is_set_and_why_and_no_secret(sign_in, with_settings, read, language):
    with_settings(
        mail_url="smtp://desk:mail-password@mail.example:587",
        mail_sender="desk@jiangzhou.example",
        metrics_token="metrics-token-of-the-office",
        public_url="https://desk.jiangzhou.example",
    )
    client = sign_in("admin")
    client.post("/language", data={"language": language, "next": "/"})
    page = read(client.get("/administration/settings"))
    for secret in (SECRET, "mail-password", "desk:mail", "metrics-token-of-the-office"):
        assert secret not in page.html
    for known in (
        "Argon2id, 19 MiB",
        "smtp://mail.example:587",
        "https://desk.jiangzhou.example",
        "EXPERTDESK_MAIL_URL",
    ):
        assert known in page.text


def test_the_page_says_which_password_profile_is_on_and_why(sign_in, with_settings, read):
    client = sign_in("admin")
    assert "OWASP ASVS 5.0" in read(client.get("/administration/settings")).text
    with_settings(password_profile="mlps3")
    page = read(client.get("/administration/settings"))
    assert "GB/T 22239-2019" in page.text and "90 days" in page.text


def test_an_administrator_sees_of_cases_numbers_only(sign_in, world, read):
    from tests.administration.cases_made import make_cases

    numbers = make_cases(world, 3)
    page = read(sign_in("admin").get("/administration/counts"))
    row = page.one("tbody").find("{http://www.w3.org/1999/xhtml}tr")
    assert "Yunxi" in page.words(row)
    assert [page.words(cell) for cell in row.findall("{http://www.w3.org/1999/xhtml}td")[1:]] == ["3", "3"]
    for secret in (*numbers, "FERREIRA", "费安娜", "生物技术"):
        assert secret not in page.html


def test_counts_without_cases_say_so(sign_in, world, read):
    assert "No cases yet" in read(sign_in("admin").get("/administration/counts")).text


# --- invitations -----------------------------------------------------------------------------------------------

FOR_EXPERT = {"role": "expert", "passport": "CB128382", "name": "", "email": "", "language": "en", "right": "handler"}


def test_an_expert_is_invited_by_passport_number(sign_in, world, read):
    client = sign_in("officer")
    page = read(client.post("/administration/invitations", data={**FOR_EXPERT, "passport": "cb 128382"}))
    address = page.words(page.one("span", id="address"))
    assert address.startswith("http://127.0.0.1:8000/invitation/")
    row = db.session.scalars(select(Invitation)).one()
    assert (row.person_id, row.name, row.email) == (
        world.person_id,
        "Ana Luísa Ferreira-Gomes",
        "ana.ferreira@mail.example",
    )
    later = read(client.get("/administration/invitations"))
    assert (
        "Ana Luísa" in later.text
        and "Open" in later.text
        and "/invitation/" not in later.html.replace("/administration/invitations", "")
    )


def test_an_organisation_contact_is_invited_by_its_code(sign_in, world, read):
    code = db.session.scalar(select(Organisation.credit_code).where(Organisation.id == world.organisation_id))
    form = {
        **FOR_EXPERT,
        "role": "employer",
        "passport": "",
        "organisation": code,
        "name": "何静",
        "right": "read_only",
    }
    read(sign_in("officer").post("/administration/invitations", data=form))
    row = db.session.scalars(select(Invitation)).one()
    assert (row.role, row.organisation_id, row.right) == (Role.EMPLOYER, world.organisation_id, "read_only")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"passport": ""}, "Enter the passport number"),
        ({"passport": "XX0000000"}, "No expert of yours"),
        ({"passport": "C9002715"}, "No expert of yours"),  # a person of another district
        ({"email": "nonsense"}, "full e-mail address"),
        ({"role": "admin"}, "Choose"),
        ({"role": "employer", "organisation": ""}, "Enter the unified social credit code"),
        ({"role": "employer", "organisation": "91110108MA01KPRT4X", "name": "甲"}, "No organisation with this code"),
    ],
)
def test_a_wrong_invitation_says_why_at_the_field(sign_in, world, read, change, says):
    page = read(sign_in("officer").post("/administration/invitations", data={**FOR_EXPERT, **change}), 422)
    assert says in page.text
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_the_form_is_filled_when_one_comes_from_a_page_of_a_person(sign_in, world, read):
    client = sign_in("officer")
    page = read(client.get(f"/administration/invitations?person={world.person_id}"))
    assert page.one("input", id="passport").get("value") == "CB128382"
    assert client.get(f"/administration/invitations?person={world.person2_id}").status_code == 404


def test_an_officer_sees_and_withdraws_the_own_invitations_only(sign_in, world, read):
    invite(
        role=Role.EXPERT, name="Ana", email="", language="en", person_id=world.person_id, actor=world.actor("officer")
    )
    db.session.commit()
    number = db.session.scalar(select(Invitation.id))
    other = sign_in("officer2")
    assert "No invitations yet" in read(other.get("/administration/invitations")).text
    assert other.post(f"/administration/invitations/{number}/withdraw").status_code == 404
    assert sign_in("officer").post(f"/administration/invitations/{number}/withdraw").status_code == 303
    assert sign_in("officer").post(f"/administration/invitations/{number}/withdraw").status_code == 409


def test_an_administrator_sees_all_but_makes_none(sign_in, world, read):
    invite(
        role=Role.EXPERT, name="Ana", email="", language="en", person_id=world.person_id, actor=world.actor("officer")
    )
    db.session.commit()
    client = sign_in("admin")
    page = read(client.get("/administration/invitations"))
    assert "Ana" in page.text and not page.all("input", id="passport")
    assert client.post("/administration/invitations", data=FOR_EXPERT).status_code == 403


PAGES = {
    "admin": [
        "/administration",
        "/administration/users/new",
        "/administration/users/1",
        "/administration/users/8",
        "/administration/users/10",
        "/administration/settings",
        "/administration/counts",
        "/administration/invitations",
        "/account",
    ],
    "officer": ["/administration/invitations", "/administration/outbox", "/account"],
    "auditor": ["/administration/history", "/administration/access-log"],
    "expert": ["/account"],
    "employer": ["/account"],
}


@pytest.mark.parametrize("username", PAGES)
def test_no_text_is_left_unmarked_in_the_pseudo_locale(sign_in, read, username):
    from tests.administration.pseudo import unmarked

    client = sign_in(username)
    client.post("/language", data={"language": "qps", "next": "/"})
    for path in PAGES[username]:
        page = read(client.get(path))
        assert unmarked(page) == [], path
