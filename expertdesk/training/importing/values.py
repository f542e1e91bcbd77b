"""What stands in a cell: whole numbers, amounts, months and days, ticks, codes of a list. Pure; a value that cannot be
read is a ValueProblem with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from rapidfuzz import fuzz, process

from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.training.importing.words import bare, key_of, narrow

_LONGEST_SHOWN = 40
_CENT = Decimal("0.01")
_CENTS_OF_A_YUAN = 100
# what binary fractions leave behind: 0.1 + 0.2 = 0.30000000000000004
_NOISE = Decimal("0.000001")
_GREATEST = Decimal(10) ** 11
_WAN, _YI, _QIAN = Decimal(10_000), Decimal(100_000_000), Decimal(1_000)
# day 1 of spreadsheets is 1900-01-01, and they believe that 1900 was a leap year
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000 to 2099
_CLOSE_ENOUGH = 55


class ValueProblem(ValueError):
    """Why a cell cannot be taken. `code` is stable."""

    def __init__(self, code: str, reason: Any) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


def shown(value: Any) -> str:
    """The value as the sheet has it, short enough for a sentence."""
    text = value.isoformat()[:10] if isinstance(value, (date, datetime)) else " ".join(str(value).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


# --- whole numbers ---------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_COUNT_WORDS = re.compile(r"(?:个)?(?:人次?|名|位|天|日|days?|people|persons?|pax)$", re.I)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100}


def whole(value: Any) -> int:
    """20, "２０", "1,200", "20人", "15天", "二十"."""
    if isinstance(value, (bool, datetime, date, timedelta)):
        raise ValueProblem("not_whole", lazy("“%(value)s” is no whole number.", value=shown(value)))
    text = _COUNT_WORDS.sub("", narrow(str(value)).replace(" ", "").replace("−", "-"))
    amount = _decimal(text) if _NUMBER.fullmatch(text) else _chinese_number(text)
    if amount is None or amount != amount.to_integral_value():
        raise ValueProblem("not_whole", lazy("“%(value)s” is no whole number.", value=shown(value)))
    if amount < 0:
        raise ValueProblem("negative", lazy("%(value)s is negative; a number from 0 up is needed.", value=shown(value)))
    if amount >= _GREATEST:
        raise ValueProblem("too_large", lazy("“%(value)s” is too large.", value=shown(value)))
    return int(amount)


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _chinese_number(text: str) -> Decimal | None:
    """二十五, 一百零五; None for anything else."""
    if not text or any(sign not in _DIGITS and sign not in _TENS for sign in text):
        return None
    total, last = 0, 0
    for sign in text:
        if sign in _DIGITS:
            last = _DIGITS[sign]
        else:
            total, last = total + (last or 1) * _TENS[sign], 0
    return Decimal(total + last)


# --- amounts ---------------------------------------------------------------------------------------------------------

_CURRENCY = re.compile(r"^(?:¥|rmb|cny|人民币)|(?:rmb|cny|人民币)$", re.I)
_FOREIGN = re.compile(r"[$€£]|usd|eur|gbp|jpy|hkd|美元|欧元|英镑|日元|港币|港元|澳元", re.I)
_FACTORS = ((re.compile(r"亿元?$"), _YI), (re.compile(r"万元?$|w$", re.I), _WAN), (re.compile(r"千元?$"), _QIAN),
            (re.compile(r"(?:元|圆|块)整?$|yuan$", re.I), Decimal(1)))  # fmt: skip


def money(value: Any, unit: Decimal | None = None) -> Decimal:
    """Yuan, exactly. `unit`: what the heading says a figure is multiplied by; what stands in the cell goes before."""
    if isinstance(value, (bool, datetime, date, timedelta)):
        raise ValueProblem("not_money", lazy("“%(value)s” is no amount.", value=shown(value)))
    text = narrow(str(value)).replace(" ", "").replace("−", "-").replace("￥", "¥")
    if _FOREIGN.search(text):
        raise ValueProblem(
            "currency", lazy("“%(value)s” is in a foreign currency; give it in yuan.", value=shown(value))
        )
    if re.fullmatch(r"\(.*\d.*\)", text):
        text = "-" + text[1:-1]
    text, factor = _without_unit(_CURRENCY.sub("", text), unit or Decimal(1))
    amount = _decimal(text) if _NUMBER.fullmatch(text) or _is_plain(value) else None
    if amount is None:
        raise ValueProblem("not_money", lazy("“%(value)s” is no amount.", value=shown(value)))
    amount *= factor
    if abs(amount) >= _GREATEST:
        raise ValueProblem("too_large", lazy("“%(value)s” is too large.", value=shown(value)))
    amount = _whole_cents(amount, value)
    if amount < 0:
        raise ValueProblem(
            "negative", lazy("%(value)s is negative; an amount from 0 up is needed.", value=shown(value))
        )
    return amount


def _is_plain(value: Any) -> bool:
    """A number of the sheet itself, which may come as 1E+05."""
    return isinstance(value, (int, float, Decimal))


def _without_unit(text: str, usual: Decimal) -> tuple[str, Decimal]:
    for pattern, factor in _FACTORS:
        found = pattern.search(text)
        if found:
            return _CURRENCY.sub("", text[: found.start()]), factor
    return text, usual


def _whole_cents(amount: Decimal, value: Any) -> Decimal:
    rounded = amount.quantize(_CENT)
    if abs(amount - rounded) > _NOISE:
        raise ValueProblem("cents", lazy("“%(value)s” has more than two decimals in yuan.", value=shown(value)))
    return (rounded / _CENT).to_integral_value() / _CENTS_OF_A_YUAN  # spelt as the database gives it back


# --- months and days -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class When:
    """A month, perhaps with its year, perhaps as two days."""

    month: int
    year: int | None = None
    first: date | None = None
    last: date | None = None


_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_MONTH_WORD = (
    r"(?P<word>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_PART_OF_MONTH = r"(?:份|初|底|末|上旬|中旬|下旬|上|中|下)?"
_DAY_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        r"(?P<y>(?:19|20)\d\d)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})[日号]?(?:T?00:00(?::00)?)?",
        r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[-.]?" + _MONTH_WORD + r"\.?[-,]?(?P<y>20\d\d)",
        _MONTH_WORD + r"\.?(?P<d>\d{1,2})(?:st|nd|rd|th)?,(?P<y>20\d\d)",
        r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]",
    )
)
_MONTH_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        r"(?P<y>20\d\d)[-/.年](?P<m>\d{1,2})月?" + _PART_OF_MONTH,
        r"(?P<y>20\d\d)(?P<m>\d\d)",
        r"(?P<m>\d{1,2})[-/.](?P<y>20\d\d)",
        r"(?P<m>\d{1,2})月?" + _PART_OF_MONTH,
        r"(?:(?P<y>20\d\d)年)?(?P<zh>十[一二]?|[一二三四五六七八九])月" + _PART_OF_MONTH,
        r"(?:early|mid|late)?-?" + _MONTH_WORD + r"\.?[-,']?(?P<y>20\d\d)?",
        r"(?P<y>20\d\d)[-,]?" + _MONTH_WORD,
    )
)
_BETWEEN = re.compile(
    r"\s*(?:至|到|~|—+|–|―|--+|\bto\b|\buntil\b)\s*|(?<=[\d日号月])\s+-\s+(?=\d)|(?<=[日号月])-(?=\d)|(?<=\d)-(?=20\d\d[-./年])",
    re.I,
)


def day(value: Any, year: int | None = None) -> date:
    """2027-05-10, 2027/5/10, 2027.5.10, 20270510, 2027年5月10日, 5月10日 of the plan year, 10 May 2027, a serial."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        found = _serial(value)
        if found is not None:
            return found
    text = re.sub(r"\s+", "", narrow(str(value)))
    if text.isdigit() and len(text) == len("46508") and (found := _serial(int(text))):
        return found
    for form in _DAY_FORMS:
        match = form.fullmatch(text)
        if match:
            parts = match.groupdict()
            wanted = parts.get("y") or year
            if wanted is None:
                break
            try:
                return date(int(wanted), _month_number(parts), int(parts["d"]))
            except ValueError:
                raise ValueProblem("no_day", lazy("“%(value)s” is no real date.", value=shown(value))) from None
    raise ValueProblem("no_day", lazy("“%(value)s” is no date; write it as 2027-05-10.", value=shown(value)))


def _serial(value: Any) -> date | None:
    return _SERIAL_ZERO + timedelta(days=int(value)) if _FIRST_SERIAL <= value <= _LAST_SERIAL else None


def _month_number(parts: Mapping[str, str | None]) -> int:
    word, chinese = parts.get("word"), parts.get("zh")
    if word:
        return next(number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word.lower()[:3]))
    if chinese:
        return int(_chinese_number(chinese) or 0)
    return int(parts["m"] or 0)


def when(value: Any, year: int | None = None) -> When:
    """5, 5月, 五月, 2027-05, 2027.5, 2027年5月上旬, May 2027, a date, a serial, or two days from … to."""
    if isinstance(value, (bool, timedelta, time)):
        raise _no_month(value)
    if isinstance(value, (datetime, date)):
        found = value.date() if isinstance(value, datetime) else value
        return When(found.month, found.year, found)
    if isinstance(value, (int, float, Decimal)):
        return _when_number(Decimal(str(value)), value)
    text = narrow(value)
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip()]
    if len(pieces) > 1:
        return _span(pieces, value, year)
    return _one_when(text, value, year)


def _when_number(number: Decimal, value: Any) -> When:
    if not number.is_finite():
        raise _no_month(value)
    serial = _serial(number)
    if serial is not None and number == int(number):
        return When(serial.month, serial.year, serial)
    if number == int(number):
        return _one_when(str(int(number)), value, None)
    year, _, month = format(number.normalize(), "f").partition(".")
    if month == "1":
        raise ValueProblem(
            "january_or_october",
            lazy(
                "%(value)s can be January or October; write %(year)s-01 or %(year)s-10.", value=shown(value), year=year
            ),
        )
    return _one_when(f"{year}.{month}", value, None)


def _one_when(text: str, value: Any, year: int | None) -> When:
    plain = re.sub(r"\s+", "", text)
    for form in _MONTH_FORMS:
        match = form.fullmatch(plain)
        if match:
            parts = match.groupdict()
            month = _month_number(parts)
            if 1 <= month <= len(_MONTHS):
                return When(month, int(parts["y"]) if parts.get("y") else None)
    try:
        found = day(value if not isinstance(value, str) else text, year)
    except ValueProblem:
        raise _no_month(value) from None
    return When(found.month, found.year, found)


def _no_month(value: Any) -> ValueProblem:
    return ValueProblem("no_month", lazy("“%(value)s” is no month; write it as 2027-05 or 5.", value=shown(value)))


def _span(pieces: Sequence[str], value: Any, year: int | None) -> When:
    """From … to: two days, the second without its year or month where that is the same."""
    if len(pieces) != len(("first", "last")):
        raise _no_month(value)
    begin, end = (piece.strip() for piece in pieces)
    try:
        first = day(begin, year)
    except ValueProblem:
        raise ValueProblem(
            "two_months", lazy("“%(value)s”: name one month of departure.", value=shown(value))
        ) from None
    if re.fullmatch(r"\d{1,2}[日号]?", end):
        end = f"{first.year}-{first.month}-{end.rstrip('日号')}"
    elif re.fullmatch(r"\d{1,2}[-/.]\d{1,2}", end):
        end = f"{first.year}-{end}"
    last = day(end, first.year)
    check_order(first, last, value)
    return When(first.month, first.year, first, last)


def check_order(first: date, last: date, value: Any = None) -> None:
    """A range that ends before it begins is no range."""
    if last < first:
        raise ValueProblem(
            "ends_before",
            lazy("It ends on %(last)s, before it begins on %(first)s.", last=last.isoformat(), first=first.isoformat()),
        )


# --- ticks and codes -------------------------------------------------------------------------------------------------

_YES = frozenset(map(key_of, ("是", "有", "对", "Y", "yes", "true", "1", "是的", "同意", "承诺", "已承诺", "x"))) | {
    "√",
    "✓",
    "✔",
    "☑",
    "■",
    "●",
}
_NO = frozenset(map(key_of, ("否", "无", "不", "没有", "N", "no", "false", "0", "未"))) | {
    "×",
    "✗",
    "✘",
    "☐",
    "□",
    "-",
    "—",
    "/",
    "○",
}


def tick(value: Any) -> bool:
    """是, √, Y, yes, 1 … or 否, ×, N, no, 0 …"""
    if isinstance(value, bool):
        return value
    text = narrow(str(value))
    for spelt in (text, *(key_of(word) for word in (text, *text.split()))):
        if spelt and spelt in _YES:
            return True
        if spelt and spelt in _NO:
            return False
    raise ValueProblem("no_tick", lazy("“%(value)s” is neither yes nor no.", value=shown(value)))


class Choices:
    """A code list, read by code, by name in either language, or by both as in the drop-downs of the template."""

    def __init__(self, rows: Sequence[tuple[str, Bilingual]]) -> None:
        self.names = dict(rows)
        self._codes: dict[str, str] = {}
        for code, name in rows:
            for spelt in (code, name.zh, name.en, f"{name.zh} {name.en}", f"{name.zh}（{name.en}）"):
                self._codes.setdefault(key_of(spelt), code)
        for code, name in rows:
            for spelt in (bare(name.zh), bare(name.en), f"{name.zh}类", f"{name.zh}项目"):
                self._codes.setdefault(key_of(spelt), code)

    def find(self, text: str) -> str:
        """The code, or ""."""
        for spelt in (key_of(text), key_of(bare(text))):
            if spelt in self._codes:
                return self._codes[spelt]
        return ""

    def one(self, value: Any) -> str:
        code = self.find(str(value))
        if not code:
            raise ValueProblem("not_in_list", self._not_in_list(value))
        return code

    def several(self, value: Any) -> tuple[str, ...]:
        """Names with any usual separator between them."""
        text = str(value)
        if self.find(text):
            return (self.find(text),)
        return tuple(dict.fromkeys(self.one(piece) for piece in pieces_of(text)))

    def _not_in_list(self, value: Any) -> Any:
        names = Names(tuple(self.names.values()))
        return lazy("“%(value)s” is not in the list: %(names)s.", value=shown(value), names=names)


@dataclass(frozen=True)
class Names:
    """Several names in the reader's language, joined as that language does."""

    names: tuple[Any, ...]

    def __str__(self) -> str:
        from expertdesk.foundation.locale import current_language

        separator = "、" if current_language() == "zh" else "; "
        return separator.join(str(name) for name in self.names)


_SEPARATORS = re.compile(r"\s*[、，,;；/\\\n\r|]+\s*|\s+&\s+")


def pieces_of(text: str) -> tuple[str, ...]:
    """Parts of a cell with any usual separator, each once, in order."""
    plain = text.replace("\u3000", " ")
    return tuple(dict.fromkeys(part.strip(" 。.") for part in _SEPARATORS.split(plain) if part.strip(" 。.")))


def closest(text: str, known: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The names most like a text, best first; for advice only, never taken by themselves."""
    names = list(known)
    folded = [key_of(name) for name in names]
    found = process.extract(key_of(text), folded, scorer=fuzz.WRatio, limit=limit, score_cutoff=_CLOSE_ENOUGH)
    return tuple(dict.fromkeys(names[index] for _, _, index in found))
