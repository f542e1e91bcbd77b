"""Case → context of the three letters of a decision: Notification Letter, grant decision, refusal decision.

Shared parts come from the cases floor. A context is built with a draft head; number and code are put in when the letter
is issued, and stay open in a preview.
"""

from __future__ import annotations

from collections.abc import Sequence

from expertdesk.cases import records
from expertdesk.cases.issuing import draft_head
from expertdesk.cases.letters import (
    applicant,
    basis,
    category_name,
    country,
    employer,
    remedies,
    sex_letter,
    shared_particulars,
)
from expertdesk.documents.contexts import GrantDecision, Head, NotificationLetter, PersonName, RefusalDecision
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case, FamilyMember
from expertdesk.regulations import PermitPeriod
from expertdesk.regulations.current import rules_on

NOTIFICATION, GRANT, REFUSAL = "NOTIFICATION_LETTER", "GRANT_DECISION", "REFUSAL_DECISION"
DECISIONS = frozenset({NOTIFICATION, GRANT, REFUSAL})
# 出境入境管理法 art. 41, 行政许可法 art. 38: on every decision
_PERMIT_LAW, _DECISION_LAW = "L2.41", "L1.38"
_SPOUSE, _CHILD = "SPOUSE", "CHILD"


def notification_letter(case: Case, number: str, period: PermitPeriod, head: Head | None = None) -> NotificationLetter:
    """外国人工作许可通知. `number` empty: not allocated yet (a preview of a first grant)."""
    head = head or draft_head()
    book = rules_on(head.issued_on, case.rule_region)
    spouse, children, others = family_of(case)
    return NotificationLetter(
        head=head,
        country=country(case.person.nationality),
        name=applicant(case.person),
        sex=sex_letter(case),
        passport_number=case.passport.number,
        category=_short_category(category_name(records.book_of(case), case.category)),
        permit_number=number,
        province=book.bureau.province,
        city=book.bureau.city,
        county=county_of(case),
        employer=employer(case),
        months=period.months,
        validity_months=book.row("validity", NOTIFICATION).value,
        residence_days=book.row("event_deadlines", "RESIDENCE_PERMIT").value,
        spouse=spouse,
        children=children,
        others=others,
    )


def _short_category(name: Bilingual) -> Bilingual:
    """B (Professional Talent): there is one line beside the passport number, and the letter is for one foreigner."""
    return Bilingual(name.zh, name.en.replace("Foreign ", "").replace("Talents", "Talent"))


def county_of(case: Case) -> Bilingual:
    """The district as the letter prints it beside its own label: 云溪 of 云溪区, Yunxi of Yunxi District."""
    name = records.book_of(case).name_of("districts", case.district)
    zh = name.zh
    for ending in ("区", "县", "市"):
        if len(zh) > len(ending) + 1 and zh.endswith(ending):
            zh = zh.removesuffix(ending)
            break
    return Bilingual(zh, name.en.removesuffix(" District").removesuffix(" County"))


def family_of(case: Case) -> tuple[PersonName | None, tuple[PersonName, ...], tuple[PersonName, ...]]:
    """Accompanying family: spouse, children, other persons; a second spouse stands with the others."""
    spouse: PersonName | None = None
    children: list[PersonName] = []
    others: list[PersonName] = []
    for member in case.person.family:
        if not member.is_accompanying:
            continue
        name = _family_name(member)
        if member.relation == _SPOUSE and spouse is None:
            spouse = name
        elif member.relation == _CHILD:
            children.append(name)
        else:
            others.append(name)
    return spouse, tuple(children), tuple(others)


def _family_name(member: FamilyMember) -> PersonName:
    same = member.native_name.casefold() == member.latin_name.casefold()
    return PersonName(member.latin_name, "" if same else member.native_name, "" if same else member.native_lang)


def grant_decision(case: Case, number: str, period: PermitPeriod, head: Head | None = None) -> GrantDecision:
    """准予行政许可决定书."""
    head = head or draft_head()
    book = records.book_of(case)
    return GrantDecision(
        head=head,
        **shared_particulars(case),
        credit_code=case.organisation.credit_code,
        sex=sex_letter(case),
        applied_on=case.received_on,
        accepted_on=case.accepted_on or case.received_on,
        category=category_name(book, case.category),
        permit_number=number,
        months=period.months,
        valid_from=period.start,
        valid_to=period.end,
        legal_basis=basis(book, (_PERMIT_LAW, _DECISION_LAW)),
    )


def refusal_decision(
    case: Case, grounds: Sequence[str], facts: Bilingual, reasons: Bilingual, head: Head | None = None
) -> RefusalDecision:
    """不予行政许可决定书: facts, reasons, legal basis, decision, remedies (行政许可法 art. 38)."""
    head = head or draft_head()
    return RefusalDecision(
        head=head,
        **shared_particulars(case),
        credit_code=case.organisation.credit_code,
        sex=sex_letter(case),
        applied_on=case.received_on,
        accepted_on=case.accepted_on or case.received_on,
        facts=facts,
        reasons=reasons,
        legal_basis=refusal_basis(case, grounds),
        remedies=remedies(head.issued_on),
    )


def refusal_basis(case: Case, grounds: Sequence[str]) -> Bilingual:
    """The law of the permit, that of each ground, and the article on decisions, each once."""
    book = records.book_of(case)
    found = [book.row("refusal_grounds", code).basis for code in grounds]
    return basis(book, (_PERMIT_LAW, *found, _DECISION_LAW))
