"""Time and memory of the plan's sheets, as JSON: python -m tests.bench.plans [GROUPS]"""

from __future__ import annotations

import gc
import io
import json
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from xlsxwriter import Workbook

from expertdesk.documents import load_fonts
from expertdesk.documents.plan_contexts import PlanTable
from expertdesk.documents.plan_csv import plan_csv
from expertdesk.documents.plan_pdf import plan_pdf
from expertdesk.documents.plan_xlsx import plan_xlsx
from expertdesk.foundation.locale import Bilingual
from tests.documents import plan_samples

ROUNDS = 3


def plan_times(groups: int = 2000, rounds: int = ROUNDS) -> dict[str, Any]:
    """Seconds of processor time (the best of some rounds) and of the clock. The workbook is compared with the writer
    alone, which writes the same cells, formulas and heights of rows; and with bare cells, without formulas and heights.
    """
    load_fonts()
    table = plan_samples.plan(groups)
    alone, bare, ours = _best_of_each(
        [lambda: writer_alone(table), lambda: writer_alone(table, bare=True), lambda: plan_xlsx(table, "zh")],
        rounds * 3,
    )
    pdf = _best(lambda: plan_pdf(table, "zh"), rounds)
    started = time.perf_counter()
    pages = len(re.findall(rb"/Type /Page\b(?!s)", plan_pdf(table, "zh")))
    clock = time.perf_counter() - started
    return {
        "groups": groups,
        "xlsx_s": round(ours, 2),
        "writer_alone_s": round(alone, 2),
        "writer_bare_s": round(bare, 2),
        "xlsx_ratio": round(ours / alone, 2),
        "xlsx_ratio_to_bare": round(ours / bare, 2),
        "pdf_s": round(pdf, 2),
        "pdf_clock_s": round(clock, 2),
        "pdf_pages": pages,
        "pdf_english_s": round(_best(lambda: plan_pdf(table, "en"), 1), 2),
        "csv_s": round(_best(lambda: plan_csv(table, "zh"), rounds), 2),
        "most_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def writer_alone(table: PlanTable, *, bare: bool = False) -> bytes:
    """The same rows by XlsxWriter and nothing else."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    style = book.add_format({"border": 1, "text_wrap": True})
    keys = [column.key for column in table.columns]
    total = keys.index("budget_total_cny")
    for line, row in enumerate(table.rows):
        for place, key in enumerate(keys):
            value = row[key]
            if value is None or value == "":
                sheet.write_blank(line, place, None, style)
            elif isinstance(value, str):
                sheet.write_string(line, place, value, style)
            elif isinstance(value, Bilingual):
                sheet.write_string(line, place, value.zh, style)
            elif place == total and not bare:
                formula = f"=SUM(R{line + 1}:W{line + 1})"
                sheet.write_formula(line, place, formula, style, float(value))  # type: ignore[arg-type]
            else:
                sheet.write_number(line, place, float(value), style)  # type: ignore[arg-type]
        if not bare:
            sheet.set_row(line, 34)
    book.close()
    return out.getvalue()


def _best_of_each(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """In turns, so that a busy machine slows all of them."""
    found = [[_best(work, 1) for work in works] for _ in range(rounds)]
    return [min(times) for times in zip(*found, strict=True)]


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
