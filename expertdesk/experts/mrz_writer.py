"""Writes passport lines from plain facts: for the demo bureau and tests, and to compare a typed name with
the lines.

Letters are written as ICAO Doc 9303 part 3, section 6 gives them for Latin and Cyrillic; Greek as its
passports do (ELOT 743). Scripts without such a table are refused: the passport's own Latin spelling is
needed.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from expertdesk.experts.mrz_checks import WIDTH, check_digit
from expertdesk.experts.nationalities import passport_code

_NAME_WIDTH = WIDTH - 5
_NUMBER_WIDTH = 9
_PERSONAL_WIDTH = 14

_LATIN = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Đ": "D", "Ħ": "H", "ı": "I", "Ĳ": "IJ", "Ł": "L", "Ŀ": "L",
    "Ŋ": "N", "Ö": "OE", "Ø": "OE", "Œ": "OE", "ß": "SS", "ẞ": "SS", "Þ": "TH", "Ŧ": "T", "Ü": "UE", "Ə": "E",
    "ĸ": "K",
}  # fmt: skip
_CYRILLIC = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ё": "E", "Ж": "ZH", "З": "Z", "И": "I",
    "І": "I", "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S",
    "Т": "T", "У": "U", "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE",
    "Ы": "Y", "Ь": "", "Э": "E", "Ю": "IU", "Я": "IA", "Ґ": "G", "Є": "IE", "Ї": "I", "Ў": "U", "Ѓ": "G",
    "Ђ": "D", "Ѕ": "DZ", "Ј": "J", "Ќ": "K", "Љ": "LJ", "Њ": "NJ", "Ћ": "C", "Џ": "DZ",
}  # fmt: skip
_GREEK = dict(zip("ΑΒΓΔΕΖΗΙΚΛΜΝΞΟΠΡΣΤΥΦΩ", "AVGDEZIIKLMNXOPRSTYFO", strict=True)) | {
    "Θ": "TH", "Χ": "CH", "Ψ": "PS",
}  # fmt: skip
_TABLE = _LATIN | _CYRILLIC | _GREEK
_GREEK_OU = "ΟΥ"
_LEFT_OUT = "'’‘ʼʻ`´.,·"


class NoLatinLetter(ValueError):
    """A sign for which there is no table: the Latin spelling of the passport has to be given."""

    def __init__(self, sign: str) -> None:
        super().__init__(f"no Latin letters for {sign!r} (U+{ord(sign):04X})")
        self.sign = sign


def transliterate(name: str) -> str:
    """A name as it stands in passport lines: Ødegård-Müller → OEDEGAARD<MUELLER."""
    upper = unicodedata.normalize("NFC", name).replace("ß", "ẞ").upper()
    plain = "".join(sign for sign in _without_accents(_GREEK_OU, upper))
    words = "".join(_letters(sign) for sign in plain).replace("<", " ").split()
    return "<".join(words)


def _without_accents(pair: str, upper: str) -> str:
    """Greek ου is one sound and written OU, with or without accent."""
    bare = unicodedata.normalize("NFC", upper.replace("ΟΎ", pair))
    return bare.replace(pair, "OU")


def _letters(sign: str) -> str:
    if sign.isascii() and (sign.isalpha() or sign in " -<"):
        return sign if sign.isalpha() else "<"
    if sign in _LEFT_OUT or unicodedata.category(sign).startswith("M"):
        return ""
    if sign in _TABLE:
        return _TABLE[sign]
    if unicodedata.category(sign) in ("Zs", "Pd"):
        return "<"
    base = unicodedata.normalize("NFD", sign)[0]
    if base != sign:
        return _letters(base)
    raise NoLatinLetter(sign)


def make_lines(
    *,
    surname: str,
    given_names: str,
    country: str,
    number: str,
    birth_date: date,
    sex: str,
    expiry_date: date,
    issuer: str | None = None,
    personal_number: str = "",
) -> tuple[str, str]:
    """The two lines. `country` and `issuer`: alpha-2 codes, or three signs as on the passport (`UTO`)."""
    nationality = _code(country)
    first = f"P<{_code(issuer or country)}{_name_field(surname, given_names)}"
    plain = "".join(sign for sign in number.upper() if sign.isascii() and sign.isalnum())
    if not 0 < len(plain) <= _NUMBER_WIDTH:
        raise ValueError(f"a passport number has 1 to {_NUMBER_WIDTH} signs")
    document = _with_digit(plain.ljust(_NUMBER_WIDTH, "<"))
    birth, expiry = _with_digit(f"{birth_date:%y%m%d}"), _with_digit(f"{expiry_date:%y%m%d}")
    own = transliterate_number(personal_number).ljust(_PERSONAL_WIDTH, "<")
    if len(own) > _PERSONAL_WIDTH:
        raise ValueError(f"a personal number has at most {_PERSONAL_WIDTH} signs")
    personal = _with_digit(own)
    shown_sex = sex if sex in ("M", "F") else "<"
    overall = check_digit(document + birth + expiry + personal)
    return first, f"{document}{nationality}{birth}{shown_sex}{expiry}{personal}{overall}"


def transliterate_number(number: str) -> str:
    """Signs other than letters and digits become fillers."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "<" for sign in number.upper().strip())


def _with_digit(field: str) -> str:
    return field + check_digit(field)


def _code(country: str) -> str:
    return passport_code(country) if len(country) == 2 else country.upper().ljust(3, "<")


def _name_field(surname: str, given_names: str) -> str:
    """Cut as Doc 9303 part 4, section 4.2.3 wants: both parts show, and a letter at the end tells that it
    was cut."""
    primary, secondary = transliterate(surname), transliterate(given_names)
    if not primary:
        primary, secondary = secondary, ""
    whole = f"{primary}<<{secondary}" if secondary else primary
    if not primary or len(whole) <= _NAME_WIDTH:
        return whole.ljust(_NAME_WIDTH, "<")
    if secondary:
        primary = primary[: _NAME_WIDTH - len("<<") - 1].rstrip("<")
        whole = f"{primary}<<{secondary}"
        while len(whole) > _NAME_WIDTH and whole[_NAME_WIDTH - 1] == "<":
            primary = primary[:-1].rstrip("<")  # the last place must be a letter
            whole = f"{primary}<<{secondary}"
    return whole[:_NAME_WIDTH].ljust(_NAME_WIDTH, "<")
