"""Licences: issued, seen, lent, shown, verified, suspended, resumed and revoked; taken over from a table and used."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from shuzheng.engines.documents.credentials import showing
from shuzheng.engines.documents.credentials.models import Credential, CredentialUse
from shuzheng.engines.identity.models import OrgUnit, Person
from shuzheng.testing.browser import DESK, PHONE, Visitor
from shuzheng.testing.credentials import grant
from shuzheng.testing.identity import a_firm, a_unit
from shuzheng.testing.seals import a_seal
from tests.journeys import counter
from tests.journeys.conftest import PDF
from tests.journeys.desk import act, open_case
from tests.journeys.test_firms import LICENCE, fill_in_the_licence

FIRM = "清江小馆餐饮店"
LAW = "《中华人民共和国食品安全法》第一百二十六条"


def a_sealed_bureau(town: Any, kind: str, *items: str) -> OrgUnit:
    """Return a bureau of the county whose seal the platform may put on licences."""
    unit = a_unit(kind, town.county)
    grant(a_seal(unit, name=unit.name), *items)
    return unit


class Story:
    """An owner, the bureau that licenses her, and whoever wants to know whether her licence is good."""

    def __init__(self, town: Any, width: int) -> None:
        """Everybody takes their seat; ``width`` is the owner's and the verifier's window."""
        self.town = town
        a_sealed_bureau(town, "market-supervision", "food-business-licence")
        owner = town.resident("陈玉兰")
        a_firm(FIRM, representative=owner, division_code=town.county)
        self.owner: Visitor = town.visitor(owner, width=width)
        self.anybody: Visitor = town.visitor(width=width)
        handler = town.officer("张敏", "market-supervision", "acceptor", "handler", "inspector")
        self.handler: Visitor = town.visitor(handler)
        self.judge: Visitor = town.visitor(town.officer("刘建国", "market-supervision", "approver"))

    def is_licensed(self) -> Credential:
        """Apply, be inspected, be granted."""
        counter.begin(self.owner, "food-business-licence", FIRM)
        fill_in_the_licence(self.owner)
        self.owner.press("下一步")
        self.owner.hand_in("m-layout", "布局图.pdf", PDF)
        self.owner.page.locator("input[name='way.systems'][value=commitment]").check()
        self.owner.hand_in("m-premises", "租赁合同.pdf", PDF)
        self.owner.press("下一步")
        counter.send(self.owner)
        for officer, deed in ((self.handler, "受理"), (self.handler, "提交下一环节"), (self.handler, "提交下一环节")):
            open_case(officer, LICENCE)
            act(officer, deed, {"意见": "符合要求"} if deed != "受理" else None)
        open_case(self.judge, LICENCE)
        act(self.judge, "准予", {"理由": "符合条件"})
        self.town.work_off_jobs()
        licence = Credential.objects.get(holder_name=FIRM, unit__division_code=self.town.county)
        assert licence.state == "valid", licence.problem
        return licence

    def decides(self, verb: str, button: str) -> None:
        """Let the bureau decide about the licence, with reason and law."""
        form = self.judge.page.locator(f"form[action$='/{verb}/']")
        self.judge.page.locator("details", has=form).locator("summary").click()
        form.get_by_label("原因").fill("日常检查中发现后厨不合格")
        form.get_by_label("依据").fill(LAW)
        self.judge.press(button, within=f"form[action$='/{verb}/']")

    def copy(self, purpose: str, file: Path) -> str:
        """Let the owner print a copy for a purpose, and return what it says."""
        self.owner.press("打印复印件（PDF）")
        self.owner.fill("做什么用", purpose)
        with self.owner.page.expect_download() as sent:
            self.owner.tap("生成 PDF")
        sent.value.save_as(file)
        return "".join(str(page.get_text()) for page in pymupdf.open(file)).replace("\n", "")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_licence_is_seen_lent_shown_verified_suspended_resumed_and_revoked(
    town: Any, width: int, tmp_path: Path
) -> None:
    story = Story(town, width)
    owner, anybody, judge = story.owner, story.anybody, story.judge
    licence = story.is_licensed()

    # By herself she sees nothing, and the page takes her to her firm's licences.
    switch_to_herself(owner)
    owner.open("/licences/")
    owner.press(f"看“{FIRM}”的证照")
    assert licence.number in owner.text
    owner.follow(owner.page.locator(".lc-card").first)
    owner.page.locator(".lc-face svg").wait_for()
    owner.sees("热食类食品制售")

    # She lends it to a bank for a day, once; she shows its code.
    owner.press("授权他人使用")
    owner.fill("或者授权给其他单位、个人", "赣州银行章贡支行")
    owner.fill("做什么用", "开立对公账户")
    owner.press("确认授权")
    owner.sees("已授权")
    owner.press("出示二维码")
    owner.sees("截图过后无效")
    owner.press("返回证照")

    # Anybody verifies it: by the code printed on it, and by the one that she shows.
    anybody.open("/verify/")
    anybody.open(f"/verify/{licence.code}")
    anybody.sees("食品经营许可证 · 有效")
    assert FIRM in anybody.text
    anybody.open(f"/verify/show/{showing.token(licence.pk)}")
    anybody.sees("本次核验已记录")

    # A copy says that it is one, for what, and how to verify it.
    copy = story.copy("办理外卖平台入驻", tmp_path / "copy.pdf")
    assert "仅用于办理外卖平台入驻" in copy
    assert licence.code[:4] in copy

    # The bureau suspends, resumes and revokes it; whoever verifies knows at once.
    judge.open(f"/office/licences/{licence.pk}/")
    for verb, button, told in (("suspend", "中止使用", "中止使用"), ("resume", "恢复使用", "有效")):
        story.decides(verb, button)
        anybody.open(f"/verify/{licence.code}")
        anybody.sees(f"食品经营许可证 · {told}")
    story.decides("revoke", "吊销或撤销")
    anybody.open(f"/verify/{licence.code}")
    anybody.sees("请勿凭此证办事，可向发证机关核实")
    anybody.open(f"/verify/show/{showing.token(licence.pk)}")
    anybody.sees("已吊销或撤销")

    # She reads why, can neither show nor lend it any more, and sees who used it.
    owner.open(f"/licences/{licence.pk}/")
    owner.sees("日常检查中发现后厨不合格")
    assert "开立对公账户" in owner.text
    assert "当面出示" in owner.text
    assert "办理外卖平台入驻" in owner.text
    assert "授权他人使用" not in owner.text
    owner.open(f"/licences/{licence.pk}/show/")
    owner.sees("这份证照现在不能出示使用")


def switch_to_herself(owner: Visitor) -> None:
    """Act for nobody else any more."""
    owner.open("/identity/acting")
    owner.page.locator("input[name=choice][value=self]").check()
    owner.page.locator("main form button[type=submit]").first.click()
    owner.page.wait_for_load_state("load")


def a_table(people: list[tuple[str, str, str]]) -> bytes:
    """Return a table of identity cards: number of the holder, number of the card, last day."""
    stream = io.StringIO()
    rows = csv.writer(stream)
    rows.writerow(["持证主体证件号码", "证照编号", "有效期自", "有效期至"])
    rows.writerows([number, card, "2020-05-20", until] for number, card, until in people)
    return stream.getvalue().encode("gb18030")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_licences_taken_over_from_a_table_spare_people_their_papers(town: Any, width: int) -> None:
    police = town.visitor(town.officer("罗警官", "public-security", "approver"))
    second = town.visitor(town.officer("钟警官", "public-security", "approver"), width=width)
    woman: Person = town.resident("周秀英", born="1980-05-20")
    good = (woman.id_number, f"ID{town.county}", "2040-05-20")
    resident = town.visitor(woman)

    # A rehearsal names the bad row and writes nothing; the mended table is registered once a colleague has confirmed it.
    examines(police, a_table([good, ("360702199001010099", "ID2", "昨天")]), "检查")
    police.sees("1 行可以登记，1 行有问题")
    police.sees("登记库里没有这个证件号码的个人或单位")
    assert not Credential.objects.filter(holder_id=woman.pk).exists()
    examines(police, a_table([good]), "提交复核")
    police.sees("已提交 1 份证照")
    assert not Credential.objects.filter(holder_id=woman.pk).exists()
    second.open("/office/licences/checks/")
    second.follow(second.page.get_by_role("link", name="居民身份证.csv"))
    second.sees(f"ID{town.county}")
    assert woman.id_number not in second.text
    second.press("确认登记", within="form#confirm")
    second.sees("登记了 1 份证照")

    # She applies and her identity card is taken from the register, because she agrees.
    counter.begin(resident, "medical-insurance")
    resident.fill("申请事由", "参加城乡居民基本医疗保险")
    resident.press("下一步")
    resident.sees("用我的电子证照《居民身份证》")
    resident.press("下一步")
    resident.sees("免交，用您的电子证照《居民身份证》")
    resident.tick(counter.TRUTH)
    resident.page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
    resident.press("提交申请", status=422)
    resident.sees("请勾选同意使用电子证照")
    resident.tick(counter.TRUTH)
    resident.tick("我同意受理部门为办这件事查看上面写明的电子证照")
    resident.press("提交申请")
    resident.sees("申请已提交")
    licence = Credential.objects.get(holder_id=woman.pk)
    assert CredentialUse.objects.get(credential=licence).way == "case"
    resident.open(f"/licences/{licence.pk}/")
    resident.sees("办件调用")
    resident.sees("还没有电子原件")

    # The table is undone; what was used stays.
    police.open("/office/licences/import/")
    police.page.locator("summary", has_text="撤销这次导入").first.click()
    police.fill("原因", "表里的日期错了一年")
    police.press("撤销", within="form[action*='/undo/']")
    police.sees("1 份已有人使用或变更过，保留")


def examines(officer: Visitor, table: bytes, button: str) -> None:
    """Choose a table and have it examined or handed to a colleague."""
    officer.open("/office/licences/import/")
    officer.choose("证照类型", "居民身份证")
    officer.page.get_by_label("发证单位").select_option(index=1)
    files: Any = {"name": "居民身份证.csv", "mimeType": "text/csv", "buffer": table}
    officer.page.set_input_files("input[type=file]", files)
    officer.press(button, within="main form[enctype]")
