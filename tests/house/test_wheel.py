"""The wheel runs without the checkout: migrations, translations, templates, fonts and rule tables are in it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_an_installed_copy_serves_without_the_checkout(tmp_path):
    built, place, home = tmp_path / "built", tmp_path / "place", tmp_path / "home"
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    wheel = next(built.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    for carried in (
        "expertdesk/migrations/env.py", "expertdesk/translations/zh/cases.mo",
        "expertdesk/regulations/tables/points.yaml", "expertdesk/documents/fonts/LXGWWenKai-Regular.ttf",
        "expertdesk/documents/fonts/OFL-LXGWWenKai.txt", "expertdesk/web/static/theme/1-base.css",
        "expertdesk/cases/templates/cases/case.html", "expertdesk/demo/people.yaml",
    ):  # fmt: skip
        assert carried in names, carried
    options = ["-q", "--no-deps", "--no-index", "--target", str(place), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options], check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "PYTHONPATH": str(place), "EXPERTDESK_HOME": str(home), "EXPERTDESK_PORT": str(port),
    }  # fmt: skip
    script = [sys.executable, "-c", "import sys; from expertdesk.server import main; sys.exit(main([]))"]
    server = subprocess.Popen(script, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        page = _page_of(f"http://127.0.0.1:{port}/", server)
        assert "用人单位" in page or "外国专家" in page
    finally:
        server.send_signal(signal.SIGTERM)
        printed = server.communicate(timeout=60)[0].decode()
    assert server.returncode == 0, printed
    assert "/first-administrator/" in printed, printed


def _page_of(address: str, server: subprocess.Popen) -> str:
    asked = urllib.request.Request(address, headers={"Accept-Language": "zh-CN"})
    for _ in range(240):
        assert server.poll() is None, server.stdout and server.stdout.read().decode()
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the server did not answer")
