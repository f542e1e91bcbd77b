"""What the selects of the intake offer, from the rule tables, in the reader's language. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from expertdesk.foundation.locale import countries, country_name, current_language, gettext
from expertdesk.regulations import RuleBook

Pairs = list[tuple[str, str]]
# value, label, heading it stands under
Grouped = list[tuple[str, str, str]]
# the procedures that this page handles in full
PROCEDURES = ("NEW_ABROAD", "NEW_IN_CHINA", "EXTENSION")
# groups without a permit that only a statement can tell; residents of Hong Kong, Macao, Taiwan are told by nationality
STATED_GROUPS = ("PR", "DIPLOMAT")
STATELESS = "XX"


def offered(lines: Sequence[tuple[str, ...]]) -> list[SelectChoice]:
    """Lines of a select as the form library takes them; a third part is the heading."""
    return [SelectChoice(line[0], line[1], optgroup=line[2] if len(line) > 2 else None) for line in lines]


def please_choose(pairs: Iterable[tuple[str, str]], empty: str = "") -> Pairs:
    """With an empty first line, so that nothing is chosen by accident."""
    return [("", empty or gettext("Please choose")), *pairs]


def of_table(book: RuleBook, table: str) -> Pairs:
    return [(str(row.code), str(row.name)) for row in book.dictionary(table)]


def _coded(code: str, name: Any) -> str:
    return gettext("%(code)s %(name)s", code=code, name=name)


def procedures(book: RuleBook) -> Pairs:
    """The open procedures that are taken in here."""
    return [(row.code, str(row.name)) for row in book.procedures(open_only=True) if row.code in PROCEDURES]


def nations() -> Pairs:
    """Every country and region; Hong Kong, Macao and Taiwan are among them and lead to "no permit needed"."""
    language = "zh" if current_language() == "zh" else "en"
    return please_choose(_nations(language))


@lru_cache(maxsize=2)
def _nations(language: str) -> tuple[tuple[str, str], ...]:
    known = countries(language)
    if any(code == STATELESS for code, _ in known):
        return known
    return (*known, (STATELESS, country_name(STATELESS, language)))


def grounds(book: RuleBook) -> Pairs:
    """Short names; the words of the table stand below the choice."""
    return [(row.code, _coded(row.code, row.short)) for row in book.rows("in_country_grounds")]


def stated_groups(book: RuleBook) -> Pairs:
    return [(row.code, str(row.name)) for row in book.rows("special_groups") if row.code in STATED_GROUPS]


def districts(book: RuleBook) -> Pairs:
    """The districts of the bureau in force: fictional ones where the bureau itself is (mark `demo` of its row)."""
    return [(row.code, str(row.name)) for row in book.districts(demo=bool(book.bureau.demo))]


def criteria(book: RuleBook) -> Grouped:
    """Criteria that have to be claimed, by category; those that are worked out (salary, points) are left out."""
    return [
        (row.code, _coded(row.code, row.short), str(book.name_of("categories", row.category)))
        for row in book.rows("criteria")
        if not row.computed
    ]


def categories(book: RuleBook) -> Pairs:
    return [(row.code, str(row.name)) for row in book.rows("categories")]


def residence(book: RuleBook) -> Grouped:
    """Visas and residence permits under two headings; the code says which: visa:Z, permit:WORK."""
    visa, permit = gettext("Visa"), gettext("Residence permit")
    return [
        *((f"visa:{row.code}", _coded(row.code, row.name), visa) for row in book.dictionary("visa_kinds")),
        *((f"permit:{row.code}", str(row.name), permit) for row in book.dictionary("residence_permit_kinds")),
    ]
