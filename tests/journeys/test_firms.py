"""Firms: an operator acts for one, a site survey stops the clock, two bureaus are asked at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.payment import gateways
from shuzheng.kernel.moment import now
from shuzheng.sandbox.acquirer import Acquirer
from shuzheng.testing.browser import Visitor
from shuzheng.testing.identity import a_firm, a_mandate
from tests.journeys import counter
from tests.journeys.conftest import PDF
from tests.journeys.desk import act, open_case
from tests.journeys.oracle import due_date

LICENCE, ROAD = "食品经营许可证核发（新办）", "占用、挖掘城市道路审批"


def the_operator_of_a_firm(town: Any, firm: str) -> Visitor:
    """Return somebody whom the firm's legal representative has authorised."""
    operator = town.resident("林店长", female=False)
    a_mandate(a_firm(firm, representative=town.resident("陈志强", female=False), division_code=town.county), operator)
    return town.visitor(operator)


def test_a_shop_manager_gets_a_licence_for_the_firm_and_the_survey_is_not_counted(town: Any) -> None:
    manager = the_operator_of_a_firm(town, "赣南人家餐饮店")
    bureau = "market-supervision"
    handler = town.visitor(town.officer("张敏", bureau, "acceptor", "handler", "inspector"))
    approver = town.visitor(town.officer("刘建国", bureau, "approver"))
    counter.begin(manager, "food-business-licence", "赣南人家餐饮店")
    fill_in_the_licence(manager)
    manager.press("下一步")
    manager.hand_in("m-layout", "布局图.pdf", PDF)
    manager.page.locator("input[name='way.systems'][value=commitment]").check()
    manager.hand_in("m-premises", "租赁合同.pdf", PDF)
    manager.press("下一步")
    case = counter.send(manager)

    town.it_is("2026-04-28 09:00")
    open_case(handler, LICENCE)
    act(handler, "受理")
    town.it_is("2026-04-29 09:00")
    open_case(handler, LICENCE)
    act(handler, "提交下一环节", {"意见": "材料齐全，请现场核查"})
    manager.open(case)
    manager.sees("特别程序中，暂停计时")
    town.it_is("2026-05-07 16:00")
    open_case(handler, LICENCE)
    act(handler, "提交下一环节", {"意见": "布局与图纸一致"})
    manager.open(case)
    expected = due_date(date(2026, 4, 28), 8, (date(2026, 4, 29), date(2026, 5, 7)))
    shown = manager.page.locator("#clock-promised").inner_text()
    assert f"最迟 {expected.year}年{expected.month}月{expected.day}日" in re.sub(r"\s+", " ", shown)
    town.it_is("2026-05-08 09:00")
    open_case(approver, LICENCE)
    act(approver, "准予", {"理由": "符合条件"})
    manager.open(case)
    manager.sees("已办结：准予")


def fill_in_the_licence(manager: Visitor) -> None:
    """Answer what government does not know about the shop."""
    manager.fill("经营面积", "86.5")
    for choice in ("租赁", "餐饮服务经营者", "热食类食品制售"):
        manager.tick(choice)
    manager.fill("食品安全员", "林店长")
    manager.fill("从业人数", "4")
    manager.page.locator("#field-f-staff_healthy").get_by_label("是").check()
    manager.tick("我承诺所填内容和提交的材料真实、有效")


@pytest.fixture
def acquirer(tmp_path: Path, settings: Any) -> Iterator[Acquirer]:
    """Run the sandbox acquirer as the only channel."""
    running = Acquirer(tmp_path, "secret", port=0).start()
    settings.SANDBOX_ACQUIRER, settings.SANDBOX_SECRET = running.address, "secret"
    settings.PAYMENT_CHANNELS = ["sandbox"]
    gateways._load.cache_clear()
    yield running
    running.stop()


def test_two_bureaus_are_asked_at_once_about_a_place_on_the_map_and_the_fee_is_paid(
    town: Any, acquirer: Acquirer
) -> None:
    operator = the_operator_of_a_firm(town, "清源供水有限公司")
    streets = town.visitor(town.officer("钟平", "urban-management", "acceptor", "handler"))
    police = town.visitor(town.officer("罗警官", "public-security", "handler"))
    builders = town.visitor(town.officer("孙工", "housing-and-construction", "handler"))
    approver = town.visitor(town.officer("谢局", "urban-management", "approver"))
    counter.begin(operator, "road-occupation", "清源供水有限公司")
    click_on_the_map(operator)
    fill_in_the_road(operator)
    operator.press("下一步")
    operator.hand_in("m-plan", "平面图.pdf", PDF)
    operator.press("下一步")
    case = counter.send(operator)

    open_case(streets, ROAD)
    act(streets, "受理")
    act(streets, "提交下一环节", {"意见": "已踏勘"})
    for officer, opinion in ((builders, "地下无燃气管线，同意"), (police, "不占机动车道，同意")):
        open_case(officer, ROAD)
        act(officer, "提交下一环节", {"意见": opinion})
        assert officer.path == "/office/", "a bureau that was asked sees the case only until it has answered"
    open_case(approver, ROAD)
    assert "地下无燃气管线，同意" in approver.text
    assert "不占机动车道，同意" in approver.text
    act(approver, "准予", {"理由": "符合《城市道路管理条例》第三十三条"})
    operator.open(case)
    operator.press("去缴款")
    pay(operator, acquirer)
    town.work_off_jobs()
    operator.open(case)
    operator.sees("已办结：准予")


def pay(operator: Visitor, acquirer: Acquirer) -> None:
    """Go to the acquirer's own page, pay there at the story's moment, and come back."""
    page, bill = operator.page, operator.path
    page.get_by_role("button", name="用演示收单机构缴款").click()
    page.get_by_role("button", name="确认付款").wait_for()
    acquirer.pay(operator.path.rsplit("/", 1)[-1], now().isoformat())
    operator.open(f"{bill}return/")
    operator.sees("钱已经收到")


def click_on_the_map(operator: Visitor) -> None:
    """Point at the place; both coordinates are filled in."""
    area = operator.page.locator("[data-map].leaflet-container")
    area.wait_for()
    area.click(position={"x": 120, "y": 120})
    for field in operator.page.locator("#field-f-location input").all():
        assert re.fullmatch(r"\d+\.\d+", field.input_value())


def fill_in_the_road(operator: Visitor) -> None:
    """Say what is to be done there."""
    operator.fill("道路名称", "文清路")
    operator.fill("起止位置", "文清路口往东二十米，北侧人行道")
    operator.tick("临时占用")
    operator.tick("工程建设围挡、堆料")
    operator.fill("长度", "20")
    operator.fill("宽度", "1.8")
    operator.fill("开始日期", "2026-05-11")
    operator.fill("结束日期", "2026-05-15")
    operator.page.locator("#field-f-lane_closed").get_by_label("否").check()
    operator.tick("我承诺按批准的位置")
