"""Rules as data. Filled in below."""

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.base import RuleBase, check, load
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.problems import Problem, RuleInputError, RuleTableError
from expertdesk.regulations.rows import Row
from expertdesk.regulations.working_days import DayKind, Due, WorkCalendar

Entry = Row

__all__ = [
    "Bilingual", "DayKind", "Due", "Entry", "Problem", "Row", "RuleBase", "RuleBook", "RuleInputError",
    "RuleTableError", "WorkCalendar", "check", "load",
]
