"""The page: accessible without a script, and every button of the form works by a plain submit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from lxml import html

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.engine import BoundForm, FormContext, Posted, Prefill, bind, prefill, read_post, validate
from shuzheng.kernel.error import InvalidInput

PREFILL = Prefill(
    {"applicant_name": "张桂兰", "applicant_id": "360702196003020040", "birth_date": date(1960, 3, 2)},
    {"applicant_name": "实名认证信息", "applicant_id": "实名认证信息", "birth_date": "实名认证信息"},
)


def render(bound: BoundForm) -> Any:
    return html.fromstring(f"<main>{render_to_string('forms/form.html', {'form': bound})}</main>")


def controls(page: Any) -> list[Any]:
    return page.xpath("//input[not(@type='hidden')]|//select|//textarea")


def posted_of(page: Any, **changes: str | list[str]) -> QueryDict:
    """Return what a browser without scripts sends when the page is submitted with some fields changed."""
    data = QueryDict(mutable=True)
    for control in page.xpath("//input|//select|//textarea"):
        name, kind = control.get("name"), control.get("type")
        if not name or kind in ("file", "submit") or (kind in ("radio", "checkbox") and control.get("checked") is None):
            continue
        data.appendlist(name, control.value or "" if control.tag != "input" else control.get("value") or "")
    for name, value in changes.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def press(form: CompiledForm, page: Any, order: str, **kwargs: Any) -> Posted:
    assert page.xpath(f"//button[@name='_do' and @value='{order}']"), order
    changes = kwargs.pop("changes", {})
    return read_post(form, posted_of(page, **{"_do": order, **changes}), **kwargs)


@pytest.fixture
def full(licence: CompiledForm, good: dict[str, Any]) -> BoundForm:
    return bind(licence, good)


def test_every_control_has_a_label_and_every_id_is_used_once(full: BoundForm) -> None:
    page = render(full)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert len(controls(page)) > 25
    for control in controls(page):
        labelled = page.xpath(f"//label[@for='{control.get('id')}']") if control.get("id") else []
        assert labelled or control.iterancestors("label").__next__() is not None
        for described in (control.get("aria-describedby") or "").split():
            assert described in ids


def test_several_inputs_of_one_question_stand_under_a_legend(full: BoundForm) -> None:
    page = render(full)
    for radio in page.xpath("//input[@type='radio']"):
        assert next(radio.iterancestors("fieldset")).xpath("./legend")
    assert [legend.text_content().strip() for legend in page.xpath("//fieldset[contains(@class,'sz-row-group')]/legend")] == [
        "从业人员 1", "从业人员 2",
    ]  # fmt: skip


def test_errors_are_listed_first_and_lead_to_their_fields(licence: CompiledForm, good: dict[str, Any]) -> None:
    raw = {**good, "sex": "", "mobile": "12"}
    raw["staff"][1]["staff_born"] = "2009-02-30"
    with pytest.raises(InvalidInput) as caught:
        validate(licence, raw)
    page = render(bind(licence, raw, errors=caught.value))
    links = page.xpath("//*[@role='alert']//a/@href")
    assert links == ["#f-sex", "#f-mobile", "#f-staff-1-staff_born"]
    for link in links:
        (control,) = page.xpath(f"//*[@id='{link[1:]}']")
        assert control.get("aria-invalid") == "true"
    (mobile,) = page.xpath("//*[@id='f-mobile']")
    assert mobile.get("value") == "12", "what was typed stays"
    assert "f-mobile-error" in mobile.get("aria-describedby")


def test_purposes_keyboards_and_bounds_reach_the_inputs(full: BoundForm) -> None:
    page = render(full)
    (mobile,) = page.xpath("//*[@name='mobile']")
    assert (mobile.get("type"), mobile.get("autocomplete")) == ("tel", "tel")
    (area,) = page.xpath("//*[@name='premises_area']")
    assert area.get("inputmode") == "decimal"
    assert page.xpath("//*[@name='staff.0.staff_name']")[0].get("autocomplete") is None


def test_controls_show_the_normal_form_of_what_was_entered(full: BoundForm) -> None:
    page = render(full)
    assert page.xpath("//*[@name='staff.0.staff_born']/@value") == ["1990-05-06"]
    assert page.xpath("//*[@name='staff.0.wage']/@value") == ["3200.00"]
    assert page.xpath("//*[@name='mobile']/@value") == ["13800001234"]


def test_questions_that_are_not_asked_are_not_on_the_page(licence: CompiledForm) -> None:
    page = render(bind(licence, {"has_premises": "0"}))
    assert not page.xpath("//*[@name='business_address'] | //*[@id='f-staff']")


def test_a_plain_submit_brings_conditional_questions(licence: CompiledForm) -> None:
    page = render(bind(licence, {}))
    posted = press(licence, page, "refresh:has_premises", changes={"has_premises": "1"})
    assert posted.section == "premises"
    assert render(bind(licence, posted.raw)).xpath("//*[@name='business_address']")


def test_the_same_answers_come_back_from_the_page(licence: CompiledForm, full: BoundForm, good: dict[str, Any]) -> None:
    posted = read_post(licence, posted_of(render(full)))
    assert posted.command is None
    assert validate(licence, posted.raw) == validate(licence, good)


def test_rows_are_added_and_removed_by_plain_submits(licence: CompiledForm, full: BoundForm) -> None:
    added = press(licence, render(full), "add:staff")
    assert [row.get("staff_name") for row in added.raw["staff"]] == ["李梅", "王小明", None]
    page = render(bind(licence, added.raw))
    assert not page.xpath("//button[@value='add:staff']"), "three is the most"
    removed = press(licence, page, "remove:staff.0")
    assert [row.get("staff_name") for row in removed.raw["staff"]] == ["王小明", ""]
    last = render(bind(licence, {**removed.raw, "staff": removed.raw["staff"][:1]}))
    assert not last.xpath("//button[starts-with(@value,'remove:')]"), "one is the least"


@pytest.mark.parametrize(
    "order",
    ["remove:staff.9", "remove:nobody.0", "add:nobody", "show:x", "drop:x/1", "explode:staff", "remove:staff.-1"],
)
def test_a_forged_order_does_nothing(licence: CompiledForm, full: BoundForm, order: str) -> None:
    posted = read_post(licence, posted_of(render(full), _do=order))
    assert len(posted.raw["staff"]) == 2


def test_the_number_of_rows_is_bounded(licence: CompiledForm) -> None:
    post = QueryDict(mutable=True)
    post["_rows.staff"] = "9999"
    assert len(read_post(licence, post).raw["staff"]) == 4


def test_the_division_picker_descends_level_by_level(licence: CompiledForm, good: dict[str, Any]) -> None:
    page = render(bind(licence, {**good, "division": ""}))
    (county,) = page.xpath("//select[@name='division']")
    assert "章贡区" in county.text_content()
    posted = press(licence, page, "refresh:division", changes={"division": ["360702000000"]})
    assert posted.raw["division"] == "360702000000"


def test_changing_an_upper_division_drops_those_below(publish_form: Callable[..., CompiledForm]) -> None:
    form = publish_form(
        "{code: v, title: 村, sections: [{code: a, title: 甲, fields: [{element: division, required: true}]}]}"
    )
    page = render(bind(form, {"division": "360702001001"}))
    assert len(page.xpath("//select")) == 5
    codes = [select.value for select in page.xpath("//select")]
    codes[2] = "360703000000"
    posted = read_post(form, posted_of(page, division=codes))
    assert posted.raw["division"] == "360703000000"
    assert len(render(bind(form, posted.raw)).xpath("//select")) == 4


def test_a_long_code_list_is_searched(licence: CompiledForm) -> None:
    page = render(bind(licence, {}))
    assert not page.xpath("//input[@name='industry']")
    posted = press(licence, page, "search:industry", changes={"_search.industry": "餐"})
    found = render(bind(licence, posted.raw, FormContext(searches=posted.searches)))
    codes = found.xpath("//input[@name='industry']/@value")
    assert 0 < len(codes) <= 15
    chosen = read_post(licence, posted_of(found, industry=codes[0]))
    kept = render(bind(licence, chosen.raw))
    assert kept.xpath("//input[@name='industry' and @checked]/@value") == [codes[0]]


class TestProvidedAnswers:
    """What government knows is shown, masked, never sent back, and changed only when asked."""

    context = FormContext(prefill=PREFILL)

    def test_they_are_shown_masked_and_not_sent(self, licence: CompiledForm, good: dict[str, Any]) -> None:
        answers = {key: value for key, value in good.items() if not key.startswith("applicant")}
        page = render(bind(licence, answers, self.context))
        text = page.text_content()
        assert "360***********0040" in text
        assert "360702196003020040" not in html.tostring(page, encoding="unicode")
        assert "已由政府提供" in text
        posted = read_post(licence, posted_of(page), held=PREFILL.values)
        assert validate(licence, posted.raw, self.context).values["applicant_id"] == "360702196003020040"

    def test_one_may_ask_to_see_them(self, licence: CompiledForm) -> None:
        posted = press(licence, render(bind(licence, {}, self.context)), "show:applicant_id", held=PREFILL.values)
        shown = render(bind(licence, posted.raw, FormContext(prefill=PREFILL, revealed=posted.revealed)))
        assert "360702196003020040" in shown.text_content()
        assert not shown.xpath("//input[@name='applicant_id']")

    def test_one_may_correct_them_with_a_reason_and_change_ones_mind(self, licence: CompiledForm) -> None:
        posted = press(licence, render(bind(licence, {}, self.context)), "correct:applicant_name", held=PREFILL.values)
        page = render(bind(licence, posted.raw, FormContext(prefill=PREFILL, opened=posted.opened)))
        assert page.xpath("//input[@name='applicant_name']")
        changed = {"applicant_name": "张桂澜", "_reason.applicant_name": "登记有误"}
        again = read_post(licence, posted_of(page, **changed), held=PREFILL.values)
        assert (again.raw["applicant_name"], again.reasons) == ("张桂澜", {"applicant_name": "登记有误"})
        back = press(licence, page, "keep:applicant_name", changes=changed, held=PREFILL.values)
        assert back.raw["applicant_name"] == "张桂兰"
        assert back.opened == back.reasons.keys() == set()

    def test_what_is_read_only_offers_no_correction(self, licence: CompiledForm) -> None:
        page = render(bind(licence, {}, self.context))
        assert not page.xpath("//button[@value='correct:birth_date']")

    def test_a_token_cannot_fetch_another_answer(self, licence: CompiledForm) -> None:
        post = QueryDict(mutable=True)
        post["_kept.remark"] = "applicant_id"
        assert "remark" not in read_post(licence, post, held=PREFILL.values).raw


def test_answers_kept_in_a_draft_are_masked_and_follow_their_row(licence: CompiledForm, good: dict[str, Any]) -> None:
    good["staff"][1]["staff_id"] = "360702200901010040"
    held = validate(licence, {**good, "staff": [good["staff"][0], {**good["staff"][1], "staff_id": ""}]}).values
    held["staff"][1]["staff_id"] = "11010519491231002X"
    page = render(bind(licence, held, held=held))
    assert "11010519491231002X" not in html.tostring(page, encoding="unicode")
    removed = press(licence, page, "remove:staff.0", held=held)
    assert removed.raw["staff"][0]["staff_id"] == "11010519491231002X"
    moved = render(bind(licence, removed.raw, held=held))
    assert moved.xpath("//input[@name='_kept.staff.0.staff_id']/@value") == ["staff.1.staff_id"]
    assert read_post(licence, posted_of(moved), held=held).raw["staff"][0]["staff_id"] == "11010519491231002X"


def test_a_file_comes_with_a_plain_submit(
    licence: CompiledForm, good: dict[str, Any], actor: Any, tmp_path: Any, settings: Any
) -> None:
    settings.HOME, settings.ANTIVIRUS = tmp_path, "none"
    files = MultiValueDict({"attachment": [
        SimpleUploadedFile("租赁合同.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
        SimpleUploadedFile("坏.pdf", b"MZ not a pdf"),
    ]})  # fmt: skip
    posted = read_post(licence, posted_of(render(bind(licence, good))), files=files, actor=actor)
    assert [problem.path for problem in posted.problems] == ["attachment"]
    context = FormContext(actor=actor)
    page = render(bind(licence, posted.raw, context))
    assert "租赁合同.pdf" in page.text_content()
    answers = validate(licence, read_post(licence, posted_of(page)).raw, context)
    assert len(answers.files) == 1
    dropped = press(licence, page, f"drop:attachment/{answers.files[0]}")
    assert dropped.raw["attachment"] == []


def test_elders_read_their_own_words(licence: CompiledForm) -> None:
    page = render(bind(licence, {}, FormContext(audience="elder")))
    assert "您的名字" in page.text_content()
    assert "和身份证上一样" in page.text_content()


def test_htmx_is_offered_only_where_the_page_can_answer_it(licence: CompiledForm) -> None:
    assert not render(bind(licence, {})).xpath("//@hx-post")
    page = render(bind(licence, {}, render_url="/apply/x/form"))
    assert set(page.xpath("//@hx-post")) == {"/apply/x/form"}
    assert page.xpath("//input[@name='has_premises']/@hx-trigger") == ["change", "change"]
    assert not page.xpath("//*[@name='mobile']/@hx-trigger")


@pytest.mark.usefixtures("licence")
def test_binding_asks_the_database_little(
    licence: CompiledForm, good: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    render(bind(licence, good))
    with django_assert_max_num_queries(8):
        render(bind(licence, good))


def test_what_the_account_knows_is_filled_in(licence: CompiledForm, actor: Any, zhang: Any) -> None:
    known = prefill(licence, actor)
    assert known.values["applicant_name"] == "张桂兰"
    assert known.values["birth_date"] == date(1960, 3, 2)
    assert known.provenance["applicant_name"] == "实名认证信息"
