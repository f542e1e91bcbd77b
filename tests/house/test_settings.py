"""Settings: every problem at once, in both languages; unsafe values refuse to start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from expertdesk.serving.startup import StartRefused, make_home, refuse_unsafe
from expertdesk.settings import Settings, SettingsError
from tests.conftest import make_app

ROOT = Path(__file__).parents[2]


def problems(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environment)
    assert all(problem.zh and problem.en for problem in refused.value.problems)
    return [problem.en for problem in refused.value.problems]


def test_every_problem_is_told_at_once():
    found = problems(
        EXPERTDESK_PORT="90000",
        EXPERTDESK_DATABASE_URL="mysql://x",
        EXPERTDESK_MAIL_URL="http://mail",
        EXPERTDESK_PASSWORD_PROFILE="none",
        EXPERTDESK_SECRET_KEY="short",
        EXPERTDESK_PUBLIC_URL="ftp://x",
        EXPERTDESK_RATE_LIMITS="maybe",
    )
    named = [sentence.split()[0] for sentence in found]
    assert len(found) == 8 and "EXPERTDESK_PORT" in named and "EXPERTDESK_MAIL_SENDER" in named


def test_production_refuses_a_moved_clock_and_the_demo_takes_it():
    assert "EXPERTDESK_NOW" in problems(EXPERTDESK_NOW="2026-11-24")[0]
    settings = Settings.from_environment({"EXPERTDESK_NOW": "2026-11-24"}, mode="demo")
    assert settings.business_now is not None and settings.business_now.isoformat() == "2026-11-24T01:30:00+00:00"


def test_a_folder_that_others_can_read_refuses_production(engine):
    engine.home.chmod(0o755)
    app = make_app(engine, mode="production", business_now=None)
    settings = Settings(mode="production", home=engine.home, database_url=engine.url)
    try:
        with pytest.raises(StartRefused) as refused:
            refuse_unsafe(app, settings)
        assert "chmod 700" in refused.value.problems[0].en
    finally:
        engine.home.chmod(0o700)


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "home").write_text("x")
    with pytest.raises(StartRefused):
        make_home(Settings(home=tmp_path / "home"))


@pytest.mark.parametrize(("language", "word"), [("zh_CN.UTF-8", "应为1至65535的整数"), ("C.UTF-8", "whole number")])
def test_a_bad_start_says_why_in_one_line_and_ends_with_1(tmp_path, language, word):
    environment = {**os.environ, "EXPERTDESK_HOME": str(tmp_path), "EXPERTDESK_PORT": "abc", "LC_ALL": language}
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert word in done.stderr and done.stderr.count("\n") == 1


def test_a_bad_rule_table_refuses_the_start_with_file_and_line(tmp_path):
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "bureau.yaml").write_text("tables:\n  bureau:\n    rows: 7\n", encoding="utf-8")
    environment = {**os.environ, "EXPERTDESK_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "bureau.yaml:" in done.stderr
