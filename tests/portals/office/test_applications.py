"""The pages of connected applications: applied for, reviewed, given keys, limited, told of events, stopped."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.identity.applications.actions import ApproveApplication
from shuzheng.engines.identity.models import Application, ApplicationCapability, ApplicationCredential, OrgUnit
from shuzheng.engines.messaging.models import Delivery, WebhookTarget
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import today
from shuzheng.testing.applications import a_connected_application, a_reviewer, an_application, the_capability
from shuzheng.testing.identity import a_browser, a_role, a_unit, an_officer

pytestmark = pytest.mark.django_db
LIST = "/office/applications/"


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def unit(db: None) -> OrgUnit:
    """A bureau with systems."""
    return a_unit("water-resources", name="章贡区水利局")


def browser_with(unit: OrgUnit, *permissions: str, name: str = "周联") -> tuple[Client, Any]:
    """Return a browser of an officer of the bureau with these permissions."""
    role = a_role(f"role-{len(permissions)}-{name}", permissions)
    officer = an_officer(name, unit=unit, roles=[role], scope=str(unit.division_path))
    return a_browser(officer.account), officer


@pytest.fixture
def desk(unit: OrgUnit) -> Client:
    """The bureau's officer for connections."""
    return browser_with(unit, "identity.apply_connection")[0]


@pytest.fixture
def bureau(unit: OrgUnit) -> Client:
    """Somebody of the data bureau."""
    data = a_unit("data-administration", name="章贡区数据局")
    role = a_role("data", ["identity.review_connection", "identity.manage_connection"])
    return a_browser(an_officer("数审", unit=data, roles=[role], scope=str(unit.division_path)).account)


def filled(unit: OrgUnit, contact: str, **changed: Any) -> dict[str, Any]:
    given = {
        "unit_id": unit.pk,
        "code": "flood",
        "name": "防汛指挥系统",
        "contact": contact,
        "kind": "business",
        "level": "2",
        "environment": "production",
        "networks": "10.36.7.0/24",
        "purpose": "汛情存证",
        "capability": ["evidence"],
        "evidence-things": "flood-record",
        "evidence-per_second": "5",
        "evidence-per_day": "100",
        "evidence-valid_from": today().isoformat(),
        "evidence-valid_to": f"{today().year + 1}-06-30",
    }
    return {**given, **changed}


def test_a_system_is_applied_for_on_one_form_and_nothing_typed_is_lost(unit: OrgUnit) -> None:
    browser, officer = browser_with(unit, "identity.apply_connection")
    assert "防汛" not in text_of(browser.get(LIST))
    assert "申请接入" in text_of(browser.get(f"{LIST}new/"))
    wrong = browser.post(f"{LIST}new/", filled(unit, "nobody", networks="10.36.7.0/99"))
    assert wrong.status_code == 422
    page = text_of(wrong)
    assert "网段格式不对" in page
    assert "汛情存证" in page
    wrong = browser.post(f"{LIST}new/", filled(unit, "nobody"))
    assert "没有这个工号" in text_of(wrong)

    made = browser.post(f"{LIST}new/", filled(unit, officer.number))
    assert made.status_code == 302, text_of(made)
    page = text_of(browser.get(made.url))
    assert "待审核" in page
    assert "10.36.7.0/24" in page
    assert the_capability(Application.objects.get(), "evidence").per_day == 100
    assert text_of(browser.get(f"{made.url}amend/")).count("flood-record") == 1
    assert browser.post(f"{made.url}amend/", filled(unit, officer.number, name="防汛系统")).status_code == 302
    assert Application.objects.get().name == "防汛系统"


def test_the_data_bureau_finds_reviews_and_limits_it(unit: OrgUnit, bureau: Client) -> None:
    made = an_application("flood", unit=unit, evidence={"per_day": 10})
    assert made.name in text_of(bureau.get(f"{LIST}review/"))
    where = f"{LIST}{made.pk}/"
    bureau.post(f"{where}do/approve/", {"remark": "同意"})
    page = text_of(bureau.get(where))
    assert "须由另一位审核人员办理" in page
    ApproveApplication.do(a_reviewer(), application_id=made.pk)
    assert "没有待审核的申请" in text_of(bureau.get(f"{LIST}review/"))
    page = text_of(bureau.get(where))
    assert "上线还差：签名自检、存证、没有有效的密钥" in page
    bureau.post(f"{where}do/online/")
    assert "还不能上线" in text_of(bureau.get(where))
    held = the_capability(made, "evidence")
    limits = {"capability_id": held.pk, "per_second": "2", "per_day": "5", "valid_to": today().isoformat()}
    bureau.post(f"{where}do/limits/", limits)
    held.refresh_from_db()
    assert (held.per_second, held.per_day, held.valid_to) == (2, 5, today())
    loosened = bureau.post(f"{where}do/limits/", {**limits, "per_day": ""}, follow=True)
    assert "这里只能收紧限额" in text_of(loosened)


def test_a_secret_is_shown_once_and_a_key_is_revoked(unit: OrgUnit, desk: Client) -> None:
    made = a_connected_application("flood", unit=unit, evidence={}).application
    where = f"{LIST}{made.pk}/"
    answered = desk.post(f"{where}do/issue/", {"kind": "hmac-sm3", "days": "30", "others_end_in": "1"})
    newest = ApplicationCredential.objects.latest("valid_from")
    assert newest.secret in text_of(answered)
    assert "no-store" in answered["Cache-Control"]
    page = text_of(desk.get(where))
    assert newest.secret not in page
    assert newest.key_id in page
    assert "即将到期" in page
    desk.post(f"{where}do/revoke/", {"credential_id": newest.pk})
    newest.refresh_from_db()
    assert newest.revoked_at
    wrong = desk.post(f"{where}do/issue/", {"kind": "sm2-sm3", "days": "30", "public_key": "x"}, follow=True)
    assert "公钥不能识别" in text_of(wrong)


def test_a_receiver_is_registered_tried_paused_rotated_and_retired(unit: OrgUnit, desk: Client, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    made = a_connected_application("flood", unit=unit, events={"things": ["messaging.served"]}).application
    do = f"{LIST}{made.pk}/do/"
    wrong = desk.post(
        f"{do}webhook/", {"title": "督查", "url": "https://10.0.0.8/", "events": "messaging.served"}, follow=True
    )
    assert "这个地址不能用作推送目标" in text_of(wrong)
    told = {"title": "督查系统", "url": "http://127.0.0.1:1/hook", "events": ["messaging.served"]}
    answered = desk.post(f"{do}webhook/", told)
    target = WebhookTarget.objects.get()
    assert target.secret in text_of(answered)
    where = f"{LIST}{made.pk}/webhooks/{target.pk}/"
    assert "还没有推送过" in text_of(desk.get(where))
    assert desk.post(f"{do}webhook-try/", {"target_id": target.pk}).url == where
    assert "messaging.sample" in text_of(desk.get(where))
    assert Delivery.objects.get().title == "messaging.sample"
    old = target.secret
    desk.post(f"{do}webhook-rotate/", {"target_id": target.pk, "hours": "24"})
    target.refresh_from_db()
    assert target.secret != old
    assert target.previous == old
    desk.post(f"{do}webhook-pause/", {"target_id": target.pk, "paused": "true"})
    assert "已暂停" in text_of(desk.get(where))
    desk.post(f"{do}webhook-pause/", {"target_id": target.pk, "paused": "false"})
    assert "推送中" in text_of(desk.get(where))
    desk.post(f"{do}webhook-retire/", {"target_id": target.pk})
    assert "没有推送目标" in text_of(desk.get(f"{LIST}{made.pk}/"))


def test_it_is_paused_given_back_and_ended(unit: OrgUnit, desk: Client, bureau: Client) -> None:
    made = a_connected_application("flood", unit=unit, evidence={}).application
    where = f"{LIST}{made.pk}/"
    desk.post(f"{where}do/pause/", {"reason": "升级"})
    assert "已暂停" in text_of(desk.get(where))
    assert "恢复" not in text_of(desk.get(where)).replace("不能恢复", "")
    bureau.post(f"{where}do/resume/")
    assert "已上线" in text_of(desk.get(where))
    desk.post(
        f"{where}do/ask/", {"capability": "licences", "licences-valid_from": today(), "licences-valid_to": "2030-01-01"}
    )
    assert ApplicationCapability.objects.filter(capability="licences", approved_at=None).exists()
    bureau.post(f"{where}do/return/", {"remark": "不需要"})
    bureau.post(f"{where}do/withdraw/", {"capability_id": the_capability(made, "evidence").pk})
    assert "还没有任何能力" in text_of(desk.get(where))
    desk.post(f"{where}do/retire/", {"reason": "停用"})
    assert "已下线" in text_of(desk.get(where))
    assert desk.post(f"{where}do/fly/").status_code == 404


def test_calls_and_refusals_are_listed(unit: OrgUnit, desk: Client) -> None:
    connected = a_connected_application("flood", unit=unit, evidence={})
    connected.call("GET", "/api/identity/applications/self")
    connected.call("GET", "/api/identity/applications/self", headers={"Signature": "sig1=:AAAA:"})
    where = f"{LIST}{connected.application.pk}/"
    assert text_of(desk.get(where)).count("/api/identity/applications/self") >= 2
    calls = text_of(desk.get(f"{where}calls/"))
    assert "bad-signature" in calls
    refused = text_of(desk.get(f"{where}calls/?show=refused"))
    assert refused.count("<code>GET") == 1


def test_who_has_nothing_to_do_with_it_sees_nothing(unit: OrgUnit) -> None:
    made = an_application("flood", unit=unit, evidence={})
    stranger = a_browser(an_officer("路人", unit=a_unit("education")).account)
    assert "还没有接入的应用" in text_of(stranger.get(LIST))
    for path in (f"{LIST}{made.pk}/", f"{LIST}{made.pk}/calls/", f"{LIST}{made.pk}/webhooks/{new_id()}/"):
        assert stranger.get(path).status_code == 404
    assert stranger.get(f"{LIST}review/").status_code == 403
    assert stranger.get(f"{LIST}new/").status_code == 403
    assert stranger.post(f"{LIST}{made.pk}/do/approve/").status_code == 404


def test_the_list_is_searched_taken_away_and_costs_the_same(
    unit: OrgUnit, bureau: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        an_application(f"system-{number}", unit=unit, evidence={})
    bureau.get(LIST)
    with django_assert_max_num_queries(9):
        assert len(re.findall(r"<code>system-\d</code>", text_of(bureau.get(LIST)))) == 3
    assert "没有符合条件的应用" in text_of(bureau.get(f"{LIST}?q=税务"))
    assert "system-1" in text_of(bureau.get(f"{LIST}?q=system-1&state=applied"))
    exported = text_of(bureau.get(f"{LIST}export/?q=system-2"))
    assert exported.count("章贡区水利局") == 1
    assert bureau.get(f"{LIST}?after=nonsense").status_code == 422
