"""Officers, roles, delegations: what one may not manage is not there, and refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuzheng.engines.identity.models import Appointment, Delegation, Post, RoleAssignment
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.moment import today
from shuzheng.testing.identity import a_resident, a_role


@pytest.fixture
def administrator(desk_of):
    wanted = ["identity.manage_officers", "identity.manage_roles"]
    return desk_of("管理", posts=["handler"], permissions=wanted)


def test_an_officer_is_found_appointed_and_relieved(administrator, unit) -> None:
    person = a_resident("新同志")
    assert "章贡区政务服务中心" in administrator.get("/office/people/", q_unit="章贡区 政务").content.decode()
    post = Post.objects.get(unit=unit, code="handler")
    administrator.post("/office/people/appoint/", name="新同志", id_number=person.id_number, post_id=post.pk)
    held = Appointment.objects.get(officer__person=person)
    assert AuditRecord.objects.filter(name="office.appoint", subject_id=str(person.pk)).exists()
    assert "新同志" in administrator.get("/office/people/", q="新同").content.decode()
    administrator.post("/office/people/end-appointment/", id=held.pk)
    assert not Appointment.objects.filter(officer__person=person, valid_to=None).exists()


def test_a_name_that_does_not_fit_the_number_is_refused(administrator, unit) -> None:
    person = a_resident("新同志")
    post = Post.objects.get(unit=unit, code="handler")
    data = {"name": "别人", "id_number": person.id_number, "post_id": str(post.pk)}
    answer = administrator.browser.post("/office/people/appoint/", data, follow=True)
    assert "核对不上" in answer.content.decode()
    assert not Appointment.objects.filter(officer__person=person).exists()


def test_the_three_administrators_exclude_each_other_on_the_page(administrator, clerk) -> None:
    for code in ("system-administrator", "audit-administrator"):
        a_role(code, [], administrator=True)
        sent = {"number": clerk.officer.number, "role": code}
        answer = administrator.browser.post("/office/people/assign-role/", sent, follow=True).content.decode()
    assert "三员分立" in answer
    assert RoleAssignment.objects.get(officer=clerk.officer).role_id == "system-administrator"
    page = administrator.get("/office/people/roles/").content.decode()
    assert clerk.officer.number in page
    administrator.post("/office/people/withdraw-role/", id=RoleAssignment.objects.get(officer=clerk.officer).pk)
    assert not RoleAssignment.objects.filter(officer=clerk.officer, valid_to=None).exists()


def test_nobody_gives_themselves_a_role(administrator) -> None:
    a_role("item-manager", ["casework.manage_items"])
    sent = {"number": administrator.officer.number, "role": "item-manager"}
    answer = administrator.browser.post("/office/people/assign-role/", sent, follow=True)
    assert "不能给自己授予" in answer.content.decode()


def test_duties_are_delegated_to_a_colleague_and_taken_back(clerk, case, desk_of) -> None:
    colleague = desk_of("王强", posts=["inspector"])
    assert case.number not in colleague.get("/office/").content.decode()
    page = clerk.get("/office/people/delegations/").content.decode()
    assert str(colleague.officer.pk) in page
    until = (today() + timedelta(days=7)).isoformat()
    clerk.post("/office/people/delegate/", delegate_id=colleague.officer.pk, valid_to=until, reason="出差")
    delegation = Delegation.objects.get()
    assert case.number in colleague.get("/office/").content.decode()
    clerk.post("/office/people/end-delegation/", id=delegation.pk)
    assert case.number not in colleague.get("/office/").content.decode()


def test_whoever_manages_nobody_sees_only_their_own(clerk, desk_of) -> None:
    other = desk_of("王强", posts=["handler"])
    assert clerk.get("/office/people/").url == "/office/people/delegations/"
    assert clerk.get("/office/people/roles/").status_code == 403
    held = Appointment.objects.filter(officer=other.officer).first()
    clerk.post("/office/people/end-appointment/", id=held.pk)
    clerk.post("/office/people/assign-role/", number=other.officer.number, role="handler")
    clerk.post("/office/people/appoint/", name="王强", id_number="", post_id=str(held.post_id))
    held.refresh_from_db()
    assert held.valid_to is None
    assert not RoleAssignment.objects.exists()
    assert clerk.post("/office/people/no-such-verb/").status_code == 404
