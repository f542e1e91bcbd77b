"""Answering a correction notice: limits first, a bad file costs no good one, everything is sent together."""

from __future__ import annotations

import io

import pytest

from expertdesk.accounts.drafts import kept_files
from expertdesk.cases import commands
from expertdesk.foundation.database import db
from expertdesk.models import CaseState
from expertdesk.portal.answers import FORM
from tests.portal.conftest import case_now, pdf, picture


def address(case) -> str:
    return f"/my/{case.number}/answer"


def send(client, case, **files):
    """`CONTRACT=pdf()`: the file of a paper; other keywords are fields."""
    data = {f"file-{name}" if name.isupper() else name: value for name, value in files.items()}
    return client.post(address(case), data=data, content_type="multipart/form-data")


def kept(world, case, username="expert") -> set[str]:
    db.session.rollback()
    return {file.document for file in kept_files(world.accounts[username], FORM, case.number)}


@pytest.mark.parametrize("username", ["expert", "employer"])
def test_all_at_once(world, client_for, read, correction, username):
    client = client_for(username)
    answer = send(client, correction, CONTRACT=pdf("contract"), NO_CRIMINAL=pdf("record"), PHOTO=picture(), do="send")
    assert answer.status_code == 303 and answer.location == f"/my/{correction.number}"
    case = case_now(correction.number)
    assert case.state is CaseState.SUBMITTED
    papers = {paper.document: paper for paper in case.papers}
    assert papers["CONTRACT"].versions[0].file_name == "contract.pdf"
    assert papers["PHOTO"].versions[0].media_type == "image/jpeg"
    assert all(item.answered_at for item in case.corrections[0].items)
    assert kept(world, correction, username) == set(), "the draft is gone"
    page = read(client.get(answer.location))
    assert "The corrections were sent" in page.text
    assert page.all("input", type="file") == []


def test_a_bad_file_keeps_the_good_ones(world, client_for, read, correction):
    client = client_for("expert")
    answer = send(
        client, correction, CONTRACT=pdf("contract"), NO_CRIMINAL=(io.BytesIO(b"MZ\x90\x00"), "record.pdf"), do="keep"
    )
    page = read(answer, 400)
    assert page.root.find(".//*[@role='alert']") is not None
    (field,) = page.all("input", aria_invalid="true")
    assert field.get("name") == "file-NO_CRIMINAL"
    assert "whatever its name says" in page.text
    assert "contract.pdf" in page.text and kept(world, correction) == {"CONTRACT"}
    answer = send(client, correction, NO_CRIMINAL=pdf("record"), PHOTO=picture(), do="keep")
    assert answer.status_code == 303
    page = read(client.get(address(correction)))
    assert "Send all corrections" in page.text
    assert case_now(correction.number).state is CaseState.IN_CORRECTION, "kept is not sent"
    assert send(client, correction, do="send").status_code == 303
    assert case_now(correction.number).state is CaseState.SUBMITTED


def test_sending_too_early_names_what_is_missing(world, client_for, read, correction):
    client = client_for("expert")
    page = read(send(client, correction, CONTRACT=pdf("contract"), do="send"), 400)
    assert page.text.count("Still missing.") == 4, "in the summary and at each field"
    assert {field.get("name") for field in page.all("input", aria_invalid="true")} == {"file-NO_CRIMINAL", "file-PHOTO"}
    case = case_now(correction.number)
    assert case.state is CaseState.IN_CORRECTION
    assert kept(world, correction) == {"CONTRACT"}, "what came is kept"
    assert not next(paper for paper in case.papers if paper.document == "CONTRACT").versions


def test_nothing_chosen_is_said_at_the_field(client_for, read, correction):
    page = read(send(client_for("expert"), correction, do="keep"), 400)
    assert "Choose a file first." in page.text
    assert len(page.all("input", aria_invalid="true")) == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ((io.BytesIO(b""), "photo.jpg"), "empty"),
        ((io.BytesIO(b"%PDF-1.4 cut off"), "record.pdf"), "damaged"),
        ((io.BytesIO(b"hello"), "record.docx"), "not taken"),
    ],
)
def test_each_refusal_says_why_and_what_to_do(client_for, read, correction, file, words):
    stream, name = file
    answer = send(client_for("expert"), correction, NO_CRIMINAL=(io.BytesIO(stream.getvalue()), name), do="keep")
    assert words in read(answer, 400).text


def test_a_photo_is_no_pdf(client_for, read, correction):
    page = read(send(client_for("expert"), correction, PHOTO=pdf("photo"), do="keep"), 400)
    assert "accepted are JPEG, PNG" in page.text


def test_a_kept_file_can_be_replaced_and_removed(world, client_for, read, correction):
    client = client_for("expert")
    send(client, correction, CONTRACT=pdf("first"), do="keep")
    send(client, correction, CONTRACT=pdf("second"), do="keep")
    page = read(client.get(address(correction)))
    assert "second.pdf" in page.text and "first.pdf" not in page.text
    assert send(client, correction, drop="CONTRACT").status_code == 303
    assert kept(world, correction) == set()


def test_switching_the_language_loses_no_file(world, client_for, read, correction):
    client = client_for("expert")
    answer = send(client, correction, CONTRACT=pdf("contract"), switch_language="zh")
    assert answer.status_code == 303
    page = read(client.get(answer.location))
    assert page.root.get("lang") == "zh-CN" and "contract.pdf" in page.text


def test_somebody_else_sent_it_meanwhile(client_for, read, correction):
    send(client_for("employer"), correction, CONTRACT=pdf(), NO_CRIMINAL=pdf(), PHOTO=picture(), do="send")
    answer = send(client_for("expert"), correction, CONTRACT=pdf(), do="keep")
    page = read(answer, 409)
    assert page.one("a", href=f"/my/{correction.number}") is not None
    assert client_for("expert").get(address(correction)).status_code == 302


def test_files_of_one_are_not_the_others(world, client_for, read, correction):
    send(client_for("expert"), correction, NO_CRIMINAL=pdf("private"), do="keep")
    assert "private.pdf" not in read(client_for("employer").get(address(correction))).text
    assert kept(world, correction, "employer") == set()


def test_without_a_script_the_page_works_by_its_own_form(client_for, read, correction):
    """The names a browser would send lead to the same place."""
    client = client_for("expert")
    page = read(client.get(f"/my/{correction.number}"))
    form = next(form for form in page.all("form") if form.get("id") == "answer")
    assert (form.get("method"), form.get("enctype")) == ("post", "multipart/form-data")
    assert form.get("action") == address(correction)
    assert {field.get("name") for field in page.all("input", type="file")} == {
        "file-CONTRACT", "file-PHOTO", "file-NO_CRIMINAL",
    }  # fmt: skip


def test_csrf_guards_the_form(app, client_for, correction):
    client = client_for("expert")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert send(client, correction, do="send").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


# --- a paper promised for later ----------------------------------------------------------------------------------


def test_a_promised_paper_is_supplied_on_its_own(app, world, client_for, read):
    from expertdesk.cases import papers
    from tests.cases import steps

    officer = world.actor("officer")
    case = steps.submitted(world, officer, procedure="NEW_ABROAD", in_country_ground="", embassy="Lisbon").case
    steps.supply(case, officer)
    commands.accept_case(case, officer, case.row_version)
    db.session.commit()
    late = [paper.document for paper in case.papers if paper.state == "deferred"]
    assert late, "an application from abroad may promise the examination"
    client = client_for("expert")
    page = read(client.get("/my"))
    path = f"/my/{case.number}/papers/{late[0]}/supply"
    assert page.one("a", href=path) is not None
    assert "Choose a file first." in read(client.post(path, data={}), 400).text
    answer = client.post(path, data={f"file-{late[0]}": pdf("exam")}, content_type="multipart/form-data")
    assert answer.status_code == 303
    paper = next(one for one in case_now(case.number).papers if one.document == late[0])
    assert paper.versions[0].file_name == "exam.pdf" and paper.state == "uploaded"
    assert client.get(path).status_code == 404, "it is not asked for any more"
    assert client_for("expert2").get(path).status_code == 404
    assert client.get(f"/my/{case.number}/papers/CONTRACT/supply").status_code == 404
    assert papers.paper_bytes(paper.versions[0]).startswith(b"%PDF-")
