"""How the command line speaks: the user's language, one clear line for every error, JSON that any script can read.

`PlainCommand` and `PlainGroup` turn wrong arguments into one line on standard error and a status other than 0.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, NoReturn

import click

from expertdesk.foundation.locale import current_language, gettext, use_language
from expertdesk.regulations import RuleInputError

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_MOST_DIGITS = 9  # more is a slip of the keyboard
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200  # as in the forms: what lies outside is a slip of the keyboard


def user_language(environ: Mapping[str, str] | None = None) -> str:
    """zh when the terminal is set to Chinese, else en."""
    values = os.environ if environ is None else environ
    chosen = next((values[name] for name in _VARIABLES if values.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def one_line(text: str) -> str:
    """Safe to print on any terminal: no line breaks, no control characters, no lone surrogates."""
    shown = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join("".join(shown).encode("utf-8", "backslashreplace").decode("utf-8").split())


class Refused(click.ClickException):
    """Ends the command: one line on standard error, status 1."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class WrongArguments(Refused):
    """The same for arguments that cannot be understood: status 2."""

    exit_code = 2


def refuse_input(error: RuleInputError) -> NoReturn:
    """What the rules say about an input, in the user's language."""
    raise Refused(error.text(current_language())) from error


def print_json(answer: Any) -> None:
    """Readable, in UTF-8; a lone surrogate of the caller's own text comes back as the escape it was."""
    text = json.dumps(answer, ensure_ascii=False, indent=2, default=str)
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


class Day(click.ParamType):
    """A day that exists, as 2026-11-24."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(value)
            if len(value) != len("2026-11-24") or not _EARLIEST_YEAR <= day.year <= _LATEST_YEAR:
                raise ValueError(value)
        except ValueError:
            shown = one_line(value)
            raise WrongArguments(gettext("“%(day)s” is not a day; write it as 2026-11-24.", day=shown)) from None
        return day


DAY = Day()


class Whole(click.ParamType):
    """A whole number from 0 up; how large it may be is for the rules to say."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = value.strip()
        if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
            shown = one_line(value)
            raise WrongArguments(gettext("“%(text)s” is not a whole number from 0 up.", text=shown)) from None
        return int(text)


WHOLE = Whole()


def _sentence(error: click.UsageError) -> str:
    """What was wrong with the arguments, in the user's language; what click alone knows stays in its own words."""
    if isinstance(error, click.NoSuchOption):
        return gettext("There is no option %(name)s.", name=error.option_name)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param is not None else ""
        option = error.param.opts[0] if isinstance(error.param, click.Option) else name
        return gettext("%(name)s is missing.", name=option)
    if isinstance(error, click.BadOptionUsage):
        return gettext("%(name)s needs a value.", name=error.option_name)
    message = error.format_message()
    return gettext("There are too many arguments.") if message.startswith("Got unexpected extra") else message


class _Plain:
    """Errors of arguments as one line; the language of the terminal while the command runs."""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> click.Context:
        path = f"{parent.command_path} {info_name}" if parent is not None else str(info_name)
        with use_language(user_language()), _told(path):
            return super().make_context(info_name, args, parent, **extra)  # type: ignore[misc]

    def invoke(self, ctx: click.Context) -> Any:
        with use_language(user_language()), _told(ctx.command_path):
            return super().invoke(ctx)  # type: ignore[misc]


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Wrong arguments become one line; a bare group still shows its help."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        hint = gettext("Try %(command)s --help.", command=path)
        raise WrongArguments(f"{_sentence(error)} {hint}") from None


class PlainCommand(_Plain, click.Command):
    """A command whose wrong arguments are told in one line."""


class PlainGroup(_Plain, click.Group):
    """A group of such commands."""

    command_class = PlainCommand

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            known = ", ".join(self.list_commands(ctx))
            text = gettext("There is no command %(name)s; there are: %(known)s.", name=args[0], known=known)
            raise WrongArguments(text)
        return super().resolve_command(ctx, args)


def commands() -> list[click.Command]:
    return []
