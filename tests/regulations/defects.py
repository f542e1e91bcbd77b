"""Every kind of defect of a rule table, as a change to a shipped table, and what must be said about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    """`at`: what stands on the line that must be named, in the broken text."""

    name: str
    file: str
    old: str
    new: str
    at: str
    zh: str
    en: str


BEIJING = "        name: {zh: 北京市薪资门槛, en: Salary thresholds of Beijing}"

OF_ROWS = [
    # what YAML would guess
    Defect(
        "duplicate key",
        "validity.yaml",
        "years: 5,",
        "years: 5, years: 6,",
        "years: 5, years: 6",
        "写了两次",
        "given twice",
    ),
    Defect(
        "implicit boolean yes",
        "procedures.yaml",
        "        open: true\n        categories: [A, B, C]\n        result",
        "        open: yes\n        categories: [A, B, C]\n        result",
        "open: yes",
        "只能是 true 或 false",
        "must be true or false",
    ),
    Defect(
        "implicit boolean NO is Norway",
        "dictionaries.yaml",
        "{code: SPOUSE, name: {zh: 配偶, en: Spouse}}",
        "{code: SPOUSE, name: {zh: 配偶, en: Spouse}, demo: NO}",
        "code: SPOUSE",
        "是“NO”，只能是 true 或 false",
        "is “NO”; it must be true or false",
    ),
    Defect(
        "float with an exponent",
        "points.yaml",
        "          - {min: 45, score: 20}",
        "          - {min: 4.5e1, score: 20}",
        "4.5e1",
        "应为十进制数",
        "plain decimal number",
    ),
    Defect(
        "infinity",
        "categories.yaml",
        "        base_month_cny: 11937",
        "        base_month_cny: .inf",
        ".inf",
        "应为十进制数",
        "plain decimal number",
    ),
    Defect(
        "not a whole number",
        "validity.yaml",
        "years: 2,",
        "years: 2.5,",
        "years: 2.5",
        "应为整数",
        "must be a whole number",
    ),
    Defect(
        "a day that does not exist",
        "calendar.yaml",
        "first: 2026-01-01, last: 2026-01-03",
        "first: 2026-01-01, last: 2026-02-30",
        "2026-02-30",
        "存在的日期",
        "a day that exists",
    ),
    Defect("alias", "validity.yaml", "years: 5,", "years: &five 5,", "&five", "锚点", "Anchors"),
    Defect("tag", "validity.yaml", "years: 5,", "years: !!int 5,", "!!int", "标签", "tag"),
    Defect("broken YAML", "validity.yaml", "years: 5,", "years: [5,", "years: [5", "不是有效的 YAML", "not valid YAML"),
    # what a row must have
    Defect(
        "missing English",
        "grounds.yaml",
        "{code: J03, name: {zh: 不符合A、B、C任一类别条件, en: No category criterion met}",
        "{code: J03, name: {zh: 不符合A、B、C任一类别条件}",
        "code: J03",
        "缺少英文",
        "lacks its English text",
    ),
    Defect(
        "missing Chinese",
        "grounds.yaml",
        "{code: J03, name: {zh: 不符合A、B、C任一类别条件, en: No category criterion met}",
        "{code: J03, name: {zh: , en: No category criterion met}",
        "code: J03",
        "缺少中文",
        "lacks its Chinese text",
    ),
    Defect(
        "missing source",
        "categories.yaml",
        "        source: [W1, W2, W3]\n",
        "",
        BEIJING[8:40],
        "缺少来源",
        "lacks source",
    ),
    Defect(
        "empty source",
        "categories.yaml",
        "        source: [W1, W2, W3]\n",
        "        source: []\n",
        "source: []",
        "缺少来源",
        "lacks source",
    ),
    Defect(
        "missing confidence",
        "categories.yaml",
        "        source: [W1, W2, W3]\n        confidence: high\n",
        "        source: [W1, W2, W3]\n",
        BEIJING[8:40],
        "缺少可信度",
        "lacks confidence",
    ),
    Defect(
        "missing first day",
        "categories.yaml",
        "        valid_from: 2026-02-04\n",
        "",
        BEIJING[8:40],
        "缺少起始日",
        "lacks valid_from",
    ),
    Defect(
        "missing field",
        "validity.yaml",
        "years: 5, confidence",
        "confidence",
        "{code: A, name: {zh: A类",
        "缺少“years”",
        "lacks “years”",
    ),
    Defect(
        "unknown field",
        "validity.yaml",
        "years: 5,",
        "years: 5, yeers: 5,",
        "yeers",
        "不认识“yeers”",
        "unknown field “yeers”",
    ),
    Defect(
        "unknown word",
        "categories.yaml",
        "        source: [W1, W2, W3]\n        confidence: high",
        "        source: [W1, W2, W3]\n        confidence: sure",
        "confidence: sure",
        "只能是",
        "allowed: high, medium, low",
    ),
]
