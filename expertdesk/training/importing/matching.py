"""Rows against what the house knows: which unit, which institution, which group of the plan, what stands twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from expertdesk.foundation.locale import Bilingual, lazy, lazy_date
from expertdesk.foundation.numbers import NumberPattern
from expertdesk.models import PlanPart
from expertdesk.training.declaring import ProjectData, plain, term_of
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.importing.heads import Found, Head
from expertdesk.training.importing.known import Known, KnownProject, KnownProvider, KnownUnit
from expertdesk.training.importing.report import CellProblem, Fate, ReadRow, Severity
from expertdesk.training.importing.rows import RawRow, SheetReader
from expertdesk.training.importing.values import Names, closest, shown
from expertdesk.training.importing.words import bare, key_of, narrow

_PART_OF = {"HK": PlanPart.HK_MACAO, "MO": PlanPart.HK_MACAO, "TW": PlanPart.TAIWAN}
_SERIAL_LENGTH = 4
_SAME_NAMES = (
    "people_planned", "leaders_planned", "days", "subsidy_requested", "banquet", "gifts", "awards_degree",
    "is_for_training_only", "is_without_agents_or_family", "is_without_sponsors", "is_secret", "key_field",
    "approval_type", "name_en", "remarks", *AMOUNTS,
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """Where a number stood first in this run."""

    file: str
    sheet: str
    cell: str
    unit: int


class Units:
    """Organisations by credit code and by name in either language."""

    def __init__(self, units: tuple[KnownUnit, ...]) -> None:
        self._by_code = {unit.credit_code: unit for unit in units}
        self._by_id = {unit.id: unit for unit in units}
        self._by_name: dict[str, KnownUnit] = {}
        self._names: dict[str, KnownUnit] = {}
        for unit in units:
            for name in (unit.name_zh, unit.name_en, f"{unit.name_zh} {unit.name_en}"):
                if name:
                    self._by_name.setdefault(key_of(name), unit)
            self._names |= {name: unit for name in (unit.name_zh, unit.name_en) if name}

    def by_code(self, code: str) -> KnownUnit | None:
        return self._by_code.get(code)

    def by_name(self, name: str) -> KnownUnit | None:
        return self._by_name.get(key_of(name)) or self._by_name.get(key_of(bare(name)))

    def by_id(self, key: int) -> KnownUnit | None:
        return self._by_id.get(key)

    def only(self) -> KnownUnit | None:
        return next(iter(self._by_id.values())) if len(self._by_id) == 1 else None

    def unknown(self, name: str) -> Any:
        near = closest(name, self._names)
        if near:
            return lazy("No organisation “%(name)s” is on file. Meant: %(names)s?", name=shown(name), names=Names(near))
        return lazy("No organisation “%(name)s” is on file.", name=shown(name))


def unit_title(unit: KnownUnit) -> Bilingual:
    return Bilingual(unit.name_zh, unit.name_en or unit.name_zh)


@dataclass
class Matcher:
    """One run. Numbers and files seen so far are kept, so that nothing stands twice."""

    known: Known
    pattern: NumberPattern
    units: Units = field(init=False)
    _providers: dict[str, list[KnownProvider]] = field(init=False)
    _provider_names: dict[str, KnownProvider] = field(init=False)
    _numbers: dict[tuple[int, str], Seen] = field(default_factory=dict)
    _groups: dict[tuple[int, str, str, int | None], str] = field(init=False)

    def __post_init__(self) -> None:
        self.units = Units(self.known.units)
        self._providers, self._provider_names = {}, {}
        for provider in self.known.providers:
            names = [name for name in (provider.name_zh, provider.name_en) if name]
            self._provider_names |= dict.fromkeys(names, provider)
            for spelt in dict.fromkeys(key_of(name) for name in (*names, " ".join(names))):
                self._providers.setdefault(spelt, []).append(provider)
        self._groups = {_likeness(one.organisation_id, one.data): one.number for one in self.known.projects.values()}

    # --- the unit of a sheet ---------------------------------------------------------------------------------------

    def unit_of_sheet(self, head: Head, file: str, sheet: str) -> tuple[KnownUnit | None, list[CellProblem]]:
        """By credit code and by name; both must be of one organisation. A contact of one unit need not name it."""
        by_code = self.units.by_code(head.credit_code.text) if head.credit_code else None
        by_name = self.units.by_name(head.unit.text) if head.unit else None
        problem = self._contradiction(head, by_code, by_name)
        if problem is not None:
            found, text, code = problem
            return None, [CellProblem(file, sheet, found.cell, text, Severity.ERROR, code)]
        unit = by_code or by_name
        if unit is None and not head.unit and not head.credit_code:
            unit = self.units.only() if not self.known.is_whole_bureau else None
        return unit, []

    def _contradiction(
        self, head: Head, by_code: KnownUnit | None, by_name: KnownUnit | None
    ) -> tuple[Found, Any, str] | None:
        if by_code and by_name and by_code.id != by_name.id:
            assert head.credit_code is not None
            text = lazy("This credit code is that of %(other)s, not of the unit named.", other=unit_title(by_code))
            return head.credit_code, text, "unit_contradiction"
        if head.credit_code and by_code is None and by_name is None:
            return head.credit_code, self._not_known(head.credit_code, head.unit), "unknown_unit"
        if head.unit and by_name is None and by_code is None:
            return head.unit, self._not_known(None, head.unit), "unknown_unit"
        return None

    def _not_known(self, code: Found | None, name: Found | None) -> Any:
        if not self.known.is_whole_bureau:
            return lazy("This is not the sheet of your unit.")
        if name is not None:
            return self.units.unknown(name.text)
        assert code is not None
        return lazy("No organisation with the credit code %(code)s is on file.", code=shown(code.text))

    def _unit_of_row(self, row: RawRow, reader: SheetReader, of_sheet: KnownUnit | None) -> KnownUnit | None:
        named = row.values.get("organising_unit")
        if not named:
            if of_sheet is None and "organising_unit" in reader.table.columns and "organising_unit" not in row.bad:
                text = lazy("The sheet does not say which unit organises the group.")
                reader.blame(row, "organising_unit", "no_unit", text)
            return of_sheet
        unit = self.units.by_name(named) or self.units.by_code(named.replace(" ", "").upper())
        if unit is None:
            text = self.units.unknown(named) if self.known.is_whole_bureau else lazy("This is not your unit.")
            reader.blame(row, "organising_unit", "unknown_unit", text)
            return None
        if of_sheet is not None and unit.id != of_sheet.id:
            text = lazy("This is the sheet of %(unit)s; the row names another unit.", unit=unit_title(of_sheet))
            reader.blame(row, "organising_unit", "other_unit", text)
            return None
        return unit

    # --- one row ---------------------------------------------------------------------------------------------------

    def match(
        self, row: RawRow, reader: SheetReader, part: PlanPart | None, of_sheet: KnownUnit | None
    ) -> ReadRow | None:
        """The row as it would be written; None when it has an error. What is found stands in `row.problems`."""
        unit = self._unit_of_row(row, reader, of_sheet)
        provider = self._provider(row, reader)
        project = self._project(row, reader, unit)
        if unit is None or any(problem.is_error for problem in row.problems):
            return None
        data = self._data(row, reader, part, provider, project)
        self._check_term(row, reader, data)
        if project is not None:
            fate = Fate.SAME if plain(data) == plain(project.data) else Fate.CHANGED
            return ReadRow(
                reader.grid.name, row.row, unit.id, data, fate, project.number, project.id, project.version
            )  # fmt: skip
        self._look_for_the_same(row, reader, unit, data)
        return ReadRow(reader.grid.name, row.row, unit.id, data)

    def _provider(self, row: RawRow, reader: SheetReader) -> KnownProvider | None:
        named = row.values.get("host_institution")
        if not named:
            return None
        countries = row.values.get("destination", ())
        found = next((self._providers[spelt] for spelt in _spellings(named) if spelt in self._providers), [])
        fitting = [provider for provider in found if provider.country in countries]
        provider = (fitting or found or [None])[0]
        if provider is None:
            near = closest(named, self._provider_names)
            names = Names(near) if near else None
            text = (
                lazy(
                    "“%(name)s” is not in the register of institutions. Meant: %(names)s?",
                    name=shown(named),
                    names=names,
                )
                if near
                else lazy("“%(name)s” is not in the register of institutions.", name=shown(named))
            )
            reader.blame(row, "host_institution", "unknown_provider", text)
        elif countries and not fitting:
            text = lazy("“%(name)s” is registered in another country.", name=shown(named))
            reader.blame(row, "host_institution", "provider_elsewhere", text, Severity.WARNING)
        return provider

    # --- numbers ---------------------------------------------------------------------------------------------------

    def _project(self, row: RawRow, reader: SheetReader, unit: KnownUnit | None) -> KnownProject | None:
        """The group a row is about. A number may stand only once in a run; one that looks like ours must be known."""
        number = narrow(row.values.get("project_no", "")).replace(" ", "").upper()
        if not number:
            return None
        self._once(number, row, reader, unit)
        project = self.known.projects.get(number)
        if project is None:
            self._unknown_number(number, row, reader)
            return None
        if unit is not None and project.organisation_id != unit.id:
            text = lazy("Group %(number)s belongs to another unit.", number=number)
            reader.blame(row, "project_no", "number_of_other_unit", text)
        elif not project.is_editable:
            text = lazy("Group %(number)s cannot be changed any more: it has left the unit.", number=number)
            reader.blame(row, "project_no", "not_editable", text)
        return project

    def _once(self, number: str, row: RawRow, reader: SheetReader, unit: KnownUnit | None) -> None:
        # 1, 2, 3 … are every unit's own count; any other number means one project wherever it stands
        spot = ((unit.id if unit else 0) if _is_count(number) else 0, key_of(number))
        seen = self._numbers.get(spot)
        if seen is None:
            cell = reader.table.cell("project_no", row.row)
            self._numbers[spot] = Seen(reader.file, reader.grid.name, cell, unit.id if unit else 0)
            return
        text = lazy(
            "Two projects with the number %(number)s: it also stands in %(file)s, sheet %(sheet)s, cell %(cell)s.",
            number=number, file=seen.file, sheet=seen.sheet, cell=seen.cell,
        )  # fmt: skip
        reader.blame(row, "project_no", "number_twice", text)

    def _unknown_number(self, number: str, row: RawRow, reader: SheetReader) -> None:
        if self.pattern.matches(number):
            text = lazy(
                "No group of this plan has the number %(number)s. Leave the cell empty for a new group.", number=number
            )
            reader.blame(row, "project_no", "unknown_number", text)
            return
        if _is_count(number):
            return
        text = lazy(
            "The unit’s own number “%(number)s” is not kept; the group gets one of the plan.", number=shown(number)
        )
        reader.blame(row, "project_no", "own_number", text, Severity.NOTE)

    def _look_for_the_same(self, row: RawRow, reader: SheetReader, unit: KnownUnit, data: ProjectData) -> None:
        """The same name, country and month again is mostly the same group again: said, not forbidden."""
        spot = _likeness(unit.id, data)
        before = self._groups.get(spot)
        if before is not None:
            text = lazy("The unit has a group of this name, country and month already: %(number)s.", number=before)
            reader.blame(row, "project_name", "looks_the_same", text, Severity.WARNING)
        else:
            self._groups[spot] = f"{reader.file} {reader.table.cell('project_name', row.row)}"

    # --- the declaration -------------------------------------------------------------------------------------------

    def _data(
        self, row: RawRow, reader: SheetReader, part: PlanPart | None, provider: KnownProvider | None,
        project: KnownProject | None,
    ) -> ProjectData:  # fmt: skip
        """What the sheet says; a column the sheet does not have keeps what a known group holds."""
        found, base = row.values, project.data if project is not None else ProjectData()
        values: dict[str, Any] = {name: getattr(base, name) for name in base.__dataclass_fields__}
        has = set(reader.table.columns)
        for name in _SAME_NAMES:
            if name in has or name in found:
                values[name] = found.get(name, _EMPTY.get(name))
        values |= self._renamed(found, has, values)
        values["part"] = part or _part_by_country(values["destinations"]) or base.part
        if "host_institution" in has:
            values["provider_id"] = provider.id if provider is not None else None
        if project is not None and project.has_budget:
            # amounts that were worked out by the standards are not overwritten by a sheet
            values |= {name: getattr(base, name) for name in (*AMOUNTS, "budget_total")}
            self._keeps_budget(row, reader, base, found)
        return ProjectData(**values)

    def _renamed(self, found: Mapping[str, Any], has: set[str], values: Mapping[str, Any]) -> dict[str, Any]:
        changes: dict[str, Any] = {"name": found.get("project_name", values["name"])}
        for key, name in (
            ("dispatching_unit", "dispatching"), ("destination", "destinations"), ("cities", "cities"),
            ("funding_source", "fundings"),
        ):  # fmt: skip
            if key in has:
                changes[name] = found.get(key, ())
        if "depart_month" in found or has & {"depart_month", "leave_on"}:
            moment = found.get("depart_month")
            changes["depart_month"] = moment.month if moment is not None else None
        if "budget_total_cny" in has or "budget_total_cny" in found:
            changes["budget_total"] = found.get("budget_total_cny")
        return changes

    def _keeps_budget(self, row: RawRow, reader: SheetReader, base: ProjectData, found: Mapping[str, Any]) -> None:
        total = found.get("budget_total_cny")
        if total is not None and total != base.budget_total:
            text = lazy("The amounts of this group come from its budget and stay as they are there.")
            reader.blame(row, "budget_total_cny", "budget_kept", text, Severity.WARNING)

    def _check_term(self, row: RawRow, reader: SheetReader, data: ProjectData) -> None:
        typed = row.values.get("typed_term")
        derived = term_of(data.days)
        if typed and derived and typed != derived:
            names = reader.readers.choices["term"].names
            text = lazy("%(days)s days are “%(derived)s”, not “%(typed)s”; the days count.", days=data.days,
                        derived=names[derived], typed=names[typed])  # fmt: skip
            reader.blame(row, "term", "term", text, Severity.WARNING)

    # --- files -----------------------------------------------------------------------------------------------------

    def sent_before(self, digest: str, content: str, rows: tuple[ReadRow, ...]) -> Any:
        """The sentence for a file that was imported already and would make its groups a second time, or None."""
        before = self.known.files.get(digest) or (self.known.contents.get(content) if content else None)
        if before is None or not any(row.fate is Fate.NEW for row in rows):
            return None
        return lazy(
            "This sheet was imported on %(day)s already, as %(name)s.", day=lazy_date(before.at), name=before.name
        )


_EMPTY: Mapping[str, Any] = {
    "key_field": "", "approval_type": "", "name_en": "", "remarks": "", "awards_degree": False,
    "is_for_training_only": False, "is_without_agents_or_family": False, "is_without_sponsors": False,
    "is_secret": False,
}  # fmt: skip


def _is_count(number: str) -> bool:
    return number.isdigit() and len(number) <= _SERIAL_LENGTH


def _spellings(name: str) -> tuple[str, ...]:
    return key_of(name), key_of(bare(name))


def _likeness(unit: int, data: ProjectData) -> tuple[int, str, str, int | None]:
    return unit, key_of(data.name), ",".join(data.destinations), data.depart_month


def _part_by_country(destinations: tuple[str, ...]) -> PlanPart | None:
    """A sheet that does not name its part: the country tells."""
    return _PART_OF.get(destinations[0], PlanPart.ABROAD) if destinations else None
