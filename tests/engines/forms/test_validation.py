"""One validation for pages and programs: typed answers out, or problems that say how to mend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import FormContext, Prefill, validate
from shuzheng.kernel.error import InvalidInput, TooLarge


def problems(form: CompiledForm, raw: dict[str, Any], **kwargs: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        validate(form, raw, **kwargs)
    return {problem.path: str(problem.message) for problem in caught.value.errors}


def test_good_answers_come_out_typed(licence: CompiledForm, good: dict[str, Any]) -> None:
    answers = validate(licence, good)
    assert answers.values["mobile"] == "13800001234"
    assert answers.values["has_premises"] is True
    assert answers.values["premises_area"] == Decimal("86.5")
    assert answers.values["site"] == {"longitude": 114.93503, "latitude": 25.83109}
    assert answers.values["staff"][0]["staff_born"] == date(1990, 5, 6)
    assert answers.form_id == licence.id


def test_a_computed_answer_is_filled_in_whatever_was_sent(licence: CompiledForm, good: dict[str, Any]) -> None:
    assert validate(licence, {**good, "wages": "9"}).values["wages"] == Decimal("5000.00")


def test_answers_to_questions_that_are_not_asked_are_dropped(licence: CompiledForm, good: dict[str, Any]) -> None:
    answers = validate(licence, {**good, "has_premises": "0", "division": "999"})
    assert not {"division", "site", "staff", "wages", "premises_area"} & answers.values.keys()


def test_what_is_missing_is_named_in_the_order_of_the_page(licence: CompiledForm) -> None:
    found = problems(licence, {"has_premises": True, "staff": [{}]})
    assert list(found) == [
        "applicant_name", "applicant_id", "sex", "mobile", "division", "business_address",
        "staff.0.staff_name", "staff.0.staff_born", "truth_commitment",
    ]  # fmt: skip
    assert found["sex"].startswith("请选择")
    assert found["mobile"].startswith("请填写")
    assert "勾选" in found["truth_commitment"]


@pytest.mark.parametrize(
    ("change", "path", "word"),
    [
        ({"applicant_id": "360702196003020041"}, "applicant_id", "核"),
        ({"mobile": "1380"}, "mobile", "11"),
        ({"sex": "男"}, "sex", "选"),
        ({"sex": ["2"]}, "sex", "格式"),
        ({"division": "360800000000"}, "division", "范围"),
        ({"division": "360700000000"}, "division", "下一级"),
        ({"division": "999999999999"}, "division", "区划"),
        ({"premises_area": "很大"}, "premises_area", "数字"),
        ({"site": {"longitude": "25.8", "latitude": "114.9"}}, "site", "反"),
        ({"site": {"longitude": "114", "latitude": "25", "height": 3}}, "site", "格式"),
        ({"remark": "长" * 20_000}, "remark", "最多"),
        ({"remark": "坏\ud800字"}, "remark", "特殊字符"),
        ({"remark": {"a": 1}}, "remark", "格式"),
        ({"staff": []}, "staff", "至少"),
        ({"staff": "甲"}, "staff", "列表"),
        ({"staff": [1]}, "staff", "列表"),
        ({"hardship_kind": ["nonsense"]}, "hardship_kind", "选项"),
        ({"attachment": ["0192a6a5-0000-7000-8000-000000000000"]}, "attachment", "重新上传"),
        ({"attachment": ["../etc/passwd"]}, "attachment", "重新上传"),
        ({"truth_commitment": "0"}, "truth_commitment", "勾选"),
        ({"shoe_size": 42}, "shoe_size", "删去"),
        (
            {"staff": [{"staff_name": "甲乙", "staff_born": "1980-01-01", "health_certificate_number": "J1", "x": 1}]},
            "staff.0.x",
            "删去",
        ),
    ],
)
def test_bad_input_says_how_to_mend(
    licence: CompiledForm, good: dict[str, Any], change: dict[str, Any], path: str, word: str
) -> None:
    found = problems(licence, {**good, **change})
    assert list(found) == [path]
    assert word in found[path]


def test_an_impossible_date_is_refused_where_it_stands(licence: CompiledForm, good: dict[str, Any]) -> None:
    good["staff"][1]["staff_born"] = "2009-02-30"
    found = problems(licence, good)
    assert list(found) == ["staff.1.staff_born"]
    assert "30" in found["staff.1.staff_born"]


def test_requirements_may_depend_on_answers_of_the_same_row(licence: CompiledForm, good: dict[str, Any]) -> None:
    del good["staff"][0]["health_certificate_number"]
    assert list(problems(licence, good)) == ["staff.0.health_certificate_number"]


def test_a_cross_check_stands_at_its_field_in_every_row(licence: CompiledForm, good: dict[str, Any]) -> None:
    good["staff"][1]["staff_born"] = "2015-01-01"
    assert problems(licence, good) == {"staff.1.staff_born": "从业人员须年满 16 周岁，请核对出生日期。"}


def test_too_many_rows_are_refused(licence: CompiledForm, good: dict[str, Any]) -> None:
    good["staff"] = [good["staff"][0]] * 4
    assert "最多" in problems(licence, good)["staff"]
    with pytest.raises(TooLarge):
        validate(licence, {**good, "staff": [{}] * 5000})


def test_a_stored_answer_is_accepted_again_unchanged(licence: CompiledForm, good: dict[str, Any]) -> None:
    once = validate(licence, good)
    assert validate(licence, once.plain()).values == once.values


class TestProvidedAnswers:
    """What government provides is taken over, and changed only with a reason."""

    context = FormContext(
        prefill=Prefill(
            {"applicant_name": "张桂兰", "birth_date": date(1960, 3, 2)},
            {"applicant_name": "实名认证信息", "birth_date": "实名认证信息"},
        )
    )

    def test_it_is_taken_over_where_nothing_is_said(self, licence: CompiledForm, good: dict[str, Any]) -> None:
        del good["applicant_name"]
        answers = validate(licence, good, self.context)
        assert answers.values["applicant_name"] == "张桂兰"
        assert answers.provenance["applicant_name"] == "实名认证信息"
        assert answers.corrections == ()

    def test_a_change_needs_a_reason(self, licence: CompiledForm, good: dict[str, Any]) -> None:
        good["applicant_name"] = "张桂澜"
        assert "原因" in problems(licence, good, context=self.context)["applicant_name"]
        answers = validate(licence, good, self.context, reasons={"applicant_name": "登记时写错了字"})
        (correction,) = answers.corrections
        assert (correction.path, correction.provider, correction.reason) == (
            "applicant_name",
            "实名认证信息",
            "登记时写错了字",
        )
        assert "applicant_name" not in answers.provenance

    def test_a_reason_that_is_too_long_is_refused(self, licence: CompiledForm, good: dict[str, Any]) -> None:
        good["applicant_name"] = "张桂澜"
        found = problems(licence, good, context=self.context, reasons={"applicant_name": "因" * 201})
        assert "200" in found["applicant_name"]

    def test_what_is_read_only_cannot_be_changed(self, licence: CompiledForm, good: dict[str, Any]) -> None:
        found = problems(
            licence, {**good, "birth_date": "1961-03-02"}, context=self.context, reasons={"birth_date": "因为"}
        )
        assert "不能在这里修改" in found["birth_date"]


def test_a_default_stands_where_nothing_is_said(publish_form: Callable[..., CompiledForm]) -> None:
    form = publish_form(
        "{code: d, title: 默认, sections: [{code: a, title: 甲, fields: [{element: country, default: CHN}]}]}"
    )
    assert validate(form, {}).values == {"country": "CHN"}
    assert validate(form, {"country": ""}).values == {}
