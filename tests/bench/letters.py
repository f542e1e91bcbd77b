"""CPU time of one letter, as JSON: python -m tests.bench.letters"""

from __future__ import annotations

import json
import time

from expertdesk.documents import load_fonts, print_letter
from tests.documents import samples

NAMES = ("notification", "acceptance", "correction", "refusal", "non_acceptance", "grant", "receipt")


def letter_times(rounds: int = 20) -> dict[str, float]:
    """Milliseconds of processor time for one letter of each kind."""
    load_fonts()
    out = {}
    for name in NAMES:
        context = getattr(samples, name)()
        print_letter(context)
        start = time.process_time()
        for _ in range(rounds):
            print_letter(context)
        out[name] = round((time.process_time() - start) / rounds * 1000, 1)
    return out


if __name__ == "__main__":
    print(json.dumps({"cpu_ms": letter_times()}))
