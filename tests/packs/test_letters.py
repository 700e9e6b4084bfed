"""The letters of the pack: each rendered from its examples, as OFD and as PDF, saying what the law asks."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from shuzheng.engines.documents.layout import compose_template, render
from shuzheng.engines.documents.layout.filling import expand
from shuzheng.engines.documents.layout.template import DocumentTemplate
from shuzheng.engines.documents.ofd.document import read
from shuzheng.kernel import definition

LETTERS = {
    "acceptance-letter": ["第三十二条第一款第（五）项", "予以受理"],
    "supplement-notice": ["第三十二条第一款第（四）项", "一次告知"],
    "non-acceptance-decision": ["不予受理", "六十日内", "行政复议", "六个月内", "行政诉讼"],
    "approval-decision": ["第三十八条第一款", "准予行政许可", "十日内"],
    "refusal-decision": ["第三十八条第二款", "不予行政许可", "六十日内", "行政复议", "六个月内", "行政诉讼"],
    "suspension-notice": ["第四十五条", "不计算在办理期限内"],
    "extension-notice": ["第四十二条第一款", "经本机关负责人批准"],
    "withdrawal-confirmation": ["撤回", "重新提出申请"],
    "service-receipt": ["受送达人", "送达方式"],
    "payment-notice": ["第五十八条", "缴款码", "上缴国库"],
}
ROW = {
    "number": "1",
    "name": "营业执照复印件",
    "form": "电子",
    "copies": "1",
    "reason": "不清晰",
    "rate": "100.00",
    "quantity": "1",
}
ROW["amount"] = "100.00"
pytestmark = pytest.mark.usefixtures("packs")


def template(code: str) -> DocumentTemplate:
    """Return a letter with what it includes."""
    return expand(
        definition.get("document_template", code).body, lambda inner: definition.get("document_template", inner).body
    )


def examples(code: str, *, optional: bool = True) -> dict[str, Any]:
    """Return the examples that the letter itself gives."""
    values: dict[str, Any] = {}
    for name, placeholder in template(code).placeholders.items():
        if optional or not placeholder.optional:
            values[name] = [ROW, ROW] if placeholder.kind == "rows" else placeholder.example
    return {name: value for name, value in values.items() if value}


def words(text: str) -> str:
    """Return a text without spaces."""
    return "".join(text.split())


@pytest.mark.parametrize("code", LETTERS)
def test_a_letter_says_what_the_law_asks_in_both_formats(code: str) -> None:
    values = examples(code)
    ofd = read(render(code, values, format="ofd"))
    pdf = PdfReader(io.BytesIO(render(code, values, format="pdf")))
    said = words("".join(page.text for page in ofd.pages))
    assert said == words("".join(page.extract_text() for page in pdf.pages))
    for part in [*LETTERS[code], *(value for value in values.values() if isinstance(value, str))]:
        assert words(part) in said or "://" in part
    assert not ofd.problems


@pytest.mark.parametrize("code", LETTERS)
def test_a_letter_fits_one_page_and_tells_where_the_seal_goes(code: str) -> None:
    composition = compose_template(definition.get("document_template", code).body, examples(code))
    assert len(composition.sheets) == 1
    assert [(seal.name, seal.width) for seal in composition.seals] == [("office", 42)]


@pytest.mark.parametrize("code", LETTERS)
def test_what_is_optional_may_be_left_out(code: str) -> None:
    text = read(render(code, examples(code, optional=False), format="ofd")).pages[0].text
    assert "{" not in text
    assert "：。" not in text
