"""Pages of the programmes in both languages, for everybody who opens them, in few queries."""

from __future__ import annotations

import io
from datetime import date

import pytest

from expertdesk.foundation.database import db
from expertdesk.models import ProgramApplication, ProgramState
from expertdesk.programs import commands
from tests.cases_pages.counting import statements
from tests.pages import _XHTML, _values
from tests.programs import making

LANGUAGES = ("zh", "en")
BUDGET = 8


def filled_form(page) -> dict[str, str]:
    """The form that is sent to the page's own address."""
    form = next(item for item in page.root.iter(_XHTML + "form") if not item.get("action"))
    return _values(form)


@pytest.fixture
def call(world):
    made = making.call(world)
    db.session.commit()
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_years_with_and_without_anything(world, client_for, read, language):
    manager = client_for("manager", language)
    empty = read(manager.get("/programs"))
    assert empty.all("a", href="/programs/2027/calls/new")
    making.evaluated(world, making.call(world))
    db.session.commit()
    page = read(manager.get("/programs"))
    assert "2026" in page.text and "100%" in page.text
    read(manager.get("/programs/2026"))
    read(manager.get("/programs/2026?state=evaluated"))
    assert manager.get("/programs/1999").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "reviewed", "proposed", "publicised"])
def test_an_application_before_its_approval(world, call, client_for, read, language, state):
    application = getattr(making, state)(world, call)
    number = application.number
    db.session.commit()
    own = read(client_for("employer", language).get(f"/my/programs/{number}"))
    assert number in own.text
    if state != "draft":
        page = read(client_for("manager", language).get(f"/programs/applications/{number}"))
        assert number in page.text and "FERREIRA-GOMES" in page.text
        read(client_for("officer", language).get(f"/programs/applications/{number}"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["approved", "running", "settled", "closed", "evaluated"])
def test_an_application_after_its_approval(world, call, client_for, read, language, state):
    number = getattr(making, state)(world, call).number
    db.session.commit()
    for username, address in (("manager", f"/programs/applications/{number}"), ("employer", f"/my/programs/{number}")):
        page = read(client_for(username, language).get(address))
        assert number in page.text
    read(client_for("manager", language).get(f"/programs/calls/{call.id}"))


def test_pages_stay_within_eight_queries(world, call, client_for):
    number = making.settled(world, call).number
    other = making.submitted(world, call, title="另一个", unit_rank=2).number
    db.session.commit()
    manager, employer = client_for("manager"), client_for("employer")
    pages = [
        (manager, "/programs"), (manager, "/programs/2026"), (manager, f"/programs/calls/{call.id}"),
        (manager, f"/programs/applications/{number}"), (manager, f"/programs/applications/{other}"),
        (manager, "/programs/2026/plan"), (employer, "/my/programs"), (employer, f"/my/programs/{number}"),
        (employer, f"/my/programs/{other}"), (client_for("reviewer"), "/programs/reviews"),
    ]  # fmt: skip
    for client, address in pages:
        client.get(address)
        with statements() as seen:
            assert client.get(address).status_code == 200, address
        asked = [one for one in seen if "server_session" not in one and "access_entry" not in one]
        assert len(asked) <= BUDGET, (address, len(asked), "|".join(one.split("FROM")[1].split()[0] for one in asked))


def test_the_whole_application_in_the_browser(world, call, client_for, read):
    """Begin, fill in every part, submit; the bureau passes it on."""
    employer = client_for("employer")
    read(employer.get("/my/programs"))
    form = filled_form(read(employer.get(f"/my/programs/calls/{call.id}/apply")))
    form |= {
        "title": "重组蛋白药物工艺开发", "field": "I", "starts_on": "2026-12-01", "ends_on": "2027-11-30",
        "contact_name": "何静", "contact_phone": "0999", "need": "需要", "tasks": "指导", "partners": "五人",
        "ip_terms": "共有",
    }  # fmt: skip
    answer = employer.post(f"/my/programs/calls/{call.id}/apply", data=form)
    assert answer.status_code == 303, answer.text[:3000]
    place = answer.headers["Location"]
    page = read(employer.get(place))
    assert "Enter at least one expert." in page.text
    form = filled_form(read(employer.get(f"{place}/experts")))
    form |= {
        "surname": "FERREIRA-GOMES", "given_name": "ANA LUISA", "birth_on": "1984-03-19", "nationality": "PT",
        "passport_number": "CB 128382", "visits": "2", "visit_days": "30", "months_requested": "2", "sex": "2",
    }  # fmt: skip
    assert employer.post(f"{place}/experts", data=form).status_code == 303
    form = filled_form(read(employer.get(f"{place}/budget")))
    form |= {"subsidy_TRAVEL": "26,000", "subsidy_LIVING": "３0000", "own_INSURANCE": "3000"}
    assert employer.post(f"{place}/budget", data=form).status_code == 303
    form = filled_form(read(employer.get(f"{place}/goals")))
    form |= {"goals": "建成平台", "indicator_PAPERS": "2", "indicator_TRAINED": "6"}
    assert employer.post(f"{place}/goals", data=form).status_code == 303
    application = db.session.query(ProgramApplication).one()
    expert = application.experts[0]
    assert expert.person_id == world.person_id
    pdf = _pdf()
    for document, of in (("CONTRACT", ""), ("PASSPORT", str(expert.id)), ("CV", str(expert.id))):
        data = {"document": document, "expert": of, "file": (io.BytesIO(pdf), "证明.pdf", "application/pdf")}
        answer = employer.post(f"{place}/files", data=data, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.text[:3000]
    page = read(employer.get(place))
    assert "Still missing" not in page.text
    answer = employer.post(f"{place}/do/submit", data=page.form_values("/do/submit"))
    assert answer.status_code == 303, answer.text[:3000]
    db.session.expire_all()
    assert db.session.query(ProgramApplication).one().state is ProgramState.SUBMITTED
    manager = client_for("manager")
    number = place.rpartition("/")[2]
    page = read(manager.get(f"/programs/applications/{number}"))
    answer = manager.post(f"/programs/applications/{number}/do/pass_check", data=page.form_values("/do/pass_check"))
    assert answer.status_code == 303


def _pdf() -> bytes:
    import pikepdf

    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_bureau_decides_in_the_browser(world, call, client_for, read):
    """Reviewers, reviews, meeting, publicity, approval."""
    application = making.submitted(world, call)
    commands.pass_check(application, world.actor("manager"))
    db.session.commit()
    number, manager, reviewer = application.number, client_for("manager"), client_for("reviewer")
    at = f"/programs/applications/{number}"
    form = filled_form(read(manager.get(f"{at}/reviewers")))
    form |= {
        "accounts": str(world.accounts["reviewer"]), "outside_name_1": "王教授", "outside_body_1": "江州理工大学",
        "outside_name_2": "陈研究员", "outside_body_2": "江州药物所",
    }  # fmt: skip
    assert manager.post(f"{at}/reviewers", data=form).status_code == 303
    assert number in read(reviewer.get("/programs/reviews")).text
    sheet = read(reviewer.get(f"/programs/reviews/{number}"))
    annexes = sheet.html.split("Passports and visas")[0].split("Annexes")[-1]
    assert "CB128382" not in sheet.text and "Passport" not in annexes
    scores = {f"score_{code}": str(points) for code, points in making.SCORES.items()}
    given = {**scores, "recommendation": "support", "opinion": "可行。"}
    page = read(reviewer.post(f"/programs/reviews/{number}", data=given), 422)
    assert "conflict of interest first" in page.text and "可行。" in page.html
    assert reviewer.post(f"/programs/reviews/{number}", data={**given, "no_conflict": "y"}).status_code == 303
    application = making.fresh(application)
    hidden = read(manager.get(at))
    assert "stay hidden until every review is in" in hidden.text and "可行。" not in hidden.text
    for review in [item for item in application.reviews if not item.reviewer_id]:
        form = filled_form(read(manager.get(f"{at}/outside/{review.id}"))) | given
        assert manager.post(f"{at}/outside/{review.id}", data=form).status_code == 303
    shown = read(manager.get(at))
    assert "可行。" in shown.text
    assert manager.post(f"{at}/do/finish_review", data=shown.form_values("/do/finish_review")).status_code == 303
    form = filled_form(read(manager.get(f"/programs/calls/{call.id}/meeting")))
    key = f"a{application.id}"
    form |= {"chair": "高岚", f"{key}_outcome": "propose", f"{key}_funds": "99999999"}
    page = read(manager.post(f"/programs/calls/{call.id}/meeting", data=form), 422)
    assert "Not more than the CNY 74,000 asked for." in page.text and "99999999" in page.html
    answer = manager.post(f"/programs/calls/{call.id}/meeting", data=form | {f"{key}_funds": "70000"})
    assert answer.status_code == 303, answer.text[:2000]
    form = filled_form(read(manager.get(f"/programs/calls/{call.id}/publicity")))
    assert (form["first"], form["last"]) == ("2026-11-24", "2026-11-30")
    assert manager.post(f"/programs/calls/{call.id}/publicity", data=form).status_code == 303
    page = read(manager.get(f"{at}/approve"), 409)
    assert "The publicity lasts until" in page.text
    with making.at("2026-12-03"):
        form = filled_form(read(manager.get(f"{at}/approve"))) | {"number": "江外专批〔2026〕1号"}
        answer = manager.post(f"{at}/approve", data=form)
        assert answer.status_code == 303, answer.text[:3000]
    assert making.fresh(application).approved_on == date(2026, 12, 3)


def test_the_organisation_runs_it_in_the_browser(world, call, client_for, read):
    application = making.approved(world, call)
    db.session.commit()
    number, employer, manager = application.number, client_for("employer"), client_for("manager")
    own, at = f"/my/programs/{number}", f"/programs/applications/{number}"
    with making.at("2026-12-10"):
        form = filled_form(read(employer.get(f"{own}/do/start")))
        assert employer.post(f"{own}/do/start", data=form).status_code == 303
        form = filled_form(read(employer.get(f"{own}/do/ask_change")))
        form |= {"kind": "budget", "from_item": "LIVING", "to_item": "HOUSING", "amount": "2000", "reason": "租房。"}
        assert employer.post(f"{own}/do/ask_change", data=form).status_code == 303
        form = filled_form(read(manager.get(f"{at}/do/decide_change"))) | {"decision": "refused"}
        assert "Give the reason." in read(manager.post(f"{at}/do/decide_change", data=form), 422).text
        form |= {"decision": "agreed"}
        assert manager.post(f"{at}/do/decide_change", data=form).status_code == 303
    with making.at("2027-04-02"):
        form = filled_form(read(employer.get(f"{own}/do/record_visit")))
        form |= {"entered_on": "2027-03-01", "left_on": "2027-02-01"}
        assert "The expert left before entering." in read(employer.post(f"{own}/do/record_visit", data=form), 422).text
        form |= {"left_on": "2027-03-30", "work": "指导"}
        assert employer.post(f"{own}/do/record_visit", data=form).status_code == 303
        form = filled_form(read(employer.get(f"{own}/do/report")))
        form |= {"kind": "final", "year": "2027", "text": "完成。", "indicator_PAPERS": "3"}
        assert employer.post(f"{own}/do/report", data=form).status_code == 303
        form = filled_form(read(employer.get(f"{own}/settlement"))) | {"spent_TRAVEL": "25000"}
        page = read(employer.post(f"{own}/settlement", data=form), 422)
        assert "Explain the differences" in page.text and "25000" in page.html
        assert employer.post(f"{own}/settlement", data=form | {"explanation": "节约。"}).status_code == 303
        for action, more in (("settle", {}), ("close", {}), ("evaluate", {"grade": "good", "opinion": "好。"})):
            form = filled_form(read(manager.get(f"{at}/do/{action}"))) | more
            assert manager.post(f"{at}/do/{action}", data=form).status_code == 303, action
    application = making.fresh(application)
    assert application.state is ProgramState.EVALUATED
    assert {line.item: line.approved for line in application.budget}["HOUSING"] == 2000
