"""`training cost`: the shape of the contract, one clear line for everything that is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from expertdesk.cli.training import training
from expertdesk.foundation import clock
from expertdesk.foundation.locale import load_catalogues
from expertdesk.regulations import current, load

ROOT = Path(__file__).parents[2]
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def rules():
    return load()


@pytest.fixture
def run(rules) -> Run:
    """Run the command as a terminal would; language by LANG."""
    load_catalogues(ROOT / "translations")
    current.install(rules, "Beijing")

    def command(*arguments: object, lang: str = "en_GB.UTF-8") -> Result:
        environment = {"LANG": lang, "LC_ALL": "", "LC_MESSAGES": ""}
        with clock.at(datetime(2026, 11, 24, 2, tzinfo=UTC)):
            return CliRunner().invoke(training, ["cost", *map(str, arguments)], env=environment)

    return command


def trip(place: str, training_days: object, nights: object, days: object, *more: object) -> tuple[object, ...]:
    return ("--place", place, "--training-days", training_days, "--nights", nights, "--days", days, *more)


def answered(result: Result) -> dict:
    assert result.exit_code == 0 and result.stderr == "", result.output
    return json.loads(result.stdout)


def refused(result: Result) -> str:
    assert result.exit_code != 0 and result.stdout == "", result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].strip(), result.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "currency", "expected"),
    [
        (trip("DE", 18, 20, 21), "EUR", "5646"),
        (trip("DE/其他城市", 18, 20, 21), "EUR", "5646"),
        (trip("DE/慕尼黑", 18, 20, 21), "EUR", "6646"),
        (trip("JP/东京", 11, 13, 14), "JPY", "562400"),
        (trip("US/华盛顿", 10, 12, 14), "USD", "5390"),
        (trip("US/奥斯汀", 10, 12, 14), "USD", "4670"),
        (trip("SG", 0, 4, 5), "USD", "1355"),
        (trip("HK", 0, 4, 5), "HKD", "11600"),
        (trip("DE/柏林", 5, 6, 7, "--fed-by-host"), "EUR", "1230"),
        (trip("JP/新泻", 0, 1, 2), "JPY", "41000"),
        (trip("FR", 0, 3, 4), "EUR", "850"),
        (trip("gb/London", 0, 5, 7, "--edition", "e2013"), "GBP", "1360"),
    ],
)
def test_the_worked_examples(run: Run, arguments: tuple[object, ...], currency: str, expected: str) -> None:
    answer = answered(run(*arguments))
    assert (answer["currency"], answer["per_person"]) == (currency, expected)
    known = [Decimal(line["amount"]) for line in answer["lines"] if line["amount"] is not None]
    assert sum(known) == Decimal(expected)
    for line in answer["lines"]:
        assert line["item"] in ("training_fee", "lodging", "meals", "incidentals")
        assert line["source"]["zh"] and line["source"]["en"] and isinstance(line["count"], int)
        if line["rate"] is None:
            assert line["amount"] is None and line["item"] in answer["missing"]
        else:
            assert Decimal(line["rate"]) * line["count"] == Decimal(line["amount"])


def test_what_nobody_knows_is_named(run: Run) -> None:
    answer = answered(run(*trip("SG", 3, 4, 5)))
    assert answer["missing"] == ["training_fee"] and answer["per_person"] == "1355" and answer["complete"] is False
    assert "enter the amount with the document" in answer["warnings"][0]["en"]
    assert answered(run(*trip("DE", 3, 4, 5)))["missing"] == []


def test_the_edition(run: Run) -> None:
    assert answered(run(*trip("HK", 0, 4, 5)))["edition"] == "E2017"
    old = answered(run(*trip("HK", 0, 4, 5, "--edition", "E2013")))
    assert (old["edition"], old["per_person"], old["document"]["zh"]) == ("E2013", "10000", "财行〔2013〕516号")
    assert answered(run(*trip("HK", 0, 4, 5, "--from", "2017-12-31")))["edition"] == "E2013"
    assert answered(run(*trip("HK", 0, 4, 5, "--from", "2018-01-01")))["edition"] == "E2017"


def test_several_cities_in_the_order_of_the_trip(run: Run) -> None:
    answer = answered(
        run("--place", "JP/东京", "--nights", 3, "--place", "JP/大阪", "--nights", 2, "--training-days", 4, "--days", 6)
    )
    assert answer["per_person"] == str(8400 * 4 + 20000 * 3 + 18000 * 2 + 15000 * 6)
    assert [line["count"] for line in answer["lines"]] == [4, 3, 2, 3, 3, 3, 3]


def test_a_country_by_the_standards_of_another(run: Run) -> None:
    answer = answered(run(*trip("GL", 0, 4, 5, "--as", "DK")))
    assert answer["country_name"]["zh"] == "格陵兰" and answer["lines"][1]["place"]["en"] == "Denmark"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (trip("XY", 0, 4, 5), "There is no country or region “XY”."),
        (trip("", 0, 4, 5), "There is no country or region “”."),
        (trip("GL", 0, 4, 5), "Greenland is not in the table of standards"),
        (trip("DE", 0, 4, 5, "--as", "FR"), "Germany has standards of its own"),
        (trip("DE", 0, 89, 90), "90 days: from 90 days another table holds."),
        (trip("DE", 0, 5, 5), "5 nights; at most 4"),
        (trip("DE", 6, 4, 5), "6 training days; there are only 5 days"),
        (trip("DE", 0, 0, 0), "There must be at least 1 day abroad."),
        (trip("DE", 0, 4, 5, "--edition", "E2001"), "holds no figures to compute with"),
        (trip("DE", 0, 4, 5, "--edition", "E9"), "There is no edition “E9”; known: E2001, E2013, E2017."),
        (trip("DE", 0, 4, 5, "--from", "2013-05-01"), "holds no figures to compute with"),
        (trip("JP/东京、大阪", 0, 4, 5), "give the nights of each city on its own"),
        (trip("DE", -1, 4, 5), "“-1” is not a whole number from 0 up."),
        (trip("DE", "four", 4, 5), "“four” is not a whole number from 0 up."),
        (trip("DE", "1.5", 4, 5), "“1.5” is not a whole number from 0 up."),
        (trip("DE", "٣", 4, 5), "is not a whole number from 0 up."),
        (trip("DE", "9" * 5000, 4, 5), "is not a whole number from 0 up."),
        (trip("DE", 0, 4, 5, "--from", "tomorrow"), "“tomorrow” is not a day; write it as 2026-11-24."),
        (trip("DE", 0, 4, 5, "--place", "DE/柏林"), "Give --nights once for each --place: 2 places, 1 numbers"),
        (trip("DE", 0, 4, 5, "--place", "FR", "--nights", 1), "One project goes to one country"),
        (trip("DE", 0, 4, 5, "--class", "first"), "There is no option --class."),
        (trip("DE", 0, 4, 5, "x"), "There are too many arguments."),
        (("--place", "DE", "--nights", 4, "--days", 5), "--training-days is missing."),
        (("--training-days", 0, "--nights", 4, "--days", 5), "--place is missing."),
        (("--place", "DE", "--training-days", 0, "--days", 5), "--nights is missing."),
    ],
)
def test_what_is_wrong_is_one_line(run: Run, arguments: tuple[object, ...], said: str) -> None:
    assert said in refused(run(*arguments))


def test_errors_speak_the_language_of_the_terminal(run: Run) -> None:
    chinese = "zh_CN.UTF-8"
    assert "没有代码为“XY”的国家或者地区。" in refused(run(*trip("XY", 0, 4, 5), lang=chinese))
    assert "90日以上不适用本标准" in refused(run(*trip("DE", 0, 89, 90), lang=chinese))
    assert "“four”不是" in refused(run(*trip("DE", "four", 4, 5), lang=chinese))
    assert "--place" in refused(run(*trip("DE", 0, 4, 5, "--place", "DE"), lang=chinese))
    assert "一个国家" in refused(run(*trip("DE", 0, 4, 5, "--place", "FR", "--nights", 1), lang=chinese))


def test_the_command_hangs_on_the_application(tmp_path: Path) -> None:
    """`flask --app app …` as the contract writes it, on a fresh folder."""
    environment = {**os.environ, "EXPERTDESK_HOME": str(tmp_path), "EXPERTDESK_MODE": "test", "LANG": "C.UTF-8"}
    arguments = map(str, trip("DE/慕尼黑", 18, 20, 21))
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "training", "cost", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["per_person"] == "6646"
