"""The words about overseas-training plans, to the contacts of the units and to managers (see wording for the rules).

Parameters: year, number (of a group), due_on; for managers also unit, unit_en.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from expertdesk.foundation.locale import current_language, format_date, gettext
from expertdesk.notices.text import Text

_ = gettext
Words = Mapping[str, Any]


def _day(values: Words) -> str:
    value = values.get("due_on")
    return format_date(date.fromisoformat(str(value)), "long") if value else ""


def _plan_path(values: Words) -> str:
    return f"/training/{values.get('year', '')}"


def _group_path(values: Words) -> str:
    return f"/training/groups/{values.get('number', '')}"


def called(values: Words) -> Text:
    """The first round is open."""
    year, due = values.get("year", ""), _day(values)
    first = _("The overseas-training plan for %(year)s is open: your unit has its control number.", year=year)
    then = _("Declare your groups in the system, or fill in the sheet you can download there.")
    until = (_("Declarations are taken until %(day)s.", day=due),) if due else ()
    return Text(_("Overseas-training plan %(year)s: declare your groups", year=year), (first, then, *until),
                _plan_path(values))  # fmt: skip


def returned(values: Words) -> Text:
    """A group came back from the bureau."""
    number = values.get("number", "")
    first = _("The bureau returned the training group %(number)s for changes. The reason stands on its page.",
              number=number)  # fmt: skip
    return Text(_("Training group %(number)s: please change it", number=number), (first,), _group_path(values))


def feedback(values: Words) -> Text:
    """First feedback from above: revise inside the number."""
    year, due = values.get("year", ""), _day(values)
    first = _("The first feedback on the overseas-training plan for %(year)s is here. Please revise your groups inside "
              "your control number.", year=year)  # fmt: skip
    until = (_("Revisions are taken until %(day)s.", day=due),) if due else ()
    return Text(_("Overseas-training plan %(year)s: revise your groups", year=year), (first, *until),
                _plan_path(values))  # fmt: skip


def approved(values: Words) -> Text:
    """The approval list is here."""
    year = values.get("year", "")
    first = _("The overseas-training plan for %(year)s was approved. See which of your groups may go, with how many "
              "people and what subsidy.", year=year)  # fmt: skip
    then = _("Before a group leaves: publicity inside the unit, roster, invitation and budget review.")
    return Text(_("Overseas-training plan %(year)s approved", year=year), (first, then), _plan_path(values))


def report_due(values: Words) -> Text:
    """A group is back; the report is expected."""
    number, due = values.get("number", ""), _day(values)
    first = _("The training group %(number)s is back. Please file its report and the settlement by %(day)s.",
              number=number, day=due)  # fmt: skip
    return Text(_("Training group %(number)s: report due on %(day)s", number=number, day=due), (first,),
                _group_path(values))  # fmt: skip


def report_soon(values: Words) -> Text:
    """The day to report by is near."""
    number, due = values.get("number", ""), _day(values)
    first = _("The report of the training group %(number)s and its settlement are expected by %(day)s and are not here "
              "yet.", number=number, day=due)  # fmt: skip
    then = _("You can file both on the page of the group.")
    return Text(_("Training group %(number)s: report expected by %(day)s", number=number, day=due), (first, then),
                _group_path(values))  # fmt: skip


def report_late(values: Words) -> Text:
    """The day to report by has passed."""
    number, due = values.get("number", ""), _day(values)
    first = _("The report of the training group %(number)s was due on %(day)s and is not here yet. Please file it now; "
              "the form asks why it is late.", number=number, day=due)  # fmt: skip
    then = _("Without the report the group cannot be settled.")
    return Text(_("Training group %(number)s: report overdue since %(day)s", number=number, day=due), (first, then),
                _group_path(values))  # fmt: skip


def report_missing(values: Words) -> Text:
    """For the manager: the unit was reminded, and nothing came."""
    number, due = values.get("number", ""), _day(values)
    names = values.get("unit", ""), values.get("unit_en", "") or values.get("unit", "")
    unit = names[0] if current_language() == "zh" else names[1]
    first = _("%(unit)s has not filed the report of the training group %(number)s, due on %(day)s. Its contacts were "
              "reminded before and after that day.", unit=unit, number=number, day=due)  # fmt: skip
    return Text(_("Training group %(number)s: report still missing", number=number), (first,), _group_path(values))


KINDS = {
    "training_called": called,
    "training_returned": returned,
    "training_feedback": feedback,
    "training_approved": approved,
    "training_report_due": report_due,
    "training_report_soon": report_soon,
    "training_report_late": report_late,
    "training_report_missing": report_missing,
}
