"""LibreOffice without a window: a workbook as another program sees it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def converted(data: bytes, folder: Path, kind: str) -> bytes:
    """The workbook converted (pdf, xlsx, csv); sums are worked out anew on the way."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.fail("LibreOffice is missing; type: sudo apt-get install --no-install-recommends libreoffice-calc-nogui")
    source, out = folder / "book.xlsx", folder / "out"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    made = out / f"book.{kind}"
    assert made.exists(), done.stderr.decode(errors="replace")
    return made.read_bytes()
