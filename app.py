"""Entry of ExpertDesk: `python app.py` serves, `python app.py --demo` serves the fictional bureau, `flask --app app …`
runs a command (contract: commands)."""

from __future__ import annotations

import sys

from flask import Flask

from expertdesk import server


def create_app() -> Flask:
    """The application for `flask --app app`, from the settings in the environment."""
    return server.application_for_commands()


if __name__ == "__main__":
    sys.exit(server.main(sys.argv[1:]))
