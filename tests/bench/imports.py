"""Time and memory of importing unit sheets, as JSON: python -m tests.bench.imports [--sheets N] [--rows N]

The sheets are made in a process of their own. Then one person sends them all, looks at the result and confirms, through
the views of the real application on a database in a fresh folder: seconds of the clock and of the processor, and the
largest this process ever was.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from sqlalchemy import func, select

from expertdesk.foundation import catalogues, clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Organisation, PlanPart, TrainingProject
from expertdesk.training import unit_template
from tests.conftest import ROOT, make_app
from tests.engines import SqliteEngine
from tests.training import sheets
from tests.training.year import YEAR, begin
from tests.world import PASSWORD, YUNXI, build_world

AT = f"/training/{YEAR}/import"
COUNTRIES = ("德国", "美国", "英国", "日本", "新加坡")
AMOUNTS = ("budget_training", "budget_travel", "budget_lodging", "budget_meals", "budget_incidentals", "budget_other")


def import_times(count: int, rows: int, profile: str = "") -> dict[str, Any]:
    """Sending, looking, confirming."""
    home = Path(tempfile.mkdtemp(prefix="expertdesk-bench-"))
    size = ["--sheets", str(count), "--rows", str(rows)]
    subprocess.run([sys.executable, "-m", "tests.bench.imports", "--make", str(home), *size], check=True)
    app = make_app(SqliteEngine(home))
    client = FlaskClient(app, use_cookies=True)
    client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    files = sorted((home / "sheets").iterdir())
    before = _memory()
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    sent, _ = _timed(lambda: _send(client, files), 303)
    looked, answer = _timed(lambda: client.get(AT), 200)
    seen = answer.text.partition('name="seen" value="')[2].partition('"')[0]
    assert seen, "a sheet of the benchmark has an error"
    confirmed, _ = _timed(lambda: client.post(f"{AT}/confirm", data={"seen": seen}), 303)
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)
    with app.app_context():
        written = db.session.scalar(select(func.count()).select_from(TrainingProject))
    steps = {"send": sent, "look": looked, "confirm": confirmed}
    return {
        "sheets": count,
        "rows_each": rows,
        "groups_written": written,
        "mb": round(sum(file.stat().st_size for file in files) / 1024 / 1024, 2),
        **steps,
        "whole": {kind: round(sum(one[kind] for one in steps.values()), 2) for kind in ("clock_s", "processor_s")},
        "memory_before_mb": before,
        "most_memory_mb": _memory(),
    }


def _timed(work: Callable[[], Any], status: int) -> tuple[dict[str, float], Any]:
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    spent = {"clock_s": time.perf_counter() - clock, "processor_s": time.process_time() - processor}
    assert answer.status_code == status, answer.text[:2000]
    return {kind: round(seconds, 2) for kind, seconds in spent.items()}, answer


def _send(client: Any, files: list[Path]) -> Any:
    data = {"files": [(io.BytesIO(file.read_bytes()), file.name) for file in files]}
    return client.post(AT, data=data, content_type="multipart/form-data")


def _memory() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


# --- making the sheets ------------------------------------------------------------------------------------------------


def make(home: Path, count: int, rows: int) -> None:
    """A bureau with `count` units and their sheets: one half declaration sheets of the house, the others plain ones."""
    engine = SqliteEngine(home)
    engine.app = make_app(engine)
    engine.make_schema()
    (home / "sheets").mkdir()
    with engine.app.app_context():
        year = begin(build_world())
        for number in range(count):
            unit = Organisation(
                name_zh=f"江州第{number + 1}研究所", name_en=f"Jiangzhou Research Institute No. {number + 1}",
                credit_code=f"99990{number:013d}", credit_code_note="benchmark", district=YUNXI, industry="M",
                kind="PUB", may_organise_groups=True, created_at=clock.now(),
            )  # fmt: skip
            db.session.add(unit)
            db.session.flush()
            data = _plain(unit, rows) if number % 2 else _declared(year.plan, unit, rows)
            (home / "sheets" / f"{number + 1:02d}.xlsx").write_bytes(data)
        db.session.commit()


def _values(place: int) -> dict[str, Any]:
    amounts: dict[str, Any] = {name: 1000 * (n + 1) + place for n, name in enumerate(AMOUNTS)}
    country = COUNTRIES[place % len(COUNTRIES)]
    return {
        **sheets.SOUND, **amounts, "seq": place + 1, "project_name": f"第{place + 1}期智能制造与数字化转型专题培训",
        "destination": country, "cities": f"城市{place}、城市{place + 1}", "people_planned": 5 + place % 20,
        "host_institution": "慕尼黑工业大学" if country == "德国" else None, "depart_month": 1 + place % 12,
        "budget_total_cny": sum(amounts.values()), "subsidy_requested": 1000,
    }  # fmt: skip


def _plain(unit: Organisation, rows: int) -> bytes:
    return sheets.workbook([_values(place) for place in range(rows)], unit=unit.name_zh, code=unit.credit_code)


def _declared(plan: Any, unit: Organisation, rows: int) -> bytes:
    """The declaration sheet of the house with its lines filled in, formulas with their values."""
    lines = tuple(_cells(place) for place in range(rows))
    with patch.object(unit_template, "_rows", return_value=lines):
        return unit_template.declaration_sheet(plan, unit.id, PlanPart.ABROAD)


def _cells(place: int) -> dict[str, Any]:
    """The same values as the writer of declaration sheets wants them."""
    yes = Bilingual("是", "Yes")
    amounts = {name: Decimal(1000 * (n + 1) + place) for n, name in enumerate(AMOUNTS)}
    return {
        **{key: value for key, value in _values(place).items() if key != "term"}, **amounts,
        "budget_total_cny": sum(amounts.values(), Decimal(0)), "is_for_training_only": yes,
        "is_without_agents_or_family": yes, "is_without_sponsors": yes,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of importing unit sheets, as JSON.")
    parser.add_argument("--sheets", type=int, default=30)
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--profile", default="", help="a file for cProfile, which slows everything down")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    catalogues.compile_all(ROOT / "expertdesk", ROOT / "translations")
    if options.make:
        make(options.make, options.sheets, options.rows)
        return
    print(json.dumps(import_times(options.sheets, options.rows, options.profile), indent=2))


if __name__ == "__main__":
    main()
