"""`rules classify`, `rules diff`, `clock due`: shapes of the contract, one clear line for everything that is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from expertdesk.cli.rules import clock, rules
from expertdesk.foundation import clock as business
from expertdesk.foundation.locale import load_catalogues
from expertdesk.regulations import RuleBase, current

ROOT = Path(__file__).parents[2]
PUBLISHED = {
    "salary_cny_year": 300000,
    "education": "bachelor",
    "experience_years": 20,
    "months_per_year": 12,
    "chinese": "none",
    "location": "other",
    "age": 43,
    "elite": [],
}
Run = Callable[..., Result]


@pytest.fixture
def run(base: RuleBase) -> Run:
    """Run a command as a terminal would; language by LANG."""
    load_catalogues(ROOT / "translations")
    current.install(base, "Beijing")

    def command(*arguments: object, lang: str = "en_GB.UTF-8", typed: str | None = None) -> Result:
        group = {"rules": rules, "clock": clock}[str(arguments[0])]
        words = [str(word) for word in arguments[1:]]
        environment = {"LANG": lang, "LC_ALL": "", "LC_MESSAGES": ""}
        with business.at(datetime(2026, 11, 24, 2, tzinfo=UTC)):
            return CliRunner().invoke(group, words, env=environment, input=typed)

    return command


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    def put(content: Any) -> Path:
        path = tmp_path / "facts.json"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return put


def refused(result: Result) -> str:
    """The one line on standard error; nothing on standard output."""
    assert result.exit_code != 0 and result.stdout == "", result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].strip(), result.stderr
    return lines[0]


# --- classify --------------------------------------------------------------------------------------------------------


def test_the_shape_of_the_answer(run: Run, write: Callable[[Any], Path]) -> None:
    result = run("rules", "classify", write(PUBLISHED))
    assert result.exit_code == 0 and result.stderr == ""
    answer = json.loads(result.stdout)
    assert answer["category"] == "B" and answer["rules_on"] == "2026-11-24" and answer["region"] == "Beijing"
    assert answer["points"]["total"] == 74
    assert answer["points"]["factors"] == {
        "SALARY": 14, "EDUCATION": 10, "EXPERIENCE": 20, "ANNUAL_MONTHS": 15, "CHINESE": 0, "LOCATION": 0, "AGE": 15,
        "ELITE": 0, "BONUS": 0,
    }  # fmt: skip
    assert answer["points"]["details"]["SALARY"]["band"] == {
        "zh": "25至35万元/年",
        "en": "250,000 to 350,000 CNY a year",
    }
    routes = {route["code"]: route for route in answer["routes"]}
    assert len(routes) == 53
    assert routes["B6"]["met"] is True and routes["A6"]["met"] is False and routes["A1"]["met"] is None
    for route in routes.values():
        assert route["why"]["zh"] and route["why"]["en"] and route["source"]["zh"] and route["source"]["en"]


def test_a_list_is_answered_by_a_list(run: Run, write: Callable[[Any], Path]) -> None:
    answer = json.loads(run("rules", "classify", write([{"id": 7, **PUBLISHED}, {"criteria": ["A1"]}])).stdout)
    assert [item["category"] for item in answer] == ["B", "A"]
    assert answer[0]["id"] == 7 and "id" not in answer[1]
    assert json.loads(run("rules", "classify", write([])).stdout) == []


def test_facts_come_from_standard_input_too(run: Run) -> None:
    assert json.loads(run("rules", "classify", "-", typed='{"criteria": ["A1"]}').stdout)["category"] == "A"


def test_the_day_and_region_of_the_facts_win(run: Run, write: Callable[[Any], Path]) -> None:
    path = write({**PUBLISHED, "on": "2017-03-31", "region": "Shanghai"})
    answer = json.loads(run("rules", "classify", path, "--on", "2026-01-01", "--region", "Beijing").stdout)
    assert (answer["rules_on"], answer["region"]) == ("2017-03-31", "Shanghai")
    assert answer["points"]["factors"]["EXPERIENCE"] == 15
    path = write(PUBLISHED)
    assert json.loads(run("rules", "classify", path, "--on", "2017-03-31").stdout)["points"]["total"] == 69


def test_a_day_before_any_rule_answers_no_figure_in_force(run: Run, write: Callable[[Any], Path]) -> None:
    answer = json.loads(run("rules", "classify", write(PUBLISHED), "--on", "2010-01-01").stdout)
    assert answer["category"] is None and answer["points"]["total"] is None
    assert "no figure in force" in answer["points"]["why"]["en"]
    assert {route["met"] for route in answer["routes"]} == {None}


def test_decimals_stay_exact(run: Run, write: Callable[[Any], Path]) -> None:
    path = write('{"salary_cny_month": 71621.999999, "salary_cny_year": 859464, "age": 40}')
    answer = json.loads(run("rules", "classify", path).stdout)
    assert next(route for route in answer["routes"] if route["code"] == "A3.9")["met"] is False


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not valid JSON: line 1"),
        ("", "is not valid JSON"),
        ('{"age": 40, "age": 41}', "“age” is given twice"),
        ('{"age": NaN}', "“NaN” is not a number"),
        ("[" * 100000, "too large"),
        ('{"age": ' + "9" * 5000 + "}", "too large"),
        (b"\xff\xfe{}", "is not a text in UTF-8"),
        ('{"agee": 40}', "agee: there is no such field; known: age, birth_date"),
        ('{"age": "x"}', "age: “x” is not a number"),
        ('{"birth_date": "1980-13-01"}', "birth_date: “1980-13-01” is not a day"),
        ('{"criteria": ["Z1"]}', "There is no “Z1” in “Criteria”"),
        ('[{"age": 40}, {"age": "x"}]', "[2] age: “x” is not a number"),
        ('{"education": "\\ud800\\n!"}', "education: “\\ud800 !” must be one of"),
        ("12", "The facts must be one JSON object"),
    ],
)
def test_bad_facts_are_one_line(run: Run, write: Callable[[Any], Path], content: Any, said: str) -> None:
    assert said in refused(run("rules", "classify", write(content)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rules", "classify", "/no/such/file.json"), "There is no file /no/such/file.json."),
        (("rules", "classify", "/tmp"), "/tmp is not a file that can be read."),
        (("rules", "classify", "a\0b"), "is not a file that can be read."),
        (("rules", "classify"), "FILE is missing."),
        (("rules", "classify", "a", "b"), "There are too many arguments."),
        (("rules", "classify", "a", "--on"), "--on needs a value."),
        (("rules", "classify", "a", "--on", "24.11.2026"), "“24.11.2026” is not a day; write it as 2026-11-24."),
        (("rules", "classify", "a", "--when", "x"), "There is no option --when."),
        (("rules", "diff", "2026-01-01"), "DAY2 is missing."),
        (("rules", "diff", "2026-01-01", "2026-02-30"), "“2026-02-30” is not a day"),
        (("rules", "diff", "2026-01-01", "20260202"), "“20260202” is not a day"),
        (("rules", "diff", "2026-01-01", "9999-12-31"), "“9999-12-31” is not a day"),
        (("rules", "diff", "2026-01-01", "2026-01-02", "--region", "Mars"), "There is no region “Mars”"),
        (("rules", "explain"), "There is no command explain; there are: classify, diff."),
        (("clock", "due", "--category", "A", "--received", "2026-11-18"), "--procedure is missing."),
        (
            ("clock", "due", "--procedure", "NOPE", "--category", "A", "--received", "2026-11-18"),
            "There is no “NOPE” in “Procedures”.",
        ),
        (
            ("clock", "due", "--procedure", "EXTENSION", "--category", "E", "--received", "2026-11-18"),
            "category: “E” must be one of A|B|C.",
        ),
        (
            ("clock", "due", "--procedure", "EXTENSION", "--category", "A", "--received", "soon"),
            "“soon” is not a day",
        ),
    ],
)
def test_bad_arguments_are_one_line(run: Run, arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(run(*arguments))


def test_errors_speak_the_language_of_the_terminal(run: Run, write: Callable[[Any], Path]) -> None:
    chinese = "zh_CN.UTF-8"
    assert "没有文件/no.json。" in refused(run("rules", "classify", "/no.json", lang=chinese))
    assert "agee：没有这个字段" in refused(run("rules", "classify", write({"agee": 1}), lang=chinese))
    assert "不是有效日期" in refused(run("rules", "diff", "x", "y", lang=chinese))
    assert "缺少--received。" in refused(
        run("clock", "due", "--procedure", "EXTENSION", "--category", "A", lang=chinese)
    )


# --- diff and due ----------------------------------------------------------------------------------------------


def test_what_changed_as_text(run: Run) -> None:
    told = run("rules", "diff", "2026-02-03", "2026-02-04", "--region", "Beijing")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "From 3 Feb 2026 to 4 Feb 2026: 1 change",
        "",
        "Salary thresholds",
        "  new: SALARY Salary thresholds of Beijing (Beijing)",
    ]
    chinese = run("rules", "diff", "2026-02-03", "2026-02-04", "--region", "Beijing", lang="zh_CN.UTF-8")
    assert chinese.stdout.splitlines()[0] == "2026-02-03至2026-02-04：1处变化"
    assert run("rules", "diff", "2026-03-01", "2026-03-02").stdout == "Nothing changes from 1 Mar 2026 to 2 Mar 2026.\n"


def test_what_changed_in_the_points_table(run: Run) -> None:
    told = run("rules", "diff", "2017-03-31", "2017-04-01").stdout
    assert "  EXPERIENCE Relevant work experience (years), Maximum: 15 → 20" in told.splitlines()
    assert "are only of sources, confidence or worked examples" in told


def test_what_changed_as_json(run: Run) -> None:
    answer = json.loads(run("rules", "diff", "2026-02-03", "2026-02-04", "--json").stdout)
    assert answer["from"] == "2026-02-03" and answer["to"] == "2026-02-04"
    assert [(item["table"], item["code"], item["region"], item["kind"]) for item in answer["changes"]] == [
        ("salary_thresholds", "SALARY", "Beijing", "added")
    ]


def test_due_dates_as_json(run: Run) -> None:
    arguments = ("clock", "due", "--procedure", "NEW_IN_CHINA", "--category", "A", "--received", "2026-09-29")
    answer = json.loads(run(*arguments).stdout)
    assert answer["received_on"] == "2026-09-29" and answer["region"] == "Beijing" and answer["provisional"] is False
    found = {(step["layer"], step["step"]): step["due_on"] for step in answer["steps"]}
    assert found["promised", "precheck"] == "2026-09-30" and found["promised", "acceptance"] == "2026-10-09"
    assert found["promised", "decision"] == "2026-10-15"
    for step in answer["steps"]:
        assert len(step["days"]) == step["working_days"] and step["days"][-1] == step["due_on"]
    elsewhere = json.loads(run(*arguments, "--region", "Shanghai").stdout)
    assert elsewhere["region"] == "Shanghai"
    assert json.loads(run(*arguments[:-1], "2027-03-01").stdout)["provisional"] is True


def test_the_commands_hang_on_the_application(tmp_path: Path) -> None:
    """`flask --app app …` as the contract writes it, on a fresh folder."""
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(PUBLISHED), encoding="utf-8")
    environment = {
        **os.environ,
        "EXPERTDESK_HOME": str(tmp_path / "home"),
        "EXPERTDESK_MODE": "test",
        "LANG": "C.UTF-8",
    }
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    ended = subprocess.run(
        [*flask, "rules", "classify", str(facts)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["points"]["total"] == 74
