"""谁看过我的数据: who, from which bureau, what, why, with proof to take home."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from django.test import Client

from shuzheng.engines.identity.models import Appointment, Person
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.testing.identity import a_resident, a_unit, actor_of_officer, actor_of_person, an_officer
from tools.verify_evidence import main as verify_offline

PAGE = "/me/reads/"
#: Session, account, page, appointments, titles, places in the ledger, and the frame.
MOST_STATEMENTS = 14


@pytest.fixture
def clerk(packs: None) -> Actor:
    """Return an official of the bureau of civil affairs."""
    return actor_of_officer(an_officer("张敏", unit=a_unit("civil-affairs"), posts=["handler"]))


@pytest.fixture
def looked(clerk: Actor, daughter: Person) -> AuditRecord:
    """A look at the daughter's data."""
    record_read(clerk, "审查申请材料", PERSON, daughter.pk, ["name", "mobile"], new_id())
    return AuditRecord.objects.filter(subject_id=str(daughter.pk)).order_by("-id")[0]


def shown(browser: Client, path: str = PAGE) -> str:
    """Return a page's text."""
    response = browser.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_sees_which_official_of_which_bureau_looked_at_what_and_why(
    browser: Client, looked: AuditRecord, daughter: Person
) -> None:
    page = shown(browser)
    held = Appointment.objects.select_related("post__unit").get(officer_id=looked.officer_id)
    assert "张*" in page
    assert "张敏" not in page
    assert f"{held.post.unit.name} {held.post.title}" in page
    assert "审查申请材料" in page
    assert "手机号码、姓名" in page
    assert f"/cases/{looked.case_id}/" in page
    assert "几秒后可以下载" in page


def test_ones_own_looks_are_shown_when_asked_for(browser: Client, daughter: Person) -> None:
    record_read(actor_of_person(daughter), "查看办件进展", PERSON, daughter.pk, ["name"])
    assert "还没有别人看过" in shown(browser)
    assert "<strong>我自己" in shown(browser, f"{PAGE}?show=all")


def test_a_relative_and_a_system_are_named_as_far_as_one_may_know(browser: Client, daughter: Person) -> None:
    record_read(actor_of_person(a_resident("赵小云")), "代办", PERSON, daughter.pk, ["name"])
    record_read(Actor(name="自动核验"), "核验", PERSON, daughter.pk, ["name"])
    page = shown(browser)
    assert "赵*云" in page
    assert "自动核验" in page


def test_the_proof_of_a_look_is_taken_home_and_holds(
    browser: Client, looked: AuditRecord, tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{PAGE}{looked.id}/evidence.json"
    assert browser.get(address).status_code == 404
    ledger.sequence()
    assert address in shown(browser)
    sent = browser.get(address)
    leaf = json.loads(sent.json()["leaf"])
    assert (leaf["open"]["purpose"], leaf["open"]["detail"]) == ("审查申请材料", {"elements": ["mobile", "name"]})
    assert "张敏" not in sent.content.decode()
    (tmp_path / "e.json").write_bytes(sent.content)
    assert verify_offline([str(tmp_path / "e.json")]) == 0
    assert "全部成立" in capsys.readouterr().out


def test_nobody_gets_the_proof_of_a_look_at_somebody_else(
    browser: Client, clerk: Actor, daughter: Person, client: Client
) -> None:
    record_read(clerk, "审查", PERSON, a_resident("陌生人").pk, ["name"])
    other = AuditRecord.objects.order_by("-id")[0]
    ledger.sequence()
    assert browser.get(f"{PAGE}{other.id}/evidence.json").status_code == 404
    assert browser.get(f"{PAGE}{10**30}/evidence.json").status_code == 404
    for path in (PAGE, f"{PAGE}export", f"{PAGE}{other.id}/evidence.json"):
        assert client.get(path).status_code == 302


def test_all_of_it_can_be_taken_away(browser: Client, looked: AuditRecord, clerk: Actor, daughter: Person) -> None:
    record_read(clerk, "=HYPERLINK(1)", PERSON, daughter.pk, ["name"])
    text = shown(browser, f"{PAGE}export").lstrip("\ufeff")
    head, newest, oldest = csv.reader(StringIO(text))
    assert head[0] == "时间"
    assert (newest[4], oldest[1], oldest[4]) == ("'=HYPERLINK(1)", "张*", "审查申请材料")


def test_pages_follow_each_other_in_few_statements(
    browser: Client, clerk: Actor, daughter: Person, django_assert_max_num_queries
) -> None:
    for n in range(25):
        record_read(clerk, f"第{n}次", PERSON, daughter.pk, ["name"])
    ledger.sequence()
    with django_assert_max_num_queries(MOST_STATEMENTS):
        first = shown(browser)
    assert (first.count('class="card"'), "第24次" in first, "第4次<" in first) == (20, True, False)
    after = first.split("after=")[1].split('"')[0].split("&")[0]
    assert "第4次<" in shown(browser, f"{PAGE}?after={after}")
