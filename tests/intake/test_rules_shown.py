"""The category with every criterion, the checklist with every reason, and who needs no permit."""

from __future__ import annotations

from datetime import date

from expertdesk.models import CaseState, LetterKind
from tests.intake.filled import lines
from tests.intake.sending import problems, send, taken, work_out

NOTHING = {"salary_month": "", "education": "", "experience_years": "", "months_per_year": "", "chinese": ""}


def test_every_criterion_value_points_rule_and_source(client_for):
    for language, words in (
        ("en", ("CNY 52,000 a month ≥ 47,748 (Beijing, since 4 Feb 2026)", "Met", "Not met", "[2017] No. 40", "High")),
        ("zh", ("月薪52,000元 ≥ 47,748元（北京，2026-02-04起）", "符合", "不符合", "外专发〔2017〕40号", "高")),
    ):
        page = work_out(client_for("officer", language))
        result = page.words(page.one("fieldset", id="g-claims"))
        for word in words:
            assert word in result, word
        for code in ("A3.9", "A6", "B4", "B6"):
            assert code in result
    # points: every factor with its share
    assert page.one("details", id="result-points") is not None
    for share in ("20/ 20", "15/ 20", "0/ 10"):
        assert share in result.replace(" / ", "/ ") or share.replace("/ ", " / ") in result


def test_published_example_gives_74_points(client_for):
    """permit.md §3: bachelor, early forties, 300,000 a year, 20 years, 12 months, no Chinese, Beijing."""
    page = work_out(client_for("officer"), salary_month="", salary_year="300,000", education="bachelor", chinese="none",
                    experience_years="20", mrz=lines(birth_date=date(1983, 5, 5)))  # fmt: skip
    assert "74 of 120 points" in page.html and "74 points, 11 short of the line of category A" in page.text


def test_before_anything_is_claimed_nothing_is_said(client_for):
    page = work_out(client_for("officer"), **NOTHING)
    assert "Worked out once salary or degree is given" in page.text


def test_no_category_is_not_made_up(client_for):
    """Never C by default (D-CA-05): the officer chooses what is applied for."""
    low = {"salary_month": "12,000", "education": "none", "experience_years": "0", "chinese": "none"}
    client = client_for("officer")
    assert "no criterion of any category is met" in work_out(client, **low).text
    assert "claimed_category" in problems(send(client, **low))
    case = taken(send(client, **low, claimed_category="C"))
    assert case.category == "" and case.claimed_category == "C"


def test_a_claimed_criterion_counts_and_is_kept(client_for):
    case = taken(send(client_for("officer"), salary_month="20,000", main_criterion="B1.5", criteria="B1.4"))
    assert case.facts["criteria"][0] == "B1.5" and case.category == "B" and case.main_criterion == "B1.5"


def test_the_checklist_says_why(client_for):
    client = client_for("officer")
    abroad = {"procedure": "NEW_ABROAD", "in_country_ground": "", "embassy": "中国驻俄罗斯大使馆"}
    page = work_out(client, **abroad, salary_month="80,000", seen_all=None)
    text = page.words(page.one("fieldset", id="g-papers"))
    assert "category A: a commitment replaces it, nothing is due later" in text
    assert "within 30 days of entry, with the health commitment letter now" in text
    assert "required, because the main criterion rests on a salary promise" in text
    assert "if applicable: family members are entered in the form" in text
    with_family = work_out(client, **abroad, has_family="y", seen_all=None)
    assert "required, because family members are entered in the form" in with_family.text


def test_the_checklist_counts_what_is_here(client_for):
    page = work_out(client_for("officer"), seen_all=None, **{"seen-CONTRACT": "1"})
    assert "1 of 11 here" in page.text
    assert "10 required papers are not here; they will be asked for in the correction notice." in page.text
    assert "11 of 11 here" in work_out(client_for("officer")).text


def test_an_old_certificate_is_said_at_once(client_for):
    page = work_out(client_for("officer"), **{"issued-NO_CRIMINAL": "2026-05-01"})
    assert "issued 1 May 2026, good until 1 Nov 2026, before 24 Nov 2026" in page.text


def test_limits_are_said_before_a_file_is_chosen(client_for):
    assert "PDF, JPEG, PNG, up to 10 MB a file" in work_out(client_for("officer")).text
    page = work_out(client_for("officer", "zh"))
    assert "每份不超过 10 MB" in page.text


def test_residents_of_hong_kong_macao_and_taiwan_need_no_permit(client_for, read):
    client = client_for("officer")
    for country, number in (("HK", "K12345678"), ("MO", "MA1234567"), ("TW", "300123456")):
        mrz = lines(country=country, number=number, surname="CHAN", given_names="TAI MAN")
        page = work_out(client, mrz=mrz, native_name="")
        note = page.words(page.one("div", id="no-permit"))
        assert "No permit is needed" in note and "28 July 2018" in note
        assert "human resources and social security" in note
        assert "art. 32" in note
        assert "Record it and issue the notice of non-acceptance" in page.text


def test_the_non_acceptance_is_recorded_and_its_notice_issued(client_for, read):
    client = client_for("officer")
    mrz = lines(country="HK", number="K12345678", surname="CHAN", given_names="TAI MAN")
    left_out = ("post", "occupation", "contract_start_on", "contract_end_on", "in_country_ground")
    answer = send(client, mrz=mrz, native_name="", **dict.fromkeys(left_out, ""), **NOTHING)
    case = taken(answer)
    assert case.state is CaseState.NOT_ACCEPTED and case.decision["ground"] == "NA1"
    assert [letter.kind for letter in case.letters] == [LetterKind.RECEIPT, LetterKind.NON_ACCEPTANCE_NOTICE]
    page = read(client.get(answer.headers["Location"]))
    assert "Recorded: no permit is needed" in page.text
    notice = next(link.get("href") for link in page.all("a") if "non-acceptance" in page.words(link))
    assert client.get(notice).data.startswith(b"%PDF-")


def test_permanent_residents_need_no_permit_either(client_for):
    page = work_out(client_for("officer"), special_group="PR")
    assert "permanent resident identity card is enough" in page.words(page.one("div", id="no-permit"))


def test_the_promise_is_said_before_it_is_made(client_for):
    assert "Clock starts on intake: 3 working days, until 27 Nov" in work_out(client_for("officer")).text
    assert "1 working day, until 25 Nov" in work_out(client_for("officer"), salary_month="80,000").text


def test_the_period_a_grant_would_give(client_for):
    page = work_out(client_for("officer"))
    assert "10 Dec 2026 to 9 Dec 2028, 24 months" in page.text


def test_ground_and_category_must_fit(client_for):
    client = client_for("officer")
    found = problems(send(client, in_country_ground="IC1"))
    said = "This ground is for category A; the case is category B."
    assert found["in_country_ground"] == f"Ground for applying in China: {said}"
    assert "procedure of its own" in problems(send(client, in_country_ground="IC2"))["in_country_ground"]
    assert "ground_reason" in problems(send(client, in_country_ground="IC9"))
    case = taken(send(client, in_country_ground="IC9", ground_reason="审批机关会议纪要"))
    assert case.ground_reason == "审批机关会议纪要"
