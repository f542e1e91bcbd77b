"""`rules classify`, `rules diff`, `clock due`: ask the rules from the command line (contract: commands).

Comes in: facts as JSON (one object, or a list answered by a list), days, a procedure. Goes out: JSON, or readable text.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

import click

from expertdesk.cli.plain import DAY, PlainGroup, Refused, print_json, refuse_input
from expertdesk.foundation import clock as time
from expertdesk.foundation.locale import format_date, gettext, ngettext
from expertdesk.regulations import Change, RuleInputError, classify_json, clock_due_json, diff_json
from expertdesk.regulations.current import rule_base, rule_region

_MOST_BYTES = 50_000_000  # a limit of this program, not a rule


@click.group("rules", cls=PlainGroup, help="Ask the rules: what category, what changed.")
def rules() -> None:
    pass


@rules.command("classify", help="The category of the facts in FILE (JSON; - reads standard input), with every reason.")
@click.argument("file", metavar="FILE")
@click.option("--on", "day", type=DAY, help="Judge by the rules of this day (default: today).")
@click.option("--region", help="Place of work where the facts name none (default: the bureau's).")
def classify(file: str, day: date | None, region: str | None) -> None:
    facts = read_json(file)
    try:
        answer = classify_json(rule_base(), facts, day or time.today(), region or rule_region())
    except RuleInputError as error:
        refuse_input(error)
    print_json(answer)


@rules.command("diff", help="What changed in the rules from DAY1 to DAY2.")
@click.argument("first", metavar="DAY1", type=DAY)
@click.argument("second", metavar="DAY2", type=DAY)
@click.option("--region", help="Only national rules and those of this region (default: of every region).")
@click.option("--json", "as_json", is_flag=True, help="As JSON, in both languages, with changes of sources.")
def diff(first: date, second: date, region: str | None, as_json: bool) -> None:
    base = rule_base()
    try:
        if region is not None:
            base.on(second, region)  # an unknown region is refused with a sentence
        if as_json:
            print_json(diff_json(base, first, second, region))
        else:
            click.echo("\n".join(diff_text(base.diff(first, second, region), first, second)))
    except RuleInputError as error:
        refuse_input(error)


def diff_text(changes: list[Change], first: date, second: date) -> Iterator[str]:
    """Table by table, one line a change; changes of sources alone are only counted."""
    days = {"first": format_date(first), "second": format_date(second)}
    told = [change for change in changes if not change.is_of_grounds]
    if not changes:
        yield gettext("Nothing changes from %(first)s to %(second)s.", **days)
        return
    count = len(told)
    yield ngettext(
        "From %(first)s to %(second)s: %(n)s change", "From %(first)s to %(second)s: %(n)s changes", count, **days
    )
    for title, group in groupby(told, key=lambda change: change.title):
        yield ""
        yield str(title)
        for change in group:
            yield f"  {change.line}"
    rest = len(changes) - count
    if rest:
        yield ""
        yield ngettext(
            "%(n)s more change is only of sources, confidence or worked examples (--json names it).",
            "%(n)s more changes are only of sources, confidence or worked examples (--json names them).",
            rest,
        )


@click.group("clock", cls=PlainGroup, help="Ask the clock: when is what due.")
def clock() -> None:
    pass


@clock.command("due", help="Due dates of every step in every layer, with each counted day, as JSON.")
@click.option("--procedure", required=True, help="Code of the procedure, for example NEW_IN_CHINA.")
@click.option("--category", required=True, help="A, B or C.")
@click.option("--received", required=True, type=DAY, help="Day of receipt, for example 2026-09-17.")
@click.option("--region", help="Whose promise counts (default: the bureau's region).")
def due(procedure: str, category: str, received: date, region: str | None) -> None:
    try:
        answer = clock_due_json(rule_base(), procedure, category, received, region or rule_region())
    except RuleInputError as error:
        refuse_input(error)
    print_json(answer)


# --- reading JSON strictly -----------------------------------------------------------------------------------------


def read_json(name: str) -> Any:
    """The content of a file; decimals stay exact, a key given twice and NaN are refused. Raises Refused."""
    text = _read(name)
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Refused(
            gettext(
                "%(file)s is not valid JSON: line %(line)s, column %(column)s.",
                file=name,
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except (ValueError, RecursionError) as error:
        shown = str(error) if isinstance(error, _Twice) else gettext("a number or a nesting is too large")
        raise Refused(gettext("%(file)s cannot be read: %(why)s.", file=name, why=shown)) from None


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read(_MOST_BYTES + 1) if name == "-" else _bytes_of(Path(name))
    except FileNotFoundError:
        raise Refused(gettext("There is no file %(file)s.", file=name)) from None
    except (OSError, ValueError):
        raise Refused(gettext("%(file)s is not a file that can be read.", file=name)) from None
    if len(data) > _MOST_BYTES:
        raise Refused(gettext("%(file)s is larger than 50 MB.", file=name))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(gettext("%(file)s is not a text in UTF-8.", file=name)) from None


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_MOST_BYTES + 1)


class _Twice(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(gettext("“%(key)s” is given twice", key=key))
        found[key] = value
    return found


def _no_constant(word: str) -> NoReturn:
    raise _Twice(gettext("“%(word)s” is not a number", word=word))


def commands() -> list[click.Command]:
    return [rules, clock]
