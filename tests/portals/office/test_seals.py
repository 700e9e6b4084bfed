"""The seals' pages: from filing to the log, as the people who do it see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shuzheng.engines.documents.seals.actions import StampDocument
from shuzheng.engines.documents.seals.models import RequestState, Seal, SealGrant, SealRequest, SealUse
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.moment import today
from shuzheng.testing.seals import PLACE, Incoming, a_document, a_file, a_grant, a_seal
from tests.portals.office.conftest import Desk

MANAGER = ["documents.manage_seals"]
APPROVER = ["documents.approve_seal_use", "documents.read_seal_log"]


@pytest.fixture(autouse=True)
def home(tmp_path: Any, settings: Any) -> None:
    """A storage of this test's own."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"


@pytest.fixture
def manager(desk_of: Callable[..., Desk]) -> Desk:
    """Somebody who manages seals."""
    return desk_of("钱管", posts=["handler"], permissions=MANAGER)


@pytest.fixture
def approver(desk_of: Callable[..., Desk]) -> Desk:
    """Somebody who approves their use."""
    return desk_of("刘批", posts=["approver"], permissions=APPROVER)


@pytest.fixture
def seal(unit: OrgUnit) -> Seal:
    """A seal in use."""
    return a_seal(unit, name="赣州市章贡区政务服务中心")


def text_of(response: Any) -> str:
    """Return a page that was answered well."""
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def ask(clerk: Desk, grant: SealGrant, **fields: Any) -> Any:
    """Send the form that asks for a seal."""
    told = {
        "seal_id": grant.seal_id,
        "title": "准予许可决定书",
        "reason": "送达申请人",
        "document_kind": "decision",
        "where": "page",
        "files": Incoming("决定书.ofd", a_document()),
        **PLACE,
    }
    return clerk.post(f"/office/seals/ask/{grant.pk}/send", **{**told, **fields})


def test_a_seal_is_filed_made_and_granted_on_the_pages(manager: Desk, clerk: Desk, unit: OrgUnit) -> None:
    assert unit.name in text_of(manager.get("/office/seals/manage/", q_unit="政务服务中心"))
    filed = {"code": "3607020000001", "police_record": "GA-360702-1", "name": unit.name, "kind": "official"}
    manager.post("/office/seals/do/file/", unit_id=unit.pk, **filed)
    seal = Seal.objects.get()
    assert "备案" in text_of(manager.get(f"/office/seals/{seal.pk}/"))
    manager.post("/office/seals/do/make/", seal_id=seal.pk, months=36)
    granted = {"number": clerk.officer.number, "document_kinds": ["decision"], "reason": "岗位职责"}
    period = {"valid_from": today().isoformat(), "valid_to": today().replace(year=today().year + 1).isoformat()}
    manager.post("/office/seals/do/grant/", seal_id=seal.pk, **granted, **period)
    assert SealGrant.objects.get().officer_id == clerk.officer.pk
    page = text_of(manager.get(f"/office/seals/{seal.pk}/"))
    assert "张敏" in page
    assert "data:image/svg+xml" in page
    assert seal.name in text_of(manager.get("/office/seals/manage/", q=seal.name))


def test_a_request_goes_through_approval_to_the_log(clerk: Desk, approver: Desk, seal: Seal) -> None:
    grant = a_grant(seal, clerk.officer)
    assert seal.name in text_of(clerk.get("/office/seals/"))
    assert "盖章位置" in text_of(clerk.get(f"/office/seals/ask/{grant.pk}/"))
    answered = ask(clerk, grant)
    request = SealRequest.objects.get()
    assert answered.url == f"/office/seals/requests/{request.pk}/"
    assert "准予许可决定书" in text_of(approver.get("/office/seals/approvals/"))
    approver.post("/office/seals/do/approve/", request_id=request.pk)
    clerk.post("/office/seals/do/stamp/", request_id=request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.USED
    assert "下载盖章文件" in text_of(clerk.get(f"/office/seals/requests/{request.pk}/"))
    use = SealUse.objects.get()
    for found in ({"words": "决定"}, {"seal": seal.code}, {"digest": use.digest}, {"since": today().isoformat()}):
        assert "决定书.ofd" in text_of(approver.get("/office/seals/log/", **found))
    assert "没有符合条件" in text_of(approver.get("/office/seals/log/", words="没有的"))
    assert use.digest in approver.get("/office/seals/log/export/").content.decode()


def test_what_is_wrong_with_a_request_is_said_and_nothing_typed_is_lost(clerk: Desk, seal: Seal) -> None:
    grant = a_grant(seal, clerk.officer)
    answered = ask(clerk, grant, title="决", page="0")
    assert answered.status_code == 422
    page = answered.content.decode()
    assert "送达申请人" in page
    assert "至少 2 个字" in page
    assert SealRequest.objects.count() == 0


def test_what_a_person_may_not_do_is_absent_and_refused(clerk: Desk, approver: Desk, seal: Seal) -> None:
    page = text_of(clerk.get("/office/seals/"))
    assert "用印审批" not in page
    assert "/office/seals/manage/" not in page
    assert clerk.get("/office/seals/approvals/").status_code == 403
    assert clerk.get("/office/seals/manage/").status_code == 403
    assert clerk.get(f"/office/seals/{seal.pk}/").status_code == 404
    clerk.post("/office/seals/do/freeze/", seal_id=seal.pk, reason="试试")
    seal.refresh_from_db()
    assert seal.state == "in_use"
    page = text_of(approver.get(f"/office/seals/{seal.pk}/"))
    assert "冻结" not in page
    assert approver.get("/office/seals/log/").status_code == 200


def test_ones_own_request_offers_no_approval(approver: Desk, seal: Seal) -> None:
    ask(approver, a_grant(seal, approver.officer))
    request = SealRequest.objects.get()
    page = text_of(approver.get(f"/office/seals/requests/{request.pk}/"))
    assert "批准用印" not in page
    assert "撤回申请" in page
    approver.post("/office/seals/do/withdraw/", request_id=request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN


def test_the_log_costs_the_same_however_long_it_is(
    approver: Desk, clerk: Desk, seal: Seal, django_assert_max_num_queries: Any
) -> None:
    grant = a_grant(seal, clerk.officer, standing=True)
    approver.get("/office/seals/log/")
    for _ in range(3):
        told = {"seal_code": seal.code, "document_kind": "decision", "place": PLACE}
        StampDocument.do(clerk.actor, told, file_id=a_file(clerk.actor).pk)
    assert grant.used == 0
    with django_assert_max_num_queries(8):
        assert text_of(approver.get("/office/seals/log/")).count("决定书.ofd") == 3
