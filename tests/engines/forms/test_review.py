"""Answers laid out to be read: by the person before sending, by the officer after."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import FormContext, Prefill, personal_elements, review, validate


def rows(form: CompiledForm, raw: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    return {row.path: row for group in review(form, validate(form, raw), **kwargs) for row in group.rows}


def test_answers_are_read_in_words(licence: CompiledForm, good: dict[str, Any]) -> None:
    shown = {path: row.value for path, row in rows(licence, good).items()}
    assert shown["has_premises"] == "是"
    assert shown["division"] == "江西省赣州市章贡区"
    assert shown["wages"] == "5,000.00 元"
    assert shown["premises_area"].startswith("86.5 ")
    assert shown["site"] == "东经 114.93503°，北纬 25.83109°"


def test_personal_answers_are_masked_until_asked(licence: CompiledForm, good: dict[str, Any]) -> None:
    covered = rows(licence, good)["applicant_id"]
    assert (covered.value, covered.masked) == ("360***********0040", True)
    assert rows(licence, good, revealed={"applicant_id"})["applicant_id"].value == "360702196003020040"
    everything = rows(licence, good, revealed=True)
    assert not any(row.masked for row in everything.values())
    assert everything["staff.0.staff_born"].value == "1990年5月6日"
    groups = review(licence, validate(licence, good))
    assert "resident-id" in personal_elements(groups)
    assert "sex" not in personal_elements(groups)


def test_rows_of_a_repeated_section_are_numbered_and_unasked_questions_are_absent(
    licence: CompiledForm, good: dict[str, Any]
) -> None:
    titles = [group.title for group in review(licence, validate(licence, good))]
    assert titles == ["申请人", "经营场所", "从业人员 1", "从业人员 2", "其他"]
    titles = [group.title for group in review(licence, validate(licence, {**good, "has_premises": "0"}))]
    assert titles == ["申请人", "经营场所", "其他"]


def test_the_page_says_what_was_provided_and_what_was_corrected(licence: CompiledForm, good: dict[str, Any]) -> None:
    known = Prefill({"applicant_name": "张桂澜", "sex": "2"}, {"applicant_name": "实名认证信息", "sex": "实名认证信息"})
    answers = validate(licence, good, FormContext(prefill=known), reasons={"applicant_name": "登记有误"})
    page = render_to_string("forms/review.html", {"groups": review(licence, answers), "change_url": "/apply"})
    assert "已由政府提供（实名认证信息）" in page
    assert "更正原因：登记有误" in page
    assert "/apply#f-applicant" in page
    assert "360702196003020040" not in page
