"""Sensitive answers are never stored readable, and come back exactly."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import mask_answers, open_answers, seal_answers
from shuzheng.engines.trust.crypto import DecryptionFailed

ROOMY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SECRET = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=6, max_size=40).map("机密".__add__)
#: Questions of the test's form whose elements are of level 4.
SEALED = ("applicant_id", "mobile", "staff_id", "health_certificate_number")
AMOUNT = st.decimals(0, 10**9, places=2)
ROW = st.fixed_dictionaries(
    {"staff_name": st.text("甲乙丙", min_size=1)},
    optional={"staff_id": SECRET, "health_certificate_number": SECRET, "wage": AMOUNT, "staff_born": st.dates()},
)
ANSWERS = st.fixed_dictionaries(
    {"applicant_id": SECRET, "staff": st.lists(ROW, max_size=3)},
    optional={"mobile": SECRET, "remark": st.text("sealed:甲", max_size=12), "has_premises": st.booleans()},
)


@ROOMY
@given(ANSWERS)
def test_what_is_sealed_opens_to_what_it_was(licence: CompiledForm, values: dict[str, Any]) -> None:
    assert open_answers(licence, json.loads(json.dumps(seal_answers(licence, values)))) == values


@ROOMY
@given(ANSWERS)
def test_no_sensitive_answer_is_readable_in_what_is_stored(licence: CompiledForm, values: dict[str, Any]) -> None:
    stored = json.dumps(seal_answers(licence, values), ensure_ascii=False)
    secrets = [row.get(code) for row in (values, *values["staff"]) for code in SEALED]
    for secret in filter(None, secrets):
        assert secret not in stored
        assert json.dumps(secret)[1:-1] not in stored


def test_a_sealed_answer_does_not_open_under_another_question(licence: CompiledForm) -> None:
    stored = seal_answers(licence, {"applicant_id": "360702196003020040", "mobile": "13800001234"})
    with pytest.raises(DecryptionFailed):
        open_answers(licence, {"mobile": stored["applicant_id"]})


def test_text_that_looks_sealed_is_only_text(licence: CompiledForm) -> None:
    values = {"remark": "sealed:k1.AAAA"}
    assert open_answers(licence, seal_answers(licence, values)) == values


def test_what_was_sealed_opens_after_the_level_was_lowered(
    publish_form: Callable[..., CompiledForm], licence: CompiledForm
) -> None:
    other = publish_form(
        "{code: o, title: 另, sections: [{code: a, title: 甲, fields: [{element: remark, code: applicant_id}]}]}"
    )
    assert open_answers(other, seal_answers(licence, {"applicant_id": "甲"})) == {"applicant_id": "甲"}


def test_masked_answers_are_words_with_the_personal_ones_covered(licence: CompiledForm) -> None:
    values = {
        "applicant_id": "360702196003020040",
        "sex": "2",
        "has_premises": True,
        "premises_area": Decimal("86.5"),
        "staff": [{"staff_name": "李小梅", "staff_born": date(1990, 5, 6)}],
    }
    shown = mask_answers(licence, values)
    assert shown["applicant_id"] == "360***********0040"
    assert shown["sex"].startswith("女")
    assert shown["has_premises"] == "是"
    assert shown["staff"] == [{"staff_name": "李*梅", "staff_born": "1990年*月*日"}]
