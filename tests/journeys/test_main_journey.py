"""The first real case: a daughter applies for her mother, officers decide, the clock is right."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from shuzheng.testing.browser import Visitor
from shuzheng.testing.identity import a_mandate, a_unit
from shuzheng.testing.seals import a_grant, a_seal
from tests.journeys.conftest import PDF
from tests.journeys.desk import act, begin_act, open_case
from tests.journeys.oracle import due_date

TITLE = "高龄津贴申领"
ACCEPTED, SUSPENDED, RESUMED = date(2026, 4, 29), date(2026, 5, 6), date(2026, 5, 12)
PROMISED = 10


class Story:
    """The people of the story and the case between them."""

    def __init__(self, town: Any) -> None:
        """Let a mother authorise her daughter; three officers of the bureau of civil affairs are on duty."""
        self.town = town
        mother = town.resident("王桂英", born="1941-03-02")
        daughter = town.resident("李梅", born="1975-05-20")
        a_mandate(mother, daughter, items=["elderly-allowance"])
        self.daughter: Visitor = town.visitor(daughter)
        self.handler: Visitor = town.visitor(town.officer("张敏", "civil-affairs", "acceptor", "handler"))
        self.approver: Visitor = town.visitor(town.officer("刘建国", "civil-affairs", "approver"))
        self.case = ""
        seal = a_seal(a_unit("civil-affairs", town.county), name="民政局（演示）")
        items = ["elderly-allowance"]
        a_grant(seal, process=True, standing=True, item_codes=items, document_kinds=["notice", "decision"])

    def finds_the_matter(self) -> None:
        """Search in her own words and read the guide before signing in."""
        name, self.daughter.name = self.daughter.name, ""
        self.daughter.open("/")
        self.daughter.fill("搜索办事", "我妈85岁了有没有补贴")
        self.daughter.press("搜索", within="main form")
        self.daughter.press(TITLE, within="#results")
        assert "年满八十周岁" in self.daughter.text
        self.daughter.press("马上办")
        self.daughter.name = name
        self.daughter.sign_in()

    def applies_for_her_mother(self) -> None:
        """Say for whom, answer three questions, hand in nothing, check and send."""
        page = self.daughter.page
        self.daughter.tick("王桂英")
        self.daughter.press("下一步")
        assert page.locator("#apply-form [aria-required=true]:visible").count() == 3, "government knows the rest"
        self.daughter.fill("开户银行", "中国农业银行赣州章贡支行")
        self.daughter.fill("老人本人的银行卡号", "6228480402564890018")
        self.daughter.tick("我承诺以上内容真实")
        self.daughter.press("下一步")
        self.daughter.press("下一步")
        assert "王桂英" in self.daughter.text
        self.daughter.tick("我承诺以上内容和材料真实、有效")
        self.daughter.press("提交申请")
        self.daughter.sees("申请已提交")
        self.daughter.press("看进展")
        self.case = self.daughter.path

    def is_asked_for_a_photo(self) -> None:
        """The officer asks once for everything that is missing."""
        open_case(self.handler, TITLE)
        begin_act(self.handler, "一次性告知补正")
        self.handler.tick("老人近期照片")
        self.handler.fill("“老人近期照片”的问题", "请交一张一个月内的正面照片。")
        self.handler.press("提交", within="#act form")

    def supplies_it(self) -> None:
        """The daughter reads what is wanted, changes to her mother's side and hands it in."""
        self.daughter.open(self.case)
        self.daughter.sees("等您补充 1 份材料")
        self.switches_to_her_mother()
        self.daughter.press("去补材料")
        assert "请交一张一个月内的正面照片。" in self.daughter.text
        self.daughter.hand_in("m-photo", "近照.pdf", PDF)
        self.daughter.press("交上去")
        self.daughter.sees("材料已经交上去了")

    def switches_to_her_mother(self) -> None:
        """A new session acts for oneself until one says otherwise."""
        self.daughter.press("切换办理身份", within="main")
        self.daughter.tick("王桂英")
        self.daughter.press("确定")

    def due_on_the_page(self) -> date:
        """Return the promised day as the resident reads it."""
        self.daughter.open(self.case)
        card = self.daughter.page.locator("#clock-promised").inner_text()
        found = re.search(r"最迟 (\d+)年(\d+)月(\d+)日", card)
        assert found, card
        return date(*map(int, found.groups()))

    def opens_the_acceptance_letter(self) -> None:
        """The sealed letter is on the case page: she reads it there and could take it away."""
        self.town.work_off_jobs()
        self.daughter.open(self.case)
        self.daughter.press("行政给付申请受理通知书", within="#letters")
        self.daughter.sees("下载原件（OFD）")
        page = self.daughter.page
        assert page.locator("figure svg").count() == 1
        assert "予以受理" in (page.locator("figure svg").get_attribute("aria-label") or "")
        with page.expect_download() as download:
            page.get_by_role("link", name="下载原件（OFD）").click()
        assert download.value.suggested_filename.endswith(".ofd")

    def rates(self) -> None:
        """Give five stars."""
        self.daughter.open(self.case)
        self.switches_to_her_mother()
        self.daughter.press("评价这次服务")
        self.daughter.page.locator("label", has_text="非常满意").click()
        self.daughter.press("提交评价")


def test_a_daughter_applies_for_her_mother_and_the_clock_is_right(town: Any) -> None:
    town.it_is("2026-04-27 20:15")
    story = Story(town)
    story.finds_the_matter()
    story.applies_for_her_mother()

    town.it_is("2026-04-28 09:00")
    story.is_asked_for_a_photo()
    town.it_is("2026-04-28 19:30")
    story.supplies_it()

    town.it_is(f"{ACCEPTED} 10:00")
    open_case(story.handler, TITLE)
    act(story.handler, "受理")
    assert story.due_on_the_page() == due_date(ACCEPTED, PROMISED)
    story.opens_the_acceptance_letter()

    town.it_is(f"{SUSPENDED} 09:00")
    open_case(story.handler, TITLE)
    act(story.handler, "启动特别程序", {"说明": "核对户籍变更"}, {"事由和依据": "鉴定 · 《行政许可法》第四十五条"})
    story.daughter.open(story.case)
    story.daughter.sees("特别程序中，暂停计时")

    town.it_is(f"{RESUMED} 16:00")
    open_case(story.handler, TITLE)
    act(story.handler, "结束特别程序", {"结果": "户籍在本区"})
    assert story.due_on_the_page() == due_date(ACCEPTED, PROMISED, (SUSPENDED, RESUMED))
    assert "5月7日起暂停计时" in story.daughter.text

    town.it_is("2026-05-13 09:00")
    open_case(story.handler, TITLE)
    act(story.handler, "提交下一环节", {"意见": "户籍在本区，生存状况正常"})
    open_case(story.approver, TITLE)
    act(story.approver, "准予", {"理由": "年满八十周岁，符合条件"})
    open_case(story.handler, TITLE)
    act(story.handler, "提交下一环节", {"意见": "已纳入六月发放名册"})
    assert "办结 · 张敏" in story.handler.text
    assert "李梅" not in story.handler.text, "officers see residents masked"

    town.it_is("2026-05-13 20:00")
    story.rates()
    story.daughter.sees("我的评价")
    assert "非常满意" in story.daughter.text
