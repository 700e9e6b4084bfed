"""A resident looks after a file of hers on a phone and on a wide screen; an official opens it from the case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents import policies
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.receiving import receive
from shuzheng.testing.browser import DESK, PHONE
from shuzheng.testing.identity import a_role, a_unit, actor_of_person, an_officer
from tests.engines.documents.samples import Incoming
from tests.journeys.conftest import PDF


@pytest.fixture
def home(town: Any, tmp_path: Path, settings: Any) -> Any:
    """Return the town, its files in a folder of this journey."""
    settings.HOME = tmp_path
    return town


def test_a_file_is_looked_after_on_a_phone_and_on_a_wide_screen(home: Any, request: pytest.FixtureRequest) -> None:
    holder, friend = home.resident("王桂英"), home.resident("李四")
    file = receive(actor_of_person(holder), Incoming("营业场所使用证明（红旗大道 18 号临街商铺）.pdf", PDF))
    visitor = home.visitor(holder)
    visitor.open("/me/")
    visitor.press("我的文件")
    visitor.press("营业场所使用证明")
    content = {"name": "证明（补盖章）.pdf", "mimeType": "application/pdf", "buffer": PDF + b"% 2"}
    visitor.page.set_input_files("#upload", content)
    visitor.fill("改了什么", "补盖房东的章")
    visitor.press("存为新版本")
    visitor.sees("已存为第 2 版")
    visitor.page.get_by_text("授权给别人", exact=True).click()
    visitor.fill("对方姓名", "李四")
    visitor.fill("对方的用户名", friend.account.username)
    visitor.fill("做什么用", "代办食品经营许可")
    visitor.press("确认授权")
    visitor.sees("已授权给李四")
    visitor.press("改之前先锁定一小时")
    visitor.sees("您正在修改这个文件")
    guest = home.visitor(friend)
    guest.open("/my/files/?show=shared")
    guest.press("营业场所使用证明")
    wide = home.visitor(holder, DESK)
    wide.open(f"/my/files/{file.pk}/")
    wide.sees("补盖房东的章")
    wide.open("/my/files/")
    _official(home, file, request)


def _official(home: Any, file: StoredFile, request: pytest.FixtureRequest) -> None:
    policies.vouch("test", lambda actor, found: policies.LOOK if actor.is_officer else policies.NOTHING)
    request.addfinalizer(lambda: policies._vouching._entries.pop("test"))
    role = a_role("files-desk", ["documents.unlock_files", "documents.retain_files"])
    officer = an_officer("张敏", unit=a_unit("market-supervision", home.county), roles=[role])
    for width in (DESK, PHONE):
        desk = home.visitor(officer, width)
        desk.open(f"/office/files/{file.pk}/")
        desk.sees("王桂英正在修改这个文件")
