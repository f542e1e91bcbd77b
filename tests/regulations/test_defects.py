"""A bad table stops the start: each kind of defect, made by breaking a copy, is found with file, line and sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from expertdesk.regulations import Problem, RuleTableError, check, load
from expertdesk.regulations.loading import SHIPPED
from tests.regulations.defects import OF_ROWS, Defect
from tests.regulations.defects_of_tables import OF_TABLES
from tests.regulations.defects_of_training import OF_TRAINING

Broken = Callable[[str, str, str], list[Problem]]


@pytest.mark.parametrize("defect", [*OF_ROWS, *OF_TABLES, *OF_TRAINING], ids=lambda defect: defect.name)
def test_each_defect_names_file_line_and_sentence(broken: Broken, tmp_path: Path, defect: Defect) -> None:
    found = broken(defect.file, defect.old, defect.new)
    lines = (tmp_path / defect.file).read_text(encoding="utf-8").splitlines()
    told = [problem for problem in found if defect.zh in problem.sentence.zh and defect.en in problem.sentence.en]
    assert told, [str(problem) for problem in found]
    problem = told[0]
    assert problem.file == defect.file
    around = "\n".join(lines[max(0, problem.line - 1) : problem.line + 2])  # a row begins with its code
    assert defect.at.splitlines()[0] in around, f"line {problem.line}: {around}"
    for language in ("zh", "en"):
        assert problem.text(language).startswith(f"{defect.file}:{problem.line}: ")


def test_the_shipped_tables_are_in_order() -> None:
    assert check() == []


def test_a_bad_table_stops_the_start_with_every_problem(tmp_path: Path) -> None:
    text = (SHIPPED / "validity.yaml").read_text(encoding="utf-8")
    text = text.replace("years: 5,", "years: five,").replace("years: 1,", "years: one,")
    (tmp_path / "validity.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleTableError) as stopped:
        load(tmp_path)
    assert len(stopped.value.problems) == 2
    assert "validity.yaml:" in str(stopped.value)


def test_a_file_nobody_knows_is_told(tmp_path: Path) -> None:
    (tmp_path / "holidays.yaml").write_text("tables: {}\n", encoding="utf-8")
    problems = check(tmp_path)
    assert [(problem.file, problem.line) for problem in problems] == [("holidays.yaml", 0)]
    assert "没有名为“holidays”的规则文件" in problems[0].text("zh")


@pytest.mark.parametrize("content", ["", "\n# nothing\n", "rows: []\n", "tables:\n  validity:\n    rows: []\n"])
def test_an_empty_table_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "validity.yaml").write_text(content, encoding="utf-8")
    assert any(problem.file == "validity.yaml" for problem in check(tmp_path))


def test_a_table_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "validity.yaml").write_bytes(b"\xff\xfe\x00tables")
    assert "无法读取" in check(tmp_path)[0].text("zh")


def test_a_bureau_replaces_one_file(tmp_path: Path) -> None:
    text = (SHIPPED / "bureau.yaml").read_text(encoding="utf-8").replace("江州市外国专家局", "临江市外国专家局")
    (tmp_path / "bureau.yaml").write_text(text, encoding="utf-8")
    base = load(tmp_path)
    assert base.rows("bureau")[0].name.zh == "临江市外国专家局"
    assert base.rows("points")
