"""Countries and regions by every usual name, in both languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from expertdesk.foundation.locale import Bilingual, countries, country_name, lazy
from expertdesk.regulations import RuleBook
from expertdesk.training.importing.values import Names, ValueProblem, closest, pieces_of, shown
from expertdesk.training.importing.words import bare, key_of, narrow

_HOME = "CN"
_AND = re.compile(r"\s*[和及与]\s*|\s+and\s+", re.I)
_ARTICLE = re.compile(r"^the\s+", re.I)
_CODE_LENGTH = 2


class Countries:
    """Names of the house (Babel), and the others of the table training_countries."""

    def __init__(self, book: RuleBook) -> None:
        self._codes: dict[str, str] = {}
        self._known: dict[str, str] = {}
        for language in ("zh", "en"):
            for code, name in countries(language):
                self._add(name, code)
                self._known[name] = code
        for code in dict.fromkeys(self._known.values()):
            self._add(f"{country_name(code, 'zh')} {country_name(code, 'en')}", code)
        self._iso = frozenset(self._known.values())
        for row in book.rows("training_countries"):
            for name in (row.name.zh, row.name.en, *row.also):
                self._add(name, row.code)
                self._known.setdefault(name, row.code)

    def _add(self, name: str, code: str) -> None:
        for spelt in (name, bare(name), name.replace("&", " and ")):
            self._codes.setdefault(key_of(spelt), code)

    def find(self, text: str) -> str:
        """The code of one name, or ""."""
        plain = narrow(text).strip(" .。")
        if len(plain) == _CODE_LENGTH and plain.isascii() and plain.isupper() and plain in self._iso:
            return plain
        for spelt in (plain, _ARTICLE.sub("", plain), bare(plain), plain.replace("&", " and ")):
            code = self._codes.get(key_of(spelt), "")
            if code:
                return code
        return ""

    def several(self, value: Any) -> tuple[str, ...]:
        """Every country named in a cell, in order. Raises ValueProblem for a name that is none, and for China."""
        found = self._whole_or_pieces(narrow(str(value)).replace("\n", "、"))
        if _HOME in found:
            raise ValueProblem(
                "home", lazy("“%(value)s”: training abroad does not go to the mainland.", value=shown(value))
            )
        return tuple(dict.fromkeys(found))

    def _whole_or_pieces(self, text: str) -> list[str]:
        whole = self.find(text)
        if whole:
            return [whole]
        pieces = list(pieces_of(text))
        codes: list[str] = []
        while pieces:
            # "Hong Kong, China" and "Korea, Republic of" hold a separator themselves
            taken = next((size for size in (3, 2, 1) if self.find(", ".join(pieces[:size])) and size <= len(pieces)), 0)
            if taken:
                codes.append(self.find(", ".join(pieces[:taken])))
                pieces = pieces[taken:]
                continue
            codes += self._joined(pieces.pop(0))
        return codes

    def _joined(self, text: str) -> list[str]:
        parts = [part for part in _AND.split(text) if part.strip()]
        codes = [self.find(part) for part in parts]
        if len(parts) > 1 and all(codes):
            return codes
        raise ValueProblem("unknown_country", self._unknown(text))

    def _unknown(self, text: str) -> Any:
        near = tuple(dict.fromkeys(self._known[name] for name in closest(text, self._known)))
        if not near:
            return lazy("“%(value)s” is no country or region that is known here.", value=shown(text))
        names = Names(tuple(Bilingual(country_name(code, "zh"), country_name(code, "en")) for code in near))
        return lazy("“%(value)s” is no country or region that is known here. Meant: %(names)s?",
                    value=shown(text), names=names)  # fmt: skip


@lru_cache(maxsize=4)
def countries_of(book: RuleBook) -> Countries:
    """Made once for a rule book."""
    return Countries(book)
