"""Paper pages, their files and letters: who looked, safe headers, drafts before they are issued."""

from __future__ import annotations

import io

import pytest

from expertdesk.cases import papers
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry
from tests.cases import steps
from tests.cases_pages import scenes


@pytest.fixture
def supplied(world):
    """A submitted case with one uploaded degree; (number, id of the version)."""
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    version = papers.add_version(case, "DEGREE", steps.upload("degree"), officer)
    db.session.commit()
    return case.number, version.id


def test_paper_page_tells_requirement_versions_and_looks(world, client_for, read, supplied):
    number, version_id = supplied
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/papers/DEGREE"))
    assert "Highest degree certificate" in page.text and "degree.pdf" in page.text and "Zhou Min" in page.text
    assert "Nobody has opened a file of this paper yet." in page.text
    assert client.get(f"/cases/{number}/papers/DEGREE/{version_id}").status_code == 200
    page = read(client.get(f"/cases/{number}/papers/DEGREE"))
    looks = page.words(page.one("section", aria_labelledby="looks-h"))
    assert "Viewed" in looks and "周敏" in looks
    read(client_for("reviewer", "zh").get(f"/cases/{number}/papers/DEGREE"))


def test_file_is_boxed_and_never_cached(world, client_for, supplied):
    number, version_id = supplied
    answer = client_for("officer").get(f"/cases/{number}/papers/DEGREE/{version_id}")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    assert "sandbox" in answer.headers["Content-Security-Policy"] and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer = client_for("officer").get(f"/cases/{number}/papers/DEGREE/{version_id}?download=1")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="degree.pdf"')
    db.session.rollback()
    noted = [entry.action for entry in db.session.query(AccessEntry).filter_by(record_kind="paper")]
    assert noted == ["viewed", "downloaded"]


def test_files_of_others_are_not_found(world, client_for, supplied):
    number, version_id = supplied
    client = client_for("officer")
    assert client.get(f"/cases/{number}/papers/DEGREE/{version_id + 999}").status_code == 404
    assert client.get(f"/cases/{number}/papers/PASSPORT/{version_id}").status_code == 404, "a version of another paper"
    assert client.get(f"/cases/{number}/papers/NOTHING").status_code == 404
    assert client.get(f"/cases/{number}/papers/DEGREE/{10**12}").status_code == 404
    assert client_for("officer2").get(f"/cases/{number}/papers/DEGREE/{version_id}").status_code == 404
    for role in ("admin", "auditor", "liaison"):
        assert client_for(role).get(f"/cases/{number}/papers/DEGREE/{version_id}").status_code == 403


def test_upload_makes_the_newest_version(world, client_for, read, supplied):
    number, _ = supplied
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/papers/DEGREE"))
    values = page.form_values("/papers/DEGREE")
    data = {
        **values,
        "file": (io.BytesIO(steps.picture_pdf("new")), "新版.pdf", "application/pdf"),
        "issued_on": "2026-11-01",
    }
    answer = client.post(f"/cases/{number}/papers/DEGREE", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    paper = papers.paper_of(scenes.row(number), "DEGREE")
    assert [version.file_name for version in paper.versions] == ["新版.pdf", "degree.pdf"]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("", b"", "Choose a file."),
        ("a.pdf", b"", "empty"),
        ("a.exe", b"MZ", "PDF"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "PNG"),
    ],
)
def test_bad_file_is_named_before_anything_is_stored(world, client_for, read, supplied, name, body, message):
    number, _ = supplied
    client = client_for("officer")
    data = {"version": scenes.version(number), "issued_on": "2026-11-01"}
    if name:
        data["file"] = (io.BytesIO(body), name, "application/pdf")
    again = read(client.post(f"/cases/{number}/papers/DEGREE", data=data, content_type="multipart/form-data"), 422)
    assert message in again.words(again.one("div", class_="ed-errors")) and 'value="2026-11-01"' in again.html
    assert len(papers.paper_of(scenes.row(number), "DEGREE").versions) == 1


def test_original_seen_from_the_paper_page(world, client_for, read, supplied):
    number, _ = supplied
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/papers/NO_CRIMINAL"))
    values = page.form_values("/seen")
    assert values["seen-pages"] == "1"
    again = read(client.post(f"/cases/{number}/papers/NO_CRIMINAL/seen", data={**values, "seen-pages": "0"}), 422)
    assert "Enter a number from 1 to 500." in again.text
    answer = client.post(f"/cases/{number}/papers/NO_CRIMINAL/seen", data={**values, "seen-issued_on": "2026-11-01"})
    assert answer.status_code == 303
    paper = papers.paper_of(scenes.row(number), "NO_CRIMINAL")
    assert (paper.state.value, str(paper.valid_until)) == ("original_seen", "2027-05-01")


def test_letter_is_the_same_bytes_every_time(world, client_for, supplied):
    number, _ = supplied
    letter = scenes.row(number).letters[0]
    path, digest = f"/cases/{number}/letters/{letter.id}.pdf", letter.sha256
    import hashlib

    client = client_for("officer")
    first, second = client.get(path), client.get(f"{path}?download=1")
    assert hashlib.sha256(first.data).hexdigest() == digest == hashlib.sha256(second.data).hexdigest()
    assert (
        first.headers["Content-Disposition"].startswith("inline;")
        and "sandbox" in first.headers["Content-Security-Policy"]
    )
    assert second.headers["Content-Disposition"].startswith("attachment;")
    assert client.get(f"/cases/{number}/letters/999999.pdf").status_code == 404
    assert client_for("officer2").get(path).status_code == 404
    db.session.rollback()
    assert db.session.query(AccessEntry).filter_by(record_kind="letter").count() == 2


def test_drafts_are_seen_before_they_are_issued_and_never_kept(world, client_for):
    officer = world.actor("officer")
    case = scenes.with_problem(world, officer, {})
    number = case.number
    db.session.commit()
    client, letters = client_for("officer"), len(scenes.row(number).letters)
    for method, kind, data in (
        ("get", "ACCEPTANCE_NOTICE", None),
        ("post", "CORRECTION_NOTICE", {"DEGREE-problem_zh": "盖章不清", "DEGREE-problem_en": "Seal unclear",
                                       "DEGREE-demand_zh": "请重交", "DEGREE-demand_en": "Supply again"}),
        ("post", "NON_ACCEPTANCE_NOTICE", {"ground": "NA2", "note_zh": "非本机关", "note_en": "Not ours",
                                           "body_zh": "公安", "body_en": "Police"}),
    ):  # fmt: skip
        answer = getattr(client, method)(f"/cases/{number}/preview/{kind}.pdf", data=data)
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-"), answer.text[:300]
        assert "draft" in answer.headers["Content-Disposition"]
    assert client.get(f"/cases/{number}/preview/NOTHING.pdf").status_code == 404
    assert client.post(f"/cases/{number}/preview/NON_ACCEPTANCE_NOTICE.pdf", data={}).status_code == 409
    assert client_for("officer2").get(f"/cases/{number}/preview/ACCEPTANCE_NOTICE.pdf").status_code == 404
    assert client_for("reviewer").get(f"/cases/{number}/preview/ACCEPTANCE_NOTICE.pdf").status_code == 403
    assert len(scenes.row(number).letters) == letters and scenes.state(number) == "submitted"
