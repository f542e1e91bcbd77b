"""The heaviest pages of the plan stay at eight queries, also with roster, schedule and both opinions there."""

from __future__ import annotations

import pytest

from expertdesk.foundation.database import db
from tests.cases_pages.counting import statements
from tests.training.year import begin

MOST = 8


@pytest.mark.parametrize(
    "path", ["/training/groups/{number}", "/training/2027/send-up", "/training/groups/{number}/edit"]
)
@pytest.mark.parametrize("is_ready", [False, True])
def test_a_full_group_and_its_plan(app, world, client_for, path, is_ready):
    year = begin(world)
    group = year.ready_to_leave() if is_ready else year.checked()
    db.session.commit()
    client, address = client_for("manager"), path.format(number=group.number)
    client.get(address)
    with statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= MOST, "\n".join(seen)
