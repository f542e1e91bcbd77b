"""Whether an unknown name and a wrong password take the same time, as JSON: python -m tests.bench.sign_in

Processor time of the whole request, with the figures of production; medians, and how far they are apart.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

from expertdesk.access import SYSTEM, Role
from expertdesk.factory import create_app
from expertdesk.foundation import catalogues
from expertdesk.foundation.database import db
from expertdesk.settings import Settings

ROOT = Path(__file__).parents[2]
PASSWORD = "A-heron-stands-in-shallow-water"
ROUNDS = 200


def main(rounds: int = ROUNDS) -> None:
    catalogues.compile_all(ROOT / "expertdesk", ROOT / "translations")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        app = create_app(
            Settings(
                mode="production",
                home=home,
                database_url=f"sqlite:///{home / 'bench.sqlite3'}",
                secret_key="bench-key-0123456789-abcdefghijklmnopqrstuvwxyz",
                rate_limits=False,
            )
        )
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            from expertdesk.accounts.commands import create_account

            db.create_all()
            create_account(username="known", name="甲", roles=[Role.ADMIN], password=PASSWORD, actor=SYSTEM)
            db.session.commit()
        print(json.dumps(_measure(app.test_client(), rounds)))


def _measure(client, rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {"known": [], "nobody": []}
    for _ in range(rounds):
        for username, found in times.items():
            start = time.process_time()
            client.post("/sign-in", data={"username": username, "password": "Not-the-password-at-all"})
            found.append(time.process_time() - start)
    known, nobody = (statistics.median(times[name]) * 1000 for name in ("known", "nobody"))
    return {
        "wrong_password_ms": round(known, 2),
        "unknown_name_ms": round(nobody, 2),
        "apart_percent": round(abs(known - nobody) / known * 100, 2),
    }


if __name__ == "__main__":
    main()
