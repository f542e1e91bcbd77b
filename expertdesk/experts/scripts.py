"""In which language a name is written, so that pages can say so (`lang`): told by its letters and the nationality."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages

HAN = re.compile("[々〇\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff]")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

# first word of a character's Unicode name → script and its commonest language
_SCRIPTS = {
    "LATIN": ("Latn", ""), "CYRILLIC": ("Cyrl", "ru"), "GREEK": ("Grek", "el"), "ARMENIAN": ("Armn", "hy"),
    "HEBREW": ("Hebr", "he"), "ARABIC": ("Arab", "ar"), "DEVANAGARI": ("Deva", "hi"), "BENGALI": ("Beng", "bn"),
    "GURMUKHI": ("Guru", "pa"), "GUJARATI": ("Gujr", "gu"), "ORIYA": ("Orya", "or"), "TAMIL": ("Taml", "ta"),
    "TELUGU": ("Telu", "te"), "KANNADA": ("Knda", "kn"), "MALAYALAM": ("Mlym", "ml"), "SINHALA": ("Sinh", "si"),
    "THAI": ("Thai", "th"), "LAO": ("Laoo", "lo"), "TIBETAN": ("Tibt", "bo"), "MYANMAR": ("Mymr", "my"),
    "GEORGIAN": ("Geor", "ka"), "ETHIOPIC": ("Ethi", "am"), "KHMER": ("Khmr", "km"), "MONGOLIAN": ("Mong", "mn"),
    "HANGUL": ("Kore", "ko"), "HIRAGANA": ("Jpan", "ja"), "KATAKANA": ("Jpan", "ja"), "THAANA": ("Thaa", "dv"),
}  # fmt: skip


def is_language_tag(text: str) -> bool:
    """zh, pt, zh-Hant, sr-Latn …"""
    return _TAG.fullmatch(text) is not None


def script_of(text: str) -> tuple[str, str]:
    """The script of the first letter that tells one, and its commonest language; ("", "") when none does."""
    for sign in text:
        if HAN.match(sign):
            return "Hani", "zh"
        first = unicodedata.name(sign, "").partition(" ")[0]
        if first in _SCRIPTS:
            return _SCRIPTS[first]
    return "", ""


def language_of(text: str, country: str = "") -> str:
    """The likely language of a name: an official one of the country in this script, else the script's commonest."""
    if not text:
        return ""
    script, commonest = script_of(text)
    if any(script_of(sign)[0] == "Jpan" for sign in text):
        return "ja"
    for language in _official(country):
        if _script_of_language(language, country) in (script, *_HAN_SCRIPTS.get(script, ())):
            return language
    return commonest


_HAN_SCRIPTS = {"Hani": ("Hans", "Hant", "Jpan", "Kore")}


@lru_cache(maxsize=256)
def _official(country: str) -> tuple[str, ...]:
    return tuple(code.partition("_")[0] for code in get_official_languages(country, de_facto=True)) if country else ()


@lru_cache(maxsize=512)
def _script_of_language(language: str, country: str) -> str:
    likely = get_global("likely_subtags")
    whole = likely.get(f"{language}_{country}") or likely.get(language) or ""
    return next((part for part in whole.split("_") if len(part) == len("Latn") and part.istitle()), "")


@lru_cache(maxsize=4)
def languages(language: str) -> tuple[tuple[str, str], ...]:
    """Languages that are official somewhere, as (code, name in the reader's language), ordered by name."""
    from pypinyin import lazy_pinyin

    locale = Locale("zh", "CN", script="Hans") if language == "zh" else Locale("en", "GB")
    codes = {code.partition("_")[0] for country in locale.territories for code in _official(country)}
    named = [(code, locale.languages[code]) for code in codes if code in locale.languages]
    if language == "zh":
        return tuple(sorted(named, key=lambda pair: lazy_pinyin(pair[1])))
    return tuple(sorted(named, key=lambda pair: pair[1]))
