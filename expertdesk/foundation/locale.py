"""Languages: texts, dates, numbers, money and country names; works outside a request too.

English is the message id. Chinese stands in `translations/zh/<package>.po`, one file a package, merged when loaded;
two packages that translate one message differently are found by `check`. `qps` is the pseudo-locale of the tests:
it wraps what is marked for translation in ⟦…⟧, so that unmarked text shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from babel.support import LazyProxy, NullTranslations, Translations

from expertdesk.foundation.clock import shanghai

LANGUAGES = ("zh", "en")
PSEUDO = "qps"
HTML_LANG = {"zh": "zh-CN", "en": "en", PSEUDO: "en"}

_language: ContextVar[str] = ContextVar("expertdesk_language", default="en")
_catalogues: dict[str, NullTranslations] = {}


class CatalogueProblem(Exception):
    """A compiled catalogue is missing or older than its source; the application does not start without it."""


def load_catalogues(folder: Path) -> None:
    """Read every compiled catalogue below `folder` (layout: <language>/<package>.mo). Raises CatalogueProblem."""
    for language in LANGUAGES:
        merged: NullTranslations = NullTranslations()
        sources = sorted((folder / language).glob("*.po")) + sorted((folder / language).glob("*.mo"))
        names = sorted({path.stem for path in sources})
        if language == "zh" and not names:
            raise CatalogueProblem(f"{folder / language}: no catalogue found")
        for name in names:
            merged = _read_one(folder / language / f"{name}.mo", merged)
        _catalogues[language] = merged


def _read_one(path: Path, merged: NullTranslations) -> NullTranslations:
    source = path.with_suffix(".po")
    if not path.exists():
        raise CatalogueProblem(f"{path}: missing; compile the catalogues")
    if source.exists() and source.stat().st_mtime > path.stat().st_mtime:
        raise CatalogueProblem(f"{path}: older than its source; compile the catalogues")
    with path.open("rb") as stream:
        loaded = Translations(fp=stream)
    if isinstance(merged, Translations):
        merged.merge(loaded)
        return merged
    return loaded


def current_language() -> str:
    """zh, en, or the pseudo-locale of the tests."""
    return _language.get()


def in_list(parts: Iterable[Any]) -> str:
    """Things of one kind in a row: 申请表、照片; application form, photo."""
    return ("、" if current_language() == "zh" else ", ").join(str(part) for part in parts)


def in_row(parts: Iterable[Any]) -> str:
    """Facts of different kinds in a row, with the comma of the reader's language."""
    return ("，" if current_language() == "zh" else ", ").join(str(part) for part in parts)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Inside the block every text comes in `language`."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def set_language(language: str) -> None:
    """Set the language of this context for good (a web request has a context of its own)."""
    _language.set(language)


def _fill(text: str, values: dict[str, Any]) -> str:
    if current_language() == PSEUDO:
        text = f"⟦{text}⟧"
    return text % values if values else text


def _catalogue() -> NullTranslations:
    return _catalogues.get(current_language()) or NullTranslations()


def gettext(message: str, **values: Any) -> str:
    """The message in the current language; `%(name)s` places are filled from the keywords."""
    return _fill(_catalogue().gettext(message), values)


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """As gettext, with the form that fits the number `n` (filled in as %(n)s)."""
    return _fill(_catalogue().ngettext(singular, plural, n), {"n": n, **values})


def pgettext(context: str, message: str, **values: Any) -> str:
    """As gettext, for a message that means different things in different places."""
    found = _catalogue().pgettext(context, message)
    return _fill(str(found), values)


def lazy(message: str, **values: Any) -> Any:
    """A text that is looked up each time it is shown: for labels and tables made when a module is imported."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext


@dataclass(frozen=True)
class Bilingual:
    """One meaning in both languages; str() gives the current one. Everything named in a rule table is one."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        language = current_language()
        text = self.text(language)
        return f"⟦{text}⟧" if language == PSEUDO else text

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


# --- dates, numbers, names -------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale("zh", "CN", script="Hans") if language == "zh" else Locale("en", "GB")


def _of(language: str | None) -> str:
    chosen = language or current_language()
    return chosen if chosen in LANGUAGES else "en"


def _shown(text: str, language: str | None) -> str:
    """In the pseudo-locale what this floor writes by the rules of a language counts as translated."""
    return f"⟦{text}⟧" if language is None and current_language() == PSEUDO and text else text


def format_date(day: date | None, style: str = "short", language: str | None = None) -> str:
    """A day in words. short: 2026-11-23 / 23 Nov 2026; long: 2026年11月23日 / 23 November 2026; full adds the weekday;
    day: 11-23 / 23 Nov; letter: as long."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = shanghai(day).date()
    return _shown(_written(day, style, _of(language)), language)


@lru_cache(maxsize=4096)
def _written(day: date, style: str, language: str) -> str:
    """A list writes the same few days again and again."""
    if language == "zh":
        return {
            "short": day.isoformat(),
            "day": f"{day:%m-%d}",
            "full": f"{day.year}年{day.month}月{day.day}日 {babel_date(day, 'EEEE', _locale('zh'))}",
        }.get(style, f"{day.year}年{day.month}月{day.day}日")
    pattern = {"short": "d MMM y", "day": "d MMM", "full": "EEEE d MMMM y"}.get(style, "d MMMM y")
    text = babel_date(day, pattern, _locale("en"))
    return text.replace("Sept", "Sep") if style in ("short", "day") else text


def lazy_date(day: date | None, style: str = "short") -> Any:
    """A day inside a lazy text: written in the language in which the text is shown."""
    return LazyProxy(format_date, day, style, enable_cache=False)


def format_weekday(day: date, language: str | None = None) -> str:
    """周一 / Mon."""
    return _shown(_weekday(day, _of(language)), language)


@lru_cache(maxsize=1024)
def _weekday(day: date, language: str) -> str:
    return babel_date(day, "EEE", _locale(language))


def format_month_name(month: int, language: str | None = None) -> str:
    """5 → 5月, May."""
    names = _locale(_of(language)).months["stand-alone"]["abbreviated"]
    return _shown(str(names[month]).replace("Sept", "Sep"), language)


def format_instant(instant: datetime | None, style: str = "short", language: str | None = None) -> str:
    """A moment on a Shanghai clock: date and HH:MM; style `time` gives HH:MM alone."""
    if instant is None:
        return ""
    local = shanghai(instant)
    if style == "time":
        return f"{local:%H:%M}"
    return f"{format_date(local.date(), style, language)} {local:%H:%M}"


def format_number(value: Decimal | int, language: str | None = None) -> str:
    """Thousands by comma in both languages."""
    return format_decimal(value, locale=_locale(_of(language)))


def format_money(value: Decimal | int | None, language: str | None = None) -> str:
    """CNY without decimals when there are none: ¥71,622 / CNY 71,622."""
    if value is None:
        return ""
    amount = Decimal(value)
    whole = amount == amount.to_integral_value()
    text = format_decimal(amount, format="#,##0" if whole else "#,##0.00", locale=_locale(_of(language)))
    return _shown(f"¥{text}" if _of(language) == "zh" else f"CNY {text}", language)


def country_name(code: str | None, language: str | None = None) -> str:
    """Name of a country or region by its ISO 3166-1 alpha-2 code; HK, MO and TW are never called countries
    (codes: regions)."""
    if not code:
        return ""
    chosen = _of(language)
    special = _REGIONS.get(code)
    if special is not None:
        return _shown(special.text(chosen), language)
    return _shown(_locale(chosen).territories.get(code, code), language)


_REGIONS = {
    "HK": Bilingual("中国香港", "Hong Kong, China"),
    "MO": Bilingual("中国澳门", "Macao, China"),
    "TW": Bilingual("中国台湾", "Taiwan, China"),
    "XX": Bilingual("无国籍", "Stateless"),
}


@lru_cache(maxsize=4)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Every ISO country or region as (code, name), ordered for the reader: by pinyin in Chinese, by name in English."""
    from pypinyin import lazy_pinyin

    codes = [code for code in map(str, _locale("en").territories) if len(code) == 2 and code.isalpha()]
    skipped = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"}
    named = [(code, country_name(code, language)) for code in codes if code not in skipped]
    if language == "zh":
        return tuple(sorted(named, key=lambda pair: lazy_pinyin(pair[1])))
    return tuple(sorted(named, key=lambda pair: pair[1]))
