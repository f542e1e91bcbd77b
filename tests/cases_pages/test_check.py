"""The completeness check: every paper judged on one page, then one complete notice or the acceptance."""

from __future__ import annotations

import io

import pytest

from expertdesk.cases import commands
from expertdesk.foundation.database import db
from expertdesk.models import Correction, Event, LetterKind
from tests.cases import steps
from tests.cases_pages import scenes


@pytest.fixture
def ready(world):
    """A submitted case whose required papers were all shown and not yet judged."""
    from expertdesk.cases import papers

    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    for paper in list(case.papers):
        if paper.requirement == "required":
            papers.mark_original_seen(case, paper.document, officer)
        elif paper.requirement == "commitment":
            papers.commit_paper(case, paper.document, officer)
    db.session.commit()
    return case.number


def sent(page, **changes):
    """The values of the check form as the browser would send them, with changes."""
    return {**page.form_values("/check"), **changes}


def test_a_problem_without_a_reason_gets_into_no_notice(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    values = sent(page, **{"PASSPORT-check": "problem", "then": "correction"})
    assert not values["PASSPORT-reason_code"], "no reason stands ready"
    again = read(client.post(f"/cases/{ready}/check", data=values), 422)
    assert "Passport data page: Choose a reason, or write the problem" in again.text, "the list names the paper"
    assert {paper.check.value for paper in scenes.row(ready).papers} == {"unchecked"}, "nothing was saved"


def test_from_the_case_to_one_notice_in_four_clicks(world, client_for, read, ready):
    client = client_for("officer")
    case_page = read(client.get(f"/cases/{ready}"))
    main = next(link for link in case_page.all("a") if "btn-primary" in (link.get("class") or ""))
    assert main.get("href") == f"/cases/{ready}/check", "first click: check papers"
    page = read(client.get(f"/cases/{ready}/check"))
    values = sent(page, **{"DEGREE-check": "problem", "DEGREE-reason_code": "X05", "then": "correction"})
    answer = client.post(f"/cases/{ready}/check", data=values)
    assert (answer.status_code, answer.location) == (303, f"/cases/{ready}/correction")
    notice = read(client.get(answer.location))
    assert "Degree not apostilled" in notice.text and "学历未认证" in notice.text
    answer = client.post(answer.location, data=notice.form_values("/correction"))  # fourth click
    assert answer.status_code == 303
    case = scenes.row(ready)
    assert case.state == "in_correction" and case.letters[-1].kind is LetterKind.CORRECTION_NOTICE
    assert [(item.document, item.reason_code) for item in case.corrections[0].items] == [("DEGREE", "X05")]
    assert case.corrections[0].items[0].demand_zh.startswith("请补交附加证明书")


def test_rest_in_order_and_accept(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    answer = client.post(f"/cases/{ready}/check", data=sent(page, then="accept"))
    assert (answer.status_code, answer.location) == (303, f"/cases/{ready}/accept")
    page = read(client.get(answer.location))
    assert "Notice of Acceptance" in page.text and "promised 1 Dec 2026, legal 22 Dec 2026" in page.text
    assert client.post(answer.location, data=page.form_values("/accept")).status_code == 303
    assert scenes.state(ready) == "accepted"


def test_once_all_is_looked_at_the_page_leads_on(world, client_for, read, ready):
    """Everything in order: acceptance leads and the notice is locked; one problem: the notice leads."""
    client = client_for("officer")

    def main_and_locked():
        page = read(client.get(f"/cases/{ready}"))
        main = next(link for link in page.all("a") if "btn-primary" in (link.get("class") or ""))
        locked = [page.words(button) for button in page.all("button") if button.get("aria-disabled") == "true"]
        return page.words(main), locked

    values = sent(read(client.get(f"/cases/{ready}/check")), then="accept")
    client.post(f"/cases/{ready}/check", data=values)
    main, locked = main_and_locked()
    assert main == "Pass and accept" and "Issue correction notice" in locked
    values = sent(read(client.get(f"/cases/{ready}/check")), **{"DEGREE-check": "problem", "DEGREE-reason_code": "X05"})
    client.post(f"/cases/{ready}/check", data=values)
    main, locked = main_and_locked()
    assert main == "Issue correction notice" and "Pass and accept" in locked


def test_plain_save_judges_only_what_was_marked(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    answer = client.post(f"/cases/{ready}/check", data=sent(page, **{"PASSPORT-check": "in_order"}))
    assert answer.location == f"/cases/{ready}/check"
    checks = {paper.document: paper.check.value for paper in scenes.row(ready).papers}
    assert checks["PASSPORT"] == "in_order" and checks["DEGREE"] == "unchecked"
    before = db.session.query(Event).count()
    page = read(client.get(f"/cases/{ready}/check"))
    client.post(f"/cases/{ready}/check", data=sent(page))
    db.session.rollback()
    assert db.session.query(Event).count() == before, "nothing changed, nothing is written"


def test_own_words_are_printed(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    words = {
        "DEGREE-check": "problem", "DEGREE-reason_code": "", "DEGREE-problem_zh": "第二页缺失",
        "DEGREE-problem_en": "Page two is missing", "DEGREE-demand_zh": "请补全", "DEGREE-demand_en": "Supply it whole",
        "then": "correction",
    }  # fmt: skip
    client.post(f"/cases/{ready}/check", data=sent(page, **words))
    notice = read(client.get(f"/cases/{ready}/correction"))
    values = notice.form_values("/correction")
    assert values["DEGREE-problem_zh"] == "第二页缺失"
    client.post(f"/cases/{ready}/correction", data={**values, "DEGREE-demand_en": "Supply the whole certificate"})
    item = scenes.row(ready).corrections[0].items[0]
    assert (item.problem_en, item.demand_en) == ("Page two is missing", "Supply the whole certificate")


def test_one_language_only_is_refused_at_the_paper_and_kept(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    words = {"DEGREE-check": "problem", "DEGREE-reason_code": "", "DEGREE-problem_zh": "第二页缺失"}
    answer = client.post(f"/cases/{ready}/check", data=sent(page, **words, **{"PASSPORT-check": "in_order"}))
    again = read(answer, 422)
    assert "in both languages" in again.text and "第二页缺失" in again.html
    values = again.form_values("/check")
    assert (values["DEGREE-check"], values["PASSPORT-check"]) == ("problem", "in_order")
    assert {paper.check.value for paper in scenes.row(ready).papers} == {"unchecked"}, "nothing was saved"


def test_an_empty_text_is_taken_from_the_reason(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    words = {"DEGREE-check": "problem", "DEGREE-reason_code": "X05", "DEGREE-problem_en": "No apostille on page two"}
    assert client.post(f"/cases/{ready}/check", data=sent(page, **words)).status_code == 303
    paper = next(paper for paper in scenes.row(ready).papers if paper.document == "DEGREE")
    assert (paper.problem_zh, paper.problem_en) == ("学历未认证", "No apostille on page two")
    assert paper.demand_en.startswith("Supply one of")


def test_in_order_without_the_paper_is_refused(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    again = read(client.post(f"/cases/{number}/check", data=sent(page, **{"DEGREE-check": "in_order"})), 422)
    assert "A paper that is not here cannot be in order." in again.text


def test_seen_at_the_counter_and_in_order_in_one_go(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    values = {"NO_CRIMINAL-seen": "y", "NO_CRIMINAL-issued_on": "2026-10-01", "NO_CRIMINAL-check": "in_order"}
    assert client.post(f"/cases/{number}/check", data=sent(page, **values)).status_code == 303
    paper = next(paper for paper in scenes.row(number).papers if paper.document == "NO_CRIMINAL")
    assert (paper.state.value, paper.check.value, str(paper.valid_until)) == ("original_seen", "in_order", "2027-04-01")


def test_future_day_of_issue_is_refused_at_the_field(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    values = {"NO_CRIMINAL-seen": "y", "NO_CRIMINAL-issued_on": "2027-01-01"}
    again = read(client.post(f"/cases/{number}/check", data=sent(page, **values)), 422)
    assert "The day of issue lies in the future." in again.text and 'value="2027-01-01"' in again.html


def test_upload_for_the_applicant_and_kept_file_after_an_error(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    wrong = {"PASSPORT-check": "in_order", "DEGREE-check": "in_order"}
    data = {**sent(page, **wrong), "DEGREE-file": (io.BytesIO(steps.picture_pdf()), "学位证书.pdf", "application/pdf")}
    again = read(client.post(f"/cases/{number}/check", data=data, content_type="multipart/form-data"), 422)
    assert "Use the file kept from before:" in again.text and "学位证书.pdf" in again.text
    values = again.form_values("/check")
    assert values["DEGREE-kept"] == "1"
    answer = client.post(f"/cases/{number}/check", data={**values, "PASSPORT-check": ""})
    assert answer.status_code == 303
    paper = next(paper for paper in scenes.row(number).papers if paper.document == "DEGREE")
    assert paper.check.value == "in_order" and [version.file_name for version in paper.versions] == ["学位证书.pdf"]


def test_wrong_file_is_named_at_its_field(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    data = {**sent(page), "DEGREE-file": (io.BytesIO(b"MZ not a paper"), "degree.exe", "application/octet-stream")}
    again = read(client.post(f"/cases/{number}/check", data=data, content_type="multipart/form-data"), 422)
    assert "PDF" in again.words(again.all("div", class_="ed-errors")[0])


def test_commitment_and_deferral(world, client_for, read):
    number = scenes.case_in(world, "submitted", facts=dict(steps.A_FACTS), claimed_category="A", procedure="NEW_ABROAD",
                            in_country_ground="")  # fmt: skip
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    papers = {paper.document: paper for paper in scenes.row(number).papers}
    committed = next(code for code, paper in papers.items() if paper.requirement == "commitment")
    deferred = next(code for code, paper in papers.items() if paper.requirement == "deferred")
    values = sent(page, **{f"{committed}-check": "commit", f"{deferred}-check": "later"})
    assert client.post(f"/cases/{number}/check", data=values).status_code == 303
    papers = {paper.document: paper for paper in scenes.row(number).papers}
    assert papers[committed].state.value == "committed" and papers[deferred].state.value == "deferred"


def test_somebody_saved_first(world, client_for, read, ready):
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    case = scenes.row(ready)
    commands.edit_case(case, {"post": "首席科学家"}, world.actor("officer"), case.row_version)
    db.session.commit()
    words = {"DEGREE-reason_code": "X05", "DEGREE-problem_zh": "盖章不清", "DEGREE-problem_en": "Seal unclear"}
    values = sent(page, **words, **{"DEGREE-check": "problem"})
    again = read(client.post(f"/cases/{ready}/check", data=values), 409)
    assert "Somebody else saved first" in again.text and "首席科学家" in again.text and "盖章不清" in again.html
    assert client.post(f"/cases/{ready}/check", data=again.form_values("/check")).status_code == 303
    assert next(paper for paper in scenes.row(ready).papers if paper.document == "DEGREE").problem_zh == "盖章不清"


def test_second_notice_says_why_not_in_the_first(world, client_for, read):
    number = scenes.case_in(world, "in_correction")
    officer, client = world.actor("officer"), client_for("officer")
    case = scenes.row(number)
    from expertdesk.cases import papers

    papers.mark_original_seen(case, "DEGREE", officer)
    db.session.commit()
    assert client.post(f"/cases/{number}/answer", data={"version": scenes.version(number)}).status_code == 303
    page = read(client.get(f"/cases/{number}/check"))
    answer = client.post(
        f"/cases/{number}/check",
        data=sent(page, **{"CONTRACT-check": "problem", "CONTRACT-reason_code": "X09", "then": "correction"}),
    )
    notice = read(client.get(answer.location))
    values = notice.form_values("/correction")
    again = read(client.post(answer.location, data=values), 422)
    assert "Say why this was not in the first notice" in again.text
    values = {**again.form_values("/correction"), "later_reason": "合同在补正后才重新签订。"}
    assert client.post(answer.location, data=values).status_code == 303
    db.session.rollback()
    assert db.session.query(Correction).count() == 2


def test_another_officers_case_can_be_read_not_worked_on(world, client_for, read, ready):
    commands.assign_case(scenes.row(ready), world.accounts["officer2"], world.actor("officer"), reason="休假")
    db.session.commit()
    client = client_for("officer")
    page = read(client.get(f"/cases/{ready}/check"))
    assert "in the hands of" in page.text and not page.all("input", type="radio")
    answer = client.post(f"/cases/{ready}/check", data={"version": scenes.version(ready), "DEGREE-check": "in_order"})
    again = read(answer, 409)
    assert "in the hands of" in again.text and "hands it over" in again.text
