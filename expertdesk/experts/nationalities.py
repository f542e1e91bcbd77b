"""Country codes of passports (ICAO Doc 9303 part 3, section 5) and the ISO 3166-1 alpha-2 codes of the
house."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel.core import get_global

from expertdesk.foundation.locale import lazy

STATELESS = "XX"  # the house's code; foundation.locale names it in both languages

# Codes that are one of ICAO's own, or that ISO has withdrawn but an old passport may still carry.
_SPECIAL = {
    "D": "DE",
    "GBD": "GB", "GBN": "GB", "GBO": "GB", "GBP": "GB", "GBS": "GB",  # kinds of British nationality
    "RKS": "XK",  # written by Kosovo's passports; the list of countries decides whether it is offered
    "XXA": STATELESS,
}  # fmt: skip
_ON_PASSPORTS = {"DE": "D<<", STATELESS: "XXA", "XK": "RKS"}  # where it is not the alpha-3 code
_UNSPECIFIED = "X" * 3  # three letters X: nationality not stated
_WITHDRAWN = frozenset(("BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"))
_FOR_PRIVATE_USE = ("AA", "Q", "X")


def _no_country(code: str) -> Any:
    """What a code means that belongs to no country, or None."""
    meanings = {
        "UTO": lazy("UTO is the specimen country Utopia, not a real one."),
        "UNO": lazy("UNO is a passport of the United Nations, not of a country."),
        "UNA": lazy("UNA is a passport of a United Nations agency, not of a country."),
        "UNK": lazy("UNK is a document of the United Nations mission in Kosovo, not of a country."),
        "EUE": lazy("EUE is a travel document of the European Union, not of a country."),
        "XOM": lazy("XOM is a passport of the Sovereign Military Order of Malta."),
        "XXB": lazy("XXB means a refugee under the 1951 Convention."),
        "XXC": lazy("XXC means a refugee outside the 1951 Convention."),
        _UNSPECIFIED: lazy("The passport states no nationality."),
    }
    return meanings.get(code)


def country_of(code: str) -> str | None:
    """The alpha-2 code for a passport's country code (`D`, `GBR`, `XXA`), or None when it stands for no
    country."""
    code = code.replace("<", "").upper()
    return _SPECIAL.get(code) or _countries().get(code)


def no_country_reason(code: str) -> Any:
    """Why there is no country for this code: a sentence for the officer, who then chooses the nationality."""
    code = code.replace("<", "").upper()
    return _no_country(code) or lazy("%(code)s is not in the list of country codes.", code=code or "–")


def passport_code(country: str) -> str:
    """The three signs that a passport of this country carries: DE → D<<, GB → GBR; raises KeyError."""
    return _ON_PASSPORTS.get(country) or _passport_codes()[country]


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Alpha-3 → alpha-2 from CLDR, which also knows codes that were split; those and private ones are left
    out."""
    found: dict[str, str] = {}
    for code, countries in get_global("territory_aliases").items():
        if len(code) == 3 and code.isalpha() and len(countries) == 1:
            country = countries[0]
            if country == "XK" or not country.startswith(_FOR_PRIVATE_USE) or country == "QA":
                found[code] = country
    return found


@lru_cache(maxsize=1)
def _passport_codes() -> dict[str, str]:
    return {country: code for code, country in sorted(_countries().items()) if code not in _WITHDRAWN}
