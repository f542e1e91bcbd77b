"""The words about programmes for introducing experts, to contacts of organisations and to reviewers (see wording for
the rules).

Parameters: number (of the application), name and name_en (of a call), due_on, from_on, to_on, until_on, funds (yuan),
report (a code of the rule table), year, agreed (1 or 0).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.foundation.locale import current_language, format_date, format_money, gettext
from expertdesk.notices.text import Text
from expertdesk.regulations.current import rules_today

_ = gettext
Words = Mapping[str, Any]


def _day(values: Words, name: str = "due_on") -> str:
    value = values.get(name)
    return format_date(date.fromisoformat(str(value)), "long") if value else ""


def _number(values: Words) -> str:
    return str(values.get("number", ""))


def _call(values: Words) -> str:
    """The name of the call; only in Chinese where it has no other."""
    name, name_en = str(values.get("name") or ""), str(values.get("name_en") or "")
    return name if current_language() == "zh" or not name_en else name_en


def _own_path(values: Words) -> str:
    number = _number(values)
    return f"/my/programs/{number}" if number else "/my/programs"


def _review_path(values: Words) -> str:
    number = _number(values)
    return f"/programs/reviews/{number}" if number else "/programs/reviews"


def _report(values: Words) -> str:
    code = str(values.get("report") or "final")
    found = rules_today().find("program_report_kinds", code)
    return str(found.name) if found is not None else ""


# --- calls ------------------------------------------------------------------------------------------------------


def call_opened(values: Words) -> Text:
    """A call takes applications from today."""
    name, due = _call(values), _day(values)
    subject = _("Call for applications: %(name)s", name=name) if name else _("A new call for applications is open")
    first = _("The bureau has opened a call for projects that introduce foreign experts. The organisation applies, "
              "never the expert.")  # fmt: skip
    until = (_("Applications are taken until %(day)s.", day=due),) if due else ()
    return Text(subject, (first, *until), "/my/programs")


def call_closing(values: Words) -> Text:
    """An application that was begun and is not with the bureau yet."""
    number, due = _number(values), _day(values)
    first = _("The application %(number)s is not submitted yet.", number=number)
    then = (
        _("The call closes at the end of %(day)s. What is still missing stands on its page.", day=due)
        if due
        else _("The call closes soon. What is still missing stands on its page.")
    )
    subject = (
        _("Application %(number)s: submit it by %(day)s", number=number, day=due)
        if due
        else _("Application %(number)s: submit it soon", number=number)
    )
    return Text(subject, (first, then), _own_path(values))


# --- check, review, decision ------------------------------------------------------------------------------------


def received(values: Words) -> Text:
    number = _number(values)
    first = _("The programme application %(number)s is with the bureau, which checks whether it is complete.",
              number=number)  # fmt: skip
    then = _("You need not do anything until you hear from us. You can take it back until the approval.")
    return Text(_("Programme application %(number)s received", number=number), (first, then), _own_path(values))


def returned(values: Words) -> Text:
    number = _number(values)
    first = _("The bureau returned the programme application %(number)s for completion. The reason stands on its page.",
              number=number)  # fmt: skip
    then = _("Please mend it and submit it again; this is possible also after the call has closed.")
    return Text(_("Programme application %(number)s: please complete it", number=number), (first, then),
                _own_path(values))  # fmt: skip


def rejected(values: Words) -> Text:
    number = _number(values)
    first = _("The programme application %(number)s was not selected. The reason stands on its page.", number=number)
    then = _("The organisation can apply again to another call.")
    return Text(_("Decision on programme application %(number)s", number=number), (first, then), _own_path(values))


def review_assigned(values: Words) -> Text:
    number, due = _number(values), _day(values)
    first = _("You are asked to review the programme application %(number)s.", number=number)
    then = _("Before you read it, say whether you have a conflict of interest. Scores and opinions stay hidden from "
             "the other reviewers until all are in.")  # fmt: skip
    until = (_("Please give your review by %(day)s.", day=due),) if due else ()
    return Text(_("Review of the programme application %(number)s", number=number), (first, then, *until),
                _review_path(values))  # fmt: skip


def review_late(values: Words) -> Text:
    number, due = _number(values), _day(values)
    first = (
        _("Your review of the programme application %(number)s was due on %(day)s.", number=number, day=due)
        if due
        else _("Your review of the programme application %(number)s is overdue.", number=number)
    )
    then = _("Please give it now, or say that you cannot, so that somebody else is asked.")
    return Text(_("Review of the programme application %(number)s is overdue", number=number), (first, then),
                _review_path(values))  # fmt: skip


def publicised(values: Words) -> Text:
    number, first_day, last_day = _number(values), _day(values, "from_on"), _day(values, "to_on")
    first = (
        _("The programme application %(number)s is proposed for approval and made public from %(first)s to %(last)s.",
          number=number, first=first_day, last=last_day)
        if first_day and last_day
        else _("The programme application %(number)s is proposed for approval and made public.", number=number)
    )  # fmt: skip
    then = _("The approval follows when nothing stands against it.")
    return Text(_("Programme application %(number)s is made public", number=number), (first, then), _own_path(values))


def approved(values: Words) -> Text:
    number, until = _number(values), _day(values, "until_on")
    first = _("The project %(number)s was approved.", number=number)
    if values.get("funds"):
        funds = format_money(Decimal(str(values["funds"])))
        first = _("The project %(number)s was approved with a subsidy of %(funds)s.", number=number, funds=funds)
    then = _("The funds by item and the person-months stand on its page. Start the project there when work begins.")
    lapses = (_("What is neither started nor extended by %(day)s lapses.", day=until),) if until else ()
    return Text(_("Project %(number)s approved", number=number), (first, then, *lapses), _own_path(values))


# --- the run ----------------------------------------------------------------------------------------------------


def start_due(values: Words) -> Text:
    number, due, until = _number(values), _day(values), _day(values, "until_on")
    first = _("The project %(number)s is approved and not started yet.", number=number)
    then = []
    if due:
        then.append(_("An extension into the next year can be asked for until %(day)s.", day=due))
    if until:
        then.append(_("What is neither started nor extended by %(day)s lapses.", day=until))
    return Text(_("Project %(number)s: start it or ask for an extension", number=number), (first, *then),
                _own_path(values))  # fmt: skip


def report_due(values: Words) -> Text:
    number, due, report = _number(values), _day(values), _report(values)
    subject = (
        _("Project %(number)s: %(report)s due on %(day)s", number=number, report=report, day=due)
        if due
        else _("Project %(number)s: %(report)s due soon", number=number, report=report)
    )
    first = _("The bureau expects a report on the project %(number)s: %(report)s.", number=number, report=report)
    then = (_("Please file it on the page of the project by %(day)s.", day=due),) if due else ()
    return Text(subject, (first, *then), _own_path(values))


def report_overdue(values: Words) -> Text:
    number, due, report = _number(values), _day(values), _report(values)
    first = (
        _("A report on the project %(number)s was due on %(day)s and has not come: %(report)s.", number=number,
          day=due, report=report)
        if due
        else _("A report on the project %(number)s has not come: %(report)s.", number=number, report=report)
    )  # fmt: skip
    then = _("Please file it now. A project without its reports cannot be closed, and it counts when you apply again.")
    return Text(_("Project %(number)s: %(report)s overdue", number=number, report=report), (first, then),
                _own_path(values))  # fmt: skip


def change_decided(values: Words) -> Text:
    number = _number(values)
    first = _("The bureau decided on the change you asked for in the project %(number)s.", number=number)
    then = {
        1: _("It is agreed and holds from today."),
        0: _("It is refused: the approved values stay. The reason stands on the page of the project."),
    }.get(values.get("agreed"), _("The decision stands on the page of the project."))  # type: ignore[arg-type]
    return Text(_("Project %(number)s: change decided", number=number), (first, then), _own_path(values))


def settled(values: Words) -> Text:
    number = _number(values)
    first = _("The settlement of the project %(number)s was accepted.", number=number)
    then = _("What was not spent of the subsidy is paid back. The project is closed when the result report is in.")
    return Text(_("Project %(number)s: settlement accepted", number=number), (first, then), _own_path(values))


def settlement_returned(values: Words) -> Text:
    number = _number(values)
    first = _("The bureau returned the settlement of the project %(number)s. The reason stands on its page.",
              number=number)  # fmt: skip
    then = _("Please correct it and file it again.")
    return Text(_("Project %(number)s: please correct the settlement", number=number), (first, then),
                _own_path(values))  # fmt: skip


def terminated(values: Words) -> Text:
    number = _number(values)
    first = _("The bureau terminated the project %(number)s before its time. The reason stands on its page.",
              number=number)  # fmt: skip
    return Text(_("Project %(number)s terminated", number=number), (first,), _own_path(values))


def lapsed(values: Words) -> Text:
    number = _number(values)
    first = _("The project %(number)s has lapsed: it was neither started nor extended in its year.", number=number)
    then = _("The organisation can apply again to another call.")
    return Text(_("Project %(number)s has lapsed", number=number), (first, then), _own_path(values))


KINDS = {
    "program_call_opened": call_opened,
    "program_call_closing": call_closing,
    "program_received": received,
    "program_returned": returned,
    "program_rejected": rejected,
    "program_review_assigned": review_assigned,
    "program_review_late": review_late,
    "program_publicised": publicised,
    "program_approved": approved,
    "program_start_due": start_due,
    "program_report_due": report_due,
    "program_report_overdue": report_overdue,
    "program_change_decided": change_decided,
    "program_settled": settled,
    "program_settlement_returned": settlement_returned,
    "program_terminated": terminated,
    "program_lapsed": lapsed,
}
