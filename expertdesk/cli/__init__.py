"""The command line (contract: commands). Used by administrators and scripts; comes in: arguments; goes out: text or
JSON on standard output, one clear line on standard error and a status other than 0 when something is wrong.

Every module here offers `commands() -> list[click.Command]`.
"""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask


def register(app: Flask) -> None:
    """Put every module's commands into `flask --app app …`."""
    for module in pkgutil.iter_modules(__path__):
        for command in importlib.import_module(f"{__name__}.{module.name}").commands():
            app.cli.add_command(command)
