"""What each limit looks at in one training group or one part of the plan. Pure: facts and parameters in, passed or not
with the sentence that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expertdesk.foundation.locale import lazy
from expertdesk.training.facts import AMOUNTS, GroupFacts, PartFacts
from expertdesk.training.field_names import listed

# one third, compared as 3 × part against the whole, without rounding (training_plan_fields: bounds)
_THIRD = 3


@dataclass(frozen=True)
class Seen:
    """What a check answers: True passed, False failed, None an input is empty."""

    passed: bool | None
    text: Any = ""
    fields: tuple[str, ...] = ()


Check = Callable[[GroupFacts, Mapping[str, Decimal]], Seen]

# --- what each rule looks at -------------------------------------------------------------------------------------


def _in_plan(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    text = lazy("Only a group of the approved plan may set out.")
    return Seen(facts.state in ("approved", "publicised"), text, ())


def _within_budget(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.budget_total is None:
        return Seen(None, fields=("budget_total",))
    if facts.budget_left is None:
        return Seen(False, lazy("The unit’s training budget of the year is not recorded."), ("annual_budget",))
    text = lazy(
        "CNY %(total)s, but only CNY %(left)s of the unit’s budget of the year is left.",
        total=facts.budget_total, left=facts.budget_left,
    )  # fmt: skip
    return Seen(facts.budget_total <= facts.budget_left, text, ("budget_total",))


def _one_country(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    count = len(facts.destinations)
    if not count:
        return Seen(None, fields=("destinations",))
    text = lazy("%(count)s countries; a project goes to one only.", count=count)
    return Seen(count == 1, text, ("destinations",))


def _few_cities(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    count, most = len(set(facts.cities)), int(params.get("max_cities", _THIRD))
    if not count:
        return Seen(None, fields=("cities",))
    text = lazy("%(count)s cities; at most %(most)s.", count=count, most=most)
    return Seen(count <= most, text, ("cities",))


def _enough_lectures(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.lecture_hours is None or not facts.total_hours:
        return Seen(None, fields=("schedule",))
    text = lazy(
        "Lectures take %(part)s of %(all)s hours; at least one third.",
        part=facts.lecture_hours.normalize(), all=facts.total_hours.normalize(),
    )  # fmt: skip
    return Seen(facts.lecture_hours * _THIRD >= facts.total_hours, text, ("schedule",))


def _ticked(name: str, text: Any) -> Check:
    def check(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
        return Seen(bool(getattr(facts, name)), text, (name,))

    return check


def _no_banquets(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    text = lazy("CNY %(amount)s for banquets; training groups give none.", amount=facts.banquet)
    return Seen(not facts.banquet, text, ("banquet",))


def _no_gifts(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    text = lazy("CNY %(amount)s for gifts; in principle there are none.", amount=facts.gifts)
    return Seen(not facts.gifts, text, ("gifts",))


def _publicised(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.is_secret:
        return Seen(True)
    if facts.publicity_from is None:
        return Seen(None, fields=("publicity",))
    least, counted = int(params.get("publicity_days", 0)), facts.publicity_working_days or 0
    is_over = facts.publicity_to is None or facts.today is None or facts.publicity_to < facts.today
    if not is_over:
        return Seen(False, lazy("The publicity has not ended yet."), ("publicity",))
    text = lazy("Publicised for %(count)s working days; at least %(least)s.", count=counted, least=least)
    return Seen(counted >= least, text, ("publicity",))


def _leader_form(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.leaders_planned is None:
        return Seen(None, fields=("leaders_planned",))
    text = lazy("Leading officials: %(count)s, but the separate approval form is missing.", count=facts.leaders_planned)
    return Seen(facts.leaders_planned == 0 or facts.has_leader_form, text, ("leader_form",))


def _no_diploma(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.term:
        return Seen(None, fields=("days",))
    text = lazy("Short training may not lead to a diploma.")
    return Seen(facts.term != "short" or not facts.awards_degree, text, ("awards_degree",))


def _authorised(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.signatory or not facts.has_provider:
        return Seen(None, fields=("invitation_signatory",))
    known = {_spelt(name) for name in facts.provider_signatories}
    text = lazy("The institution has not authorised %(name)s to sign invitations.", name=facts.signatory)
    return Seen(_spelt(facts.signatory) in known, text, ("invitation_signatory",))


def _spelt(name: str) -> str:
    return " ".join(name.split()).casefold()


def _group_size(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.people_planned is None:
        return Seen(None, fields=("people_planned",))
    least, most = int(params["min_group_size"]), int(params["max_group_size"])
    text = lazy(
        "%(count)s people; usually %(least)s to %(most)s.", count=facts.people_planned, least=least, most=most
    )  # fmt: skip
    return Seen(least <= facts.people_planned <= most, text, ("people_planned",))


def _short_days(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.days is None:
        return Seen(None, fields=("days",))
    most = int(params["max_short_days"])
    text = lazy("%(days)s days; short training usually takes %(most)s at most.", days=facts.days, most=most)
    return Seen(facts.term != "short" or facts.days <= most, text, ("days",))


def _nobody_twice(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.roster:
        return Seen(None, fields=("roster",))
    twice = [f"{one.name} ({', '.join(one.other_groups)})" for one in facts.roster if one.other_groups]
    text = lazy("Also in another group of the year: %(names)s.", names=listed(twice))
    return Seen(not twice, text, ("roster",))


def _report_in_time(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.reported_on is None or facts.return_on is None:
        return Seen(None, fields=("report",))
    days, most = (facts.reported_on - facts.return_on).days, int(params["report_days"])
    text = lazy("Reported %(days)s days after the return; at most %(most)s.", days=days, most=most)
    return Seen(days <= most, text, ("reported_on",))


def _passports_in(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.passports_returned_on is None or facts.return_on is None:
        return Seen(None, fields=("passports_returned_on",))
    days, most = (facts.passports_returned_on - facts.return_on).days, int(params["passport_days"])
    text = lazy("Passports handed in %(days)s days after the return; at most %(most)s.", days=days, most=most)
    return Seen(days <= most, text, ("passports_returned_on",))


# --- consistency of the row (row_checks, ours) --------------------------------------------------------------------


def _total_fits(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    total, parts = facts.budget_total, facts.sum_of_amounts
    if total is None or parts is None:
        empty = tuple(name for name in AMOUNTS if facts.amounts.get(name) is None)
        return Seen(None, fields=empty or ("budget_total",))
    text = lazy("The total is CNY %(total)s, columns 18 to 23 add up to CNY %(parts)s.", total=total, parts=parts)
    return Seen(abs(total - parts) <= params.get("tolerance", Decimal(0)), text, ("budget_total",))


def _place_fits(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.destinations:
        return Seen(None, fields=("destinations",))
    own = {"HK": "hk_macao", "MO": "hk_macao", "TW": "taiwan"}
    text = lazy("Hong Kong, Macao and Taiwan are filed on sheets of their own.")
    return Seen(all(own.get(code, "abroad") == facts.part for code in facts.destinations), text, ("destinations",))


def _leaders_fit(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.leaders_planned is None or facts.people_planned is None:
        return Seen(None, fields=("leaders_planned",))
    text = lazy("More leading officials than people.")
    return Seen(0 <= facts.leaders_planned <= facts.people_planned, text, ("leaders_planned",))


def _subsidy_fits(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    asked, total = facts.subsidy_requested, facts.budget_total
    if asked is None or total is None:
        return Seen(True)
    return Seen(asked <= total, lazy("The subsidy requested is more than the budget."), ("subsidy_requested",))


def _decision_fits(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    people = facts.people_approved is None or facts.people_approved <= (facts.people_planned or 0)
    money = facts.subsidy_approved is None or facts.subsidy_approved <= (facts.subsidy_requested or Decimal(0))
    return Seen(people and money, lazy("More approved than was asked for."), ("people_approved",))


def _figures_fit(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    needed = {"people_planned": facts.people_planned, "days": facts.days, "depart_month": facts.depart_month}
    empty = tuple(name for name, value in needed.items() if value is None)
    if empty or facts.people_planned is None or facts.days is None:
        return Seen(None, fields=empty)
    months = range(1, int(params.get("months", 0)) + 1)
    fine = {"people_planned": facts.people_planned > 0, "days": facts.days > 0,
            "depart_month": facts.depart_month in months}  # fmt: skip
    wrong = tuple(name for name, is_fine in fine.items() if not is_fine)
    return Seen(not wrong, lazy("People and days are at least 1, the month is 1 to 12."), wrong)


def _filled(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    needed = {
        "name": facts.name,
        "key_field": facts.key_field,
        "approval_type": facts.approval_type,
        "fundings": facts.fundings,
        "provider_id": facts.has_provider,
    }
    empty = tuple(name for name, value in needed.items() if not value)
    return Seen(None if empty else True, fields=empty)


def _unit_qualified(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    return Seen(
        facts.is_unit_qualified, lazy("The unit may not organise groups (no qualification on file)."), ("unit",)
    )


def _provider_fit(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.has_provider:
        return Seen(None, fields=("provider_id",))
    text = lazy("The training institution is out of the register, or its authorisation has ended.")
    return Seen(facts.is_provider_active, text, ("provider_id",))


def _standards_known(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    text = lazy(
        "Missing: %(items)s. Enter a fare for everybody; without a standard, the amount with document and date.",
        items=listed(facts.missing_standards),
    )
    return Seen(not facts.missing_standards, text, ("budget",))


def _within_standards(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    text = lazy("Above the standard without prior approval: %(items)s.", items=listed(facts.over_standard))
    return Seen(not facts.over_standard, text, ("budget",))


def _two_opinions(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    text = lazy("Both opinions, foreign affairs and finance, must be there and agree.")
    return Seen({"task", "finance"} <= set(facts.reviews_agreed), text, ("reviews",))


def _roster_there(facts: GroupFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.roster:
        return Seen(None, fields=("roster",))
    approved = facts.people_approved if facts.people_approved is not None else facts.people_planned
    text = lazy("%(count)s names on the roster, %(approved)s people approved.", count=len(facts.roster),
                approved=approved)  # fmt: skip
    return Seen(approved is None or len(facts.roster) <= approved, text, ("roster",))


GROUP_CHECKS: Mapping[str, Check] = {
    "R01": _in_plan,
    "R02": _within_budget,
    "R03": _one_country,
    "R04": _few_cities,
    "R05": _enough_lectures,
    "R06": _ticked("is_for_training_only", lazy("Declare: not for profit, not as a favour, no general sightseeing.")),
    "R07": _no_banquets,
    "R07G": _no_gifts,
    "R08": _publicised,
    "R11": _leader_form,
    "R12": _ticked("is_without_agents_or_family", lazy("Declare: no intermediaries, no spouse or children.")),
    "R13": _no_diploma,
    "R14": _authorised,
    "R15": _group_size,
    "R16": _short_days,
    "R17": _nobody_twice,
    "R20": _report_in_time,
    "R21": _passports_in,
    "R24": _ticked("is_without_sponsors", lazy("Declare: no sponsors, no cost passed on to others.")),
    "K01": _total_fits,
    "K02": _place_fits,
    "K03": _leaders_fit,
    "K04": _subsidy_fits,
    "K05": _decision_fits,
    "K06": _figures_fit,
    "K07": _filled,
    "K08": _unit_qualified,
    "K09": _provider_fit,
    "K10": _standards_known,
    "K11": _within_standards,
    "K12": _two_opinions,
    "K13": _roster_there,
}


# --- rules about a whole part --------------------------------------------------------------------------------------


def _quota_kept(facts: PartFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.headcount is None:
        # no number from above for this part: nobody may be sent on it
        return Seen(facts.people == 0, lazy("No control number for this part, but %(n)s people.", n=facts.people))
    text = lazy(
        "%(people)s people, %(over)s over the control number of %(control)s.",
        people=facts.people, over=facts.people - facts.headcount, control=facts.headcount,
    )  # fmt: skip
    return Seen(facts.people <= facts.headcount, text, ("people_planned",))


def _enough_mid_long(facts: PartFacts, params: Mapping[str, Decimal]) -> Seen:
    if facts.mid_long_least is None:
        return Seen(True)
    text = lazy(
        "%(people)s people on medium and long terms; at least %(least)s.",
        people=facts.mid_long_people, least=facts.mid_long_least,
    )  # fmt: skip
    return Seen(facts.mid_long_people >= facts.mid_long_least, text, ("days",))


def _schengen_share(facts: PartFacts, params: Mapping[str, Decimal]) -> Seen:
    if not facts.review_type_people:
        return Seen(None)
    text = lazy("More than one third of the people go to Schengen countries.")
    return Seen(facts.schengen_people * _THIRD <= facts.review_type_people, text, ("destinations",))


PART_CHECKS: Mapping[str, Callable[[PartFacts, Mapping[str, Decimal]], Seen]] = {
    "R09": _quota_kept,
    "R10": _schengen_share,
    "K14": _enough_mid_long,
}
