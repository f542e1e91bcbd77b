"""Rules as data: every threshold, period, list of papers, ground and holiday is a dated row of `tables/*.yaml`.

Used by every capability (through `regulations.current`), the rule browser and the rule commands. Comes in: the shipped
tables, files of the bureau that replace one of them, facts about a person or dates of a case. Goes out: an immutable
rule book for a day and a region, judgements that name their rule and its source, and the sentences for both languages.
A table that has a gap, an overlap, a wrong sum or half a translation stops the start, with file, line and sentence.
Pure: no Flask, no database.
"""

from expertdesk.regulations.answers import classify_json, clock_due_json, diff_json, diff_lines
from expertdesk.regulations.applicants import Check, NonAcceptance
from expertdesk.regulations.base import RuleBase, check, load
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.browse import BrowsedRow, BrowsedTable, browsable, browse_table
from expertdesk.regulations.checklist import ChecklistItem, Circumstances
from expertdesk.regulations.classify import Classification, Warn
from expertdesk.regulations.compare import Change
from expertdesk.regulations.criteria import Route
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.limits import ClockDue, ExtensionWindow, Limit, StepLimits
from expertdesk.regulations.months import add_months, age_on, whole_months
from expertdesk.regulations.periods import Dates, PeriodProblem, PermitPeriod
from expertdesk.regulations.problems import Problem, RuleInputError, RuleTableError
from expertdesk.regulations.readable import Cell
from expertdesk.regulations.rows import Row
from expertdesk.regulations.scoring import Factor, Points
from expertdesk.regulations.working_days import DayKind, Due, WorkCalendar

Entry = Row

__all__ = [
    "BrowsedRow",
    "BrowsedTable",
    "Cell",
    "Change",
    "Check",
    "ChecklistItem",
    "Circumstances",
    "Classification",
    "ClockDue",
    "Dates",
    "DayKind",
    "Due",
    "Entry",
    "ExtensionWindow",
    "Factor",
    "Facts",
    "Limit",
    "NonAcceptance",
    "PeriodProblem",
    "PermitPeriod",
    "Points",
    "Problem",
    "Route",
    "Row",
    "RuleBase",
    "RuleBook",
    "RuleInputError",
    "RuleTableError",
    "StepLimits",
    "Warn",
    "WorkCalendar",
    "add_months",
    "age_on",
    "browsable",
    "browse_table",
    "check",
    "classify_json",
    "clock_due_json",
    "diff_json",
    "diff_lines",
    "load",
    "whole_months",
]
