"""Residents of every kind: without scripts, with weak eyes, in another language, for somebody else."""

from __future__ import annotations

import re
from typing import Any

from shuzheng.testing.identity import a_mandate
from tests.journeys import counter
from tests.journeys.conftest import PDF
from tests.journeys.desk import act, open_case

GENERIC = "其他事项申请"


def test_everything_works_without_a_script(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"), scripts=False)
    officer = town.visitor(town.officer("张敏", "government-service", "acceptor", "handler", "approver"))
    counter.begin(resident, "generic-matter")
    resident.fill("申请事由", counter.REASON)
    resident.press("下一步")
    resident.hand_in("m-other", "照片.pdf", PDF)
    resident.press("下一步")
    case = counter.send(resident)

    open_case(officer, GENERIC)
    act(officer, "受理")
    act(officer, "提交下一环节", {"意见": "情况属实。"})
    act(officer, "准予", {"理由": "路灯今晚修好。"})
    assert "照片.pdf" in officer.text

    resident.open(case)
    resident.sees("已办结")
    assert "路灯今晚修好。" in resident.text
    resident.press("评价这次服务")
    resident.tick("满意")
    resident.press("提交评价")
    resident.sees("我的评价")


def test_a_mistake_without_a_script_is_explained_and_nothing_is_lost(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"), scripts=False)
    counter.begin(resident, "generic-matter")
    resident.fill("补充说明", "晚上很暗")
    resident.press("下一步", status=422)
    assert resident.page.get_by_label("补充说明").input_value() == "晚上很暗"
    assert "申请事由" in resident.page.get_by_role("alert").first.inner_text()


def test_elder_mode_is_large_plain_and_whole_on_every_page_of_an_application(town: Any) -> None:
    mother, daughter = town.resident("王桂英", born="1941-03-02"), town.resident("李梅")
    a_mandate(mother, daughter)
    elder = town.visitor(mother)
    elder.open("/")
    before = elder.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    elder.press("长者版")
    assert elder.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 1.25 * before
    elder.open("/services/?q=老人补贴")
    counter.begin(elder, "elderly-allowance")
    elder.fill("哪家银行的卡", "中国银行")
    elder.fill("卡号", "6228480402564890018")
    elder.tick("我承诺以上内容真实")
    elder.press("下一步")
    elder.press("下一步")
    elder.open(counter.send(elder))
    for path in ("/cases/", "/messages/", "/me/", "/help/", "/place/", "/drafts/"):
        elder.open(path)
    assert elder.page.locator("html[data-elder]").count() == 1


def test_the_site_speaks_english_when_asked_to(town: Any) -> None:
    resident = town.visitor(town.resident("周敏"))
    counter.reach_review(resident)
    case = counter.send(resident)
    resident.press("English")
    for path in ("/", "/services/", case, "/cases/", "/me/"):
        resident.open(path)
        assert resident.page.get_attribute("html", "lang") == "en"
        heading = resident.page.locator("h1, h2").last.inner_text()
        assert not re.search("[\u4e00-\u9fff]", heading), f"{path}: {heading}"


def test_a_mother_authorises_her_daughter_who_agrees_and_then_acts_for_her(town: Any) -> None:
    mother, daughter = town.resident("王桂英", born="1941-03-02"), town.resident("李梅", born="1975-05-20")
    at_home = town.visitor(mother)
    at_home.open("/identity/mandates")
    at_home.press("授权家人代我办事")
    at_home.fill("代办人姓名", "李梅")
    at_home.fill("代办人身份证号码", str(daughter.id_number))
    at_home.choose("代办人是您的", "子女")
    at_home.fill("截止日期", "2027-04-26")
    at_home.press("提交", within="main")

    far_away = town.visitor(daughter)
    far_away.open("/identity/mandates")
    far_away.press("同意")
    far_away.sees("授权已生效")
    far_away.open("/services/elderly-allowance/apply/")
    far_away.tick("王桂英")
    far_away.press("下一步")
    assert "您正在代王桂英办理" in far_away.page.inner_text("header").replace("\n", "")
