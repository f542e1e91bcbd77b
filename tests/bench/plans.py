"""Time and memory of the plan's sheets, as JSON: python -m tests.bench.plans [GROUPS]"""

from __future__ import annotations

import gc
import io
import json
import re
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from xlsxwriter import Workbook

from expertdesk.documents import load_fonts
from expertdesk.documents.plan_contexts import PlanTable, in_language
from expertdesk.documents.plan_csv import plan_csv
from expertdesk.documents.plan_pdf import plan_pdf
from expertdesk.documents.plan_xlsx import plan_xlsx
from tests.documents import plan_samples

ROUNDS = 3


def plan_times(groups: int = 2000, rounds: int = ROUNDS) -> dict[str, Any]:
    """Seconds of processor time (the best of some rounds) and of the clock; the ratio of the workbook to the writer
    alone, which writes the same cells with one format and no sums, heights or print set-up."""
    load_fonts()
    table = plan_samples.plan(groups)
    alone, ours = _best(lambda: writer_alone(table), rounds), _best(lambda: plan_xlsx(table, "zh"), rounds)
    pdf = _best(lambda: plan_pdf(table, "zh"), rounds)
    started = time.perf_counter()
    pages = len(re.findall(rb"/Type /Page\b(?!s)", plan_pdf(table, "zh")))
    clock = time.perf_counter() - started
    return {
        "groups": groups,
        "xlsx_s": round(ours, 2),
        "writer_alone_s": round(alone, 2),
        "xlsx_ratio": round(ours / alone, 2),
        "pdf_s": round(pdf, 2),
        "pdf_clock_s": round(clock, 2),
        "pdf_pages": pages,
        "pdf_english_s": round(_best(lambda: plan_pdf(table, "en"), 1), 2),
        "csv_s": round(_best(lambda: plan_csv(table, "zh"), rounds), 2),
        "most_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def writer_alone(table: PlanTable) -> bytes:
    """The same cells by XlsxWriter and nothing else."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    style = book.add_format({"border": 1, "text_wrap": True})
    keys = [column.key for column in table.columns]
    for line, row in enumerate(table.rows):
        for place, key in enumerate(keys):
            value = row[key]
            if value is None or value == "":
                sheet.write_blank(line, place, None, style)
            elif isinstance(value, str):
                sheet.write_string(line, place, value, style)
            elif hasattr(value, "zh"):
                sheet.write_string(line, place, str(in_language(value, "zh")), style)
            else:
                sheet.write_number(line, place, float(value), style)  # type: ignore[arg-type]
    book.close()
    return out.getvalue()


def _best(work: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        gc.collect()
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


if __name__ == "__main__":
    print(json.dumps(plan_times(int(sys.argv[1]) if len(sys.argv) > 1 else 2000), indent=2))
