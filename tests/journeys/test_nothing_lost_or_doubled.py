"""Two devices, two tabs, two clicks: one case, and every word kept."""

from __future__ import annotations

from typing import Any

from shuzheng.testing.browser import Visitor
from shuzheng.testing.identity import a_firm
from tests.journeys import counter

#: Sends the form of the page twice at the same moment, past every guard in the page.
TWICE = """async () => {
  const form = document.querySelector("main form[method=post]");
  const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
  return (await Promise.all([send(), send()])).map(answer => [answer.status, new URL(answer.url).pathname]);
}"""


def test_a_draft_is_taken_up_on_another_device(town: Any) -> None:
    person = town.resident("周敏")
    phone, library = town.visitor(person), town.visitor(person, width=1440)
    counter.begin(phone, "generic-matter")
    phone.fill("申请事由", counter.REASON)
    phone.page.get_by_text("已自动保存").wait_for()

    library.open("/drafts/")
    library.press("继续填写")
    assert library.page.get_by_label("申请事由").input_value() == counter.REASON
    library.press("下一步")
    library.press("下一步")
    counter.send(library)
    assert counter.cases_of(person) == 1


def test_a_draft_changed_on_two_devices_is_kept_twice(town: Any) -> None:
    person = town.resident("周敏")
    phone, library = town.visitor(person), town.visitor(person, width=1440)
    counter.begin(phone, "generic-matter")
    library.open("/drafts/")
    library.press("继续填写")
    phone.fill("申请事由", "路灯坏了。")
    phone.press("保存，以后再填")
    library.fill("申请事由", "井盖不见了。")
    library.press("下一步")
    library.sees("两份都保留了")
    assert library.page.get_by_label("申请事由").input_value() == "井盖不见了。"
    library.open("/drafts/")
    assert library.page.get_by_role("link", name="继续填写").count() == 2


def test_words_typed_while_the_form_is_drawn_anew_are_kept(town: Any) -> None:
    manager = the_owner_of_a_shop(town)
    drawing = hold_the_next_answer(manager)
    manager.tick("集中用餐单位食堂")
    manager.fill("食品安全员", "林店长")
    manager.tick("热食类食品制售")
    drawing[0].continue_()
    manager.page.get_by_label("用餐人数").wait_for()
    assert manager.page.get_by_label("食品安全员").input_value() == "林店长"
    assert manager.page.get_by_label("热食类食品制售").is_checked()


def test_a_form_sent_while_it_is_being_saved_does_not_collide_with_itself(town: Any) -> None:
    manager = the_owner_of_a_shop(town)
    drawing = hold_the_next_answer(manager)
    manager.tick("集中用餐单位食堂")
    manager.fill("食品安全员", "林店长")
    manager.tap("保存，以后再填")
    with manager.page.expect_navigation(url="**/drafts/"):
        drawing[0].continue_()
    manager.inspect()
    assert manager.page.get_by_role("link", name="继续填写").count() == 1
    manager.press("继续填写")
    assert manager.page.get_by_label("食品安全员").inner_text() == "林*长"


def the_owner_of_a_shop(town: Any) -> Visitor:
    """Return somebody at the form of a licence, which the server draws anew as answers depend on each other."""
    owner = town.resident("陈志强", female=False)
    a_firm("赣南人家餐饮店", representative=owner, division_code=town.county)
    visitor: Visitor = town.visitor(owner)
    counter.begin(visitor, "food-business-licence", "赣南人家餐饮店")
    return visitor


def hold_the_next_answer(visitor: Visitor) -> list[Any]:
    """Keep the next request of the form on its way until somebody lets it go."""
    held: list[Any] = []
    visitor.page.route("**/form/", lambda route: route.continue_() if held else held.append(route))
    return held


def test_two_tabs_that_send_the_same_form_make_one_case(town: Any) -> None:
    person = town.resident("周敏")
    first = town.visitor(person)
    counter.reach_review(first)
    second = first.second_tab()
    second.open(first.path)
    case = counter.send(first)
    second.tick(counter.TRUTH)
    second.press("提交申请")
    second.sees("这份申请已经提交，没有重复提交")
    second.press("看进展")
    assert second.path == case
    assert counter.cases_of(person) == 1


def test_a_double_click_makes_one_case(town: Any) -> None:
    person = town.resident("周敏")
    resident = town.visitor(person)
    counter.reach_review(resident)
    resident.tick(counter.TRUTH)
    with resident.page.expect_navigation(url="**/receipt/"):
        resident.control("提交申请").dblclick()
    resident.inspect()
    assert counter.cases_of(person) == 1


def test_the_same_form_sent_twice_at_once_makes_one_case(town: Any) -> None:
    person = town.resident("周敏")
    resident = town.visitor(person)
    counter.reach_review(resident)
    resident.tick(counter.TRUTH)
    answers = resident.page.evaluate(TWICE)
    assert [status for status, _path in answers] == [200, 200]
    assert len({path for _status, path in answers}) == 1, "both see the receipt of the one case"
    assert counter.cases_of(person) == 1
