"""One template, two outputs: the same words, the same pages; what does not agree is refused by name."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from shuzheng.engines.documents.definitions import check
from shuzheng.engines.documents.layout import compose_template, render_template
from shuzheng.engines.documents.layout.breaking import CLOSING, OPENING, break_line, clusters
from shuzheng.engines.documents.layout.filling import IncludeCycle, ValuesDisagree, expand
from shuzheng.engines.documents.layout.template import DocumentTemplate
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.ofd.words import placed
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.source import parse_yaml

DAY = date(2026, 11, 22)
LETTER = """
code: letter
title: 测试文书
placeholders:
  name: {title: 申请人}
  rows: {title: 清单, kind: rows, optional: true}
  note: {title: 备注, optional: true}
text: {font: song, size: 小四, line: 1.5}
footer: {text: "第 {page} 页 共 {pages} 页"}
watermark: {text: "仅供{name}使用", gap: 70}
blocks:
  - heading: 受理通知书
  - {paragraph: "{name}：", indent: 0}
  - paragraph: 你（单位）的“食品经营许可”申请符合法定形式，根据《中华人民共和国行政许可法》第三十二条的规定，予以受理。See GB/T 33190-2016.
  - {paragraph: "备注：{note}", when: note}
  - table: rows
    when: rows
    columns: [{title: 序号, field: n}, {title: 名称, field: name, width: 4}]
  - {signature: 章贡区行政审批局, date: 2026年11月22日, seal: office}
"""


def template(text: str = LETTER, **changes: Any) -> DocumentTemplate:
    """Return a template written in YAML, with some of its fields replaced."""
    return DocumentTemplate.model_validate({**yaml.safe_load(text), **changes})


def words(text: str) -> str:
    """Return a text without the spaces that extraction sees or not."""
    return "".join(text.split())


def both(source: DocumentTemplate, values: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the words of each page of the OFD and of the PDF."""
    ofd = read(render_template(source, values, format="ofd", created=DAY))
    pdf = PdfReader(io.BytesIO(render_template(source, values, format="pdf", created=DAY)))
    marks = ["".join(run.text for a in page.annotations for run in placed(a.objects)) for page in ofd.pages]
    return (
        [words(page.text + mark) for page, mark in zip(ofd.pages, marks, strict=True)],
        [words(page.extract_text()) for page in pdf.pages],
    )


@settings(max_examples=15, deadline=None)
@given(
    name=st.text("赣州市章贡区李小红（）《》，。ABC019", min_size=1, max_size=60),
    rows=st.lists(st.text("营业执照复印件、（）/A1", min_size=1, max_size=50), max_size=60),
)
def test_ofd_and_pdf_say_the_same_words_on_the_same_pages(name: str, rows: list[str]) -> None:
    values = {"name": name, "rows": [{"n": str(n), "name": row} for n, row in enumerate(rows)]}
    ofd, pdf = both(template(), values)
    assert [sorted(page) for page in ofd] == [sorted(page) for page in pdf]
    assert words(name) in words("".join(ofd))


def test_words_come_in_reading_order_in_both() -> None:
    ofd, pdf = both(template(watermark=None), {"name": "李小红"})
    assert ofd == pdf
    assert ofd[0].startswith("受理通知书李小红：你（单位）的“食品经营许可”申请")
    assert ofd[0].endswith("章贡区行政审批局2026年11月22日第1页共1页")


def test_the_same_values_give_the_same_bytes() -> None:
    for format in ("ofd", "pdf"):
        first = render_template(template(), {"name": "李小红"}, format=format, created=DAY)
        assert first == render_template(template(), {"name": "李小红"}, format=format, created=DAY)


def test_a_pdf_tells_its_title_its_language_and_its_structure() -> None:
    rows = [{"n": "1", "name": "申请书"}]
    reader = PdfReader(io.BytesIO(render_template(template(), {"name": "李", "rows": rows}, format="pdf", created=DAY)))
    root = reader.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    assert (reader.metadata or {}).get("/Title") == "测试文书"
    assert root["/Lang"] == "zh-CN"
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    kinds = [kid.get_object()["/S"] for kid in document["/K"]]
    assert kinds == ["/H1", "/P", "/P", "/Table", "/P", "/P"]


def test_a_table_is_split_between_rows_and_its_head_repeated() -> None:
    rows = [{"n": str(n), "name": "食品经营许可申请书" * 4} for n in range(60)]
    pages = [page.text for page in read(render_template(template(), {"name": "李", "rows": rows}, format="ofd")).pages]
    assert len(pages) > 2
    assert all("序号" in page for page in pages[:-1])
    assert sum(page.count("食品经营许可申请书" * 2) for page in pages) >= 60


def test_a_signature_never_stands_alone_on_a_page() -> None:
    for count in range(10, 40):
        source = template(
            blocks=[{"paragraph": "文" * 35}] * count + [{"signature": "局", "date": "日", "seal": "office"}]
        )
        composition = compose_template(source, {"name": "李", "rows": [], "note": ""})
        seal = composition.seals[0]
        assert seal.page == len(composition.sheets) - 1
        assert len(composition.sheets[seal.page].body) > 3
        assert 0 <= seal.y <= 297 - seal.height


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "申请人"),
        ({"name": ""}, "申请人"),
        ({"name": "李", "nmae": "x"}, "nmae"),
        ({"name": "李", "rows": "x"}, "清单"),
        ({"name": [{"a": "b"}]}, "申请人"),
        ({"name": "李\U0001f600"}, "U\\+1F600"),
    ],
)
def test_a_value_that_is_missing_unknown_or_unwritable_is_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(ValuesDisagree, match=named):
        render_template(template(), values, format="ofd")


def test_a_rare_character_is_written_in_the_family_that_has_it() -> None:
    ofd, pdf = both(template(watermark=None), {"name": "李㛃䶮"})
    assert "李㛃䶮" in ofd[0]
    assert ofd == pdf


LINES = st.text("一二三，。、（“《》”）AB12 -/", max_size=80)


@example("11“ 1", 30.0)
@example("111 ”", 30.0)
@given(LINES, st.floats(30, 120))
def test_no_line_begins_with_a_closing_mark_and_nothing_is_lost(text: str, room: float) -> None:
    lines = break_line(text, lambda _character: 5, room - 10, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    longest = max((len(cluster.strip(" ")) for cluster in clusters(text)), default=0)
    for line in lines[1:]:
        assert not line or line[0] not in CLOSING or longest * 5 > room - 10
    for line in lines:
        assert len(line) * 5 <= room or len(line) == 1
        assert line is lines[-1] or not line or line[-1] not in OPENING or longest * 5 > room - 10


def test_templates_that_include_one_another_are_refused() -> None:
    bodies = {
        code: DocumentTemplate(code=code, title="甲", blocks=[{"include": other}])
        for code, other in (("a", "b"), ("b", "c"), ("c", "a"))
    }
    with pytest.raises(IncludeCycle, match="a → b → c → a"):
        expand(bodies["a"], bodies.__getitem__)


def test_an_included_template_brings_its_blocks_and_placeholders() -> None:
    inner = DocumentTemplate.model_validate(
        {"code": "in", "title": "内", "placeholders": {"x": {"title": "乙"}}, "blocks": [{"paragraph": "{x}"}]}
    )
    outer = DocumentTemplate.model_validate({"code": "out", "title": "外", "blocks": [{"include": "in"}]})
    whole = expand(outer, {"in": inner}.__getitem__)
    assert list(whole.placeholders) == ["x"]
    ofd, pdf = both(whole, {"x": "正文"})
    assert ofd == pdf == ["正文"]


WRONG = """code: bad
title: 错
placeholders:
  used: {title: 用}
  unused: {title: 没用}
  list: {title: 表, kind: rows}
blocks:
  - paragraph: "{usd} {used}"
  - paragraph: "{list}"
  - paragraph: "a { b"
  - include: nowhere
"""


def test_a_broken_template_is_told_with_the_line() -> None:
    located = parse_yaml(WRONG)
    model = DocumentTemplate.model_validate(located.value)
    declared = Declared("document_template", "bad", located.value, "bad.yaml", located, model=model)
    found = {problem.line: str(problem) for problem in check(declared, Workspace(lambda *_: None, lambda _: []))}
    assert "usd" in found[8]
    assert "used" in found[8]
    assert "unused" in found[5]
    assert "rows" in found[9]
    assert "花括号" in found[10]
    assert "nowhere" in found[11]
    assert len(found) == 5


HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto" / "write-a-letter.md"


@pytest.mark.parametrize("number", [0, 1])
def test_what_the_instructions_show_can_be_rendered(number: int) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", HOWTO.read_text(), re.DOTALL)
    shown = [block for block in blocks if "placeholders:" in block]
    located = parse_yaml(shown[number])
    model = DocumentTemplate.model_validate(located.value)
    declared = Declared("document_template", model.code, located.value, "howto", located, model=model)
    assert not list(check(declared, Workspace(lambda *_: None, lambda _: [])))
    picture = b"\xff\xd8\xff\xc0\0\x11\x08\0\x04\0\x03\x03" + bytes(9)
    kinds = {"text": "甲", "rows": [{"number": "1", "name": "后厨布局"}], "picture": picture}
    ofd = read(render_template(model, {n: kinds[p.kind] for n, p in model.placeholders.items()}, format="ofd"))
    assert model.title in ofd.pages[0].text
