"""Every table as text for the rule browser, and what changed between two days."""

from __future__ import annotations

from datetime import date

import pytest

from expertdesk.regulations import BrowsedTable, RuleBase, browsable, browse_table, diff_json, diff_lines

DAY = date(2026, 11, 24)


def read(base: RuleBase, code: str, region: str | None = "Beijing") -> BrowsedTable:
    return browse_table(base, code, region)


def row_of(table: BrowsedTable, code: str, day: date = DAY):
    return next(row for row in table.in_force(day) if row.code == code)


def test_every_table_is_readable_in_both_languages(base: RuleBase) -> None:
    tables = base.tables()
    assert {table.code for table in tables} == set(browsable(base))
    assert {"points", "criteria", "documents", "checklists", "time_limits", "calendar", "decisions", "districts"} <= {
        table.code for table in tables
    }
    for table in tables:
        assert table.title.zh and table.title.en and table.rows
        for row in table.rows:
            assert row.source.zh and row.source.en and row.region.zh
            for cell in row.cells:
                assert cell.text.zh and cell.text.en, (table.code, row.code, cell.field)
                assert not any("Bilingual(" in text or "Record(" in text for text in (cell.text.zh, cell.text.en))
                assert all(len(line) == len(cell.head) for line in cell.grid)


def test_codes_are_shown_as_names(base: RuleBase) -> None:
    cells = {cell.field: cell for cell in row_of(read(base, "criteria"), "B3").cells}
    assert cells["evidence"].text.zh == "最高学位证书、工作资历证明、职业技能资格证书"
    assert cells["category"].text.en == "category B"
    tests = cells["tests"]
    assert [heading.en for heading in tests.head] == ["Fact", "At least", "Least degree", "Waived by"]
    assert tests.grid[0][0].zh == "学位"


def test_bands_are_a_small_table_and_exact(base: RuleBase) -> None:
    cells = {cell.field: cell for cell in row_of(read(base, "points"), "SALARY").cells}
    assert [heading.zh for heading in cells["bands"].head] == ["下限", "上限", "分值"]
    assert [text.zh for text in cells["bands"].grid[0]] == ["45", "", "20"]
    assert cells["edges"].grid[0][0].en == "4.9999"
    assert cells["max"].label.zh == "满分"


def test_a_checklist_shows_what_each_category_needs(base: RuleBase) -> None:
    papers = row_of(read(base, "checklists"), "NEW_IN_CHINA").cells[0]
    assert [heading.en for heading in papers.head] == ["Papers", "A", "B", "C"]
    lines = {line[0].en: [text.en for text in line[1:]] for line in papers.grid}
    assert lines["Highest degree"] == ["Commitment", "Required", "If applicable"]
    assert lines["Photo"] == ["Required"] * 3
    short = row_of(read(base, "checklists"), "SHORT_TERM").cells[0]
    assert [heading.zh for heading in short.head] == ["相关材料", "效果"]


def test_a_regions_row_hides_the_national_one(base: RuleBase) -> None:
    assert [cell.text.en for cell in row_of(read(base, "extension_windows"), "EXTENSION").cells] == ["120", "30"]
    nation = read(base, "extension_windows", "Shanghai")
    assert [cell.text.en for cell in row_of(nation, "EXTENSION").cells] == ["90", "30"]
    assert not any(row.region_code == "Shenzhen" for row in read(base, "relaxations").rows)


def test_a_day_before_any_row_shows_none(base: RuleBase) -> None:
    assert read(base, "points").in_force(date(2010, 1, 1)) == ()
    assert len(read(base, "points").in_force(date(2017, 3, 31))) == 9
    assert read(base, "points").changes() == (date(2017, 4, 1), date(2016, 11, 1))


def test_low_confidence_is_marked(base: RuleBase) -> None:
    assert row_of(read(base, "criteria"), "A3.8").is_unsure
    assert not row_of(read(base, "criteria"), "A1").is_unsure


def test_bare_lists_are_told_from_rules(base: RuleBase) -> None:
    assert read(base, "visa_kinds").is_list and not read(base, "points").is_list


# --- two days --------------------------------------------------------------------------------------------------------


def test_the_change_of_the_points_table(base: RuleBase) -> None:
    changes = [change for change in base.diff(date(2017, 3, 31), date(2017, 4, 1)) if change.table == "points"]
    told = {(change.code, change.field): change for change in changes if not change.is_of_grounds}
    fields = {"EXPERIENCE": ["max", "formula"], "CHINESE": ["max", "options"], "ELITE": ["options"]}
    assert set(told) == {(code, field) for code, names in fields.items() for field in names}
    cap = told["EXPERIENCE", "formula"]
    assert cap.before is not None and cap.after is not None and cap.name.zh == "相关工作年限"
    assert (cap.before.zh, cap.after.zh) == ("封顶：15", "封顶：20"), "only what differs"
    assert "前国民" not in told["CHINESE", "options"].line.zh
    assert told["EXPERIENCE", "max"].line.en == "EXPERIENCE Relevant work experience (years), Maximum: 15 → 20"
    assert told["EXPERIENCE", "max"].line.zh == "EXPERIENCE 相关工作年限，满分：15 → 20"


def test_rows_that_come_and_go(base: RuleBase) -> None:
    came = diff_lines(base, date(2026, 2, 3), date(2026, 2, 4), "zh", "Beijing")
    assert came == ["薪资门槛：新增：SALARY 北京市薪资门槛（北京）"]
    gone = diff_lines(base, date(2024, 11, 30), date(2024, 12, 1), "en")
    assert "Procedures: no longer in force: POST_ENTRY_CARD Post-entry card application" in gone
    back = diff_lines(base, date(2024, 12, 1), date(2024, 11, 30), "en")
    assert "Procedures: new: POST_ENTRY_CARD Post-entry card application" in back


def test_nothing_changes_between_quiet_days(base: RuleBase) -> None:
    assert base.diff(date(2026, 3, 1), date(2026, 3, 2)) == []
    assert base.diff(date(2026, 3, 1), date(2026, 3, 1)) == []


@pytest.mark.parametrize(("region", "expected"), [("Beijing", False), ("Shanghai", True), (None, True)])
def test_only_the_region_that_is_asked_for(base: RuleBase, region: str | None, expected: bool) -> None:
    changes = base.diff(date(2026, 2, 2), date(2026, 2, 3), region)
    assert any(change.region == "Shanghai" for change in changes) is expected


def test_the_difference_as_json(base: RuleBase) -> None:
    answer = diff_json(base, date(2017, 3, 31), date(2017, 4, 1), "Beijing")
    assert (answer["from"], answer["to"]) == ("2017-03-31", "2017-04-01")
    change = next(item for item in answer["changes"] if (item["code"], item["field"]) == ("EXPERIENCE", "max"))
    assert change["before"] == {"zh": "15", "en": "15"} and change["after"] == {"zh": "20", "en": "20"}
    assert change["kind"] == "changed" and change["sentence"]["zh"].startswith("积分要素计分赋值表：")
    assert {item["kind"] for item in answer["changes"]} == {"added", "removed", "changed"}
