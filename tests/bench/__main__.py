"""`python -m tests.bench [--cases N] [--requests N] [--home FOLDER]`: speed and memory on bulk data, as JSON.

Each page is timed over HTTP against *the same template rendered from a frozen page record, no session, no database, by
the same server* (decisions: how figures are measured); the ratio of the 95th percentiles is what counts. A folder that
holds bulk data already is used as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.letters import letter_times
from tests.bench.loading import load_bulk_data
from tests.bench.serving import measure_pages

PASSWORD = "Lantern-river-72-quartz"


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory on bulk data, as JSON.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="expertdesk-bench-"))
    answer: dict[str, Any] = {
        "on": date.today().isoformat(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "cases": options.cases,
        "bulk": load_bulk_data(home, options.cases, PASSWORD),
        **measure_pages(home, options.requests, PASSWORD),
        "letters_ms_of_processor": letter_times(),
    }
    json.dump(answer, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
