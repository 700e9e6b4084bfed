"""Masking shows what a rule allows and never more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.trust.masking import mask, rule_for, rules
from shuzheng.kernel.registry import UnknownName

LENGTH_KEPT = sorted(rules() - {"address", "text_full"})
#: How many characters each rule may show at most, whatever the value.
MOST_SHOWN = {
    "bank_account": 4, "id_number": 7, "mobile": 7, "person_name": 2, "plate": 4, "text_full": 0, "text_partial": 1,
}  # fmt: skip
ADDRESSES = st.lists(
    st.sampled_from(
        [
            "江西省",
            "赣州市",
            "章贡区",
            "红旗大道",
            "86号",
            "水南镇",
            "小区",
            "3栋",
            "市",
            "区",
            "县",
            "自治区",
            "内蒙古",
            "-",
            "*",
            "a",
            "1",
        ]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("rule", "value", "shown"),
    [
        ("person_name", "张三", "张*"),
        ("person_name", "张小三", "张*三"),
        ("person_name", "欧阳小三", "欧**三"),
        ("person_name", "张", "*"),
        ("id_number", "110101199003071234", "110***********1234"),
        ("id_number", "110101900307123", "110********7123"),
        ("id_number", "1234", "****"),
        ("mobile", "13812341234", "138****1234"),
        ("mobile", "138123", "******"),
        ("phone", "0797-8123456", "0797-*****56"),
        ("phone", "8123456", "*****56"),
        ("bank_account", "6222021234567890123", "***************0123"),
        ("email", "zhang@example.cn", "z****@example.cn"),
        ("email", "z@example.cn", "*@example.cn"),
        ("plate", "赣B12345", "赣B***45"),
        ("date", "1990-05-03", "1990-**-**"),
        ("date", date(1990, 5, 3), "1990-**-**"),
        ("date", "1990年5月3日", "1990年*月*日"),
        ("address", "江西省赣州市章贡区红旗大道86号", "江西省赣州市章贡区****"),
        ("address", "江西省赣州市红旗大道科技园区1号", "江西省赣州市****"),
        ("address", "赣州市于都县贡江镇长征小区3栋", "赣州市于都县****"),
        ("address", "赣州市水南镇长征小区3栋", "赣州市****"),
        ("address", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市****"),
        ("address", "红旗大道86号", "****"),
        ("none", "91360700MA35XXXX0A", "91360700MA35XXXX0A"),
        ("text_full", "低保户", "****"),
        ("text_partial", "低保户", "低**"),
        ("text_full", "", ""),
        ("person_name", None, ""),
    ],
)
def test_a_value_is_shown_as_its_rule_says(rule: str, value: object, shown: str) -> None:
    assert mask(value, rule) == shown


@pytest.mark.parametrize("rule", sorted(rules()))
@given(
    value=st.text(max_size=40)
    | ADDRESSES
    | st.from_regex(r"[0-9]{6,20}|[a-z]+@[a-z.]+|0[0-9]{2,3}-[0-9]{7}", fullmatch=True)
)
def test_masking_twice_changes_nothing(rule: str, value: str) -> None:
    once = mask(value, rule)
    assert mask(once, rule) == once


@pytest.mark.parametrize("rule", LENGTH_KEPT)
@given(value=st.text(max_size=40))
def test_the_length_is_kept_and_every_shown_character_is_in_its_place(rule: str, value: str) -> None:
    shown = mask(value, rule)
    assert len(shown) == len(value)
    assert all(after in (before, "*") for before, after in zip(value, shown, strict=True))


@pytest.mark.parametrize(("rule", "most"), MOST_SHOWN.items())
@given(value=st.text(alphabet=st.characters(exclude_characters="*"), min_size=1, max_size=40))
def test_never_more_is_shown_than_the_rule_allows(rule: str, most: int, value: str) -> None:
    shown = mask(value, rule)
    assert len(shown.replace("*", "")) <= most
    assert "*" in shown


@given(
    division=st.sampled_from(["江西省赣州市章贡区", "赣州市于都县", "江西省"]),
    rest=st.text(alphabet="红旗大道路街0123456789号栋室", min_size=1),
)
def test_an_address_shows_its_division_and_nothing_below(division: str, rest: str) -> None:
    assert mask(division + rest, "address") == division + "****"


def test_an_element_without_a_rule_of_its_own_is_masked_by_its_level() -> None:
    assert [rule_for(level) for level in (1, 2, 3, 4)] == ["none", "none", "text_partial", "text_full"]
    assert rule_for(4, "mobile") == "mobile"


def test_a_level_that_nobody_defined_is_covered_fully() -> None:
    assert rule_for(9) == "text_full"


def test_an_unknown_rule_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="mobile"):
        mask("13812341234", "moblie")
