"""`training cost` and `training export`: costs by the standards in force, and the annual plan as a file (contract:
commands)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expertdesk.access import Actor, Role
from expertdesk.cli.plain import DAY, WHOLE, PlainGroup, Refused, WrongArguments, print_json, refuse_input
from expertdesk.foundation import clock
from expertdesk.foundation.errors import NotAllowedNow, NotFound
from expertdesk.foundation.locale import gettext
from expertdesk.models import PlanPart, PlanRound
from expertdesk.regulations import RuleInputError
from expertdesk.regulations.current import rules_on
from expertdesk.training.costs import Host, Stay, TripFacts, training_cost_json

_PARTS = [part.value for part in PlanPart]
_ROUNDS = [round_.value for round_ in PlanRound]


@click.group("training", cls=PlainGroup, help="Overseas-training plans: costs by the standards, the plan as a file.")
def training() -> None:
    pass


@training.command("cost", help="The cost of one person at PLACE (DE, GB/伦敦 …) as JSON, line by line.")
@click.option(
    "--place",
    "places",
    multiple=True,
    required=True,
    help="Country or region code, a city after a slash where it matters; once for each city, each with its --nights.",
)
@click.option("--training-days", type=WHOLE, required=True, help="Days on which training is charged.")
@click.option("--nights", "nights", type=WHOLE, multiple=True, required=True, help="Nights in paid lodging.")
@click.option("--days", type=WHOLE, required=True, help="Days from leaving to coming back, both counted.")
@click.option("--edition", default="", help="E2013 or E2017; default: in force on the first day abroad.")
@click.option("--fed-by-host", is_flag=True, help="The host feeds everybody every day.")
@click.option("--train-hours", type=WHOLE, default=0, help="Hours abroad on an international train.")
@click.option("--train-days", type=WHOLE, default=0, help="Calendar days of them.")
@click.option("--from", "first_day", type=DAY, help="First day abroad (default: today).")
@click.option("--as", "reference", default="", help="Take the standards of this country for one that is not listed.")
def cost(
    places: tuple[str, ...],
    training_days: int,
    nights: tuple[int, ...],
    days: int,
    edition: str,
    fed_by_host: bool,
    train_hours: int,
    train_days: int,
    first_day: date | None,
    reference: str,
) -> None:
    country, cities = _split(places)
    trip = TripFacts(
        country=country,
        stays=_stays(cities, nights),
        training_days=training_days,
        days=days,
        first_day_on=first_day or clock.today(),
        host=Host.feeding(days) if fed_by_host else Host(),
        edition=edition.strip().upper(),
        reference_country=reference.strip().upper(),
        train_hours=train_hours,
        train_days=train_days,
    )
    try:
        answer = training_cost_json(rules_on(clock.today()), trip)
    except RuleInputError as error:
        refuse_input(error)
    print_json(answer)


def _split(places: tuple[str, ...]) -> tuple[str, list[str]]:
    """One country, and its cities in the order of the trip."""
    pairs = [place.partition("/") for place in places]
    countries = list(dict.fromkeys(country.strip().upper() for country, _, _ in pairs))
    if len(countries) > 1:
        shown = ", ".join(countries)
        raise WrongArguments(gettext("One project goes to one country; these are several: %(places)s.", places=shown))
    return countries[0], [city.strip() for _, _, city in pairs]


def _stays(cities: list[str], nights: tuple[int, ...]) -> tuple[Stay, ...]:
    if len(cities) != len(nights):
        raise WrongArguments(
            gettext(
                "Give --nights once for each --place: %(places)s places, %(nights)s numbers of nights.",
                places=len(cities),
                nights=len(nights),
            )
        )
    return tuple(Stay(city, count) for city, count in zip(cities, nights, strict=True))


@training.command("export", help="The plan of YEAR into the file OUT; refused where a hard limit fails.")
@click.argument("year", type=click.IntRange(2000, 2099))
@click.option("--format", "kind", type=click.Choice(["xlsx", "pdf", "csv"]), required=True)
@click.option("--lang", type=click.Choice(["zh", "en", "both"]), default="zh", show_default=True)
@click.option("--round", "round_", type=click.Choice(_ROUNDS), help="The plan as it was in this round.")
@click.option("--part", type=click.Choice(_PARTS), help="One part only.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def export(year: int, kind: str, lang: str, round_: str | None, part: str | None, out: Path) -> None:
    from expertdesk.training import export_files, exports
    from expertdesk.training.policy import find_plan

    actor = Actor(id=0, username="command", name="ExpertDesk", roles=frozenset({Role.MANAGER}))
    wanted = export_files.Wanted(kind, lang, PlanPart(part) if part else None, PlanRound(round_) if round_ else None)
    try:
        plan = find_plan(year, actor)
        if wanted.round is None:
            exports.refuse_if_blocked(plan)
        made = export_files.make(plan, actor, wanted)
    except NotFound:
        raise Refused(gettext("There is no such plan or round: %(what)s.", what=f"{year} {round_ or ''}")) from None
    except NotAllowedNow as error:
        raise Refused("; ".join(str(reason.text) for reason in error.reasons)) from None
    try:
        out.write_bytes(made.data)
    except OSError as error:
        raise Refused(gettext("%(file)s cannot be written: %(why)s", file=out, why=error.strerror)) from None
    click.echo(str(out))


def commands() -> list[click.Command]:
    return [training]
