"""The facts a category is judged by, read strictly from JSON (contract: `rules classify`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.months import MONTHS_PER_YEAR, age_on
from expertdesk.regulations.problems import RuleInputError

EDUCATION = ("doctorate", "master", "bachelor", "none")
CHINESE = ("former_national", "degree_in_chinese", "hsk5", "hsk4", "hsk3", "hsk2", "hsk1", "none")
LOCATION = ("west", "northeast", "special", "other")
ELITE = ("university", "fortune500", "ip", "five_years")
TEACHING_WAIVERS = ("degree", "licence", "certificate")
_LONGEST_SHOWN = 40  # signs of a wrong value in a message
_CARRIED = ("id", "label", "note")  # a caller's own marks on an object; given back, never judged
_OLDEST = 130  # plausibility of an age, not a rule
_EARLIEST_YEAR, _LATEST_YEAR = 1890, 2200  # plausibility of a day, not a rule
_GREATEST = Decimal("1e12")  # plausibility of a sum of money or a count, not a rule
_MOST_DIGITS, _MOST_DECIMALS = 30, 8  # what a person can mean; more is a slip or an attack


@dataclass(frozen=True)
class Facts:
    """What is claimed about one person. None = not stated, which is not the same as "none" or 0.

    `salary_cny_month`, `salary_cny_year`: CNY before tax; `experience_years`, `months_per_year` may carry a fraction
    (rounded down when judged); `criteria`: codes claimed, main one first; `bonus`: points, whole.
    """

    on: date | None = None
    region: str | None = None
    birth_date: date | None = None
    age: int | None = None
    salary_cny_year: Decimal | None = None
    salary_cny_month: Decimal | None = None
    education: str | None = None
    experience_years: Decimal | None = None
    months_per_year: Decimal | None = None
    chinese: str | None = None
    location: str | None = None
    elite: tuple[str, ...] | None = None
    bonus: int | None = None
    criteria: tuple[str, ...] = ()
    teaching_waiver: str | None = None
    teaching_hours: int | None = None
    work_days: int | None = None

    def age_on(self, day: date) -> int | None:
        """Completed years on a day, from the birth date where it is known."""
        return age_on(self.birth_date, day) if self.birth_date else self.age

    @property
    def year_salary(self) -> Decimal | None:
        """CNY a year; a monthly figure is taken 12 times (D-PT-02)."""
        if self.salary_cny_year is not None:
            return self.salary_cny_year
        return None if self.salary_cny_month is None else self.salary_cny_month * MONTHS_PER_YEAR

    @classmethod
    def from_json(cls, obj: object) -> Facts:
        """Read one object. Raises RuleInputError with a sentence per field; unknown names are refused."""
        if not isinstance(obj, Mapping):
            raise RuleInputError({"": Bilingual("事实应为一个 JSON 对象。", "The facts must be one JSON object.")})
        reader = _Reader(obj)
        facts = cls(
            on=reader.day("on"),
            region=reader.text("region"),
            birth_date=reader.day("birth_date"),
            age=reader.whole("age", _OLDEST),
            salary_cny_year=reader.amount("salary_cny_year", _GREATEST),
            salary_cny_month=reader.amount("salary_cny_month", _GREATEST),
            education=reader.choice("education", EDUCATION),
            experience_years=reader.amount("experience_years", Decimal(_OLDEST)),
            months_per_year=reader.amount("months_per_year", Decimal(MONTHS_PER_YEAR)),
            chinese=reader.choice("chinese", CHINESE),
            location=reader.choice("location", LOCATION),
            elite=reader.choices("elite", ELITE),
            bonus=reader.whole("bonus", int(_GREATEST)),
            criteria=reader.codes("criteria"),
            teaching_waiver=reader.choice("teaching_waiver", TEACHING_WAIVERS),
            teaching_hours=reader.whole("teaching_hours", int(_GREATEST)),
            work_days=reader.whole("work_days", int(_GREATEST)),
        )
        reader.finish({field.name for field in fields(cls)})
        return facts

    def as_json(self) -> dict[str, Any]:
        """The shape `from_json` reads; decimals as strings, what is not stated left out."""
        out: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or (field.name == "criteria" and not value):
                continue
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, Decimal):
                value = format(value, "f")
            elif isinstance(value, tuple):
                value = list(value)
            out[field.name] = value
        return out


def carried_marks(obj: object) -> dict[str, Any]:
    """The caller's own marks (id, label, note), to be given back with the answer."""
    return {name: obj[name] for name in _CARRIED if name in obj} if isinstance(obj, Mapping) else {}


class _Reader:
    """Reads one field after the other and collects what is wrong."""

    def __init__(self, obj: Mapping[str, Any]) -> None:
        self.obj = obj
        self.problems: dict[str, Bilingual] = {}

    def refuse(self, name: str, zh: str, en: str) -> None:
        self.problems.setdefault(name, Bilingual(f"{name}：{zh}", f"{name}: {en}"))

    def finish(self, known: set[str]) -> None:
        for name in self.obj:
            if name not in known and name not in _CARRIED:
                names = sorted(known)
                self.refuse(
                    str(name),
                    f"没有这个字段，可用：{'、'.join(names)}",
                    f"there is no such field; known: {', '.join(names)}",
                )
        if self.problems:
            raise RuleInputError(self.problems)

    def text(self, name: str) -> str | None:
        value = self.obj.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.refuse(name, "应为文字", "must be a text")
            return None
        return value

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            day = date.fromisoformat(text)
            if len(text) != len("YYYY-MM-DD") or not _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
                raise ValueError(text)
        except ValueError:
            self.refuse(name, f"“{text}”不是有效日期（YYYY-MM-DD）", f"“{text}” is not a day (YYYY-MM-DD)")
            return None
        return day

    def amount(self, name: str, most: Decimal) -> Decimal | None:
        value = self.obj.get(name)
        if value is None or value == "":
            return None
        number = None
        if not isinstance(value, bool) and isinstance(value, int | float | Decimal | str):
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                number = None
        if number is None or not number.is_finite():
            shown = str(value)[:_LONGEST_SHOWN]
            self.refuse(name, f"“{shown}”不是数字", f"“{shown}” is not a number")
            return None
        if len(number.as_tuple().digits) > _MOST_DIGITS or int(number.as_tuple().exponent) < -_MOST_DECIMALS:
            self.refuse(name, "数字过长", "has too many digits")
            return None
        if number < 0 or number > most:
            zh, en = f"应在0至{most:f}之间", f"must be from 0 to {most:f}"
            self.refuse(name, zh, en)
            return None
        return number

    def whole(self, name: str, most: int) -> int | None:
        number = self.amount(name, Decimal(most))
        if number is not None and number != int(number):
            self.refuse(name, "应为整数", "must be a whole number")
            return None
        return None if number is None else int(number)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        text = self.text(name)
        if text is not None and text not in allowed:
            known = "|".join(allowed)
            self.refuse(name, f"“{text}”应为 {known} 之一", f"“{text}” must be one of {known}")
            return None
        return text

    def _list(self, name: str) -> list[str] | None:
        value = self.obj.get(name)
        if value is None:
            return None
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.refuse(name, "应为文字列表", "must be a list of texts")
            return None
        return list(dict.fromkeys(value))

    def choices(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...] | None:
        values = self._list(name)
        for value in values or ():
            if value not in allowed:
                known = "|".join(allowed)
                self.refuse(name, f"“{value}”应为 {known} 之一", f"“{value}” must be one of {known}")
        return None if values is None else tuple(values)

    def codes(self, name: str) -> tuple[str, ...]:
        return tuple(self._list(name) or ())
