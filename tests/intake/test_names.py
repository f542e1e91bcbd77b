"""Names in every script, single, long and with rare characters: in form, record, search and receipt."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from expertdesk.experts.search import find
from expertdesk.foundation.database import db
from tests.intake.sending import send, taken, value_of, work_out

SCRIPTS = [
    ("RU", "Константин Преображенский", "ru", "PREOBRAZHENSKII", "KONSTANTIN"),
    ("EG", "محمد عبد الرحمن", "ar", "ABDELRAHMAN", "MOHAMED"),
    ("IL", "שרה לוי", "he", "LEVI", "SARA"),
    ("IN", "राम कुमार शर्मा", "hi", "SHARMA", "RAM KUMAR"),
    ("TH", "สมชาย ใจดี", "th", "JAIDEE", "SOMCHAI"),
    ("KR", "김철수", "ko", "KIM", "CHEOLSU"),
    ("JP", "髙橋 さくら", "ja", "TAKAHASHI", "SAKURA"),
    ("GR", "Αλέξης Παπαδόπουλος", "el", "PAPADOPOULOS", "ALEXIS"),
    ("GE", "ქეთევან ბერიძე", "ka", "BERIDZE", "KETEVAN"),
    ("ET", "አበበ ቢቂላ", "am", "BIKILA", "ABEBE"),
    ("VN", "Nguyễn Thị Hạnh", "vi", "NGUYEN", "THI HANH"),
    ("AM", "Արամ Խաչատրյան", "hy", "KHACHATRYAN", "ARAM"),
    ("BD", "রবীন্দ্রনাথ ঠাকুর", "bn", "TAGORE", "RABINDRANATH"),
]


def by_hand(**changes):
    """A passport whose lines cannot be pasted."""
    return {
        "mrz": "",
        "surname": "SUKARNO",
        "given_name": "",
        "passport_number": "X1234567",
        "nationality": "ID",
        "birth_on": "1980-06-06",
        "sex": "1",
        "passport_expires_on": "2032-01-01",
        "native_name": "",
        **changes,
    }


@pytest.mark.parametrize(("country", "native", "lang", "surname", "given"), SCRIPTS, ids=[row[0] for row in SCRIPTS])
def test_names_in_many_scripts(client_for, world, read, country, native, lang, surname, given):
    client = client_for("officer")
    name = by_hand(nationality=country, native_name=native, surname=surname, given_name=given)
    page = work_out(client, **name)
    assert page.one("input", name="native_name").get("lang") == lang
    assert value_of(page, "native_name") == native
    answer = send(client, **name)
    case = taken(answer)
    assert case.person.native_name == native and case.person.native_lang == lang
    done = read(client.get(answer.headers["Location"]))
    assert native in done.text
    found = find(native.split()[0], world.actor("officer"))
    assert any(item.person_id == case.person_id for item in found)


def test_the_officer_is_told_of_a_spelling_that_the_letters_cannot_set(client_for, read):
    client = client_for("officer")
    answer = send(client, **by_hand(native_name="Sukarno 🎓"))
    case = taken(answer)
    assert [text for _, text in case.letters[0].left_out] == ["Sukarno 🎓"]
    for address in (answer.headers["Location"], f"/cases/{case.number}"):
        text = read(client.get(address)).text
        assert "Not printed, because no font of the letters has all its signs: Sukarno 🎓" in text
    other = {"surname": "HATTA", "passport_number": "X7654321", "birth_on": "1971-08-12", "native_name": "Hatta"}
    plain = taken(send(client, **by_hand(**other)))
    assert "Not printed" not in read(client.get(f"/cases/{plain.number}")).text


def test_a_single_name(client_for):
    case = taken(send(client_for("officer"), **by_hand()))
    assert (case.person.surname, case.person.given_name) == ("SUKARNO", "")


def test_a_single_name_typed_as_a_given_name(client_for):
    case = taken(send(client_for("officer"), **by_hand(surname="", given_name="SUKARNO")))
    assert (case.person.surname, case.person.given_name) == ("SUKARNO", "")


def test_a_name_of_120_letters(client_for, read):
    long_name = " ".join(["WOLFESCHLEGELSTEINHAUSENBERGERDORFF"] * 3)[:107] + " HUBERT JUNIO"
    assert len(long_name) == 120
    client = client_for("officer")
    answer = send(client, **by_hand(surname=long_name))
    case = taken(answer)
    assert case.person.surname == long_name
    page = read(client.get(answer.headers["Location"]))
    url = next(link.get("href") for link in page.all("a") if "receipt" in page.words(link))
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(client.get(url).data)).pages)
    assert long_name.replace(" ", "") in "".join(text.split())


def test_rare_chinese_characters(client_for, read, world):
    """㛃 (extension A), 䶮 (its end), 𬭎 (extension E, four bytes)."""
    client = client_for("officer")
    answer = send(client, **by_hand(chinese_name="㛃䶮𬭎", native_name="", nationality="MY"))
    case = taken(answer)
    assert case.person.chinese_name == "㛃䶮𬭎"
    assert any(item.person_id == case.person_id for item in find("䶮𬭎", world.actor("officer")))
    page = read(client.get(answer.headers["Location"]))
    url = next(link.get("href") for link in page.all("a") if "receipt" in page.words(link))
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(client.get(url).data)).pages)
    assert "㛃䶮𬭎" in text
    db.session.expire_all()


def test_a_former_chinese_national_states_the_chinese_name(client_for):
    from tests.intake.sending import problems

    client = client_for("officer")
    former = by_hand(nationality="CA", surname="LI", given_name="MINGHUA", chinese="former_national")
    assert "chinese_name" in problems(send(client, **former))
    case = taken(send(client, **former, chinese_name="李明华"))
    assert case.person.was_chinese_national and case.facts["chinese"] == "former_national"


def test_a_chinese_national_is_no_foreigner(client_for):
    from tests.intake.sending import problems

    found = problems(send(client_for("officer"), **by_hand(nationality="CN", surname="LI", given_name="MING")))
    assert "needs no foreigner’s work permit" in found["nationality"]


def test_a_native_spelling_in_the_latin_field(client_for):
    from tests.intake.sending import problems

    found = problems(send(client_for("officer"), **by_hand(surname="Преображенский", nationality="RU")))
    assert "Latin letters of the passport" in found["surname"]
