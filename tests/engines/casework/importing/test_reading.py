"""Rows become items, or say why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.casework.importing import Entry, Unrecognised, read_file
from shuzheng.engines.casework.importing.codes import is_organisation_code
from shuzheng.engines.casework.importing.entry import Entry as Row
from shuzheng.engines.casework.importing.mapping import Mapping
from shuzheng.engines.casework.importing.texts import phones, points
from shuzheng.engines.vocabulary.code_list import read_csv
from shuzheng.testing.packs import some_divisions
from tests.engines.casework.importing.rows import GUANGAN, GUANGDONG, array, lines

LISTS = Path(__file__).resolve().parents[4] / "packs/public-service/generic-matter/codelists"


@pytest.fixture(autouse=True)
def _shipped_words(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Know the words that are shipped, straight from their files."""
    departments, themes = (
        {code["code"]: code["note"] for code in read_csv(LISTS / f"{name}.csv")[0][1].value["codes"]}
        for name in ("department-word", "theme-word")
    )
    monkeypatch.setattr(Mapping, "published", lambda: Mapping(departments, themes))
    some_divisions()


def guangdong(folder: Path, **changes: Any) -> Entry:
    return read_file(lines(folder, {**GUANGDONG, **changes}))[0]


def guangan(folder: Path, **changes: Any) -> Entry:
    return read_file(array(folder, {**GUANGAN, **changes}))[0]


def reasons(entry: Entry) -> dict[str, str]:
    return {finding.field: f"{finding.level}: {finding.message}" for finding in entry.findings}


def test_a_row_of_guangdong_becomes_a_whole_item(tmp_path: Path) -> None:
    entry = guangdong(tmp_path)
    item = entry.item
    assert item is not None
    assert entry.findings == []
    assert (item.code, item.kind, item.owner.unit, item.owner.levels) == (
        GUANGDONG["TASK_CODE"],
        "licence",
        "education",
        ("province",),
    )
    assert (item.limits.statutory.amount, item.limits.promised.amount) == (70, 18)
    assert item.aliases == ("教材复查", "查教材", "教材审查")
    assert item.conditions == ("符合下列条件：", "是本省单位；", "教材已经审定。")
    assert item.phone == "020-37628755、(020)37628756转3"
    assert [m.title for m in item.materials] == ["申请表", "教材"]
    assert (item.themes, item.applicants) == (("education",), ("person", "company", "sole-trader"))
    assert item.synthetic
    assert "广东省教育厅" in item.source


def test_a_row_of_guangan_becomes_an_item_with_the_general_limit_of_a_licence(tmp_path: Path) -> None:
    item = guangan(tmp_path).item
    assert item is not None
    assert (item.owner.unit, item.owner.levels, item.limits.statutory.amount) == ("water-resources", ("county",), 20)
    assert item.limits.promised is None


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"TASK_CODE": "11440000006940117U2440102002001"}, "TASK_CODE", "rejected: 事项编码前 18 位"),
        ({"TASK_CODE": "1144000000694011"}, "TASK_CODE", "rejected: 事项编码应为 31 位"),
        ({"CATAID": "440102002002"}, "CATAID", "rejected: 事项编码中的目录编码"),
        ({"TASK_NAME": " "}, "TASK_NAME", "rejected: 这一项是空的"),
        ({"TASK_TYPE_TEXT": "行政处罚"}, "TASK_TYPE_TEXT", "rejected: “行政处罚”不是可以申请"),
        ({"TASK_NAME": "很" * 301}, "title", "rejected: 最多 300 个字"),
        ({"DEPT_NAME": "广东空港委"}, "DEPT_NAME", "warning: 没有与“广东空港委”对应"),
        ({"theme_category": ["炼丹"]}, "theme_category", "warning: 主题“炼丹”"),
        ({"service_object_name": ["神仙"]}, "service_object_name", "warning: 服务对象“神仙”"),
        ({"handle_time": "大概一个月"}, "handle_time", "warning: 没有写法定时限"),
        ({"handle_time": "无"}, "handle_time", "warning: 没有写法定时限"),
        (
            {"handle_time_limit": "90(工作日)"},
            "handle_time_limit",
            "warning: 承诺时限“90(工作日)”长于法定时限“70(工作日)”",
        ),
        ({"consult_phone": "请到窗口咨询"}, "consult_phone", "warning: “请到窗口咨询”里没有电话号码"),
        ({"TASK_CODE": "TE440000GD030003VV2440102002001"}, "TASK_CODE", "warning: 实施主体用的是临时代码"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_at_its_field(tmp_path: Path, changes: Any, field: str, said: str) -> None:
    entry = guangdong(tmp_path, **changes)
    assert reasons(entry)[field].startswith(said)
    assert entry.rejected == said.startswith("rejected")
    assert (entry.item is None) == entry.rejected


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"itemCode": "E-000004-001-11511301008778386B"}, "itemCode", "rejected: 事项编码应为"),
        (
            {"itemCode": "511A1-511602000000-000-11511301008778386A-1-00"},
            "itemCode",
            "rejected: 事项编码中的部门代码校验位不对",
        ),
        ({"itemCode": "511A1-511602000000-000-083372205-1-00"}, "itemCode", "rejected: 事项编码中的部门代码校验位不对"),
        ({"areaCode": "5116"}, "areaCode", "rejected: 区划代码应为 12 位"),
        ({"taskType": "02"}, "taskType", "rejected: “02”不是可以申请"),
        ({"areaCode": "511600000000"}, "areaCode", "warning: 事项编码中的区划"),
        ({"itemCode": "511A1-511602000000-000-1151130000877869M-1-00"}, "itemCode", "warning: 部门代码既不是"),
    ],
)
def test_codes_in_six_parts_are_checked_part_by_part(tmp_path: Path, changes: Any, field: str, said: str) -> None:
    assert reasons(guangan(tmp_path, **changes))[field].startswith(said)


def test_a_promise_longer_than_the_law_becomes_the_laws_limit(tmp_path: Path) -> None:
    item = guangdong(tmp_path, handle_time="20(工作日)", handle_time_limit="60(自然日)").item
    assert item is not None
    assert item.limits.promised == item.limits.statutory


def test_limits_in_months_years_and_hours_become_clocks(tmp_path: Path) -> None:
    item = guangdong(tmp_path, handle_time="1年", handle_time_limit="3(月)").item
    assert item is not None
    rules = item.clock_rules
    assert [(rules[code].limit, str(rules[code].unit)) for code in ("statutory", "promised")] == [
        (12, "month"),
        (3, "month"),
    ]
    hours = guangdong(tmp_path, handle_time_limit="48小时").item
    assert hours is not None
    assert (hours.limits.promised.amount, str(hours.limits.promised.unit)) == (48, "hour")


@pytest.mark.parametrize("written", ["即办", "当场办结", "0(工作日)"])
def test_an_item_done_at_once_is_immediate(tmp_path: Path, written: str) -> None:
    item = guangdong(tmp_path, handle_time_limit=written).item
    assert item is not None
    assert item.limits.immediate


def test_a_broken_line_is_left_out_and_its_neighbours_are_not(tmp_path: Path) -> None:
    entries = read_file(lines(tmp_path, GUANGDONG, '{"TASK_CODE": "1144', "[1]"))
    assert [entry.rejected for entry in entries] == [False, True, True]
    assert entries[1].row == 2
    assert "不是有效的 JSON" in entries[1].findings[0].message


def test_a_code_that_comes_twice_counts_once(tmp_path: Path) -> None:
    first, second = read_file(array(tmp_path, GUANGAN, GUANGAN))
    assert not first.rejected
    assert "与第 1 行重复" in second.findings[0].message


@pytest.mark.parametrize("content", ["name,code\n河道采砂,1\n", "[1, 2", '{"a": 1}', "", "\ufeff[]"])
def test_a_file_of_another_format_is_refused_whole(tmp_path: Path, content: str) -> None:
    file = tmp_path / "items.json"
    file.write_text(content, "utf-8")
    with pytest.raises(Unrecognised):
        read_file(file)


def test_a_file_in_another_encoding_is_refused_whole(tmp_path: Path) -> None:
    file = tmp_path / "items.json"
    file.write_bytes("[事项]".encode("gb18030"))
    with pytest.raises(Unrecognised) as refusal:
        read_file(file)
    assert "UTF-8" in str(refusal.value.errors[0].message)


def test_an_item_of_a_division_of_ours_is_limited_to_it(tmp_path: Path) -> None:
    code = GUANGAN["itemCode"].replace("511602", "360702")
    item = guangan(tmp_path, itemCode=code, areaCode="360702000000").item
    assert item is not None
    assert (item.owner.division, item.synthetic) == ("360702000000", False)


def test_points_lose_their_numbers_and_markup() -> None:
    text = "<p>一、总则</p>1.年满18周岁；2、《实施<义务教育法>办法》规定的；（三）身体健康。无"
    assert points(text) == ["一、总则", "年满18周岁；", "《实施<义务教育法>办法》规定的；", "身体健康。无"]
    assert points("无特定条件") == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("020-8923 2806", "020-89232806"),
        ("拨打12345或020-37628755", "12345、020-37628755"),
        ("13907970001", "13907970001"),
        ("", ""),
    ],
)
def test_phone_numbers_are_found_among_words(text: str, numbers: str) -> None:
    assert phones(text, "phone", Row(1)) == numbers


def test_the_check_character_of_an_organisation_code_may_be_x() -> None:
    assert is_organisation_code("00877844X")
    assert not is_organisation_code("008778441")


def test_every_word_leads_to_a_bureau_and_a_theme_that_exist() -> None:
    words, root = Mapping.published(), LISTS.parents[2]
    bureaus = {
        line.split()[2]
        for line in (root / "base/organisations/organisations/units.yaml").read_text("utf-8").splitlines()
        if line.startswith("- code:")
    }
    themes = {code["code"] for code in read_csv(LISTS / "theme.csv")[0][1].value["codes"]}
    assert set(words.departments.values()) <= bureaus
    assert set(words.themes.values()) <= themes
