"""The rules of one day in one region: look-ups, and doors to the pure rule functions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations import applicants, checklist, classify, limits, periods
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.readable import column_name
from expertdesk.regulations.rows import Row
from expertdesk.regulations.working_days import WorkCalendar

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase


class RuleBook:
    """Immutable. Every look-up answers with rows in force on `day`; before any row the answer is empty or None."""

    __slots__ = ("_base", "day", "region")

    def __init__(self, base: RuleBase, day: date, region: str) -> None:
        self._base = base
        self.day = day
        self.region = region

    @property
    def calendar(self) -> WorkCalendar:
        """All known years, whatever the day: a new arrangement moves open dates, not judged cases."""
        return self._base.calendar

    def rows(self, table: str) -> tuple[Row, ...]:
        return self._base.in_force(table, self.day, self.region)

    def at(self, day: date) -> RuleBook:
        """The rules of another day in the same region."""
        return self._base.on(day, self.region)

    def find(self, table: str, code: str) -> Row | None:
        return next((row for row in self.rows(table) if row.code == code), None)

    def row(self, table: str, code: str) -> Row:
        """The row in force, or RuleInputError: unknown code, or no figure in force on this day."""
        found = self.find(table, code)
        if found is None:
            raise RuleInputError({"": self._why_not(table, code)})
        return found

    def history(self, table: str) -> tuple[Row, ...]:
        """Every row of a table, of all days and regions."""
        return self._base.rows(table)

    def is_known(self, table: str, code: str) -> bool:
        """Whether the code has a row on any day and in any region."""
        return self._base.any_row(table, code) is not None

    def no_figure(self, what: Bilingual | str) -> Bilingual:
        """The sentence for a day before any row: no figure in force."""
        return self.say("NO_FIGURE", what=what, day=self.day)

    def _why_not(self, table: str, code: str) -> Bilingual:
        if self.is_known(table, code):
            return self.no_figure(self.name_of(table, code))
        return self.say("UNKNOWN_CODE", code=code, table=self._base.table(table).title)

    def title(self, table: str) -> Bilingual:
        return self._base.table(table).title

    def heading(self, field: str) -> Bilingual:
        """The name of a field, as it stands above a column of the rule browser."""
        return column_name(self._base, field)

    @property
    def region_name(self) -> Bilingual:
        return self.name_of("regions", self.region)

    # --- texts -----------------------------------------------------------------------------------------------

    def say(self, code: str, /, **values: Any) -> Bilingual:
        """A sentence of the table `sentences`, filled in for each language (Bilingual values in their language)."""
        return self._base.say(code, **values)

    def setting(self, code: str) -> int:
        """A figure of the table `service_settings`, in its unit."""
        return self.row("service_settings", code).value

    # --- lists -----------------------------------------------------------------------------------------------

    def procedures(self, *, open_only: bool = False) -> tuple[Row, ...]:
        """`row.open` tells whether cases of the kind can be handled here; others are "not yet open"."""
        return tuple(row for row in self.rows("procedures") if row.open or not open_only)

    def procedure(self, code: str) -> Row:
        return self.row("procedures", code)

    def document(self, code: str) -> Row:
        return self.row("documents", code)

    def dictionary(self, table: str) -> tuple[Row, ...]:
        """The choices of a code list, in order; entries not offered any more are left out (use `name_of` to show)."""
        return tuple(row for row in self.rows(table) if row.get("offered", True))

    def name_of(self, table: str, code: str) -> Bilingual:
        """The name to show for a stored code; a code without a row in force falls back on any row, then itself."""
        found = self.find(table, code) or self._base.any_row(table, code)
        return found.name if found is not None else Bilingual(code, code)

    def districts(self, *, demo: bool) -> tuple[Row, ...]:
        """demo=True: the fictional districts of the demo bureau; False: the real ones."""
        return tuple(row for row in self.dictionary("districts") if bool(row.demo) is demo)

    @property
    def bureau(self) -> Row:
        """The issuing authority in force: name, letterhead, seal, province, city, phone, hours, address,
        reconsideration_body, court (all Bilingual), seal_mm, demo."""
        found = self.rows("bureau")
        if not found:
            raise RuleInputError({"": self.no_figure(self.title("bureau"))})
        return found[0]

    def number_format(self, kind: str) -> Row:
        """`.pattern`, `.pattern_en` (or None), `.is_address`, `.per_year` for CASE, PERMIT or a letter kind."""
        return self.row("number_formats", kind)

    def upload_rule(self, kind: str = "papers") -> Row:
        """kind: papers or photo. Fields size_mb, pixels, pages, unpacked_mb, seconds, memory_mb, kinds."""
        return self.row("upload_rules", kind)

    def stage(self, state: str) -> Row:
        """The row of `stages` on which a case of this state stands."""
        return self.row("stages", self.state(state).stage)

    def state(self, state: str) -> Row:
        """The row of `case_states`: name, short, step, stage, place, holder, public, is_end."""
        return self.row("case_states", state)

    def stages(self) -> tuple[Row, ...]:
        return self.rows("stages")

    # --- rules (see the modules of the same name) --------------------------------------------------------------

    def classify(self, facts: Facts) -> classify.Classification:
        """Category, points, every criterion with its reason. The book's day is the day of judgement."""
        return classify.classify(self, facts)

    def checklist(
        self, procedure: str, category: str, circumstances: checklist.Circumstances | None = None
    ) -> tuple[checklist.ChecklistItem, ...]:
        return checklist.checklist(self, procedure, category, circumstances)

    def may_defer(self, item: checklist.ChecklistItem, category: str, main_criterion: str = "") -> bool:
        return checklist.may_defer(self, item, category, main_criterion)

    def base_conditions(
        self, birth: date | None, passport_expiry: date | None, submitted_on: date | None = None
    ) -> tuple[applicants.Check, ...]:
        return applicants.base_conditions(self, birth, passport_expiry, submitted_on or self.day)

    def passport_check(self, expiry: date | None, submitted_on: date | None = None) -> applicants.Check:
        return applicants.passport_check(self, expiry, submitted_on or self.day)

    def paper_check(self, document: str, issued_on: date, tested_on: date | None = None) -> applicants.Check:
        return applicants.paper_check(self, document, issued_on, tested_on or self.day)

    def paper_valid_until(self, document: str, issued_on: date) -> date | None:
        return applicants.paper_valid_until(self, document, issued_on)

    def no_permit_needed(
        self, nationality: str, *, is_permanent_resident: bool = False, is_diplomat: bool = False
    ) -> applicants.NonAcceptance | None:
        return applicants.no_permit_needed(
            self, nationality, is_permanent_resident=is_permanent_resident, is_diplomat=is_diplomat
        )

    def limits(self, procedure: str, category: str, step: str) -> limits.StepLimits:
        return limits.limits(self, procedure, category, step)

    def clock_due(self, procedure: str, category: str, received: date) -> limits.ClockDue:
        return limits.clock_due(self, procedure, category, received)

    def extension_window(self, expiry: date) -> limits.ExtensionWindow:
        return limits.extension_window(self, expiry)

    def window_sentence(self, window: limits.ExtensionWindow, day: date) -> Bilingual:
        return limits.window_sentence(self, window, day)

    def permit_period(
        self, procedure: str, category: str, dates: periods.Dates
    ) -> periods.PermitPeriod | periods.PeriodProblem:
        return periods.permit_period(self, procedure, category, dates)

    def letter_valid_until(self, issued_on: date) -> date:
        return periods.letter_valid_until(self, issued_on)

    def law(self, code: str) -> Row:
        return self.row("laws", code)

    def article(self, code: str) -> Row:
        return self.row("articles", code)
