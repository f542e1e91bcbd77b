"""The catalogues from the command line: `texts update [PACKAGE …]`, `texts compile`, `texts check`.

Also runs without an application (`python -m expertdesk.cli.texts …`), because an application does not start without
compiled catalogues.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from expertdesk.foundation import catalogues

SOURCE = Path(__file__).parents[1]
_INSIDE = SOURCE / "translations"
TRANSLATIONS = _INSIDE if _INSIDE.is_dir() else SOURCE.parent / "translations"


@click.group("texts", help="Chinese catalogues: refresh, compile, check.")
def texts() -> None:
    pass


@texts.command("update", help="Bring the catalogues of these packages (default: all) up to date with the code.")
@click.argument("names", nargs=-1)
def update(names: tuple[str, ...]) -> None:
    known = [*catalogues.packages(SOURCE), "expertdesk"]
    for name in names:
        if name not in known:
            raise click.ClickException(f"there is no package {name}; known: {', '.join(known)}")
    for name in names or known:
        left = catalogues.update(SOURCE, TRANSLATIONS, name)
        if left:
            click.echo(f"{name}: {left} messages without Chinese")
    catalogues.compile_all(SOURCE, TRANSLATIONS)


@texts.command("compile", help="Make every compiled catalogue that is missing or older than its source.")
def compile_() -> None:
    catalogues.compile_all(SOURCE, TRANSLATIONS)


@texts.command("check", help="Name every message that is missing, untranslated or translated in two ways.")
def check() -> None:
    found = list(catalogues.problems(SOURCE, TRANSLATIONS))
    for problem in found:
        click.echo(problem, err=True)
    sys.exit(1 if found else 0)


def commands() -> list[click.Command]:
    return [texts]


if __name__ == "__main__":
    texts()
