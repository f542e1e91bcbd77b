"""Passport lines: the ICAO specimen, every single wrong sign, pasted disorder, names of many countries."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertdesk.experts.mrz import read_mrz
from expertdesk.experts.mrz_checks import WIDTH, birth_date, check_digit, expiry_date
from expertdesk.experts.mrz_writer import NoLatinLetter, make_lines, transliterate
from expertdesk.experts.nationalities import country_of, no_country_reason, passport_code

TODAY = date(2026, 11, 24)
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
SPECIMEN = f"{FIRST}\n{SECOND}"


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def read(text: str):
    reading = read_mrz(text, today=TODAY)
    for problem in (*reading.problems, *reading.notices):
        assert "%(" not in str(problem.summary) + str(problem.message)
        assert len(str(problem.summary)) > 10 and len(str(problem.message)) > 10
    return reading


# --- the specimen of Doc 9303


def test_the_specimen():
    reading = read(SPECIMEN)
    passport = reading.passport
    assert reading.is_sound and passport is not None and reading.lines == (FIRST, SECOND)
    assert (passport.surname, passport.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (passport.number, passport.sex, passport.personal_number) == ("L898902C3", "F", "ZE184226B")
    assert (passport.birth_date, passport.expiry_date) == (date(1974, 8, 12), date(2012, 4, 15))
    assert (passport.nationality_code, passport.nationality, passport.is_name_cut) == ("UTO", None, False)
    assert codes(reading.notices) == ["mrz.no_country", "mrz.expired"]


def test_the_specimen_is_written_the_same():
    assert make_lines(
        surname="Eriksson",
        given_names="Anna Maria",
        country="UTO",
        number="L898902C3",
        birth_date=date(1974, 8, 12),
        sex="F",
        expiry_date=date(2012, 4, 15),
        personal_number="ZE184226B",
    ) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("field", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("740812", "2")]
)
def test_check_digits_known_from_the_standard(field, digit):
    assert check_digit(field) == digit


# --- errors


@given(st.integers(0, WIDTH - 1), st.sampled_from("0123456789"))
def test_every_wrong_digit_in_line_two_is_found(place, digit):
    if SECOND[place] == digit or not SECOND[place].isdigit():
        return
    reading = read(f"{FIRST}\n{SECOND[:place]}{digit}{SECOND[place + 1 :]}")
    assert not reading.is_sound
    assert all(problem.line == 2 and problem.position for problem in reading.problems)


@pytest.mark.parametrize(
    ("place", "wrong", "code", "position", "expected"),
    [
        (0, "M", "mrz.check_number", 10, "3"),
        (9, "0", "mrz.check_number", 10, "6"),
        (13, "8", "mrz.check_birth", 20, "9"),
        (19, "3", "mrz.check_birth", 20, "2"),
        (22, "3", "mrz.check_expiry", 28, "2"),
        (27, "1", "mrz.check_expiry", 28, "9"),
        (28, "X", "mrz.check_personal", 43, "7"),
        (42, "2", "mrz.check_personal", 43, "1"),
        (43, "1", "mrz.check_overall", 44, "0"),
    ],
)
def test_the_wrong_digit_is_named(place, wrong, code, position, expected):
    reading = read(f"{FIRST}\n{SECOND[:place]}{wrong}{SECOND[place + 1 :]}")
    problem = reading.problems[0]
    assert (problem.code, problem.position, problem.line) == (code, position, 2)
    assert problem.expected == expected and f"position {position} should be {expected}" in str(
        problem.summary
    )
    assert len(reading.problems) == 1 and reading.passport is not None


def test_the_sentences_of_the_screen():
    text = "P<RUSPREOBRAZHENSKII<DOLGORUKOV<<KONSTANTIN<\n7582139460RUS7804193M3108228<<<<<<<<<<<<<<04"
    reading = read(text)
    assert [str(problem.summary) for problem in reading.problems] == [
        "Passport lines: the passport number does not fit its check digit (position 10 should be 3)"
    ]
    assert str(reading.problems[0].message) == (
        "Check digit of 758213946 should be 3, but reads 0. Compare the second line and paste again."
    )
    assert reading.passport is not None and reading.passport.surname == "PREOBRAZHENSKII DOLGORUKOV"
    assert reading.passport.nationality == "RU" and not reading.passport.is_name_cut


def test_a_sign_easily_mistaken_is_suggested():
    reading = read(SPECIMEN.replace("L898902C3", "L8989O2C3"))
    assert reading.problems[0].suggestion == "L898902C3" and "L898902C3" in str(reading.problems[0].message)


def test_no_such_day_and_no_such_sex():
    birth = "740231" + check_digit("740231")
    line = SECOND[:13] + birth + SECOND[20:43]
    overall = check_digit(line[:10] + line[13:20] + line[21:43])
    assert codes(read(f"{FIRST}\n{line}{overall}").problems) == ["mrz.birth"]
    assert codes(read(f"{FIRST}\n{SECOND[:20]}Q{SECOND[21:]}").problems) == ["mrz.sex"]


def test_unknown_day_of_birth():
    birth = "74<<<<" + check_digit("74<<<<")
    line = SECOND[:13] + birth + SECOND[20:43]
    overall = check_digit(line[:10] + line[13:20] + line[21:43])
    reading = read(f"{FIRST}\n{line}{overall}")
    assert reading.is_sound and reading.passport is not None and reading.passport.birth_date is None
    assert "mrz.birth_unknown" in codes(reading.notices)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "mrz.empty"),
        (" \n\n", "mrz.empty"),
        ("hello", "mrz.line_count"),
        (FIRST, "mrz.line_count"),
        (f"{FIRST}\n{SECOND[:-5]}9", "mrz.check_personal"),
        (f"{FIRST}\n{SECOND[3:30]}", "mrz.line_length"),
        (f"{FIRST}AB\n{SECOND}", "mrz.line_length"),
        (f"{FIRST}\n{SECOND[:36]}?{SECOND[37:]}", "mrz.sign"),
        (f"{FIRST[:8]}王{FIRST[9:]}\n{SECOND}", "mrz.sign"),
        (f"V{FIRST[1:]}\n{SECOND}", "mrz.no_passport"),
        (
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
            "mrz.identity_card",
        ),
    ],
)
def test_what_cannot_be_read(text, code):
    reading = read(text)
    assert code in codes(reading.problems) and not reading.is_sound


@given(st.text(max_size=200))
def test_any_text_is_answered(text):
    read(text)


@given(st.text(alphabet="P<0189OILZ\nAB «", min_size=60, max_size=110))
def test_any_disorder_is_answered(text):
    read(text)


# --- tidying


@pytest.mark.parametrize(
    "text",
    [
        SPECIMEN.lower(),
        SPECIMEN.replace("<", "«"),
        SPECIMEN.replace("<", "&lt;"),
        SPECIMEN.replace("\n", ""),
        SPECIMEN.replace("\n", "\r\n\r\n"),
        f"  {FIRST} \n\t{' '.join(SECOND)} ",
        f"{FIRST.rstrip('<')}\n{SECOND}",
        f"{FIRST}<<<\n{SECOND}",
        f"{FIRST}\n{SECOND.replace('<<<<<', '<<<')}",
        f"{FIRST}\n{SECOND.replace('<<<<<', '<<<<<<<')}",
        f"PASSPORT UTOPIA\n{SPECIMEN}",
        SPECIMEN.replace("E", "Е").replace("A", "А"),
        SPECIMEN.translate({ord("<"): "＜"}),
        SPECIMEN.replace("UTO74", "UT074"),
    ],
)
def test_pasted_disorder_is_tidied(text):
    reading = read(text)
    assert reading.is_sound and reading.lines == (FIRST, SECOND)


def test_what_was_tidied_is_said():
    reading = read(SPECIMEN.replace("7408122", "74O8122"))
    assert reading.is_sound and reading.notices[0].code == "mrz.tidied" and reading.notices[0].position == 16


@pytest.mark.parametrize(
    ("digit", "letters"), [("0", "OQD"), ("1", "IL"), ("2", "Z"), ("5", "S"), ("8", "B")]
)
def test_letters_where_only_digits_can_stand(digit, letters):
    for place in (13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 43):
        for letter in letters if SECOND[place] == digit else "":
            assert read(f"{FIRST}\n{SECOND[:place]}{letter}{SECOND[place + 1 :]}").lines == (FIRST, SECOND)


def test_a_cut_name_ends_in_a_letter():
    for length in range(30, 40):
        first, _ = make_lines(
            surname="A" * length,
            given_names="C D",
            country="DE",
            number="1",
            birth_date=date(1980, 1, 1),
            sex="M",
            expiry_date=date(2030, 1, 1),
        )
        whole = length + len("<<C<D") <= 39
        assert whole or first[-1] != "<", first


# --- centuries


@given(st.dates(date(1927, 1, 1), TODAY))
def test_a_birth_is_never_in_the_future(day):
    assert birth_date(f"{day:%y%m%d}", TODAY) == day


def test_births_and_expiries_at_the_edge():
    assert birth_date("261124", TODAY) == TODAY and birth_date("261125", TODAY) == date(1926, 11, 25)
    assert birth_date("000229", TODAY) == date(2000, 2, 29) and birth_date("990229", TODAY) is None
    assert expiry_date("000101") == date(2000, 1, 1) and expiry_date("991231") == date(2099, 12, 31)


# --- names and countries


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ødegård-Müller", "OEDEGAARD<MUELLER"),
        ("Şeker", "SEKER"),
        ("Þór", "THOR"),
        ("Đặng Nguyễn", "DANG<NGUYEN"),
        ("Groß", "GROSS"),
        ("O’Connor", "OCONNOR"),
        ("Łukasiewicz", "LUKASIEWICZ"),
        ("Ĳsselmuiden", "IJSSELMUIDEN"),
        ("Щёголев", "SHCHEGOLEV"),
        ("Преображенский", "PREOBRAZHENSKII"),
        ("Παπαδόπουλος", "PAPADOPOULOS"),
        ("Ñandú", "NANDU"),
        ("Işık", "ISIK"),
        ("d'Arc, Jeanne", "DARC<JEANNE"),
        ("Œuvre", "OEUVRE"),
    ],
)
def test_transliteration(name, written):
    assert transliterate(name) == written


@pytest.mark.parametrize("name", ["王震华", "محمد", "김철수", "𬭎", "สมชาย"])
def test_a_script_without_table_is_refused(name):
    with pytest.raises(NoLatinLetter):
        transliterate(name)


@pytest.mark.parametrize(
    ("code", "country"),
    [
        ("D<<", "DE"),
        ("GBR", "GB"),
        ("GBD", "GB"),
        ("GBN", "GB"),
        ("GBO", "GB"),
        ("GBP", "GB"),
        ("GBS", "GB"),
        ("RKS", "XK"),
        ("XXA", "XX"),
        ("CHN", "CN"),
        ("USA", "US"),
        ("RUS", "RU"),
        ("QAT", "QA"),
        ("ZAF", "ZA"),
        ("TWN", "TW"),
        ("HKG", "HK"),
        ("UTO", None),
        ("UNO", None),
        ("XXB", None),
        ("X" * 3, None),
        ("QQQ", None),
        ("", None),
        ("SUN", None),
        ("XOM", None),
    ],
)
def test_countries(code, country):
    assert country_of(code) == country
    if country is None:
        assert len(str(no_country_reason(code))) > 10


def test_every_country_has_a_passport_code():
    from expertdesk.foundation.locale import countries

    for country, _ in countries("en"):
        if country not in ("XK",):
            assert country_of(passport_code(country)) == country
    assert passport_code("RO") == "ROU" and passport_code("CD") == "COD" and passport_code("XK") == "RKS"


NAME = st.text(alphabet=st.sampled_from("ABCDEÄÖÜØÅÉ'- ЖЩЯabcßØ"), min_size=1, max_size=60)


@given(
    NAME,
    NAME,
    st.sampled_from(["DE", "GB", "US", "RU", "FR", "JP"]),
    st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.dates(date(2026, 12, 1), date(2050, 1, 1)),
    st.sampled_from(["M", "F", "X"]),
    st.text(alphabet="ABC0123456789", min_size=1, max_size=9),
    st.text(alphabet="AB0189", max_size=14),
)
def test_round_trip(surname, given_names, country, born, expires, sex, number, personal):
    lines = make_lines(
        surname=surname,
        given_names=given_names,
        country=country,
        number=number,
        birth_date=born,
        sex=sex,
        expiry_date=expires,
        personal_number=personal,
    )
    assert [len(line) for line in lines] == [WIDTH, WIDTH]
    reading = read("\n".join(lines))
    passport = reading.passport
    assert reading.is_sound and passport is not None
    assert (passport.number, passport.nationality, passport.sex) == (number, country, sex)
    assert (passport.birth_date, passport.expiry_date, passport.personal_number) == (born, expires, personal)
    primary, secondary = transliterate(surname), transliterate(given_names)
    if len(primary) + len(secondary) + 2 <= 38:
        assert not passport.is_name_cut
        assert passport.surname == (primary or secondary).replace("<", " ")
    if len(primary) + len(secondary) + 2 > 39 and primary and secondary:
        assert passport.is_name_cut and passport.given_names


def test_a_name_of_120_letters_is_cut_and_said():
    lines = make_lines(
        surname="Wolfeschlegelsteinhausen" * 3,
        given_names="Hubert Blaine " * 4,
        country="DE",
        number="C01",
        birth_date=date(1980, 1, 1),
        sex="M",
        expiry_date=date(2030, 1, 1),
    )
    reading = read("\n".join(lines))
    assert reading.is_sound and reading.passport is not None and reading.passport.is_name_cut
    assert reading.passport.given_names == "H" and codes(reading.notices) == ["mrz.name_cut"]


def test_a_single_name():
    lines = make_lines(
        surname="",
        given_names="Suharto",
        country="ID",
        number="A1",
        birth_date=date(1980, 1, 1),
        sex="M",
        expiry_date=date(2030, 1, 1),
    )
    passport = read("\n".join(lines)).passport
    assert passport is not None and (passport.surname, passport.given_names) == ("SUHARTO", "")


@pytest.mark.parametrize(("number", "personal"), [("", ""), ("1234567890", ""), ("A1", "1" * 15)])
def test_fields_that_do_not_fit_are_refused(number, personal):
    with pytest.raises(ValueError, match="has"):
        make_lines(
            surname="A",
            given_names="B",
            country="DE",
            number=number,
            birth_date=date(1980, 1, 1),
            sex="M",
            expiry_date=date(2030, 1, 1),
            personal_number=personal,
        )
