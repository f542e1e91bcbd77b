"""What users meet on the pages of a group: a budget not known yet, the long train, what is left of the number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from expertdesk.foundation.database import db
from tests.training.year import begin

BUDGET = {
    "first_day_on": "2027-05-10", "training_days": "10", "city_1": "慕尼黑", "nights_1": "12", "rate_EUR": "7.8534",
    "per_EUR": "1", "rate_on_EUR": "2026-11-24", "rate_source_EUR": "中国银行", "per_USD": "1",
    "fare_people_other": "12", "fare_other": "9000",
}  # fmt: skip
TRAIN = {"train_hours": "20", "train_days": "2", "rate_USD": "7.1128", "rate_on_USD": "2026-11-24",
         "rate_source_USD": "中国银行"}  # fmt: skip


@pytest.fixture
def group(app, world):
    made = begin(world).group()
    db.session.commit()
    return made


def test_a_long_train_is_entered_with_the_budget(group, client_for):
    client, address = client_for("manager"), f"/training/groups/{group.number}/budget"
    page = client.get(address).get_data(as_text=True)
    assert "more than 6 hours" in page and "USD 12" in page
    assert client.post(address, data={**BUDGET, **TRAIN}).status_code == 303
    db.session.expire_all()
    # 12 × (9,000 + 24 × 7.1128)
    assert group.budget_travel == 12 * (9000 + Decimal("170.71"))
    page = client.get(address).get_data(as_text=True)
    assert "Allowance for a train abroad" in page and 'value="20"' in page


def test_a_train_without_its_rate_says_so_at_the_field(group, client_for):
    client, address = client_for("manager"), f"/training/groups/{group.number}/budget"
    answer = client.post(address, data={**BUDGET, "train_hours": "20", "train_days": "2"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'href="#rate_USD"' in page and "<details class=\"col-12\" open>" in page


def test_what_is_missing_is_unknown_and_never_nothing(group, client_for):
    client, address = client_for("manager"), f"/training/groups/{group.number}/budget"
    sent = {name: value for name, value in BUDGET.items() if not name.startswith("fare_")}
    assert client.post(address, data=sent).status_code == 303
    foot = client.get(address).get_data(as_text=True).partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert "Known so far" in foot and "missing" in foot
    assert ">0.00<" not in foot.partition("International travel")[2][:200]


def test_after_sending_the_page_says_what_is_left_of_the_number(group, client_for):
    client = client_for("manager")
    page = client.get(f"/training/groups/{group.number}").get_data(as_text=True)
    assert "Abroad: 8 of the control number of 20 are left with this group." in page
    form = {"organisation": str(group.organisation_id), "part": "abroad", "name": "", "people_planned": "23"}
    page = client.post(f"/training/groups/{group.number}/edit", data=form).get_data(as_text=True)
    assert "Abroad: 3 over the control number of 20 with this group." in page
    page = client.post("/training/2027/new", data={**form, "part": "taiwan"}).get_data(as_text=True)
    assert "The unit has no control number for this part." in page


def test_the_history_names_people_in_the_script_of_the_reader(group, client_for):
    names = {}
    for language in ("zh", "en"):
        page = client_for("manager", language).get(f"/training/groups/{group.number}").get_data(as_text=True)
        entry = page.partition('id="history')[2].partition("ed-time")[2]
        names[language] = entry.partition("<bdi")[2].partition("</bdi>")[0].rpartition(">")[2]
    assert names["zh"] and not names["zh"].isascii() and names["en"].isascii()
