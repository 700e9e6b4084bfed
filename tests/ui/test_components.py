"""Components: accessible, escaped, usable without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from shuzheng import ui

Render = Callable[..., str]
FOLDER = Path(ui.__file__).parent
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\son[a-z]+=|javascript:|\sstyle=", re.IGNORECASE
)


def test_a_field_ties_label_help_and_error_to_its_control(render: Render) -> None:
    html = render('<c-field name="id_number" label="证件号" help="18 位" error="校验位不对" value="<x>" required />')
    assert '<label class="form-label sz-field-label" for="id_number">' in html
    assert 'aria-describedby="id_number-help id_number-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="&lt;x&gt;"' in html
    assert 'id="id_number-error"' in html


def test_a_field_with_several_controls_is_a_group_with_a_legend(render: Render) -> None:
    html = render(
        '<c-field name="sex" label="性别" type="radio" :options="options" value="2" group required />',
        options=[("1", "男"), ("2", "女")],
    )
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert re.search(r'value="2" required checked', html)


def test_a_chosen_option_stays_chosen_whatever_its_type(render: Render) -> None:
    html = render(
        '<c-field name="n" label="数" type="select" :options="options" :value="2" />', options=[(1, "一"), (2, "二")]
    )
    assert '<option value="2" selected>二</option>' in html


def test_checked_boxes_stay_checked(render: Render) -> None:
    source = '<c-field name="n" label="项" type="checkbox" :options="options" :value="chosen" group />'
    html = render(source, options=[("a", "甲"), ("b", "乙")], chosen=["b"])
    assert re.search(r'value="b"\s+checked', html)
    assert not re.search(r'value="a"\s+checked', html)


def test_a_status_says_in_words_what_its_colour_means(render: Render) -> None:
    assert "到期或超期" in render('<c-status card="red" />')
    assert "等您补充" in render('<c-status card="amber">等您补充</c-status>')


def test_a_pager_keeps_the_filters_and_disappears_when_there_is_one_page(render: Render, rf: RequestFactory) -> None:
    source = '<c-pager :page="page" />'
    request = rf.get("/cases?tab=done&after=OLD&q=a")
    html = render(source, page=SimpleNamespace(next="N", previous=None), request=request)
    assert 'href="?tab=done&amp;after=N&amp;q=a"' in html
    assert "prev" not in html
    assert render(source, page=SimpleNamespace(next=None, previous=None)).strip() == ""


def test_the_present_step_is_announced(render: Render) -> None:
    html = render('<c-steps :items="steps" :current="2" />', steps=["填写", "核对", "提交"])
    assert html.count('aria-current="step"') == 1
    assert re.search(r'class="is-now" aria-current="step">核对', html)


def test_an_uploader_is_a_plain_file_field_without_a_script(render: Render) -> None:
    html = render('<c-uploader name="photo" label="照片" accept=".jpg" required multiple />')
    assert re.search(
        r'<input class="form-control" type="file" id="photo" name="photo" multiple accept=".jpg" required', html
    )


def test_files_sent_before_are_sent_again_by_id(render: Render) -> None:
    html = render(
        '<c-uploader name="photo" label="照片" :files="files" />', files=[SimpleNamespace(id="7", name="a", size=1)]
    )
    assert '<input type="hidden" name="photo" value="7">' in html


def test_a_map_picker_is_two_number_fields_without_a_script(render: Render) -> None:
    html = render('<c-map-picker name="place" label="位置" longitude="114.9" latitude="25.8" />')
    assert 'name="place_longitude"' in html
    assert 'value="25.8"' in html
    assert re.search(r"data-map [^>]*hidden", html)


def test_data_for_a_chart_cannot_break_out_of_its_island(render: Render) -> None:
    html = render('<c-chart id="c" title="图" :option="option" />', option={"x": "</script><script>alert(1)</script>"})
    assert html.count("<script") == 1
    assert 'id="c-option" type="application/json"' in html


def test_the_acting_as_banner_names_the_party(render: Render) -> None:
    party = SimpleNamespace(kind="person", name="张<桂>兰")
    html = render('<c-acting-as :party="party" change="/act-as" />', party=party)
    assert "张&lt;桂&gt;兰" in html
    assert render('<c-acting-as :party="none" />', none=None).strip() == ""


def test_a_masked_value_is_revealed_only_by_a_post_with_a_purpose(render: Render) -> None:
    html = render('<c-masked value="138****5678" url="/reveal" purpose="核实" label="手机号" id="m" />')
    assert '<form method="post" action="/reveal"' in html
    assert 'name="purpose" value="核实"' in html
    assert "<form" not in render('<c-masked value="138****5678" />')


@pytest.mark.parametrize("template", sorted((FOLDER / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_scripts_styles_or_handlers(template: Path) -> None:
    assert not INLINE.search(template.read_text("utf-8"))


def test_every_component_is_in_the_readme_and_in_the_style_guide() -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    shown = "".join(path.read_text("utf-8") for path in (FOLDER / "templates" / "ui").glob("*.html"))
    for component in (FOLDER / "templates" / "cotton").glob("*.html"):
        tag = f"<c-{component.stem.replace('_', '-')}"
        assert f"`{tag}>`" in readme, tag
        assert tag in shown or tag in (FOLDER / "templates" / "cotton" / "chart.html").read_text("utf-8"), tag
