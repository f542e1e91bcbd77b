"""How long bulk data takes and how much memory it needs, in a process of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_KIB_A_MB = 1024


def load_bulk_data(home: Path, cases: int, password: str) -> dict[str, Any]:
    """Load unless the folder has data already; seconds of wall time, the largest process in MB."""
    if (home / "expertdesk.sqlite3").exists():
        return {"reused": str(home)}
    environment = {
        **os.environ, "EXPERTDESK_MODE": "demo", "EXPERTDESK_HOME": str(home), "EXPERTDESK_DEMO_PASSWORD": password,
    }  # fmt: skip
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "demo", "load", "--cases", str(cases)],
        env=environment, check=True, stdout=sys.stderr,
    )  # fmt: skip
    seconds = time.monotonic() - started
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _KIB_A_MB
    size = (home / "expertdesk.sqlite3").stat().st_size / _KIB_A_MB / _KIB_A_MB
    return {"seconds": round(seconds, 1), "largest_process_mb": round(largest), "database_mb": round(size)}
