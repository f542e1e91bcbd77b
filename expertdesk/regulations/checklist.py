"""Which papers a case needs, and why: the checklist table merged for procedure, category and circumstances. Pure.

Order of force: the category's letters over the common ones; then what the circumstances change (a condition that holds,
the main criterion, the points claimed). The checklist letter wins over flags of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.rows import Row

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Circumstances:
    """What about the case changes its papers. `claimed_factors` None = not known yet: every factor counts as claimed.

    `old_criterion`: main criterion of the permit being extended or cancelled. `has_medical`: the examination is here.
    """

    main_criterion: str = ""
    old_criterion: str = ""
    has_family: bool = False
    needs_preapproval: bool = False
    is_performance: bool = False
    title_changed: bool = False
    passport_changed: bool = False
    is_upgrade: bool = False
    is_graduate: bool = False
    has_medical: bool = False
    papers_never_filed: bool = False
    claims_hsk: bool = False
    claims_vocational: bool = False
    over_age: bool = False
    claimed_factors: frozenset[str] | None = None

    @classmethod
    def from_json(cls, obj: Mapping[str, Any]) -> Circumstances:
        """From a stored map; names it does not know are left aside."""
        known = {field.name: obj[field.name] for field in fields(cls) if obj.get(field.name) is not None}
        if "claimed_factors" in known:
            known["claimed_factors"] = frozenset(known["claimed_factors"])
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        out = {field.name: getattr(self, field.name) for field in fields(self)}
        factors = out.pop("claimed_factors")
        kept = {name: value for name, value in out.items() if value}
        return kept if factors is None else {**kept, "claimed_factors": sorted(factors)}


@dataclass(frozen=True)
class ChecklistItem:
    """One paper. `letter`: as in the table; `status`: what it comes to (required, commitment, deferred, waived,
    if_applicable); `parts`: the evidence filed inside TALENT_PROOF; `also`: evidence that has a line of its own;
    `notes`: form, translation, legalisation, age."""

    document: Row
    letter: str
    status: str
    reason: Bilingual
    source: Bilingual
    notes: tuple[Bilingual, ...] = ()
    parts: tuple[Row, ...] = ()
    also: tuple[Row, ...] = ()

    @property
    def code(self) -> str:
        return self.document.code

    @property
    def valid_months(self) -> int | None:
        return self.document.valid_months

    @property
    def is_core(self) -> bool:
        return self.document.core

    @property
    def file_kinds(self) -> str:
        """`papers` or `photo`: the row of upload_rules that applies."""
        return self.document.file_kinds

    @property
    def blocks(self) -> bool:
        """Nothing can be submitted without it."""
        return self.status == "required"

    @property
    def may_be_deferred_by_officer(self) -> bool:
        """Only a paper that is not core (D-DO-02); the category is the caller's to check: see `may_defer`."""
        return self.status in ("required", "commitment") and not self.document.core


def checklist(
    book: RuleBook, procedure: str, category: str, circumstances: Circumstances | None = None
) -> tuple[ChecklistItem, ...]:
    """The papers of a case in the order of the table; papers that are not used do not appear."""
    listed = book.row("checklists", procedure)
    merged = {**listed.common, **listed.by_category.get(category, {})}
    case = _Case(book, listed, procedure, category, circumstances or Circumstances())
    items = [case.item(book.document(code), letter) for code, letter in merged.items() if letter != "-"]
    return tuple(item for item in items if item is not None)


def may_defer(book: RuleBook, item: ChecklistItem, category: str, main_criterion: str) -> bool:
    """Whether an officer may let this paper follow: not core, and category A or a listed criterion (D-DO-02)."""
    policy = book.rows("deferral")
    fits = any(category in row.categories or main_criterion in row.criteria for row in policy)
    return fits and item.may_be_deferred_by_officer


@dataclass(frozen=True)
class _Case:
    book: RuleBook
    listed: Row
    procedure: str
    category: str
    given: Circumstances

    def item(self, document: Row, letter: str) -> ChecklistItem | None:
        decided = self._decide(document, letter)
        if decided is None:
            return None
        status, reason = decided
        parts, also = self._evidence(document)
        source = self.listed.sources if not document.sources else document.sources
        return ChecklistItem(document, letter, status, reason, source, self._notes(document), parts, also)

    def _decide(self, document: Row, letter: str) -> tuple[str, Bilingual] | None:
        say, code = self.book.say, document.code
        name = self.book.procedure(self.procedure).short
        if code == "HEALTH_COMMIT":
            return None if self.given.has_medical else ("required", say("LIST_GOES_WITH"))
        match letter:
            case "R":
                return "required", say("LIST_REQUIRED", procedure=name)
            case "C":
                return self._commitment(document)
            case "D":
                return self._deferred(document)
            case "W":
                return "waived", say("LIST_WAIVED", procedure=name)
        return self._if_applicable(document)

    def _commitment(self, document: Row) -> tuple[str, Bilingual]:
        """C becomes R when the main criterion rests on the paper; on the points route only for factors claimed
        (D-DO-06)."""
        say, main = self.book.say, self.given.main_criterion
        relies = main in document.committed_unless or main.split(".")[0] in document.committed_unless
        if relies and self._is_points(main):
            factors = self._claimed(document)
            if factors:
                what = Bilingual("、".join(row.short.zh for row in factors), ", ".join(row.short.en for row in factors))
                return "required", say("LIST_FACTOR", what=what)
        elif relies:
            return "required", say("LIST_CRITERION", code=main)
        category = self.book.row("categories", self.category).short
        return "commitment", say("LIST_COMMITMENT", category=category)

    def _is_points(self, criterion: str) -> bool:
        found = self.book.find("criteria", criterion)
        return found is not None and any(test.fact == "points" for test in found.tests)

    def _claimed(self, document: Row) -> list[Row]:
        claimed = self.given.claimed_factors
        rows = [row for row in self.book.rows("points") if row.code in document.claimed_by]
        return [row for row in rows if claimed is None or row.code in claimed]

    def _deferred(self, document: Row) -> tuple[str, Bilingual]:
        if document.code == "MEDICAL" and self.given.has_medical:
            return "required", self.book.say("LIST_MEDICAL_HERE")
        if document.code == "MEDICAL":
            days = self.book.row("deferral", "DEFERRAL").medical_days_after_entry
            return "deferred", self.book.say("LIST_DEFERRED", days=days)
        return "deferred", self.book.say("LIST_DEFERRED_OTHER")

    def _if_applicable(self, document: Row) -> tuple[str, Bilingual] | None:
        code, say = document.code, self.book.say
        waived = self._holding(self.listed.becomes_waived.get(code, ()))
        if waived is not None:
            return "waived", say("LIST_WAIVED_BECAUSE", when=waived.name)
        conditions = self.listed.becomes_required.get(code, document.required_when)
        held = self._holding(conditions)
        if held is not None:
            return "required", say("LIST_BECAUSE", when=held.name)
        if not conditions:
            return "if_applicable", say("LIST_IF_ANY")
        rows = [row for row in (self.book.find("conditions", name) for name in conditions) if row is not None]
        if rows and all(row.hides for row in rows):
            return None
        names = [row.name for row in rows]
        when = Bilingual("或者".join(name.zh for name in names), " or ".join(name.en for name in names))
        return "if_applicable", say("LIST_IF", when=when)

    def _holding(self, conditions: Iterable[str]) -> Row | None:
        """The first of the conditions that holds; one that is not in force in this region never does."""
        rows = (self.book.find("conditions", code) for code in conditions)
        return next((row for row in rows if row is not None and self._holds(row)), None)

    def _holds(self, condition: Row) -> bool:
        given = self.given
        by_criterion = {
            "SALARY_PROMISED": given.main_criterion,
            "OLD_SALARY_PROMISE": given.old_criterion,
            "OLD_6X_BEIJING": given.old_criterion,
        }
        if condition.code in by_criterion:
            return by_criterion[condition.code] in condition.criteria
        by_flag = {
            "FAMILY_ENTERED": given.has_family,
            "PREAPPROVAL_NEEDED": given.needs_preapproval,
            "COMMERCIAL_PERFORMANCE": given.is_performance,
            "HSK_CLAIMED": given.claims_hsk,
            "VOCATIONAL_CLAIMED": given.claims_vocational or given.main_criterion in condition.criteria,
            "TITLE_CHANGED": given.title_changed,
            "PASSPORT_CHANGED": given.passport_changed,
            "UPGRADE": given.is_upgrade,
            "NEVER_FILED": given.papers_never_filed,
            "GRADUATE": given.is_graduate,
            "OVER_AGE_SHENZHEN": given.over_age,
        }
        return by_flag[condition.code]

    def _evidence(self, document: Row) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """What TALENT_PROOF holds for the main criterion; on the points route only what the claimed factors need."""
        if document.code != "TALENT_PROOF" or not self.given.main_criterion:
            return (), ()
        criterion = self.book.find("criteria", self.given.main_criterion)
        if criterion is None:
            return (), ()
        rows = [self.book.document(code) for code in criterion.evidence]
        if self._is_points(criterion.code):
            rows = [row for row in rows if self._needed_for_points(row)]
        inside = tuple(row for row in rows if row.part_of == document.code)
        return inside, tuple(row for row in rows if row.part_of != document.code)

    def _needed_for_points(self, row: Row) -> bool:
        if row.code == "HSK_CERT":
            return self.given.claims_hsk
        if row.code == "VOCATIONAL_CERT":
            return self.given.claims_vocational
        return bool(self._claimed(row))

    def _notes(self, document: Row) -> tuple[Bilingual, ...]:
        say = self.book.say
        notes: list[Bilingual] = []
        if document.code == "PASSPORT":
            notes.append(say("NOTE_PASSPORT", months=self.book.row("base_conditions", "APP_PASSPORT").least))
        if document.valid_months is not None:
            notes.append(say("NOTE_MONTHS", months=document.valid_months))
        if document.signed_by:
            notes.append(say("NOTE_SIGN", who=document.signed_by))
        if document.sealed_by:
            notes.append(say("NOTE_SEAL", who=document.sealed_by))
        if document.content:
            notes.append(say("NOTE_CONTENT", content=_listed(document.content)))
        if document.translation:
            notes.append(say("NOTE_TRANSLATION"))
        rows = (self.book.find("legalisations", code) for code in document.legalisation)
        ways = [row.name for row in rows if row is not None]
        if ways:
            notes.append(say("NOTE_LEGALISATION", ways=_listed(ways)))
        if document.alternative:
            notes.append(document.alternative)
        return tuple(notes)


def _listed(names: Iterable[Bilingual]) -> Bilingual:
    kept = list(names)
    return Bilingual("、".join(name.zh for name in kept), ", ".join(name.en for name in kept))
