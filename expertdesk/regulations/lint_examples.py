"""Recomputes the worked examples of the tables with the rule functions themselves."""

from __future__ import annotations

from collections.abc import Callable

from expertdesk.regulations.base import RuleBase
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.lint import Linter
from expertdesk.regulations.periods import Dates


def _points(linter: Linter) -> None:
    base = RuleBase(linter.tables)
    for row in linter.rows("point_examples"):
        unit = next(line.unit_size for line in linter.rows("points") if line.code == "SALARY")
        facts = Facts(
            salary_cny_year=row.salary_10k * unit,
            education=row.education,
            experience_years=row.experience_years,
            months_per_year=row.months_per_year,
            chinese=row.chinese,
            location=row.location,
            age=row.age,
            elite=row.elite,
            bonus=row.bonus,
        )
        result = base.on(row.valid_from).classify(facts)
        total, category = result.points.total, _by_points(result.points.total, linter)
        if (total, category) != (row.total, row.category):
            zh = f"应为{row.total}分{row.category or ''}，按表为{total}分{category or ''}。"
            linter.add(row, zh, f"says {row.total} {row.category or ''}, the table gives {total} {category or ''}.")


def _by_points(total: int | None, linter: Linter) -> str | None:
    lines = sorted((line for line in linter.rows("point_lines") if line.category), key=lambda line: -line.total)
    return next((line.category for line in lines if total is not None and total >= line.total), None)


def _counting(linter: Linter) -> None:
    calendar = RuleBase(linter.tables).calendar
    for row in linter.rows("counting_examples"):
        if not calendar.is_official(row.start):
            continue  # a bureau's own calendar need not carry the years of the examples
        due = calendar.add_working_days(row.start, row.wd).due_on
        if due != row.due:
            linter.add(row, f"应为{row.due}，按日历为{due}。", f"says {row.due}, the calendar gives {due}.")


def _periods(linter: Linter) -> None:
    base = RuleBase(linter.tables)
    for row in linter.rows("period_examples"):
        dates = Dates(
            contract_start=row.contract_start,
            contract_end=row.contract_end,
            passport_expiry=row.passport_expiry,
            licence_end=row.licence_end,
            decision_on=row.decision_on,
            old_end=row.old_end,
        )
        day = row.decision_on or row.contract_start
        found = base.on(day).permit_period(row.procedure, row.category, dates)
        computed = (found.start, found.end, found.cause, found.months) if found.ok else (found.cause,)  # type: ignore[union-attr]
        if computed != (row.start, row.end, row.cause, row.months):
            linter.add(row, f"与重算结果不符：{found.text.zh}。", f"does not come out: {found.text.en}.")


EXAMPLES: tuple[Callable[[Linter], None], ...] = (_points, _counting, _periods)
