"""Licences on the officials' pages: found for a purpose, decided about with reason and law, issued by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.documents.credentials.actions import AuthoriseUse
from shuzheng.engines.documents.credentials.models import Credential, CredentialUse
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing.credentials import World, a_world
from shuzheng.testing.identity import a_browser

READ, ISSUE, DECIDE = (f"documents.{verb}_credentials" for verb in ("read", "issue", "decide"))


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """A bureau with its seal, a restaurant and its owner."""
    settings.HOME, settings.ANTIVIRUS = tmp_path, "none"
    return a_world()


def desk(world: World, *permissions: str) -> Client:
    """Return the browser of an officer who may do this."""
    return a_browser(Account.objects.get(pk=world.officer(*permissions).account_id))


def test_a_licence_is_found_for_a_purpose_only_and_the_look_is_on_record(world: World) -> None:
    licence, browser = world.issue(), desk(world, READ)
    nameless = browser.get("/office/licences/", {"q": licence.number}).content.decode()
    assert "请写明查询用途" in nameless
    assert str(licence.pk) not in nameless
    found = browser.get("/office/licences/", {"q": licence.number, "purpose": "日常监督检查"}).content.decode()
    assert f"/office/licences/{licence.pk}/" in found
    assert AuditRecord.objects.filter(name="documents.search_credentials", purpose="日常监督检查").exists()
    assert "陈志强" not in browser.get("/office/licences/", {"q": "赣南人家餐饮店", "purpose": "检查"}).content.decode()


def test_what_may_not_be_decided_is_not_offered_and_refused(world: World) -> None:
    licence, reader = world.issue(), desk(world, READ)
    page = f"/office/licences/{licence.pk}/"
    assert "吊销或撤销" not in reader.get(page).content.decode()
    refused = reader.post(f"{page}revoke/", {"reason": "不应当", "basis": "没有"})
    assert refused.status_code == 422
    assert Credential.objects.get(pk=licence.pk).state == "valid"


def test_a_hold_needs_reason_and_law_and_what_was_typed_stays(world: World) -> None:
    licence, judge = world.issue(), desk(world, READ, DECIDE)
    page = f"/office/licences/{licence.pk}/"
    refused = judge.post(f"{page}hold/", {"reason": "多次违规经营", "basis": ""})
    assert refused.status_code == 422
    assert "多次违规经营" in refused.content.decode()
    done = judge.post(f"{page}hold/", {"reason": "多次违规经营", "basis": "《食品安全法》第一百二十六条"}, follow=True)
    assert "暂扣" in done.content.decode()
    assert Credential.objects.get(pk=licence.pk).state == "held"


def test_a_correction_takes_only_what_was_changed(world: World) -> None:
    licence, clerk = world.issue(), desk(world, READ, ISSUE)
    given = {f"v.{name}": said["text"] for name, said in licence.values.items()}
    given |= {f"was.{name}": said["text"] for name, said in licence.values.items()}
    given |= {"v.premises": "章贡区文明大道 9 号", "reason": "门牌号写错"}
    clerk.post(f"/office/licences/{licence.pk}/correct/", given)
    fresh = Credential.objects.get(previous=licence)
    assert fresh.values["premises"]["text"] == "章贡区文明大道 9 号"
    assert fresh.values["projects"] == licence.values["projects"]


def test_a_licence_is_issued_by_hand(world: World) -> None:
    clerk = desk(world, READ, ISSUE)
    assert "经营项目" in clerk.get("/office/licences/new/", {"type": "food-business-licence"}).content.decode()
    given = {
        "credential_type": "food-business-licence",
        "holder": world.firm.uscc,
        "handling_unit_id": str(world.bureau.pk),
        "a.business_address": "章贡区文明大道 8 号",
        "a.business_form": "catering",
        "a.projects": ["hot-food"],
    }
    assert "没有查到这个证件号码" in clerk.post("/office/licences/new/", {**given, "holder": "x"}).content.decode()
    clerk.post("/office/licences/new/", given)
    issued = Credential.objects.get()
    assert issued.holder_id == world.firm.pk
    assert issued.number.startswith("JY2360702")


def test_an_authorisation_is_used_at_the_desk_and_the_other_pages_open(world: World) -> None:
    licence, clerk = world.issue(), desk(world, READ, ISSUE)
    given = {"credential_id": licence.pk, "recipient": "窗口", "purpose": "核对", "hours": 1}
    leave = AuthoriseUse.do(world.holder, given)
    seen = clerk.post("/office/licences/use/", {"authorisation": leave.code, "purpose": "核对"}).content.decode()
    assert licence.number in seen
    assert CredentialUse.objects.get().purpose == "核对"
    assert (
        "授权不存在" in clerk.post("/office/licences/use/", {"authorisation": "x", "purpose": "核对"}).content.decode()
    )
    for path, words in (("types/", "用证率"), ("expiring/", "天内到期"), ("waiting/", "都已制成")):
        assert words in clerk.get(f"/office/licences/{path}").content.decode()
