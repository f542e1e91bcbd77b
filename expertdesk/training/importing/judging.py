"""What the limits of the plan would say to each row when it is declared. Pure: rows and known figures in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from expertdesk.regulations import RuleBook
from expertdesk.training.declaring import ProjectData, term_of
from expertdesk.training.facts import AMOUNTS, GroupFacts
from expertdesk.training.importing.known import ENDED, Known, KnownProject, KnownProvider, KnownUnit
from expertdesk.training.importing.report import FileReport, ReadRow
from expertdesk.training.rules import failing


def judged(files: Sequence[FileReport], known: Known, book: RuleBook, today: date) -> tuple[FileReport, ...]:
    """The same reports, every row with the limits its declaration would fail."""
    judge = _Judge(files, known, book, today)
    return tuple(
        replace(
            one,
            sheets=tuple(
                replace(sheet, rows=tuple(replace(row, finds=judge.finds(row)) for row in sheet.rows))
                for sheet in one.sheets
            ),
        )
        for one in files
    )


class _Judge:
    def __init__(self, files: Sequence[FileReport], known: Known, book: RuleBook, today: date) -> None:
        self._known, self._book, self._today = known, book, today
        self._units: Mapping[int, KnownUnit] = {unit.id: unit for unit in known.units}
        self._providers: Mapping[int, KnownProvider] = {one.id: one for one in known.providers}
        self._projects: Mapping[int, KnownProject] = {one.id: one for one in known.projects.values()}
        self._spent: defaultdict[int, Decimal] = defaultdict(Decimal, known.spent)
        for row in (row for one in files for row in one.rows):
            self._spent[row.organisation_id] += (row.data.budget_total or Decimal(0)) - self._counted_before(row)

    def _counted_before(self, row: ReadRow) -> Decimal:
        """What the group holds now, which its new total replaces."""
        project = self._projects.get(row.project_id or 0)
        if project is None or project.state in ENDED:
            return Decimal(0)
        return project.data.budget_total or Decimal(0)

    def finds(self, row: ReadRow) -> tuple[tuple[str, str, object], ...]:
        """(code, severity, text) of what stops the declaration or needs a reason."""
        findings = failing(self._facts(row), self._book, "declare")
        reasons = row.data.reasons or {}
        blocks = [one for one in findings if one.is_block]
        open_ones = [one for one in findings if not one.is_block and not reasons.get(one.code, "").strip()]
        return tuple((one.code, one.severity, one.text) for one in (*blocks, *open_ones))

    def _facts(self, row: ReadRow) -> GroupFacts:
        data, project = row.data, self._projects.get(row.project_id or 0)
        unit, provider = self._units.get(row.organisation_id), self._providers.get(data.provider_id or 0)
        return GroupFacts(
            number=row.number,
            name=data.name,
            part=data.part.value,
            year=self._known.year,
            state=project.state if project else "draft",
            unit=str(row.organisation_id),
            is_unit_qualified=unit is not None and unit.may_organise,
            key_field=data.key_field,
            approval_type=data.approval_type,
            destinations=data.destinations,
            cities=data.cities,
            has_provider=data.provider_id is not None,
            is_provider_active=provider is not None and provider.is_active,
            people_planned=data.people_planned,
            leaders_planned=data.leaders_planned,
            days=data.days,
            term=term_of(data.days),
            depart_month=data.depart_month,
            fundings=data.fundings,
            amounts={name: getattr(data, name) for name in AMOUNTS},
            budget_total=data.budget_total,
            missing_standards=project.missing_standards if project else (),
            over_standard=project.over_standard if project else (),
            budget_left=self._budget_left(row.organisation_id, data),
            subsidy_requested=data.subsidy_requested,
            is_secret=data.is_secret,
            awards_degree=data.awards_degree,
            banquet=data.banquet,
            gifts=data.gifts,
            is_for_training_only=data.is_for_training_only,
            is_without_agents_or_family=data.is_without_agents_or_family,
            is_without_sponsors=data.is_without_sponsors,
            has_leader_form=project.has_leader_form if project else False,
            today=self._today,
        )

    def _budget_left(self, unit: int, data: ProjectData) -> Decimal | None:
        budget = self._known.budgets.get(unit)
        return None if budget is None else budget - self._spent[unit] + (data.budget_total or Decimal(0))


def tally(rows: Sequence[ReadRow]) -> tuple[tuple[str, str, int], ...]:
    """(code, severity, rows) over a run: blocks first, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        counts.update({(code, severity) for code, severity, _ in row.finds})
    order = sorted(counts.items(), key=lambda item: (item[0][1] != "block", -item[1], item[0][0]))
    return tuple((code, severity, count) for (code, severity), count in order)
