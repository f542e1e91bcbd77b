"""What a refusal says, proposed from the data in both languages: facts with their figures, reasons naming the condition
each figure fails; no adjectives. The approving officer changes it as needed. Pure: no Flask, no models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from expertdesk.foundation.locale import LANGUAGES, Bilingual, format_date, format_number
from expertdesk.regulations import Check, Classification, Factor, PeriodProblem, PermitPeriod, Route

# facts that a decision tells one by one; the pay stands with the work, the rest in the total of points
_TOLD = frozenset({"EDUCATION", "EXPERIENCE", "AGE"})
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_ONE_YEAR = re.compile(r"\b1 full years\b")
APPLICANT_GROUND, CATEGORY_GROUND, PAPERS_GROUND = "J02", "J03", "J08"


@dataclass(frozen=True)
class Particulars:
    """What is known of the work applied for."""

    post: Bilingual
    contract_start: date | None
    contract_end: date | None
    is_open_ended: bool
    salary_month: Decimal | None
    salary_year: Decimal | None = None
    claimed_category: str = ""


@dataclass(frozen=True)
class PaperProblem:
    """A paper that is not in order: its name and what is wrong, as the officer wrote it down."""

    name: Bilingual
    problem: Bilingual


@dataclass(frozen=True)
class RefusalDraft:
    """A proposal: codes of the grounds that the data supports, facts, reasons. Empty reasons: the data gives none."""

    grounds: tuple[str, ...]
    facts: Bilingual
    reasons: Bilingual


def refusal_draft(
    work: Particulars,
    classification: Classification,
    checks: Sequence[Check],
    period: PermitPeriod | PeriodProblem,
    papers: Sequence[PaperProblem] = (),
) -> RefusalDraft:
    """Facts and reasons from the judgement of the case."""
    failed = tuple(check for check in checks if check.met is False)
    grounds = []
    if failed or classification.blocked:
        grounds.append(APPLICANT_GROUND)
    if classification.category is None:
        grounds.append(CATEGORY_GROUND)
    if papers:
        grounds.append(PAPERS_GROUND)
    reasons = _reasons(work, classification, failed, period, papers)
    return RefusalDraft(tuple(grounds), _facts(work, classification), reasons)


def _facts(work: Particulars, classification: Classification) -> Bilingual:
    sentences = [_work(work)]
    stated = [factor for factor in classification.points.factors if factor.stated and factor.code in _TOLD]
    if stated:
        values = [(factor.row.short, _value(factor, classification)) for factor in stated]
        zh = "；".join(f"{name.zh}：{value.zh}" for name, value in values)
        en = "; ".join(f"{_lower(name.en)}: {value.en}" for name, value in values)
        sentences.append(Bilingual(f"经查明：{zh}。", f"It was established: {en}."))
    total = classification.points.total
    if total is not None and stated:
        sentences.append(
            Bilingual(
                f"按照积分要素计分标准核算，申请人得{total}分。", f"By the points table the applicant scores {total}."
            )
        )
    return _together(sentences)


def _value(factor: Factor, classification: Classification) -> Bilingual:
    """The fact itself; of education the degree held, not everything that counts as equal to it."""
    education = classification.facts.education
    if factor.code == "EDUCATION" and education:
        return classification.book.name_of("education_facts", education)
    return Bilingual(factor.value.zh, _one(factor.value.en).removesuffix(" years of age"))


def _work(work: Particulars) -> Bilingual:
    zh = f"申请人拟在你单位任{work.post.zh}" if work.post.zh else "申请人拟在你单位工作"
    en = f"The applicant is to work for you as {work.post.en}" if work.post.en else "The applicant is to work for you"
    if work.contract_start is not None:
        start_zh, start_en = (format_date(work.contract_start, "long", language) for language in LANGUAGES)
        if work.is_open_ended or work.contract_end is None:
            zh, en = f"{zh}，合同自{start_zh}起，无固定期限", f"{en} from {start_en}, without a fixed end"
        else:
            end_zh, end_en = (format_date(work.contract_end, "long", language) for language in LANGUAGES)
            zh, en = f"{zh}，合同期限自{start_zh}至{end_zh}", f"{en} from {start_en} to {end_en}"
    if work.salary_month is not None:
        pay = format_number(work.salary_month)
        zh, en = f"{zh}，税前月薪人民币{pay}元", f"{en}, at CNY {pay} a month before tax"
        if work.salary_year is not None:
            year = format_number(work.salary_year)
            zh, en = f"{zh}、年薪人民币{year}元", f"{en} and CNY {year} a year"
    return Bilingual(f"{zh}。", f"{en}.")


def _reasons(
    work: Particulars,
    classification: Classification,
    failed: Sequence[Check],
    period: PermitPeriod | PeriodProblem,
    papers: Sequence[PaperProblem],
) -> Bilingual:
    sentences = [_unmet(check.name, check.why) for check in failed]
    known = {check.code for check in failed}
    sentences += [_closed(warn.text) for warn in classification.blocked if warn.code not in known]
    if classification.category is None:
        sentences += [_unmet(route.row.name, route.why) for route in _failed_routes(work, classification)]
        if sentences:
            sentences.append(
                Bilingual("申请人也不符合其他类别的条件。", "No condition of another category is met either.")
            )
        else:
            sentences.append(
                Bilingual("申请人不符合任何类别的条件。", "The applicant meets no condition of any category.")
            )
    if not period.ok:
        sentences.append(_closed(period.text))
    sentences += [
        Bilingual(f"{item.name.zh}：{_bare(item.problem.zh)}。", f"{item.name.en}: {_bare(item.problem.en)}.")
        for item in papers
    ]
    return _together(sentences)


def _failed_routes(work: Particulars, classification: Classification) -> list[Route]:
    """What was claimed, and what could have carried the category applied for; a group fails through its items, so that
    only what was judged by itself is named."""
    failed = [route for route in classification.relevant if route.met is False]
    parents = {route.row.parent for route in failed}
    return [
        route
        for route in failed
        if route.code not in parents
        and (route.claimed or not work.claimed_category or route.row.category == work.claimed_category)
    ]


def _unmet(name: Bilingual, why: Bilingual) -> Bilingual:
    return Bilingual(
        f"不符合“{_bare(name.zh)}”的条件：{_written(why).zh}。",
        f"The condition “{_bare(name.en)}” is not met: {_written(why).en}.",
    )


def _written(text: Bilingual) -> Bilingual:
    """A reason of the screen in the words of a letter: signs of comparison and short dates spelt out."""
    zh = _DAY.sub(lambda day: f"{int(day[1])}年{int(day[2])}月{int(day[3])}日", _bare(text.zh))
    return Bilingual(zh.replace(" < ", "，低于"), _one(_bare(text.en)).replace(" < ", ", below "))


def _one(text: str) -> str:
    """One full year, not one full years."""
    return _ONE_YEAR.sub("1 full year", text)


def _closed(text: Bilingual) -> Bilingual:
    said = _written(text)
    return Bilingual(f"{said.zh}。", f"{said.en[:1].upper()}{said.en[1:]}.")


def _bare(text: str) -> str:
    return text.strip().rstrip("。.；;")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _together(sentences: Iterable[Bilingual]) -> Bilingual:
    kept = [sentence for sentence in sentences if sentence]
    return Bilingual("".join(sentence.zh for sentence in kept), " ".join(sentence.en for sentence in kept))
