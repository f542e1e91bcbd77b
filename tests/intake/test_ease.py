"""How much an officer has to do for a prepared case: at most 25 inputs and 3 page loads (decisions: how figures are
measured)."""

from __future__ import annotations

from tests.intake.filled import in_china
from tests.intake.sending import NEW, READ_PASSPORT, taken, work_out

MOST_INPUTS, MOST_LOADS = 25, 3


class Counter:
    """An officer at the counter: counts what is typed or chosen, and the pages that are loaded."""

    def __init__(self, client, read):
        self.client, self.read, self.inputs, self.loads = client, read, 0, 0
        self.values: dict[str, str] = {}

    def open(self, path):
        self.loads += 1
        page = self.read(self.client.get(path))
        if "form_token" in page.html:
            self.values = page.form_values("new")
        return page

    def fill(self, **values):
        for name, value in values.items():
            if self.values.get(name, "") != value:
                self.values[name] = value
                self.inputs += 1

    def press(self, path, do):
        self.loads += 1
        answer = self.client.post(path, data={**self.values, "do": do})
        if answer.status_code == 303:
            return answer
        page = self.read(answer)
        self.values = page.form_values("new")
        return page


def prepared(**changes):
    """What lies in front of the officer, without what the passport lines bring."""
    values = in_china(**changes)
    return {name: value for name, value in values.items() if name not in ("mrz", "do", "received_on")}


def test_a_pasted_passport_with_the_lines_read_first(client_for, read):
    counter = Counter(client_for("officer"), read)
    counter.open(NEW)
    counter.fill(mrz=in_china()["mrz"])
    counter.press(READ_PASSPORT, "read_passport")
    counter.fill(**prepared())
    answer = counter.press(NEW, "take_in")
    case = taken(answer)
    # the page with number and code is what the third load shows
    counter.read(counter.client.get(answer.headers["Location"]))
    assert case.category == "B"
    assert counter.inputs <= MOST_INPUTS, counter.inputs
    assert counter.loads <= MOST_LOADS, counter.loads
    print(f"pasted passport, existing organisation: {counter.inputs} inputs, {counter.loads} page loads")


def test_a_person_and_an_organisation_on_file(client_for, read, world):
    counter = Counter(client_for("officer"), read)
    counter.open(f"{NEW}?person={world.person_id}&organisation={world.organisation_id}")
    counter.fill(**prepared(native_name="", email="", phone=""))
    case = taken(counter.press(NEW, "take_in"))
    assert case.person_id == world.person_id
    assert counter.inputs <= MOST_INPUTS and counter.loads <= MOST_LOADS
    print(f"person and organisation on file: {counter.inputs} inputs, {counter.loads} page loads")


def test_nothing_is_typed_twice(client_for):
    """What one field says, no other field asks again: the record, the salary of a year, the district."""
    page = work_out(client_for("officer"))
    filled = page.form_values("new")
    assert filled["surname"] and filled["passport_number"] and filled["birth_on"]
    assert filled["salary_year"] == "" and filled["district"] == "" and filled["issuing_country"] == ""
    assert "12 × the month counts: CNY 624,000" in page.text
