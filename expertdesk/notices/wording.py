"""The words of each message, made when it is sent or shown, in the language of the reader.

Mail is not encrypted: a message names the case number and dates and leads to the page behind the sign-in; it holds no
name, no passport number and nothing from a paper.

Parameters by kind (all optional but `number` of the case kinds):
number, due_on, items (how many papers), letter (a letter kind) · invitation: code, expires_on, organisation ·
expiry_reminder: what (permit or passport), number, expires_on, days, from_on, to_on (window of an extension),
path (the page for staff) · training and programme kinds: see training_wording and program_wording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from expertdesk.foundation.locale import format_date, gettext, ngettext, use_language
from expertdesk.notices import program_wording, training_wording
from expertdesk.notices.text import Text
from expertdesk.regulations.current import rules_today

_ = gettext

Words = Mapping[str, Any]


def text_of(kind: str, parameters: Words, language: str) -> Text:
    """Subject and paragraphs in `language`. An unknown kind (an old row) still gives a readable line."""
    with use_language(language):
        return KINDS.get(kind, _unknown)(parameters)


def mail_body(text: Text, language: str, base_url: str) -> str:
    """The whole text of the mail: greeting, what happened, where to look, whom to ask."""
    with use_language(language):
        bureau = rules_today().bureau
        lines = [_("Hello,"), *text.paragraphs]
        if text.path:
            lines.append(_("Open it here:") + f"\n{base_url}{text.path}")
        lines.append(
            _("Please do not answer this mail; it is not read. Questions: %(phone)s (%(hours)s).",
              phone=bureau.phone, hours=bureau.hours)
        )  # fmt: skip
        lines.append(str(bureau.name))
        return "\n\n".join(lines) + "\n"


# --- reading parameters -----------------------------------------------------------------------------------------


def _day(parameters: Words, name: str) -> str:
    """A date written out, or "" when it is not given."""
    value = parameters.get(name)
    return format_date(date.fromisoformat(str(value)), "long") if value else ""


def _number(parameters: Words) -> str:
    return str(parameters.get("number", ""))


def _path(parameters: Words) -> str:
    """The page a reminder leads to: staff get the record's own, everybody else the own file."""
    return str(parameters.get("path") or "/my")


def _case_path(parameters: Words) -> str:
    number = _number(parameters)
    return f"/my/{number}" if number else "/my"


# --- the messages -----------------------------------------------------------------------------------------------


def _case_submitted(values: Words) -> Text:
    number, due = _number(values), _day(values, "due_on")
    first = _("The application %(number)s was received and the preliminary check has begun.", number=number)
    then = (
        _("The check should be done by %(day)s. You need not do anything until then.", day=due)
        if due
        else _("You need not do anything until the check is done.")
    )
    return Text(_("Application %(number)s received", number=number), (first, then), _case_path(values))


def _correction_notice(values: Words) -> Text:
    number, due, items = _number(values), _day(values, "due_on"), int(values.get("items") or 0)
    subject = (
        _("Please send papers for %(number)s by %(day)s", number=number, day=due)
        if due
        else _("Please send papers for %(number)s", number=number)
    )
    first = (
        ngettext(
            "The preliminary check found %(n)s paper to send again or add.",
            "The preliminary check found %(n)s papers to send again or add.",
            items,
        )
        if items
        else _("The preliminary check found papers to send again or add.")
    )
    then = _("The correction notice names all of them at once, with what would be enough for each.")
    paragraphs = [first, then]
    if due:
        paragraphs.append(_("Please upload them by %(day)s. Afterwards the papers may be returned.", day=due))
    return Text(subject, tuple(paragraphs), _case_path(values))


def _correction_answered(values: Words) -> Text:
    number, due = _number(values), _day(values, "due_on")
    first = _("The corrections for %(number)s were received; the case officer checks them now.", number=number)
    then = (_("The check should be done by %(day)s.", day=due),) if due else ()
    return Text(_("Corrections for %(number)s received", number=number), (first, *then), _case_path(values))


def _case_accepted(values: Words) -> Text:
    number, due = _number(values), _day(values, "due_on")
    first = _("The application %(number)s is complete and was accepted. It is now under review.", number=number)
    then = (_("The decision is due by %(day)s. You need not do anything now.", day=due),) if due else ()
    return Text(_("Application %(number)s accepted", number=number), (first, *then), _case_path(values))


def _case_not_accepted(values: Words) -> Text:
    number = _number(values)
    first = _("The application %(number)s was not accepted.", number=number)
    then = _("The notice gives the reason, the authority that is responsible and what you can do against it.")
    return Text(_("Application %(number)s not accepted", number=number), (first, then), _case_path(values))


def _case_returned(values: Words) -> Text:
    number = _number(values)
    first = _("The papers of %(number)s were returned, because the corrections did not come in time.", number=number)
    then = _("A new application can be made at any time.")
    return Text(_("Papers of %(number)s returned", number=number), (first, then), _case_path(values))


def _case_withdrawn(values: Words) -> Text:
    number = _number(values)
    first = _("The application %(number)s was withdrawn; nothing more will be done.", number=number)
    return Text(_("Application %(number)s withdrawn", number=number), (first,), _case_path(values))


def _case_granted(values: Words) -> Text:
    number, due = _number(values), _day(values, "due_on")
    first = _("The application %(number)s was granted.", number=number)
    then = (
        _("The letters will be delivered by %(day)s; we will tell you.", day=due)
        if due
        else _("We will tell you when the letters are ready.")
    )
    return Text(_("Application %(number)s granted", number=number), (first, then), _case_path(values))


def _case_refused(values: Words) -> Text:
    number = _number(values)
    first = _("The application %(number)s was refused.", number=number)
    then = _("The decision gives the grounds, the law and what you can do against it, and until when.")
    return Text(_("Decision on application %(number)s", number=number), (first, then), _case_path(values))


def _letter_delivered(values: Words) -> Text:
    number = _number(values)
    first = _("The letters of %(number)s were delivered. You can download them on your page.", number=number)
    then = _("Whoever you show a letter to can check it with the code on it.")
    return Text(_("Letters of %(number)s are ready", number=number), (first, then), _case_path(values))


def _invitation(values: Words) -> Text:
    code, until = str(values.get("code") or ""), _day(values, "expires_on")
    first = _("You are invited to ExpertDesk, where you see the state of your case, what is to be done, and letters.")
    organisation = str(values.get("organisation") or "")
    if organisation:
        first = _("You are invited to ExpertDesk as a contact of %(organisation)s.", organisation=organisation)
    paragraphs = [first]
    if until:
        paragraphs.append(_("Choose a user name and a password by %(day)s; the address works once.", day=until))
    return Text(_("Your access to ExpertDesk"), tuple(paragraphs), f"/invitation/{code}" if code else "")


def _expiry_reminder(values: Words) -> Text:
    number, end, days = _number(values), _day(values, "expires_on"), int(values.get("days") or 0)
    if values.get("what") == "passport":
        subject = _("Your passport ends on %(day)s", day=end)
        first = _("The passport we have on file ends on %(day)s.", day=end)
        then = _("If you have a new one, tell your employer or the bureau within the time the rules give.")
        return Text(subject, (first, then), _path(values))
    subject = _("Work permit %(number)s ends on %(day)s", number=number, day=end)
    first = (
        ngettext(
            "The work permit %(number)s ends on %(day)s, in %(n)s day.",
            "The work permit %(number)s ends on %(day)s, in %(n)s days.",
            days,
            number=number,
            day=end,
        )
        if days
        else _("The work permit %(number)s ends on %(day)s.", number=number, day=end)
    )
    opens, closes = _day(values, "from_on"), _day(values, "to_on")
    then = (
        _("The employer can apply for the extension from %(opens)s to %(closes)s.", opens=opens, closes=closes)
        if opens and closes
        else _("The employer applies for the extension.")
    )
    return Text(subject, (first, then), _path(values))


def _unknown(values: Words) -> Text:
    return Text(_("Message from the bureau"), (_("Please look at your page for what is new."),), "/my")


KINDS: dict[str, Callable[[Words], Text]] = {
    "case_submitted": _case_submitted,
    "correction_notice": _correction_notice,
    "correction_answered": _correction_answered,
    "case_accepted": _case_accepted,
    "case_not_accepted": _case_not_accepted,
    "case_returned": _case_returned,
    "case_withdrawn": _case_withdrawn,
    "case_granted": _case_granted,
    "case_refused": _case_refused,
    "letter_delivered": _letter_delivered,
    "invitation": _invitation,
    "expiry_reminder": _expiry_reminder,
    **training_wording.KINDS,
    **program_wording.KINDS,
}
