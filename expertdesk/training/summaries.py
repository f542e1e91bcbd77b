"""The tables of figures beside the plan: by country, field, term and unit; execution and funds by unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from expertdesk.documents.plan_contexts import Cell, SummaryTable
from expertdesk.foundation.locale import Bilingual, country_name
from expertdesk.regulations import RuleBook
from expertdesk.training import figures
from expertdesk.training.unit_names import name_of_unit

_HEAD = (
    (Bilingual("项目数", "Groups"), "whole"),
    (Bilingual("计划人数", "People"), "whole"),
    (Bilingual("其中中长期", "Medium and long term"), "whole"),
    (Bilingual("经费预算（元）", "Budget (CNY)"), "money"),
    (Bilingual("申请资助（元）", "Subsidy requested (CNY)"), "money"),
    (Bilingual("批准人数", "People approved"), "whole"),
    (Bilingual("批准资助（元）", "Subsidy approved (CNY)"), "money"),
)
_EXECUTION = (
    (Bilingual("批准项目数", "Groups approved"), "whole"),
    (Bilingual("执行项目数", "Groups carried out"), "whole"),
    (Bilingual("项目执行率", "Execution rate, groups"), "percent"),
    (Bilingual("批准人数", "People approved"), "whole"),
    (Bilingual("实际派出人数", "People sent"), "whole"),
    (Bilingual("人数执行率", "Execution rate, people"), "percent"),
)
_FUNDS = (
    (Bilingual("经费预算（元）", "Budget (CNY)"), "money"),
    (Bilingual("申请资助（元）", "Subsidy requested (CNY)"), "money"),
    (Bilingual("批准资助（元）", "Subsidy approved (CNY)"), "money"),
    (Bilingual("人均经费（元）", "Cost per person (CNY)"), "money"),
)


def summaries(groups: Sequence[Any], book: RuleBook) -> tuple[SummaryTable, ...]:
    """By country, field, term and unit; then execution and funds by unit (management_export: sheets)."""
    found = [_figures(group) for group in groups]
    units = {group.organisation_id: name_of_unit(group.organisation) for group in groups}
    by_unit = figures.sums_by(found, lambda one: one.organisation_id)
    whole = figures.sums(found)

    def country(code: str) -> Bilingual:
        return Bilingual(country_name(code, "zh") or "—", country_name(code, "en") or "—")

    tables = (
        ("by_country", Bilingual("按国别（地区）汇总", "By country"), "destination", country),
        ("by_field", Bilingual("按领域汇总", "By field"), "key_field", _namer(book, "training_fields")),
        ("by_term", Bilingual("按期限汇总", "By term"), "term", _namer(book, "training_terms")),
        ("by_unit", Bilingual("按单位汇总", "By unit"), "organisation_id", lambda key: units[key]),
    )
    made = []
    for code, title, field, name in tables:
        sums = figures.sums_by(found, lambda one, field=field: getattr(one, field))
        rows = [(name(key), *_cells(one)) for key, one in _ordered(sums)]
        first = (
            Bilingual(title.zh.removeprefix("按").removesuffix("汇总"), title.en.removeprefix("By ").capitalize()),
            "text",
        )
        made.append(SummaryTable(code, title, (first, *_HEAD), tuple(rows), (_TOTAL, *_cells(whole))))
    unit = (Bilingual("单位", "Unit"), "text")
    run = tuple((units[key], *_run_cells(one)) for key, one in _ordered(by_unit))
    funds = tuple((units[key], *_fund_cells(one)) for key, one in _ordered(by_unit))
    made.append(
        SummaryTable(
            "execution", Bilingual("执行进度", "Execution"), (unit, *_EXECUTION), run, (_TOTAL, *_run_cells(whole))
        )
    )
    made.append(
        SummaryTable("funds", Bilingual("经费汇总", "Funds"), (unit, *_FUNDS), funds, (_TOTAL, *_fund_cells(whole)))
    )
    return tuple(made)


_TOTAL = Bilingual("合计", "Total")


def _namer(book: RuleBook, table: str):
    return lambda code: book.name_of(table, code) if code else Bilingual("—", "—")


def _ordered(sums: Mapping[Any, figures.Sums]) -> list[tuple[Any, figures.Sums]]:
    """Most people first; equal ones by their code, so that the order is always the same."""
    return sorted(sums.items(), key=lambda pair: (-pair[1].people, str(pair[0])))


def _figures(group: Any) -> figures.GroupFigures:
    return figures.GroupFigures(*(getattr(group, name) for name in figures.GroupFigures.__dataclass_fields__))


def _cells(one: figures.Sums) -> tuple[Cell, ...]:
    return (
        one.groups, one.people, one.mid_long, one.budget, one.subsidy_requested, one.people_approved,
        one.subsidy_approved,
    )  # fmt: skip


def _run_cells(one: figures.Sums) -> tuple[Cell, ...]:
    return (
        one.approved_groups, one.run_groups, one.execution_rate, one.people_approved, one.people_actual,
        one.people_rate,
    )  # fmt: skip


def _fund_cells(one: figures.Sums) -> tuple[Cell, ...]:
    return (one.budget, one.subsidy_requested, one.subsidy_approved, one.per_person or Decimal(0))
