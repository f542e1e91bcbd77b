"""Rules as data. Filled in below."""

from expertdesk.regulations.answers import classify_json, clock_due_json, diff_json, diff_lines
from expertdesk.regulations.applicants import Check, NonAcceptance
from expertdesk.regulations.base import RuleBase, check, load
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.checklist import ChecklistItem, Circumstances
from expertdesk.regulations.classify import Classification, Warn
from expertdesk.regulations.criteria import Route
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.limits import ClockDue, ExtensionWindow, Limit, StepLimits
from expertdesk.regulations.months import add_months, age_on, whole_months
from expertdesk.regulations.periods import Dates, PeriodProblem, PermitPeriod
from expertdesk.regulations.problems import Problem, RuleInputError, RuleTableError
from expertdesk.regulations.rows import Row
from expertdesk.regulations.scoring import Factor, Points
from expertdesk.regulations.working_days import DayKind, Due, WorkCalendar

Entry = Row

__all__ = [
    "Check", "ChecklistItem", "Circumstances", "Classification", "ClockDue", "Dates", "DayKind", "Due", "Entry",
    "ExtensionWindow", "Factor", "Facts", "Limit", "NonAcceptance", "PeriodProblem", "PermitPeriod", "Points",
    "Problem", "Route", "Row", "RuleBase", "RuleBook", "RuleInputError", "RuleTableError", "StepLimits", "Warn",
    "WorkCalendar", "add_months", "age_on", "check", "classify_json", "clock_due_json", "diff_json", "diff_lines",
    "load", "whole_months",
]
