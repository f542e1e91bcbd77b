"""A table of cost standards with an error changes nothing: it is refused as a whole with file and line, the standards
in force go on, kept budgets stay. A sound new table does not touch what was worked out before either."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from expertdesk.foundation.database import db
from expertdesk.regulations import RuleTableError, load
from expertdesk.regulations.current import install, rule_base, rule_region
from expertdesk.regulations.loading import SHIPPED
from expertdesk.training import budgeting
from expertdesk.training.costs import Fare, Host, Stay
from tests.training.year import Year, begin

COSTS = "training_costs.yaml"
MUNICH = "accommodation: 170"


def changed(folder: Path, old: str, new: str) -> Path:
    text = (SHIPPED / COSTS).read_text(encoding="utf-8")
    lines = [line.replace(old, new) if "慕尼黑" in line and "code: R" in line else line
             for line in text.splitlines()]  # fmt: skip
    assert "\n".join(lines) != text.rstrip("\n")
    (folder / COSTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def year(app, world):
    return begin(world)


def munich(year: Year) -> budgeting.BudgetData:
    return budgeting.BudgetData(
        first_day_on=date(2027, 5, 10), stays=(Stay("慕尼黑", 13),), training_days=10, host=Host(),
        exchanges=(("EUR", Decimal("7.8534"), 1, date(2026, 11, 24), "中国银行"),),
        fares=(Fare("other", 12, Decimal(9000)),), other=Decimal(0), entered=(),
    )  # fmt: skip


@pytest.mark.parametrize("wrong", ["accommodation: -170", "accommodation: 1O0", "accomodation: 170", ""])
def test_a_table_with_an_error_is_refused_whole_and_changes_nothing(year, tmp_path, wrong):
    group = year.group()
    made = budgeting.keep_budget(group, munich(year), year.manager)
    before, total = rule_base(), group.budget_total
    with pytest.raises(RuleTableError) as refused:
        load(changed(tmp_path, MUNICH, wrong))
    assert all(problem.file == COSTS and problem.line for problem in refused.value.problems)
    assert any(problem.sentence.zh and problem.sentence.en for problem in refused.value.problems)
    db.session.expire_all()
    assert rule_base() is before and group.budget_total == total == made.total
    assert budgeting.compute(group, munich(year)).total == made.total


def test_a_new_table_leaves_a_kept_budget_as_it_was_worked_out(year, tmp_path):
    group = year.group()
    before = budgeting.keep_budget(group, munich(year), year.manager).total
    # the worked example with Munich has to follow its table, else the linter refuses it
    folder = changed(tmp_path, MUNICH, "accommodation: 180")
    text = (folder / COSTS).read_text(encoding="utf-8").replace("expected: 6646", "expected: 6846")
    (folder / COSTS).write_text(text, encoding="utf-8")
    install(load(folder), rule_region())
    db.session.flush()
    db.session.expire_all()
    assert group.budget_total == before and sum(line.amount or 0 for line in budgeting.lines_of(group.budget)) == before
    assert budgeting.compute(group, munich(year)).total > before
