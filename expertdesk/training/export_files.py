"""Which files of a plan there are, and making one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from expertdesk.access import Actor
from expertdesk.documents import MissingGlyph
from expertdesk.documents.plan_contexts import PlanTable, Progress
from expertdesk.foundation.errors import NotAllowedNow, Reason
from expertdesk.foundation.locale import lazy
from expertdesk.models import PlanPart, PlanRound, TrainingPlan
from expertdesk.regulations.current import rules_today
from expertdesk.training.exports import plan_tables

FORMATS = ("xlsx", "pdf", "csv")
LANGUAGES = ("zh", "en", "both")
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Wanted:
    """One export: format, language, one part or all."""

    format: str
    language: str
    part: PlanPart | None = None
    round: PlanRound | None = None


@dataclass(frozen=True)
class Made:
    """A file ready to be handed over."""

    data: bytes
    media_type: str
    file_name: str


def wanted(name: str, part: str = "") -> Wanted | None:
    """`plan-zh.xlsx` → what is wanted; None for anything else."""
    stem, _, ending = name.rpartition(".")
    word, _, language = stem.partition("-")
    if word != "plan" or ending not in FORMATS or language not in LANGUAGES:
        return None
    if part and part not in {one.value for one in PlanPart}:
        return None
    return Wanted(ending, language, PlanPart(part) if part else None)


@contextmanager
def only_printable() -> Iterator[None]:
    """A character that no font has stops the file: NotAllowedNow names it and its place."""
    try:
        yield
    except MissingGlyph as problem:
        signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in problem.characters)
        text = lazy("The file cannot be printed: no font has the character %(signs)s in “%(where)s”.",
                    signs=signs, where=problem.field)  # fmt: skip
        raise NotAllowedNow([Reason("missing_glyph", text)], action="print") from problem


def make(plan: TrainingPlan, actor: Actor, what: Wanted) -> Made:
    """The bytes: the same plan gives the same ones."""
    with only_printable():
        return printed(tables_for(plan, actor, what), what)


def tables_for(plan: TrainingPlan, actor: Actor, what: Wanted) -> tuple[PlanTable, ...]:
    """What is printed, apart from any session."""
    parts = (what.part,) if what.part else tuple(PlanPart)
    return plan_tables(plan, actor, parts=parts, round_=what.round)


def printed(tables: Sequence[PlanTable], what: Wanted, progress: Progress | None = None) -> Made:
    """The file of some tables. Raises MissingGlyph."""
    from expertdesk.documents.plan_csv import plan_csv
    from expertdesk.documents.plan_pdf import plan_pdf
    from expertdesk.documents.plan_xlsx import plan_xlsx

    if what.format == "xlsx":
        data = plan_xlsx(tables, what.language, progress)
    elif what.format == "csv":
        data = plan_csv(tables, what.language)
    else:
        data = plan_pdf(tables, what.language, progress)
    region = rules_today().bureau.code
    more = [one.value for one in (what.part, what.round) if one is not None]
    name = "-".join(["training-plan", str(tables[0].year), what.language, *more])
    return Made(data, MEDIA[what.format], f"{region.lower()}-{name}.{what.format}")
