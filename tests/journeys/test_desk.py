"""The officials' desk: by keyboard alone, and two officers at one case."""

from __future__ import annotations

from typing import Any

from tests.journeys.counter import reach_review, send
from tests.journeys.desk import act, begin_act, open_case

GENERIC = "其他事项申请"
POSTS = ("acceptor", "handler", "approver")


def test_a_case_is_taken_examined_and_decided_without_a_mouse(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"))
    reach_review(resident)
    case = send(resident)
    officer = town.visitor(town.officer("张敏", "government-service", *POSTS))
    keys = officer.page.keyboard
    officer.open("/office/")
    keys.press("j")
    with officer.page.expect_navigation(url="**/office/cases/*/"):
        keys.press("t")
    officer.inspect()
    officer.open("/office/")
    keys.press("j")
    keys.press("j")
    keys.press("k")
    with officer.page.expect_navigation(url="**/office/cases/*/"):
        keys.press("Enter")
    for key, text in (("a", "材料齐全"), ("f", "情况属实"), ("a", "路灯今晚修好")):
        keys.press(key)
        field = officer.page.locator("#act textarea").first
        field.wait_for()
        assert field.evaluate("field => field === document.activeElement")
        keys.type(text)
        with officer.page.expect_navigation():
            keys.press("Control+Enter")
        officer.inspect()
    resident.open(case)
    resident.sees("已办结")


def test_the_second_officer_sees_what_changed_and_keeps_his_words(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"))
    reach_review(resident)
    send(resident)
    first = town.visitor(town.officer("张敏", "government-service", "acceptor"))
    second = town.visitor(town.officer("李强", "government-service", "acceptor"))
    for officer in (first, second):
        open_case(officer, GENERIC)
    begin_act(second, "不予受理")
    second.fill("不予受理的原因", "不属于本机关职权范围。")
    second.fill("申请人可以怎么办", "向供电公司报修。")
    act(first, "受理")
    second.tap("提交", within="#act form")
    second.page.locator("#act [role=alert]").wait_for()
    second.inspect()
    told = second.page.locator("#act").inner_text()
    assert "这期间发生了" in told
    assert "张敏" in told
    assert second.page.get_by_label("不予受理的原因").input_value() == "不属于本机关职权范围。"
    assert second.page.get_by_label("申请人可以怎么办").input_value() == "向供电公司报修。"
