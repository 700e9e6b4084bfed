"""The HTTP API of casework, and the operators' screens."""

from __future__ import annotations

import pytest

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing.identity import a_browser, a_resident, a_unit
from tests.portals.office.conftest import OTHER_COUNTY


def test_a_case_is_read_whole_by_number_and_the_read_is_recorded(clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk, opinion="材料齐全")
    body = clerk.get(f"/api/casework/cases/{case.number}").json()
    assert (body["state"], body["revision"], body["applicant_name"]) == ("accepted", 2, "王*英")
    assert {c["code"] for c in body["clocks"]} == {"acceptance", "promised"}
    assert AuditRecord.objects.filter(name="casework.api", case_id=case.pk).count() == 1


def test_the_texts_for_insiders_go_to_officials_only(clerk, case, resident) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk, opinion="材料齐全")
    url = f"/api/casework/cases/{case.number}/timeline"
    assert [line["internal_text"] for line in clerk.get(url).json()] == ["", "材料齐全"]
    own = a_browser(Account.objects.get(person_id=resident.person_id))
    assert [line["internal_text"] for line in own.get(url).json()] == ["", ""]
    assert own.get(f"/api/casework/cases/{case.number}").json()["applicant_name"] == "王桂英"


def test_clocks_are_explained(clerk, case) -> None:
    clocks = clerk.get(f"/api/casework/cases/{case.number}/clocks").json()
    assert clocks[0]["code"] == "acceptance"
    assert clocks[0]["lines"][-1]["kind"] == "due"


def test_a_case_of_others_is_not_there(case, desk_of, client) -> None:
    stranger = desk_of("外县", posts=["handler"], at=a_unit("government-service", OTHER_COUNTY))
    neighbour = a_browser(a_resident("李四").account)
    for part in ("", "/timeline", "/clocks"):
        url = f"/api/casework/cases/{case.number}{part}"
        assert stranger.get(url).status_code == 404
        assert neighbour.get(url).status_code == 404
        assert client.get(url).status_code == 401


def test_the_work_list_is_for_officials(clerk, case, client) -> None:
    body = clerk.get("/api/casework/work", card="green").json()
    assert [(t["case_number"], t["card"]) for t in body["items"]] == [(case.number, "green")]
    assert clerk.get("/api/casework/work", card="red").json()["items"] == []
    assert client.get("/api/casework/work").status_code == 401


def test_anybody_finds_items_and_reads_their_guides(client) -> None:
    found = client.get("/api/casework/items", {"q": "其他申请"}).json()
    assert "generic-matter" in [item["code"] for item in found["items"]]
    guide = client.get("/api/casework/items/generic-matter").json()
    assert guide["limits"]["promised"]["amount"] == 10
    assert client.get("/api/casework/items/no-such-item").status_code == 404


@pytest.fixture
def operator(desk_of):
    desk = desk_of("运维", posts=["handler"], permissions=["operator.use_admin"])
    Account.objects.filter(pk=desk.officer.account_id).update(is_staff=True)
    return desk


SCREENS = (
    "casework/case", "casework/clock", "casework/serviceitem", "casework/numberreservation", "insight/indicatorvalue",
    "kernel/packrelease", "kernel/definitionrecord",
)  # fmt: skip


def test_operators_look_and_change_nothing(operator, case) -> None:
    index = operator.get("/admin/").content.decode()
    assert "operator/operator.css" in index
    for screen in SCREENS:
        assert operator.get(f"/admin/{screen}/").status_code == 200
        assert operator.get(f"/admin/{screen}/add/").status_code == 403
    assert operator.post(f"/admin/casework/case/{case.pk}/delete/", post="yes").status_code == 403


def test_operators_do_not_see_who_applied(operator, case) -> None:
    page = operator.get("/admin/casework/case/").content.decode()
    assert case.number in page
    assert "王桂英" not in page


def test_the_screens_are_for_operators(clerk) -> None:
    assert clerk.get("/admin/").status_code == 403
    assert "/admin/" not in clerk.get("/office/").content.decode()
