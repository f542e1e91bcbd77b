"""Marks between words that a template puts together: full width and without spaces in Chinese.

A sentence has its marks in its own text; this is for `{{ label }}{{ punct.colon }}{{ value }}` only. `space` stands
between two whole sentences.
"""

from __future__ import annotations

from expertdesk.foundation.locale import current_language

_MARKS = {
    "colon": ("：", ": "),
    "comma": ("，", ", "),
    "semicolon": ("；", "; "),
    "stop": ("。", ". "),
    "list": ("、", ", "),
    "open": ("（", " ("),
    "close": ("）", ")"),
    "space": ("", " "),
    "to": ("至", " – "),
    "since": ("起，", " – "),
}


class Punctuation:
    def __getattr__(self, name: str) -> str:
        if name not in _MARKS:
            raise AttributeError(name)
        zh, en = _MARKS[name]
        return zh if current_language() == "zh" else en
