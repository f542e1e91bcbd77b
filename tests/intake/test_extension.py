"""Extensions: choosing the permit fills the form; the window is said with its dates."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import CaseState
from tests.intake.sending import problems, send, taken, value_of, work_out
from tests.permits.making import granted, new_case

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOBODY = {
    "mrz": "", "native_name": "", "email": "", "phone": "", "organisation": "", "post": "", "occupation": "",
    "in_country_ground": "", "education": "", "experience_years": "", "months_per_year": "", "chinese": "",
    "contract_start_on": "", "contract_end_on": "2030-11-30", "salary_month": "34,000", "procedure": "EXTENSION",
}  # fmt: skip


@pytest.fixture
def permit(world):
    """In force until 30 November 2028."""
    return granted(world, new_case(world, contract_end_on=date(2028, 11, 30)))


def at(day: date):
    """The counter on another day."""
    clock.start_at(datetime(day.year, day.month, day.day, 9, 30, tzinfo=SHANGHAI))


def test_choosing_the_permit_fills_the_form(client_for, read, permit, world):
    at(date(2028, 9, 1))
    page = read(client_for("officer").get(f"/intake/new?procedure=EXTENSION&permit={permit.id}"))
    filled = {name: value_of(page, name) for name in ("organisation", "post", "occupation", "claimed_category")}
    assert filled == {
        "organisation": "91110108MA01KPRT4B", "post": "高级研究员", "occupation": "2", "claimed_category": "B",
    }  # fmt: skip
    assert value_of(page, "contract_start_on") == "2028-12-01" and value_of(page, "education") == "master"
    assert value_of(page, "person") == str(world.person_id) and value_of(page, "permit") == str(permit.id)
    assert "the extension window runs from 2 Aug 2028 to 31 Oct 2028" in page.text


def test_the_permit_of_the_person_found(client_for, permit):
    at(date(2028, 9, 1))
    looking = {**NOBODY, "find_person": "费安娜", "received_on": "2028-09-01", "do": "find"}
    page = work_out(client_for("officer"), **looking)
    page = work_out(client_for("officer"), **{**page.form_values("new"), "do": "work_out"})
    assert value_of(page, "permit") == str(permit.id)


def test_an_extension_is_taken_in(client_for, permit, world):
    at(date(2028, 9, 1))
    case = taken(send(client_for("officer"), **NOBODY, permit=str(permit.id), received_on="2028-09-01"))
    assert case.procedure == "EXTENSION" and case.previous_permit_id == permit.id
    assert case.person_id == world.person_id and case.contract_start_on == date(2028, 12, 1)
    assert case.state is CaseState.SUBMITTED and case.category == "B"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2028, 8, 1), "the extension window opens on 2 Aug 2028; it is too early"),
        (date(2028, 8, 2), ""),
        (date(2028, 10, 31), ""),
        (date(2028, 11, 1), "the extension window closed on 31 Oct 2028; a new in-country application is needed"),
    ],
)
def test_the_window_is_said_with_its_dates(client_for, permit, day, said):
    at(day)
    answer = send(client_for("officer"), **NOBODY, permit=str(permit.id), received_on=day.isoformat())
    if said:
        assert problems(answer)["permit"] == said
    else:
        assert taken(answer).received_on == day


def test_the_day_of_receipt_decides_about_the_window(client_for, permit):
    """Papers that came on the last day are in time, although they are entered the day after."""
    at(date(2028, 11, 1))
    assert taken(send(client_for("officer"), **NOBODY, permit=str(permit.id), received_on="2028-10-31"))


def test_no_gap_between_the_contracts(client_for, permit):
    at(date(2028, 9, 1))
    late = {**NOBODY, "contract_start_on": "2028-12-02", "received_on": "2028-09-01"}
    found = problems(send(client_for("officer"), **late, permit=str(permit.id)))
    assert "has to follow by 1 Dec 2028 without a gap" in found["contract_start_on"]
    short = {**NOBODY, "contract_end_on": "2028-11-30", "contract_start_on": "2028-01-01", "received_on": "2028-09-01"}
    assert "has to go on after it" in problems(send(client_for("officer"), **short, permit=str(permit.id)))[
        "contract_end_on"
    ]


def test_another_employer_is_no_extension(client_for, permit):
    at(date(2028, 9, 1))
    other = {**NOBODY, "organisation": "1211010840001409XH", "applied_permit": str(permit.id), "post": "研究员",
             "occupation": "2", "contract_start_on": "2028-12-01", "received_on": "2028-09-01",
             "person": str(permit.person_id)}  # fmt: skip
    found = problems(send(client_for("officer"), **other, permit=str(permit.id)))
    assert "change of employer is a new application" in found["organisation"]


def test_an_extension_under_way_is_named(client_for, permit):
    at(date(2028, 9, 1))
    client = client_for("officer")
    values = {**NOBODY, "permit": str(permit.id), "received_on": "2028-09-01"}
    first = taken(send(client, **values))
    assert first.number in problems(send(client, **values))["permit"]


def test_without_a_permit_there_is_no_extension(client_for, world):
    client = client_for("officer")
    page = work_out(client, **{**NOBODY, "person": str(world.person_id)})
    assert "This person has no permit in force" in page.text
    assert "permit" in problems(send(client, **{**NOBODY, "person": str(world.person_id)}))
    assert "No permit is in its window now" in work_out(client, **NOBODY).text


def test_a_permit_of_another_district_cannot_be_chosen(client_for, permit):
    at(date(2028, 9, 1))
    db.session.expire_all()
    found = problems(send(client_for("officer2"), **NOBODY, permit=str(permit.id), received_on="2028-09-01"))
    assert "permit" in found


def test_a_new_title_asks_for_its_proof(client_for, permit):
    at(date(2028, 9, 1))
    values = {**NOBODY, "permit": str(permit.id), "received_on": "2028-09-01", "seen_all": None}
    assert "if applicable: the title has changed" in work_out(client_for("officer"), **values).text
    page = work_out(client_for("officer"), **values, title_changed="y")
    assert "required, because the title has changed" in page.text
