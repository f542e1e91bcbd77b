"""Checks on figures: points bands and sums, salary thresholds, the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from expertdesk.regulations.lint import Linter
from expertdesk.regulations.months import MONTHS_PER_YEAR, ONE_DAY
from expertdesk.regulations.rows import Row
from expertdesk.regulations.schema import Record
from expertdesk.regulations.scoring import band_of, formula_score

_SATURDAY = 5  # date.weekday(): Monday is 0


def _sums(linter: Linter) -> None:
    """The maxima of every edition add up to the greatest total of the points table; the lines lie within it."""
    for line in linter.rows("point_lines"):
        if line.category is not None:
            continue
        for day in sorted({row.valid_from for row in linter.rows("points")}):
            rows = [row for row in linter.rows("points") if row.in_force(day)]
            total = sum(row.max for row in rows)
            if total != line.total:
                zh = f"：{day}起的版本各要素满分合计为{total}，应为{line.total}。"
                linter.add(line, zh, f"is {line.total}, but the maxima of the edition of {day} add up to {total}.")
        for other in linter.rows("point_lines"):
            if other.total > line.total:
                zh = f"高于满分{line.total}，永远达不到。"
                linter.add(other, zh, f"is above the greatest total of {line.total} and is never reached.")


def _factors(linter: Linter) -> None:
    for row in linter.rows("points"):
        before = len(linter.problems)
        if row.kind in ("band", "closed_band"):
            _bands(linter, row)
        elif row.kind in ("choice", "any_of"):
            _options(linter, row)
        elif row.kind == "formula":
            _formula(linter, row)
        elif row.least is None or row.least > row.max:
            linter.add(row, "缺少下限 least，或者下限大于满分。", "lacks its least, or it is above the maximum.")
        if len(linter.problems) == before:
            _greatest(linter, row)
            _edges(linter, row)


def _greatest(linter: Linter, row: Row) -> None:
    scores = [band.score for band in row.bands] + [option.score for option in row.options]
    if row.formula is not None:
        scores.append(row.formula.cap)
    if scores and max(scores) != row.max:
        zh = f"的最高分为{max(scores)}，与满分{row.max}不符。"
        linter.add(row, zh, f"gives at most {max(scores)}, but its maximum is {row.max}.")


def _bands(linter: Linter, row: Row) -> None:
    bands = sorted(row.bands, key=lambda band: band.min)
    if not bands or row.unit is None or (row.code == "SALARY" and not row.unit_size):
        linter.add(row, "缺少区间 bands 或者单位 unit、unit_size。", "lacks its bands, its unit or unit_size.")
        return
    closed = row.kind == "closed_band"
    for band in bands:
        if band.max is not None and (band.max < band.min or (band.max == band.min and not closed)):
            zh = f"的区间{band.min}至{band.max}永远用不到。"
            linter.add(row, zh, f"has the band {band.min} to {band.max}, which is never reached.")
    for before, after in pairwise(bands):
        _next_band(linter, row, before, after, Decimal(1) if closed else Decimal(0))
    if bands[-1].max is not None:
        linter.add(row, f"的区间没有覆盖{bands[-1].max}以上。", f"has no band above {bands[-1].max}.")


def _next_band(linter: Linter, row: Row, before: Record, after: Record, step: Decimal) -> None:
    if before.max is None or after.min < before.max + step:
        zh = f"的区间在{after.min}处重叠，后一个区间用不到。"
        linter.add(row, zh, f"has bands that overlap at {after.min}; the later one is not reached.")
    elif after.min > before.max + step:
        zh = f"的区间在{before.max}与{after.min}之间有空档。"
        linter.add(row, zh, f"leaves a gap between {before.max} and {after.min}.")


def _options(linter: Linter, row: Row) -> None:
    if not row.options:
        linter.add(row, "没有选项 options。", "has no options.")
    for name in ("code", "fact"):
        seen: set[str] = set()
        for option in row.options:
            value = option.get(name)
            if value in seen:
                zh = f"的选项“{value}”重复，后一个永远用不到。"
                linter.add(row, zh, f"has the option “{value}” twice; the second is never reached.")
            seen.add(value)
    if row.default_fact and row.default_fact not in {option.fact for option in row.options}:
        zh = f"的默认选项“{row.default_fact}”不存在。"
        linter.add(row, zh, f"has an unknown default option “{row.default_fact}”.")


def _formula(linter: Linter, row: Row) -> None:
    formula = row.formula
    if formula is None:
        linter.add(row, "缺少公式 formula。", "lacks its formula.")
    elif formula.below_years != formula.at_years:
        zh = f"的公式在{formula.below_years}与{formula.at_years}年之间没有规定。"
        en = f"has a formula with nothing said between {formula.below_years} and {formula.at_years} years."
        linter.add(row, zh, en)


def _edges(linter: Linter, row: Row) -> None:
    for edge in row.edges:
        if row.formula is not None:
            found = formula_score(row, int(edge.input))
        else:
            band = band_of(row, edge.input)
            found = band[0] if band else 0
        if found != edge.score:
            zh = f"的边界算例{edge.input}应得{edge.score}分，按表得{found}分。"
            linter.add(row, zh, f"gives {found} for the edge {edge.input}; the worked example says {edge.score}.")


def _salaries(linter: Linter) -> None:
    for row in linter.rows("salary_thresholds"):
        for letter in ("a", "b"):
            month, year = row.get(f"{letter}_month_cny"), row.get(f"{letter}_year_cny")
            computed = row.base_month_cny * row.get(f"{letter}_multiple")
            if month != computed:
                zh = f"的{letter.upper()}类月度门槛{month}不等于基数乘倍数{computed}。"
                en = f"has the month {month} for {letter.upper()}, but base times multiple is {computed}."
                linter.add(row, zh, en)
            if year != month * MONTHS_PER_YEAR:
                zh = f"的{letter.upper()}类年度门槛{year}不等于12个月合计{month * MONTHS_PER_YEAR}。"
                en = f"has the year {year} for {letter.upper()}, but 12 months are {month * MONTHS_PER_YEAR}."
                linter.add(row, zh, en)


def _calendar(linter: Linter) -> None:
    known = sum(row.days for row in linter.rows("statutory_holidays"))
    for row in linter.rows("calendar"):
        if not (row.code.isascii() and row.code.isdigit() and len(row.code) == len("2026")):
            linter.add(row, "的代码应为年份，例如2026。", "must have a year as its code, for example 2026.")
            continue
        off = _days_off(linter, row)
        _worked(linter, row, off)
        _holidays(linter, row, off, known)


def _holidays(linter: Linter, row: Row, off: set[date], known: int) -> None:
    if row.official and not row.notice:
        linter.add(row, "是正式安排，须注明通知文号。", "is official and needs its notice.")
    if not row.official and len(row.statutory_only) != known:
        count = len(row.statutory_only)
        zh = f"列有{count}个法定节假日，应为{known}个。"
        linter.add(row, zh, f"lists {count} statutory days; there are {known}.")
    for holiday in linter.rows("statutory_holidays"):
        if not holiday.in_force(date(int(row.code), 1, 1)):
            continue
        for text in holiday.fixed:
            try:
                day = date.fromisoformat(f"{row.code}-{text}")
            except ValueError:
                zh = f"的固定日期“{text}”应为存在的月-日。"
                linter.add(holiday, zh, f"has the fixed day “{text}”; it must be a month and day that exist.")
                continue
            if day not in off:
                linter.add(row, f"缺少法定节假日{text}。", f"lacks the statutory holiday {text}.")


def _days_off(linter: Linter, row: Row) -> set[date]:
    off: set[date] = set()
    spans = [(span.first, span.last) for span in row.off] + [(entry.on, entry.on) for entry in row.statutory_only]
    for first, last in spans:
        if last < first:
            zh = f"：{first}起的假期终止日早于起始日。"
            linter.add(row, zh, f"has days off from {first} that end before they begin.")
        day = first
        while day <= last:
            if day.year != int(row.code):
                linter.add(row, f"含有其他年份的{day}。", f"holds {day}, a day of another year.")
                break
            if day in off:
                linter.add(row, f"重复列出{day}。", f"lists {day} twice.")
            off.add(day)
            day += ONE_DAY
    return off


def _worked(linter: Linter, row: Row, off: set[date]) -> None:
    for day in row.work:
        if day.year != int(row.code):
            linter.add(row, f"含有其他年份的{day}。", f"holds {day}, a day of another year.")
        if day.weekday() < _SATURDAY:
            zh = f"的调休上班日{day}不是周末。"
            linter.add(row, zh, f"has {day} as a worked day off, but it is no weekend day.")
        if day in off:
            linter.add(row, f"的{day}既放假又上班。", f"has {day} both off and worked.")


FIGURES: tuple[Callable[[Linter], None], ...] = (_sums, _factors, _salaries, _calendar)
