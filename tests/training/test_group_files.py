"""Papers of a group: the review form and the name list in both languages, the same twice; who sees passport numbers;
the access log."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pypdf
import pytest
from sqlalchemy import select

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Membership, MembershipRight
from expertdesk.training import group_files, supplementing
from tests.training.year import begin

FILES = [
    *(f"review-{lang}.pdf" for lang in ("zh", "en", "both")),
    *(f"roster-{lang}.{ending}" for lang in ("zh", "en", "both") for ending in ("pdf", "xlsx")),
]
PASSPORT, MASKED = "E12345678", "•••678"


@pytest.fixture
def group(app, world):
    found = begin(world).ready_to_leave()
    db.session.commit()
    return found


def address(group, name: str) -> str:
    return f"/training/groups/{group.number}/files/{name}"


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def cells_of(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("name", FILES)
def test_every_paper_is_there_the_same_twice_and_noted_each_time(group, client_for, name):
    client = client_for("manager")
    first, second = client.get(address(group, name)), client.get(address(group, name))
    assert first.status_code == 200 and first.data == second.data
    assert first.headers["Cache-Control"] == "no-store"
    assert f"{group.number.lower()}-" in first.headers["Content-Disposition"]
    noted = db.session.scalars(
        select(AccessEntry.detail).where(
            AccessEntry.action == "downloaded",
            AccessEntry.record_kind == "training_project",
            AccessEntry.record_id == group.id,
        )
    ).all()
    assert noted == [name, name]


def test_the_review_form_holds_both_opinions_and_the_budget_of_the_group(group, client_for):
    text = text_of(client_for("manager").get(address(group, "review-both.pdf")).data)
    for part in ("任务和预算审批意见表", "审核单位", "张三", "德国", "Germany", "516", f"{group.budget_total:,.0f}"):
        assert part in text, part
    assert "草稿" not in text


def test_an_opinion_that_is_missing_leaves_its_place_and_makes_it_a_draft(app, world, client_for):
    alone = begin(world).group()
    db.session.commit()
    text = text_of(client_for("manager").get(address(alone, "review-zh.pdf")).data)
    assert "草稿" in text and "审核意见" in text


def test_lines_of_the_form_reach_the_paper_under_their_own_names(app, world):
    year = begin(world)
    group = year.approved()
    answers = {"in_plan": "列入", "aim": "目标甲", "time_and_country": "符合", "route": "路线乙", "size": "规模丙"}
    review = supplementing.ReviewData(
        group_files.Side.TASK, "外办", date(2026, 11, 20), "516号文", answers, True, "同意"
    )
    supplementing.record_review(group, review, year.manager)
    db.session.commit()
    printed = group_files.review_form_of(group).task.answers
    assert printed is not None
    assert {printed["purpose"], printed["group_size"], printed["route"]} == {"目标甲", "规模丙", "路线乙"}


def test_the_unit_itself_sees_its_passports_and_the_copy_to_put_up_shows_none(group, world, client_for):
    clients = [client_for("manager")]
    account = world.actor("employer").id
    if not db.session.get(Membership, (account, group.organisation_id, MembershipRight.TRAINING)):
        db.session.add(
            Membership(account_id=account, organisation_id=group.organisation_id, right=MembershipRight.TRAINING)
        )
        db.session.commit()
    clients.append(client_for("employer"))
    for client in clients:
        for name in ("roster-zh.xlsx", "roster-en.xlsx"):
            assert PASSPORT in cells_of(client.get(address(group, name)).data)
            public = cells_of(client.get(address(group, name), query_string={"public": "1"}).data)
            assert MASKED in public and PASSPORT not in " ".join(public)


def test_a_reader_who_may_not_write_gets_masked_numbers(group, world):
    table = group_files.roster_of(group, in_full=False)
    assert [person.passport for person in table.people] == [MASKED, "•••321"]
    stranger = group_files.make_file(group, world.actor("auditor"), group_files.WantedFile("roster", "xlsx", "zh"))
    assert PASSPORT not in " ".join(cells_of(stranger.data)) and MASKED in cells_of(stranger.data)


@pytest.mark.parametrize(("role", "status"), [("employer2", 404), ("officer", 403), ("auditor", 403), ("expert", 403)])
def test_another_unit_and_other_roles_find_nothing(group, client_for, role, status):
    for name in ("roster-zh.pdf", "review-zh.pdf"):
        assert client_for(role).get(address(group, name)).status_code == status


@pytest.mark.parametrize("name", ["roster-fr.pdf", "review-zh.xlsx", "roster-zh.csv", "plan-zh.pdf", "roster.pdf"])
def test_an_unknown_paper_is_not_there(group, client_for, name):
    assert client_for("manager").get(address(group, name)).status_code == 404


def test_the_review_form_has_no_copy_to_put_up(group, client_for):
    answer = client_for("manager").get(address(group, "review-zh.pdf"), query_string={"public": "1"})
    assert answer.status_code == 404


def test_a_change_of_another_group_leaves_the_paper_as_it_is(app, world, client_for):
    year = begin(world)
    mine, other = year.group(), year.group(name="别的团组")
    db.session.commit()
    client = client_for("manager")
    before = client.get(address(mine, "roster-zh.pdf")).data
    clock.start_at(clock.now() + timedelta(minutes=5))
    supplementing.set_roster(other, [supplementing.PersonData("王五")], year.manager)
    db.session.commit()
    assert client.get(address(mine, "roster-zh.pdf")).data == before
    supplementing.set_roster(mine, [supplementing.PersonData("赵六")], year.manager)
    db.session.commit()
    assert client.get(address(mine, "roster-zh.pdf")).data != before
