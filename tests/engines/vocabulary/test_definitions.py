"""Elements and code lists: what packs may declare, and the lists that ship."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from shuzheng.engines.trust.masking import rules
from shuzheng.engines.vocabulary import queries
from shuzheng.engines.vocabulary.code_list import CodeList, read_csv
from shuzheng.engines.vocabulary.element import Element, Masking
from shuzheng.engines.vocabulary.errors import InvalidValue, UnknownCode
from shuzheng.engines.vocabulary.schema import json_schema
from shuzheng.engines.vocabulary.validators import validate
from shuzheng.kernel import definition, pack
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.source import Unreadable

ELEMENT = {"code": "x", "title": "甲", "definition": "用来测试的数据元", "datatype": "text", "level": 1}


@pytest.mark.usefixtures("vocabulary")
def test_the_shipped_elements_and_lists_are_there() -> None:
    assert len(definition.listing("element")) >= 120
    lists = {stored.key: len(stored.body.codes) for stored in definition.listing("code_list")}
    assert lists["nationality"] == 56
    assert lists["industry"] == 1971
    assert lists["sex"] == 4
    assert lists["country"] == 249


def test_the_shipped_packs_are_without_fault_and_loading_again_changes_nothing(vocabulary: Path) -> None:
    own = [vocabulary / "vocabulary", vocabulary / "jiangxi-divisions"]
    assert pack.check(own) == []
    again = LoadPacks.do(Actor.system("test"), paths=own)
    assert [(p.code, p.facts) for p in again.packs] == [("jiangxi-divisions", {}), ("vocabulary", {})]
    assert all(change.what == "unchanged" for change in pack.diff(own))


@pytest.mark.usefixtures("vocabulary")
def test_every_shipped_element_accepts_its_own_examples() -> None:
    for stored in definition.listing("element"):
        for example in stored.body.examples:
            validate(stored.body, example)


@pytest.mark.usefixtures("vocabulary")
def test_the_industry_classification_has_four_levels() -> None:
    industry = queries.code_list("industry")
    depths = [len(industry.ancestors(entry.code)) for entry in industry.codes]
    assert [depths.count(depth) for depth in range(4)] == [20, 97, 473, 1381]
    assert [above.name for above in industry.ancestors("6210")] == ["住宿和餐饮业", "餐饮业", "正餐服务"]


@pytest.mark.usefixtures("vocabulary")
def test_a_code_outside_its_list_is_refused_in_plain_words() -> None:
    sex = queries.element("sex")
    assert validate(sex, "2") == "2"
    with pytest.raises(InvalidValue, match="“3”不是“性别”的选项"):
        validate(sex, "3")
    with pytest.raises(UnknownCode, match="代码表“sex”中没有代码“3”"):
        queries.code("sex", "3")


@pytest.mark.usefixtures("vocabulary")
def test_a_division_must_exist_today() -> None:
    division = queries.element("division")
    assert validate(division, "360703") == "360703000000"
    with pytest.raises(InvalidValue, match="没有代码为“360782000000”的行政区划"):
        validate(division, "360782")


@pytest.mark.usefixtures("vocabulary")
def test_values_are_shown_in_words() -> None:
    assert queries.display(queries.element("sex"), "2") == "女性"
    assert queries.display(queries.element("division"), "360702000000") == "江西省赣州市章贡区"
    assert queries.display(queries.element("consent"), True) == "是"
    assert queries.display(queries.element("premises-area"), "86.50") == "86.50 平方米"
    assert queries.display(queries.element("remark"), None) == ""
    assert queries.code("sex", "2").name_en == "female"
    assert ("1", "男性") in queries.choices("sex")


@pytest.mark.usefixtures("vocabulary")
def test_every_element_has_a_json_schema_that_its_normal_form_satisfies() -> None:
    from jsonschema_rs import Draft202012Validator
    from pydantic_core import to_jsonable_python

    for stored in definition.listing("element"):
        schema = json_schema(stored.body)
        checker = Draft202012Validator(schema)
        for example in stored.body.examples:
            value = to_jsonable_python(validate(stored.body, example))
            assert checker.is_valid(value), (stored.key, value, schema)


def test_masking_rules_are_those_of_trust() -> None:
    assert set(Masking.__args__) - {""} == rules()


def test_a_code_counts_only_between_its_days() -> None:
    known = CodeList.model_validate(
        {
            "code": "kinds",
            "title": "种类",
            "source": "测试",
            "codes": [
                {"code": "1", "name": "旧", "valid_to": "2020-12-31"},
                {"code": "2", "name": "新", "valid_from": "2021-01-01"},
            ],
        }
    )
    assert [entry.name for entry in known.current(date(2020, 12, 31))] == ["旧"]
    assert [entry.name for entry in known.current(date(2021, 1, 1))] == ["新"]
    assert known.name("1") == "旧"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"datatype": "code"}, "必须写 code_list"),
        ({"pattern": "["}, "正则表达式有误"),
        ({"pattern": "a"}, "pattern_hint"),
        ({"datatype": "date", "pattern": "a", "pattern_hint": "b"}, "只有文本可以写 pattern"),
        ({"minimum": 1}, "只有数值可以写"),
        ({"datatype": "integer", "minimum": 2, "maximum": 1}, "minimum 大于 maximum"),
        ({"latest": "today"}, "只有日期可以写"),
        ({"length": 2, "min_length": 3}, "min_length 大于 length"),
        ({"level": 4}, "必须写 masking"),
    ],
)
def test_an_element_that_contradicts_itself_is_refused(more: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message.replace("[", r"\[")):
        Element.model_validate({**ELEMENT, **more})


def _pack(folder: Path) -> Path:
    (folder / "codelists").mkdir()
    (folder / "pack.yaml").write_text("code: t\ntitle: 测试\nversion: 1.0.0\neffective: 2026-01-01\n", "utf-8")
    return folder


@pytest.mark.usefixtures("vocabulary")
def test_a_broken_pack_is_told_line_by_line(tmp_path: Path) -> None:
    folder = _pack(tmp_path)
    (folder / "elements.yaml").write_text(
        "- code: a\n  title: 甲\n  definition: 一个数据元\n  datatype: code\n  code_list: sexx\n  level: 1\n"
        "- code: b\n  title: 乙\n  definition: 一个数据元\n  datatype: integer\n  level: 1\n  unit: m22\n"
        "  owner: populatio\n  examples: [x]\n",
        "utf-8",
    )
    (folder / "codelists" / "kinds.csv").write_text(
        "# title: 种类\n# source: 测试\ncode,name,parent,valid_from,valid_to\n1,甲,9,,\n1,乙,,2020-01-02,2020-01-01\n2,丙,3,,\n3,丁,2,,\n",
        "utf-8",
    )
    found = {(Path(p.file).name, p.line): f"{p.message} {p.suggestion}" for p in pack.check([folder])}
    assert "代码表“sexx”不存在" in found["elements.yaml", 5]
    assert "“m22”不在代码表“measurement-unit”中" in found["elements.yaml", 12]
    assert "population" in found["elements.yaml", 13]
    assert "示例“x”不符合本数据元" in found["elements.yaml", 14]
    assert "上级代码“9”不在本表中" in found["kinds.csv", 4]
    assert "停用日期早于启用日期" in found["kinds.csv", 5] or "写了两次" in found["kinds.csv", 5]
    assert "成环" in found["kinds.csv", 6]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# title: 甲\ncode,nam\n1,甲\n", 2, "表头应为"),
        ("# titel: 甲\ncode,name\n", 1, "说明行应为"),
        ("# title: 甲\n# source: 乙\ncode,name\n1,甲,乙\n", 4, "列数比表头多"),
    ],
)
def test_an_unreadable_list_is_told_where(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = tmp_path / "kinds.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(Unreadable, match=message) as caught:
        read_csv(file)
    assert caught.value.line == line
