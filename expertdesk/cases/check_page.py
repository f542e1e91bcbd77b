"""The page of the completeness check: every paper with what was supplied and how it was judged, as records and forms;
and the same forms read back into what is to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from expertdesk.access import Actor
from expertdesk.accounts.drafts import kept_files
from expertdesk.cases import guards, records
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.commands import correction_draft
from expertdesk.cases.forms import COMMIT, IN_ORDER, LATER, PROBLEM, UNCHECKED, PaperForm
from expertdesk.cases.paper_parts import WANTED, Chip, accepted_ends, chip_of, has_problem, limits_words
from expertdesk.cases.papers import CheckData, PaperLine, paper_grid, upload_limits
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import Case, CaseState, PaperCheck, PaperState
from expertdesk.regulations import RuleBook


@dataclass(frozen=True)
class FileLink:
    name: str
    url: str
    pages: int
    is_translation: bool


@dataclass(frozen=True)
class Reason:
    """A reason of the table as the script needs it to fill the texts when it is chosen."""

    code: str
    problem_zh: str
    problem_en: str
    demand_zh: str
    demand_en: str


@dataclass(frozen=True)
class CheckLine:
    """One paper on the page. `form` has the fields; `hint` says why its age is wrong, `told` what a notice would say
    of it without anybody typing."""

    line: PaperLine
    chip: Chip
    files: tuple[FileLink, ...]
    url: str
    form: PaperForm
    hint: Any
    asked_for: Any
    kept: str
    limits: Any
    accept: str
    max_bytes: int


@dataclass(frozen=True)
class CheckGroup:
    title: Any
    lines: tuple[CheckLine, ...]


@dataclass(frozen=True)
class CheckPage:
    head: CaseHead
    groups: tuple[CheckGroup, ...]
    reasons: tuple[Reason, ...]
    may_work: bool
    locked: tuple[Any, ...]
    unchecked: int
    problems: int
    can_decide: bool
    note: Any


def check_page(loaded: Loaded, actor: Actor, lines: Sequence[CheckLine]) -> CheckPage:
    case = loaded.case
    wrong = [item for item in lines if has_problem(item.line)]
    open_ones = [item for item in lines if item not in wrong and item.line.gap == "unchecked"]
    done = [item for item in lines if item not in wrong and item not in open_ones and item.line.requirement in WANTED]
    rest = [item for item in lines if item not in wrong and item not in open_ones and item not in done]
    groups = (
        CheckGroup(lazy("With a problem"), tuple(wrong)),
        CheckGroup(lazy("To check"), tuple(open_ones)),
        CheckGroup(lazy("In order"), tuple(done)),
        CheckGroup(lazy("If needed"), tuple(rest)),
    )
    locked = tuple(guards.in_own_hands(case, actor))
    return CheckPage(
        head=case_head(case, actor),
        groups=tuple(group for group in groups if group.lines),
        reasons=_reasons(records.book_of(case)),
        may_work=not locked and case.state in _WORKED_IN,
        locked=locked,
        unchecked=len(open_ones),
        problems=len(correction_draft(case)),
        can_decide=case.state is CaseState.SUBMITTED and not locked,
        note=_note(case),
    )


_WORKED_IN = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_CORRECTION, CaseState.ACCEPTED)


def _note(case: Case) -> Any:
    if case.state is CaseState.IN_CORRECTION:
        return lazy("A correction notice is out. Papers brought to the counter can be recorded here.")
    if case.state not in _WORKED_IN:
        return lazy("The papers can no longer be changed in this state.")
    return ""


def _reasons(book: RuleBook) -> tuple[Reason, ...]:
    return tuple(
        Reason(row.code, row.name.zh, row.name.en, row.demand.zh, row.demand.en)
        for row in book.rows("correction_reasons")
    )


DRAFT_FORM = "cases.check"


def check_lines(loaded: Loaded, actor: Actor, formdata: Any = None) -> tuple[CheckLine, ...]:
    """A line with its form for each paper; `formdata` is what was sent. Files kept from a failed try are offered."""
    case = loaded.case
    book = records.book_of(case)
    kept = (
        {} if formdata is None else {file.document: file.name for file in kept_files(actor.id, DRAFT_FORM, case.number)}
    )
    return tuple(_line(case, book, line, formdata, kept.get(line.document, "")) for line in paper_grid(case, actor))


def _line(case: Case, book: RuleBook, line: PaperLine, formdata: Any, kept: str) -> CheckLine:
    # no reason stands ready: what nobody chose must not get into a notice
    form = PaperForm(formdata=formdata, prefix=f"{line.document}-", data=_stored(line))
    form.check.choices = _choices(line)
    form.reason_code.choices = _reason_choices(book, line)
    asked = "" if line.gap in ("", "unchecked", "problem") or line.requirement not in WANTED else _asked(line)
    return CheckLine(
        line=line,
        chip=chip_of(line),
        files=tuple(
            FileLink(
                version.file_name,
                url_for("cases.paper_file", number=case.number, document=line.document, version_id=version.id),
                version.pages,
                version.is_translation,
            )
            for version in line.versions
            if version.may_open
        ),
        url=url_for("cases.paper", number=case.number, document=line.document),
        form=form,
        hint=_too_old(line),
        asked_for=asked,
        kept=kept,
        limits=limits_words(line.file_kinds),
        accept=accepted_ends(line.file_kinds),
        max_bytes=upload_limits(line.file_kinds).size_bytes,
    )


def _too_old(line: PaperLine) -> Any:
    if line.is_expired and line.is_supplied:
        return lazy("Too old on the day it is judged on.")
    return ""


def _asked(line: PaperLine) -> Any:
    return lazy("Goes into the notice as “not supplied”, unless it comes now.")


def _stored(line: PaperLine) -> dict[str, Any]:
    chosen = {PaperCheck.IN_ORDER: IN_ORDER, PaperCheck.PROBLEM: PROBLEM}.get(PaperCheck(line.check), UNCHECKED)
    if line.state == PaperState.COMMITTED:
        chosen = COMMIT
    elif line.state == PaperState.DEFERRED:
        chosen = LATER
    return {
        "check": chosen,
        "reason_code": line.reason_code,
        "problem_zh": line.problem.zh,
        "problem_en": line.problem.en,
        "demand_zh": line.demand.zh,
        "demand_en": line.demand.en,
        "issued_on": line.issued_on,
        "pages": line.pages or 1,
    }


def _choices(line: PaperLine) -> list[SelectChoice]:
    choices = [
        SelectChoice(UNCHECKED, lazy("Not checked")),
        SelectChoice(IN_ORDER, lazy("In order")),
        SelectChoice(PROBLEM, lazy("Problem")),
    ]
    if line.requirement == "commitment" and not line.is_supplied:
        choices.append(SelectChoice(COMMIT, lazy("Commitment given")))
    if line.may_defer and not line.is_supplied:
        choices.append(SelectChoice(LATER, lazy("May follow later")))
    return choices


def _reason_choices(book: RuleBook, line: PaperLine) -> list[SelectChoice]:
    """Reasons made for this paper alone first; every other one may fit too."""
    rows = book.rows("correction_reasons")
    own = sorted((row for row in rows if line.document in (row.documents or ())), key=lambda row: len(row.documents))
    others = [row for row in rows if row not in own]
    choices = [SelectChoice(row.code, row.name) for row in (*own, *others)]
    return [SelectChoice("", lazy("Choose, or write it below")), *choices]


# --- read back -------------------------------------------------------------------------------------------------


def supplied_now(form: PaperForm, line: PaperLine) -> bool:
    """Whether the officer ticked the original as seen."""
    return bool(form.seen.data) and (line.state != PaperState.ORIGINAL_SEEN or _dated_anew(form, line))


def _dated_anew(form: PaperForm, line: PaperLine) -> bool:
    return form.issued_on.data is not None and form.issued_on.data != line.issued_on


def result_of_form(
    form: PaperForm, line: PaperLine, book: RuleBook, *, came_now: bool, rest_in_order: bool
) -> CheckData | None:
    """What the officer found, when it differs from what is stored; a paper that came just now is judged anew.

    `rest_in_order`: papers that are here and nobody marked count as looked at and in order.
    """
    stored = _stored(line)
    is_here = came_now or line.is_supplied
    if rest_in_order and form.check.data == UNCHECKED and is_here and line.requirement != "unused":
        return CheckData(line.document, True)
    texts = ("reason_code", "problem_zh", "problem_en", "demand_zh", "demand_en")
    if form.check.data == IN_ORDER and (came_now or stored["check"] != IN_ORDER):
        return CheckData(line.document, True)
    changed = stored["check"] != PROBLEM or any((form[name].data or "") != (stored[name] or "") for name in texts)
    if form.check.data == PROBLEM and (came_now or changed):
        return _problem(form, line, book)
    return None


def _problem(form: PaperForm, line: PaperLine, book: RuleBook) -> CheckData:
    """What is wrong, in both languages; a text left empty is taken from the reason chosen."""
    code = form.reason_code.data or ""
    row = book.find("correction_reasons", code) if code else None
    usual = (row.name, row.demand) if row is not None else (Bilingual("", ""), Bilingual("", ""))
    typed = ((form.problem_zh, form.problem_en), (form.demand_zh, form.demand_en))
    problem, demand = (
        Bilingual(zh.data or words.zh, en.data or words.en) for (zh, en), words in zip(typed, usual, strict=True)
    )
    return CheckData(line.document, False, code, problem, demand)
