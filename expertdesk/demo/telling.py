"""The steps of a story, each told through the command a person would use, by the person who would use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from expertdesk.access import Actor
from expertdesk.accounts.actors import actor_by_username
from expertdesk.cases import commands, papers
from expertdesk.demo.specimens import specimen
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.liaison import commands as liaison
from expertdesk.models import Assignment, Case, PaperCheck, PaperState
from expertdesk.permits import commands as permits
from expertdesk.regulations.current import rules_on

if TYPE_CHECKING:
    from expertdesk.demo.bureau import Bureau
    from expertdesk.demo.stories import Story

Step = Callable[[Case, "Bureau", "Story"], None]
_DATED = frozenset({"NO_CRIMINAL", "MEDICAL", "PHOTO"})
_SUPPLIED = (PaperState.UPLOADED, PaperState.ORIGINAL_SEEN)
_PROBLEMS = ("NO_CRIMINAL", "DEGREE", "WORK_EXPERIENCE", "CONTRACT")


def tell(action: str, case: Case, bureau: Bureau, story: Story) -> None:
    """Do one step. The names of the steps stand in stories.yaml."""
    _STEPS[action](case, bureau, story)


def _officer(case: Case) -> Actor:
    from expertdesk.demo.bureau import officer_of

    return officer_of(case.district)


def _reviewer() -> Actor:
    return actor_by_username("reviewer")


def _submit(case: Case, bureau: Bureau, story: Story) -> None:
    officer = _officer(case)
    for paper in case.papers:
        if paper.requirement == "required":
            issued = _issued(paper.document, bureau.chance.randrange(20, 120))
            if bureau.chance.random() < 0.4:
                papers.add_version(case, paper.document, specimen(paper.document), officer, issued_on=issued)
            else:
                papers.mark_original_seen(case, paper.document, officer, issued_on=issued, pages=2)
        elif paper.requirement == "commitment":
            papers.commit_paper(case, paper.document, officer)
        elif paper.requirement == "deferred":
            papers.defer_paper(case, paper.document, officer)
    commands.submit_case(case, officer)


def _issued(document: str, days_ago: int) -> date | None:
    return clock.today() - timedelta(days=days_ago) if document in _DATED else None


def _check(case: Case, officer: Actor, problems: tuple[str, ...] = ()) -> None:
    """Look at every paper that is there, in one go, as the page does."""
    grounds = rules_on(case.rules_date).rows("correction_reasons")
    results = []
    for paper in case.papers:
        if paper.document in problems:
            ground = next((row for row in grounds if paper.document in row.documents), grounds[0])
            results.append(papers.CheckData(paper.document, False, ground.code, ground.name, ground.demand))
        elif paper.state in _SUPPLIED and paper.check != PaperCheck.IN_ORDER:
            results.append(papers.CheckData(paper.document, True))
    if results:
        papers.check_papers(case, results, officer)


def _look(case: Case, bureau: Bureau, story: Story) -> None:
    officer = _officer(case)
    _check(case, officer)
    _judge(case, officer)


def _find(case: Case, bureau: Bureau, story: Story) -> None:
    """The check is done and something is wrong; the notice is not yet out."""
    listed = [paper.document for paper in case.papers if paper.state in _SUPPLIED]
    chosen = tuple(document for document in _PROBLEMS if document in listed)[: bureau.chance.choice((1, 2, 3))]
    _check(case, _officer(case), chosen)


def _correct(case: Case, bureau: Bureau, story: Story) -> None:
    officer = _officer(case)
    _find(case, bureau, story)
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)


def _longer(case: Case, bureau: Bureau, story: Story) -> None:
    commands.extend_correction(case, _officer(case), case.row_version, "公证认证尚在办理")


def _bring(case: Case, bureau: Bureau, story: Story) -> None:
    """Everything asked for came to the counter; nobody has sent it on yet."""
    officer = _officer(case)
    for item in case.corrections[-1].items:
        issued = _issued(item.document, 12)
        papers.add_version(case, item.document, specimen(item.document), officer, issued_on=issued)


def _answer(case: Case, bureau: Bureau, story: Story) -> None:
    _bring(case, bureau, story)
    commands.answer_correction(case, _officer(case))


def _judge(case: Case, officer: Actor) -> None:
    for criterion in case.facts.get("criteria") or ():
        commands.judge(case, criterion, "proved", "证明材料与申报内容一致。", officer)


def _accept(case: Case, bureau: Bureau, story: Story) -> None:
    _look(case, bureau, story)
    commands.accept_case(case, _officer(case), case.row_version)


def _recommend(case: Case, bureau: Bureau, story: Story) -> None:
    opinion = "材料齐全、真实，符合所主张的条件，建议准予许可。"
    commands.recommend_case(case, opinion, True, _officer(case), case.row_version)


def _oppose(case: Case, bureau: Bureau, story: Story) -> None:
    opinion = "相关工作经历不足两年，积分不足60分，不符合任一类别条件，建议不予许可。"
    commands.recommend_case(case, opinion, False, _officer(case), case.row_version)


def _grant(case: Case, bureau: Bureau, story: Story) -> None:
    permits.grant_permit(case, _reviewer(), seen_version=case.row_version, opinion="同意。")


def _refuse(case: Case, bureau: Bureau, story: Story) -> None:
    facts = Bilingual(
        "申请人的学历为大学本科，相关工作经历1年，月薪14,000元。",
        "The applicant holds a bachelor’s degree and has 1 year of related work experience; the pay is CNY 14,000 "
        "a month.",
    )
    reasons = Bilingual(
        "相关工作经历不足2年，积分低于60分，薪酬低于外国专业人才工资线，不符合任一类别的条件。",
        "The related work experience is below 2 years, the points are below 60 and the pay is below the line for "
        "foreign professional talents, so that no condition of any category is met.",
    )
    permits.refuse_permit(
        case, _reviewer(), seen_version=case.row_version, grounds=("J03",), facts=facts, reasons=reasons
    )


def _send_back(case: Case, bureau: Bureau, story: Story) -> None:
    permits.send_back(case, _reviewer(), seen_version=case.row_version, reason="请补充核实学历认证编号后再提交。")


def _deliver(case: Case, bureau: Bureau, story: Story) -> None:
    commands.deliver_case(case, clock.today(), _officer(case), case.row_version)


def _close(case: Case, bureau: Bureau, story: Story) -> None:
    commands.close_case(case, _officer(case), case.row_version)


def _return(case: Case, bureau: Bureau, story: Story) -> None:
    commands.return_papers(case, _officer(case), case.row_version)


def _withdraw(case: Case, bureau: Bureau, story: Story) -> None:
    commands.withdraw_case(case, "用人单位书面申请撤回：聘用计划取消。", _officer(case), case.row_version)


def _not_accept(case: Case, bureau: Bureau, story: Story) -> None:
    commands.not_accept(case, "NA1", _officer(case), case.row_version)


def _pause(case: Case, bureau: Bureau, story: Story) -> None:
    commands.pause_clock(case, "EXPERT_REVIEW", "同行专家评审，评审时间已书面告知。", _officer(case), case.row_version)


def _extend(case: Case, bureau: Bureau, story: Story) -> None:
    commands.extend_limit(case, "学历核查函尚未回复。", _reviewer(), case.row_version)


def _take(case: Case, bureau: Bureau, story: Story) -> None:
    liaison.take_person(case.person_id, actor_by_username("liaison" if bureau.chance.random() < 0.5 else "officer"))


def _contact(case: Case, bureau: Bureau, story: Story) -> None:
    row = db.session.query(Assignment).filter_by(person_id=case.person_id, ended_on=None).one()
    kind = bureau.chance.choice(("first_meeting", "call", "visit_workplace"))
    after = clock.today() + timedelta(days=bureau.chance.randrange(70, 140))
    summary = "了解到岗和生活情况，提醒居留许可办理时间；本人希望了解子女入学政策。"
    liaison.log_contact(row.id, kind, clock.today(), summary, after, actor_by_username(row.officer.username))


_STEPS: dict[str, Step] = {
    "submit": _submit,
    "look": _look,
    "find": _find,
    "correct": _correct,
    "longer": _longer,
    "bring": _bring,
    "answer": _answer,
    "accept": _accept,
    "recommend": _recommend,
    "oppose": _oppose,
    "grant": _grant,
    "refuse": _refuse,
    "send_back": _send_back,
    "deliver": _deliver,
    "close": _close,
    "return": _return,
    "withdraw": _withdraw,
    "not_accept": _not_accept,
    "pause": _pause,
    "extend": _extend,
    "take": _take,
    "contact": _contact,
}
