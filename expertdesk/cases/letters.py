"""Case → context of a letter: the values every letter shares, and the four letters this capability owns.

Permits builds notification letter, grant and refusal decision from the same parts (`applicant`, `employer`, `matter`,
`category_name`, `remedies`, `basis`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import records, rules
from expertdesk.documents import contexts
from expertdesk.documents.contexts import NOTHING, Head, PersonName, Remedies
from expertdesk.foundation.locale import Bilingual, country_name
from expertdesk.models import Case, CaseClock, Correction, Person
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_on

_CATEGORY_OPEN = Bilingual("待审查确定", "to be determined in the review")
_PERMIT = Bilingual("外国人来华工作许可", "Work permit")
_ONLINE = Bilingual("网上提交", "submitted online")

# --- parts ------------------------------------------------------------------------------------------------------


def applicant(person: Person) -> PersonName:
    """The passport's spelling, and the person's own one when it differs."""
    native, lang = person.native_name, person.native_lang
    if not native and person.chinese_name:
        native, lang = person.chinese_name, "zh"
    same = native.casefold() == person.latin_name.casefold()
    return PersonName(person.latin_name, "" if same else native, "" if same else lang)


def country(code: str) -> Bilingual:
    return Bilingual(country_name(code, "zh"), country_name(code, "en"))


def employer(case: Case) -> Bilingual:
    """The organisation's name; without an English one the Chinese name stands on both pages."""
    return Bilingual(case.organisation.name_zh, case.organisation.name_en or case.organisation.name_zh)


def matter(case: Case) -> Bilingual:
    return records.book_of(case).procedure(case.procedure).name


def short_matter(case: Case) -> Bilingual:
    """For the slip: 外国人来华工作许可（境内申请）. What is no work permit, or says so itself, keeps its short name."""
    short = records.book_of(case).procedure(case.procedure).short
    if _PERMIT.zh not in matter(case).zh or "许可" in short.zh:
        return short
    return Bilingual(f"{_PERMIT.zh}（{short.zh}）", f"{_PERMIT.en}: {short.en[:1].lower()}{short.en[1:]}")


def category_name(book: RuleBook, code: str) -> Bilingual:
    """B（外国专业人才） / B (Foreign Professional Talents)."""
    name = book.row("categories", code).name
    plain = Bilingual(name.zh.removesuffix(f"（{code}类）"), name.en.removesuffix(f" (Category {code})"))
    return Bilingual(f"{code}（{plain.zh}）", f"{code} ({plain.en})")


def sex_letter(case: Case) -> str:
    """M, F or nothing."""
    row = records.book_of(case).find("sexes", case.person.sex)
    letter = row.letter if row is not None else ""
    return letter if letter in ("M", "F") else ""


def remedies(day: date) -> Remedies:
    """Where and until when to turn against a decision, by the rules of the day it is issued."""
    book = rules_on(day)
    bureau = book.bureau
    return Remedies(
        reconsideration_body=bureau.reconsideration_body,
        reconsideration_days=book.row("remedies", "RECONSIDERATION").value,
        court=bureau.court,
        lawsuit_months=book.row("remedies", "LAWSUIT").value,
    )


def basis(book: RuleBook, codes: Iterable[str]) -> Bilingual:
    """Articles as one sentence; a code without an article is the whole law."""
    names = []
    for code in dict.fromkeys(codes):
        article = book.find("articles", code)
        names.append(_article(book, article) if article is not None else book.law(code).name)
    return Bilingual("；".join(name.zh for name in names) + "。", "; ".join(name.en for name in names) + ".")


def _article(book: RuleBook, article: Any) -> Bilingual:
    """《中华人民共和国行政许可法》第三十八条: the full name of the law before the article."""
    law = book.law(article.law)
    zh = article.name.zh.replace(law.short.zh, law.name.zh, 1)
    en = article.name.en.replace(law.short.en, law.name.en, 1)
    return Bilingual(zh, en)


def paper_name(book: RuleBook, document: str) -> Bilingual:
    """The short name of a paper, as lists on paper print it."""
    row = book.find("documents", document)
    return row.short if row is not None else book.name_of("documents", document)


def _shared(case: Case) -> dict[str, Any]:
    return {
        "addressee": employer(case),
        "case_number": case.number,
        "name": applicant(case.person),
        "country": country(case.person.nationality),
        "passport_number": case.passport.number,
        "matter": matter(case),
    }


def shared_particulars(case: Case) -> dict[str, Any]:
    """What acceptance, correction, non-acceptance, grant and refusal have in common."""
    return _shared(case)


# --- the letters of this capability -----------------------------------------------------------------------------


def receipt(case: Case, head: Head, actor: Actor, access_code: str, precheck_by: date) -> contexts.Receipt:
    supplied = [paper for paper in case.papers if paper.state.value in rules.SUPPLIED]
    return contexts.Receipt(
        head=head,
        case_number=case.number,
        access_code=access_code,
        employer=employer(case),
        name=applicant(case.person),
        matter=short_matter(case),
        papers=len(supplied),
        pages=sum(paper.pages for paper in supplied),
        received_at=case.submitted_at or head.issued_at,  # type: ignore[arg-type]
        received_by=actor.name if actor.is_staff else f"{_ONLINE.zh} {_ONLINE.en}",
        window=Bilingual(actor.window, actor.window),
        precheck_by=precheck_by,
    )


def acceptance(
    case: Case, head: Head, limit: CaseClock, *, accepted_on: date, deemed: bool
) -> contexts.AcceptanceNotice:
    book = records.book_of(case)
    category = records.working_category(case)
    legal = book.limits(case.procedure, category, "decision").statutory
    supplied = [paper for paper in case.papers if paper.state.value in rules.SUPPLIED]
    papers = tuple(
        contexts.Paper(number, paper_name(book, paper.document), max(paper.pages, 1))
        for number, paper in enumerate(supplied, start=1)
    )
    assert limit.promised_due_on is not None and limit.statutory_due_on is not None and legal is not None
    return contexts.AcceptanceNotice(
        head=head,
        **_shared(case),
        applied_on=case.received_on,
        category=category_name(book, case.category) if case.category else _CATEGORY_OPEN,
        accepted_on=accepted_on,
        promised_by=limit.promised_due_on,
        promised_days=limit.promised_wd or 0,
        legal_by=limit.statutory_due_on,
        legal_days=legal.working_days,
        legal_extension_days=legal.extension_wd or 0,
        papers=papers,
        deemed=deemed,
    )


def correction(
    case: Case, head: Head, correction: Correction, actor: Actor, due_on: date, days: int
) -> contexts.CorrectionNotice:
    book = records.book_of(case)
    items = tuple(
        contexts.CorrectionItem(
            paper=paper_name(book, item.document),
            problem=Bilingual(item.problem_zh, item.problem_en),
            demand=Bilingual(item.demand_zh, item.demand_en),
            reason_code=item.reason_code,
        )
        for item in correction.items
    )
    return contexts.CorrectionNotice(
        head=head,
        **_shared(case),
        submitted_on=case.received_on,
        items=items,
        due_on=due_on,
        days=days,
        contact=Bilingual(actor.name, actor.name_latin or actor.name),
    )


@dataclass(frozen=True)
class NonAcceptance:
    """Why a case is not accepted, in words: reasons, law, and the body responsible where there is one."""

    ground: str
    reasons: Bilingual
    basis: Bilingual
    body: Bilingual = NOTHING


def non_acceptance(case: Case, head: Head, why: NonAcceptance) -> contexts.NonAcceptanceNotice:
    return contexts.NonAcceptanceNotice(
        head=head,
        **_shared(case),
        credit_code=case.organisation.credit_code,
        submitted_on=case.received_on,
        reasons=why.reasons,
        legal_basis=why.basis,
        remedies=remedies(head.issued_on),
        apply_to=why.body,
    )
