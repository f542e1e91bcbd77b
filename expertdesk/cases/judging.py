"""The judgement of a case: the category on the rules date from facts and verdicts, base conditions, the permit period.

Read by the case page, the intake preview, recommendation and decision; `refresh` writes what follows into the case. An
undecided claim that rests on evidence alone waits for a verdict; the others stand on what can be computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.cases import checklist, clock, records, rules
from expertdesk.foundation import clock as time
from expertdesk.models import Case, Judgement, Verdict
from expertdesk.regulations import (
    Check,
    Classification,
    Dates,
    Facts,
    NonAcceptance,
    PeriodProblem,
    PermitPeriod,
    RuleBook,
)


@dataclass(frozen=True)
class VerdictLine:
    """What an officer decided on a criterion; `verdict` "ask" = still to be judged."""

    criterion: str
    verdict: str
    reason: str
    by_id: int | None


@dataclass(frozen=True)
class Judged:
    """`classification` holds what decides now; `asserted` what would hold if every open claim were proved.

    `open_verdicts`: claims to be set to proved or not used. `checks`: base conditions on the first submission date.
    `period`: the permit that a grant today would make, or why there can be none. `not_needed`: who needs no permit.
    """

    classification: Classification
    asserted: Classification
    verdicts: tuple[VerdictLine, ...]
    open_verdicts: tuple[str, ...]
    checks: tuple[Check, ...]
    period: PermitPeriod | PeriodProblem
    not_needed: NonAcceptance | None

    @property
    def category(self) -> str:
        return self.classification.category or ""

    @property
    def main_criterion(self) -> str:
        found = self.classification.suggested
        return found.code if found is not None and self.category else ""

    @property
    def needs_officer(self) -> bool:
        return self.classification.needs_officer

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.met is False)


def judgement_of(case: Case) -> Judged:
    """Everything the rules say about the case today, under the rules of its date."""
    from expertdesk.cases.guards import no_permit_needed

    book = records.book_of(case)
    facts = Facts.from_json(records.case_facts(case))
    newest = newest_verdicts(case)
    decided = {code: line.verdict for code, line in newest.items()}
    asserted = records.classified(book, rules.asserted_facts(facts, decided))
    classification = _decide(book, facts, decided, asserted)
    category = classification.category or records.working_category(case)
    return Judged(
        classification=classification,
        asserted=asserted,
        verdicts=tuple(newest.values()),
        open_verdicts=rules.open_verdicts(decided, facts.criteria),
        checks=book.base_conditions(case.person.birth_on, case.passport.expires_on, case.rules_date),
        period=book.permit_period(case.procedure, category, period_dates(case)),
        not_needed=no_permit_needed(case),
    )


def _decide(
    book: RuleBook, facts: Facts, decided: Mapping[str, str], asserted: Classification
) -> Classification:
    """Open claims are left out as long as something else carries a category; alone they are taken as asserted."""
    proved = records.classified(book, rules.proved_facts(facts, decided))
    return proved if proved.category is not None or asserted.category is None else asserted


def newest_verdicts(case: Case) -> dict[str, VerdictLine]:
    """The verdict that stands for each criterion."""
    return {
        row.criterion: VerdictLine(row.criterion, row.verdict.value, row.reason, row.by_id) for row in case.judgements
    }


def period_dates(case: Case, decision_on: date | None = None) -> Dates:
    """The dates that set start and end of the permit; `decision_on`: today where nothing is decided."""
    permit = case.previous_permit
    industry = case.circumstances.get("industry_permit_end")
    return Dates(
        contract_start=case.contract_start_on,
        contract_end=case.contract_end_on,
        is_open_ended=case.is_open_ended,
        passport_expiry=case.passport.expires_on,
        licence_end=case.organisation.licence_ends_on,
        industry_permit_end=date.fromisoformat(industry) if industry else None,
        decision_on=decision_on or case.decided_on or time.today(),
        old_end=permit.ends_on if permit is not None and case.procedure == "EXTENSION" else None,
        entry_on=case.entry_on,
        graduate=str(case.circumstances.get("graduate") or ""),
    )


# --- writing ----------------------------------------------------------------------------------------------------


def refresh(case: Case) -> Judged:
    """Facts or verdicts changed: open the verdicts that are needed, set category and main criterion, bring checklist
    and running limit in line."""
    _open_needed_verdicts(case)
    judged = judgement_of(case)
    case.category, case.main_criterion = judged.category, judged.main_criterion
    checklist.refresh_checklist(case)
    clock.refit(case)
    return judged


def _open_needed_verdicts(case: Case) -> None:
    """A claim that nothing but evidence can carry is asked about, once."""
    book = records.book_of(case)
    known = {row.criterion for row in case.judgements}
    for code in case.facts.get("criteria") or ():
        row = book.find("criteria", code)
        if row is not None and not row.tests and not row.computed and code not in known:
            case.judgements.append(Judgement(criterion=code, verdict=Verdict.ASK, reason="", by_id=None, at=time.now()))


def claimed_factors(classification: Classification) -> frozenset[str]:
    """Points factors that are stated: their papers are needed on the points route (D-DO-06)."""
    return frozenset(factor.code for factor in classification.points.factors if factor.stated)


def preview(book: RuleBook, facts: Mapping[str, Any]) -> Classification:
    """The category of facts that are not in a case yet (intake)."""
    return book.classify(Facts.from_json(facts))
