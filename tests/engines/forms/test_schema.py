"""The schema that programs get agrees with the one validation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import Answers, json_schema, validate
from shuzheng.kernel.error import InvalidInput

ROOMY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLAIN = """
code: plain
title: 无条件表单
sections:
  - code: a
    title: 甲
    fields:
      - {element: organisation-name, required: true}
      - {element: sex, required: true}
      - {element: established-date}
      - {element: employee-count}
      - {element: premises-area}
      - {element: amount}
      - {element: truth-commitment, widget: confirm, required: true}
      - {element: yes-no}
      - {element: hardship-kind, multiple: true}
      - {element: appointment-time}
      - {element: geo-point}
      - {element: email}
  - code: staff
    title: 乙
    repeat: {min: 0, max: 3, item_title: 人}
    fields:
      - {element: remark, required: true}
"""
TEXT = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["1", "2", "12.5", "１２", "2026-11-22", "2026年1月2日", "是", "老表店", "a@b.cn"]),
)
ANY = st.one_of(TEXT, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.lists(TEXT, max_size=3))
CODES = (
    "organisation_name sex established_date employee_count premises_area amount truth_commitment yes_no hardship_kind "
    "appointment_time email"
).split()
NESTED = st.recursive(ANY, lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXT, inner)), max_leaves=5)
LIKELY = {
    "organisation_name": st.sampled_from(["老表店", " 赣南 ", "甲" * 30]),
    "sex": st.sampled_from(["1", "2", "9"]),
    "truth_commitment": st.sampled_from([True, "1", "是", 1]),
    "established_date": st.one_of(st.dates(date(1990, 1, 1), date(2025, 1, 1)).map(str), st.just("")),
    "employee_count": st.one_of(st.integers(0, 99), st.just("１2")),
    "premises_area": st.decimals(1, 999, places=1).map(str),
    "amount": st.one_of(st.decimals(0, 999, places=2).map(str), st.just("¥1,280.00")),
    "yes_no": st.sampled_from([True, False, "1", "否"]),
    "hardship_kind": st.just([]),
    "geo_point": st.sampled_from([{"longitude": 114.9, "latitude": 25.8}, "114.9,25.8", None]),
    "email": st.sampled_from(["a@example.cn", ""]),
    "appointment_time": st.sampled_from(["2026-11-22T09:30", "2026-11-22 09:30", ""]),
    "staff": st.lists(st.fixed_dictionaries({"remark": st.sampled_from(["甲", "乙 "])}), max_size=4),
}
ANSWERS = st.one_of(
    st.dictionaries(st.sampled_from(CODES), ANY),
    st.fixed_dictionaries({}, optional=LIKELY),
    st.fixed_dictionaries(LIKELY),
)


@pytest.fixture
def plain(publish_form: Callable[[str], CompiledForm]) -> CompiledForm:
    """A form without conditions."""
    return publish_form(PLAIN)


def checker(form: CompiledForm) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json_schema(form), validate_formats=True)


def test_the_schema_is_a_schema(licence: CompiledForm) -> None:
    assert jsonschema_rs.meta.is_valid(json_schema(licence))


def accepted(form: CompiledForm, raw: dict[str, Any]) -> Answers | None:
    """Return the answers if they are accepted; a refusal names every field and says something about it."""
    try:
        return validate(form, raw)
    except InvalidInput as refusal:
        named = [(problem.path, problem.message) for problem in refusal.errors]
    assert named
    assert all(path and message for path, message in named)
    return None


@ROOMY
@given(raw=ANSWERS)
def test_whatever_is_accepted_satisfies_the_schema_and_is_accepted_again(
    plain: CompiledForm, raw: dict[str, Any]
) -> None:
    answers = accepted(plain, raw)
    if answers is not None:
        sent = json.loads(json.dumps(answers.plain()))
        checker(plain).validate(sent)
        assert validate(plain, sent).values == answers.values


@ROOMY
@given(raw=st.dictionaries(st.sampled_from([*CODES, "staff", "x"]), NESTED))
def test_whatever_is_sent_is_accepted_or_refused_and_never_breaks(plain: CompiledForm, raw: dict[str, Any]) -> None:
    answers = accepted(plain, raw)
    if answers is not None:
        checker(plain).validate(json.loads(json.dumps(answers.plain())))


def test_the_likely_answers_of_these_tests_are_accepted(plain: CompiledForm) -> None:
    likely = {
        "organisation_name": "老表店",
        "sex": "2",
        "truth_commitment": True,
        "geo_point": "114.9,25.8",
        "amount": "¥1,280.00",
    }
    answers = accepted(plain, likely)
    assert answers is not None
    assert answers.plain()["amount"] == "1280.00"


def test_good_answers_to_a_form_with_conditions_satisfy_its_schema(licence: CompiledForm, good: dict[str, Any]) -> None:
    checker(licence).validate(validate(licence, good).plain())
    checker(licence).validate(validate(licence, {**good, "has_premises": False}).plain())


def test_simple_conditions_are_written_down_and_others_named(publish_form: Callable[[str], CompiledForm]) -> None:
    form = publish_form("""
code: c
title: 条件
sections:
  - code: a
    title: 甲
    fields:
      - {element: sex, required: true}
      - {element: remark, when: 'sex == "2"', required: true}
      - {element: birth-date}
      - {element: purpose, when: age(birth_date) >= 80, required: true}
""")
    schema = json_schema(form)
    assert schema["required"] == ["sex"]
    assert schema["properties"]["purpose"]["x-when"] == "age(birth_date) >= 80"
    assert checker(form).is_valid({"sex": "1"})
    assert not checker(form).is_valid({"sex": "2"})
    assert checker(form).is_valid({"sex": "2", "remark": "甲"})
    assert not checker(form).is_valid({"sex": "1", "y": 1})
