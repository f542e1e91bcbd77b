"""The limits applied to what is stored: findings of a group, everything that stops a plan, and the counts for lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.foundation.database import db
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import PlanPart, ProjectState, TrainingPlan, TrainingProject
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.training import records
from expertdesk.training.addresses import link
from expertdesk.training.facts import GroupFacts, PartFacts, UnitFacts
from expertdesk.training.field_names import Listed, listed, name_of_field
from expertdesk.training.remembered import once
from expertdesk.training.rules import Finding, blocking, check_group, check_part, check_unit, failing
from expertdesk.training.unit_names import name_of_unit

_DRAFTS = (ProjectState.DRAFT, ProjectState.RETURNED)
_OUT = (ProjectState.REJECTED, ProjectState.CANCELLED)
COUNTED = tuple(state for state in ProjectState if state not in (*_DRAFTS, *_OUT))
_STAGE_OF = {
    ProjectState.APPROVED: "task",
    ProjectState.ADJUSTED: "task",
    ProjectState.PUBLICISED: "task",
    ProjectState.REPORT_DUE: "return",
    ProjectState.CLOSED: "return",
}


@dataclass(frozen=True)
class PlanBlock:
    """One reason why the plan cannot leave: the rule, what is wrong, and where (unit, group, column)."""

    code: str
    text: Any
    source: Bilingual
    url: str
    organisation_id: int | None = None
    number: str = ""
    column: str = ""
    # the part, or the unit, in both languages
    name: Any = ""

    @property
    def place(self) -> Any:
        """Unit, project and cell."""
        cell = name_of_field(rules_today(), self.column) if self.column else ""
        return Listed((self.name, self.number, cell), parted=(" · ", " · "))

    @property
    def reason(self) -> Reason:
        """For a step that is refused: where, what, by which rule."""
        text = lazy("%(where)s: %(text)s (%(code)s)", where=self.place, text=self.text, code=self.code)
        return Reason(self.code, text, fix_url=self.url)


def stage_of(state: ProjectState) -> str:
    """The step whose limits a group in this state has to meet next."""
    return _STAGE_OF.get(state, "declare")


def findings_of(project: TrainingProject, stage: str) -> tuple[Finding, ...]:
    """Every rule about this group before the step of `stage`."""
    book = rules_today()
    return check_group(records.facts_of(project, records.around_one(project), book), book, stage)


def sentence(finding: Finding) -> Any:
    """The rule and the cell with its values: "R04 (Cities): 4 cities; at most 3." """
    if not finding.fields or finding.is_empty:
        return lazy("%(code)s: %(text)s", code=finding.code, text=finding.text)
    cells = listed(name_of_field(rules_today(), field) for field in finding.fields)
    return lazy("%(code)s (%(cells)s): %(text)s", code=finding.code, cells=cells, text=finding.text)


def part_name(part: PlanPart) -> Bilingual:
    return rules_today().name_of("training_parts", part.value)


def place_to_mend(project: TrainingProject, finding: Finding) -> str:
    """The address of the field where the cause stands."""
    field = finding.fields[0] if finding.fields else ""
    if field in _ELSEWHERE:
        return link(_ELSEWHERE[field], number=project.number)
    if field == "annual_budget":
        return link("training.numbers", year=project.plan.year)
    return link("training.edit_project", number=project.number) + (f"#{field}" if field else "")


_ELSEWHERE = {
    "budget": "training.budget",
    "roster": "training.roster",
    "schedule": "training.schedule",
    "publicity": "training.publicise",
    "reviews": "training.reviews",
    "leader_form": "training.project",
    "report": "training.report",
    "reported_on": "training.report",
    "passports_returned_on": "training.report",
}


def _all_groups(plan: TrainingPlan, states: Iterable[ProjectState]) -> list[TrainingProject]:
    statement = (
        select(TrainingProject)
        .where(TrainingProject.plan_id == plan.id, TrainingProject.state.in_(list(states)))
        .options(
            joinedload(TrainingProject.plan),
            joinedload(TrainingProject.organisation),
            joinedload(TrainingProject.provider),
            joinedload(TrainingProject.budget),
            joinedload(TrainingProject.files),
        )
        .order_by(TrainingProject.number)
    )
    return list(db.session.scalars(statement).unique())


def _counted(plan: TrainingPlan) -> list[TrainingProject]:
    return once(("counted", plan.id), lambda: _all_groups(plan, COUNTED))


def blocks_of_plan(plan: TrainingPlan) -> tuple[PlanBlock, ...]:
    """Every hard limit that fails: parts over their number, units over theirs, then group by group."""
    book = rules_today()
    groups, near = _counted(plan), records.around_all(plan.id)
    found = [*_part_blocks(plan, groups, book), *_unit_blocks(plan, groups, book)]
    for group in groups:
        if group.state not in _JUDGED_TO_LEAVE:
            continue
        findings = check_group(records.facts_of(group, near, book, whole=False), book, "send_up")
        found += [group_block(group, one) for one in blocking(findings, "send_up")]
    return tuple(found)


def warnings_of_parts(plan: TrainingPlan) -> tuple[PlanBlock, ...]:
    """Warnings about a whole part (K14 …): sending up needs one written reason where there are any."""
    book, url = rules_today(), link("training.numbers", year=plan.year)
    found = []
    for facts in part_facts(plan, _counted(plan)):
        name = book.name_of("training_parts", facts.part)
        found += [
            PlanBlock(one.code, one.text, one.rule.sources, url, column=one.fields[0] if one.fields else "", name=name)
            for one in check_part(facts, book)
            if one.needs_reason
        ]
    return tuple(found)


def unexplained_of_plan(plan: TrainingPlan) -> tuple[PlanBlock, ...]:
    """Warnings about a group that came up in the second round, where nothing is declared anew, without a reason."""
    book, near = rules_today(), records.around_all(plan.id)
    return tuple(
        group_block(group, one)
        for group in _counted(plan)
        if group.state is ProjectState.QUOTA_FEEDBACK
        for one in failing(records.facts_of(group, near, book, whole=False), book, "send_up")
        if one.needs_reason and not group.reasons.get(one.code, "").strip()
    )


_JUDGED_TO_LEAVE = (
    ProjectState.DECLARED,
    ProjectState.BUREAU_REVIEWED,
    ProjectState.QUOTA_FEEDBACK,
    ProjectState.SUBMITTED_UP,
)


def group_block(group: TrainingProject, one: Finding) -> PlanBlock:
    """A failed hard limit of one group, with the place where it stands."""
    column = one.fields[0] if one.fields and not one.is_empty else ""
    return PlanBlock(
        one.code, one.text, one.rule.sources, place_to_mend(group, one), group.organisation_id, group.number, column,
        name_of_unit(group.organisation),
    )  # fmt: skip


def people_of(project: Any) -> int:
    """Heads counted against a number: approved ones once there are any, else planned."""
    return (project.people_approved if project.people_approved is not None else project.people_planned) or 0


def part_facts(plan: TrainingPlan, groups: Iterable[TrainingProject]) -> list[PartFacts]:
    """Each part with a number from above, or with people on it."""
    people, mid_long = Counter[PlanPart](), Counter[PlanPart]()
    for group in groups:
        people[group.part] += people_of(group)
        if group.term in ("mid", "long"):
            mid_long[group.part] += people_of(group)
    quotas = {quota.part: quota for quota in plan.quotas}
    return [
        PartFacts(
            part=part.value,
            headcount=quotas[part].headcount if part in quotas else None,
            people=people[part],
            mid_long_least=quotas[part].mid_long_least if part in quotas else None,
            mid_long_people=mid_long[part],
        )
        for part in PlanPart
        if part in quotas or people[part]
    ]


def _part_blocks(plan: TrainingPlan, groups: list[TrainingProject], book: RuleBook) -> list[PlanBlock]:
    url = link("training.numbers", year=plan.year)
    found = []
    for facts in part_facts(plan, groups):
        for one in check_part(facts, book):
            if one.is_block and one.is_failed:
                name = book.name_of("training_parts", facts.part)
                found.append(PlanBlock(one.code, one.text, one.rule.sources, url, column="people_planned", name=name))
    return found


def _unit_blocks(plan: TrainingPlan, groups: list[TrainingProject], book: RuleBook) -> list[PlanBlock]:
    people: Counter[tuple[int, PlanPart]] = Counter()
    for group in groups:
        people[group.organisation_id, group.part] += people_of(group)
    found = []
    for unit in plan.units:
        for control in unit.controls:
            counted = people[unit.organisation_id, control.part]
            facts = UnitFacts(str(unit.organisation_id), "", control.part.value, control.people, counted)
            one = check_unit(facts, book)
            if one is not None and one.is_failed:
                url = link("training.plan", year=plan.year, unit=unit.organisation_id)
                found.append(
                    PlanBlock(
                        one.code, one.text, one.rule.sources, url, unit.organisation_id, column="people_planned",
                        name=name_of_unit(unit.organisation),
                    )
                )
    return found


def findings_after_adjustment(project: TrainingProject) -> tuple[Finding, ...]:
    """R09 by part and by unit, as they would be with the values the unit asks for (R23)."""
    book, plan = rules_today(), project.plan
    groups = [group for group in _all_groups(plan, COUNTED) if group.id != project.id]
    wanted = int(project.adjustment.get("people_approved", people_of(project)))
    change = wanted - people_of(project)
    found: list[Finding] = []
    for facts in part_facts(plan, [*groups, project]):
        if facts.part == project.part.value:
            facts = replace(facts, people=facts.people + change)
            found += [one for one in check_part(facts, book) if one.is_block]
    return tuple(found)


# --- counts for lists -----------------------------------------------------------------------------------------------


def recount(plan_id: int, units: Iterable[int]) -> None:
    """Judge every open group of these units anew and keep how many blocks and warnings it has: for lists only."""
    book, chosen = rules_today(), sorted(set(units))
    db.session.flush()
    statement = (
        select(TrainingProject)
        .where(
            TrainingProject.plan_id == plan_id,
            TrainingProject.organisation_id.in_(chosen),
            TrainingProject.state.not_in((*_OUT, ProjectState.CLOSED)),
        )
        .options(
            joinedload(TrainingProject.organisation),
            joinedload(TrainingProject.provider),
            joinedload(TrainingProject.budget),
            joinedload(TrainingProject.files),
        )
    )
    groups = list(db.session.scalars(statement).unique())
    near = records.around(plan_id, chosen, tokens=[])
    for group in groups:
        set_counts(group, records.facts_of(group, near, book, whole=False), book)
    db.session.flush()


def set_counts(project: TrainingProject, facts: GroupFacts, book: RuleBook) -> None:
    """The numbers of blocks and of warnings without a reason, as far as the declaration goes."""
    findings = failing(facts, book, "send_up")
    project.blocks = sum(1 for one in findings if one.is_block)
    project.warns = sum(
        1 for one in findings if one.needs_reason and not (project.reasons or {}).get(one.code, "").strip()
    )
