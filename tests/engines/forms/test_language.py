"""The language of expressions: what it says, and everything it refuses to understand."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.forms.language import Name, Problem, compile_expression

TODAY = date(2026, 11, 22)
NAMES = {
    "kind": Name("text", frozenset({"new", "renew"})),
    "name": Name("text"),
    "born": Name("date"),
    "seats": Name("number"),
    "rent": Name("number"),
    "agreed": Name("boolean"),
    "wares": Name("list", frozenset({"cold", "hot"})),
    "staff": Name("rows", members={"wage": Name("number"), "since": Name("date"), "name": Name("text")}),
    "site": Name("record", members={"longitude": Name("number"), "latitude": Name("number")}),
}


def value(source: str, **values: Any) -> Any:
    return compile_expression(source, NAMES).value(values, TODAY)


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ('kind == "new"', {"kind": "new"}, True),
        ('kind in ["new", "renew"]', {"kind": "renew"}, True),
        ('kind not in ["new"]', {"kind": "new"}, False),
        ("age(born) >= 80", {"born": date(1946, 11, 22)}, True),
        ("age(born) >= 80", {"born": date(1946, 11, 23)}, False),
        ("18 <= age(born) < 60", {"born": date(1990, 1, 1)}, True),
        ("age(born)", {"born": date(2008, 2, 29)}, 18),
        ('days_between(born, date("2026-11-22"))', {"born": date(2026, 11, 20)}, 2),
        ("add_days(born, 30)", {"born": date(2026, 1, 1)}, date(2026, 1, 31)),
        ("today()", {}, TODAY),
        ("seats * rent + 0.5", {"seats": 2, "rent": Decimal("1.25")}, Decimal("3.00")),
        ("-seats", {"seats": 3}, -3),
        ("seats / rent", {"seats": 1, "rent": 4}, Decimal("0.25")),
        ("len(staff)", {"staff": [{}, {}]}, 2),
        ("sum(staff.wage)", {"staff": [{"wage": 3}, {}, {"wage": 4}]}, 7),
        ("max(staff.since)", {"staff": [{"since": TODAY}, {"since": date(2020, 1, 1)}]}, TODAY),
        ("coalesce(seats, 5)", {}, 5),
        ('contains(wares, "cold")', {"wares": ["cold"]}, True),
        ('contains(wares, "cold")', {}, False),
        ('starts_with(name, "江西")', {"name": "江西省"}, True),
        ("empty(name)", {"name": ""}, True),
        ("empty(staff)", {"staff": []}, True),
        ("round(rent / 3, 2)", {"rent": 10}, Decimal("3.33")),
        ('"甲" if agreed else "乙"', {"agreed": False}, "乙"),
        ("site.longitude > 100", {"site": {"longitude": 114.9, "latitude": 25.8}}, True),
        ('name + "店"', {"name": "老表"}, "老表店"),
    ],
)
def test_an_expression_says(source: str, values: dict[str, Any], expected: Any) -> None:
    assert value(source, **values) == expected


@pytest.mark.parametrize(
    "source",
    ['kind == "new"', "age(born) > 1", "seats + 1 > 2", 'kind == "new" and seats > 1', "not agreed", "seats / rent"],
)
def test_what_is_not_answered_is_neither_true_nor_false(source: str) -> None:
    assert value(source) is None


def test_logic_is_kleenes() -> None:
    assert value("agreed or seats > 1", agreed=True) is True
    assert value("agreed and seats > 1", agreed=False) is False
    assert value("agreed and seats > 1", agreed=True) is None


def test_dividing_by_zero_and_numbers_beyond_measure_count_as_missing() -> None:
    assert value("seats / rent", seats=1, rent=0) is None
    assert value("seats % rent", seats=1, rent=0) is None
    assert value("seats * seats * seats", seats=10**9) is None


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("__import__('os')", "函数"),
        ("name.__class__", "点号"),
        ("(lambda: 1)()", "函数"),
        ("[x for x in staff]", "不支持"),
        ("seats ** 99", "不能这样计算"),
        ("name * 9", "不能这样计算"),
        ("name[0]", "不支持"),
        ("f'{name}'", "不支持"),
        ("kind is None", "empty"),
        ("name == None", "empty"),
        ("(seats := 3)", "不支持"),
        ("name > 3", "不能和"),
        ("born > name", "不能和"),
        ("born + 30", "不能这样计算"),
        ("seats and agreed", "条件"),
        ("sum(staff.name)", "sum"),
        ("age(name)", "参数"),
        ("age()", "个数"),
        ("kind = 'new'", "两个等号"),
        ("kind == “new”", "全角"),
        ("kind ==", "读不懂"),
        ("1 if seats else 2", "条件"),
        ('date("2026-02-30")', "日期"),
        ("1" * 600, "太长"),
        ("+".join(["1"] * 200), "太复杂"),
        ("len", "括号"),
        ("staff.wage == 3", "比较"),
        ("b'x' == name", "None"),
    ],
)
def test_everything_else_is_refused_in_words(source: str, word: str) -> None:
    with pytest.raises(Problem) as caught:
        compile_expression(source, NAMES)
    assert word in f"{caught.value.message}{caught.value.suggestion}"


@pytest.mark.parametrize(
    ("source", "suggestion"),
    [
        ('knd == "new"', "kind"),
        ('kind == "newe"', "new"),
        ("staff.wages == 1", "wage"),
        ("agee(born)", "age"),
        ('contains(wares, "col")', "cold"),
    ],
)
def test_a_slip_of_the_pen_brings_a_suggestion(source: str, suggestion: str) -> None:
    with pytest.raises(Problem) as caught:
        compile_expression(source, NAMES)
    assert caught.value.suggestion == suggestion


def test_an_expression_tells_what_it_reads() -> None:
    reads = compile_expression('kind == "new" and sum(staff.wage) > seats', NAMES).reads
    assert reads == {"kind", "staff", "staff.wage", "seats"}


ATOMS = [
    'kind == "new"',
    "agreed",
    "seats > 3",
    "age(born) < 18",
    "empty(name)",
    'contains(wares, "hot")',
    "sum(staff.wage) >= rent",
]
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=6,
)
NUMBERS = st.one_of(st.none(), st.integers(-(10**12), 10**12), st.decimals(-1000, 1000, places=2))
VALUES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([None, "", "new", "renew"]),
        "name": st.sampled_from([None, "", "甲"]),
        "born": st.one_of(st.none(), st.dates()),
        "seats": NUMBERS,
        "rent": NUMBERS,
        "agreed": st.sampled_from([None, True, False]),
        "wares": st.one_of(st.none(), st.lists(st.sampled_from(["cold", "hot"]))),
        "staff": st.lists(st.fixed_dictionaries({}, optional={"wage": NUMBERS}), max_size=3),
    }
)


@given(CONDITIONS, VALUES)
def test_a_compiled_condition_never_fails_at_run_time(source: str, values: dict[str, Any]) -> None:
    expression = compile_expression(source, NAMES)
    result = expression.value(values, TODAY)
    assert result in (True, False, None)
    assert compile_expression(f"not ({source})", NAMES).value(values, TODAY) == (None if result is None else not result)


@given(CONDITIONS, VALUES, VALUES)
def test_a_value_that_is_not_read_makes_no_difference(
    source: str, values: dict[str, Any], others: dict[str, Any]
) -> None:
    expression = compile_expression(source, NAMES)
    mixed = {name: (values if name in expression.reads else others)[name] for name in values}
    assert expression.value(mixed, TODAY) == expression.value(values, TODAY)


@given(st.text(max_size=60))
def test_any_text_is_compiled_or_refused(source: str) -> None:
    with suppress(Problem):
        assert compile_expression(source, NAMES).source == source
