"""精准授权: who may use which seal, for which items and documents, from when to when, how often, from where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.seals.actions import GrantSeal, RevokeSealGrant, StampDocument
from shuzheng.engines.documents.seals.errors import GrantSpent, NotGranted, OutsideGrant
from shuzheng.engines.documents.seals.models import Seal, SealGrant, SealUse
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.identity import a_browser, a_role, a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import PLACE, a_file, a_seal

pytestmark = [pytest.mark.django_db, pytest.mark.system("precise-authorisation", page="/office/seals/")]
ITEM = "road-occupation"
HALL = "10.36.7.21"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    """A storage of this test's own."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"


@pytest.fixture
def bureau(db: None) -> OrgUnit:
    """A bureau."""
    return a_unit("urban-management", name="赣州市章贡区城市管理局")


@pytest.fixture
def seal(bureau: OrgUnit) -> Seal:
    """Its seal."""
    return a_seal(bureau, name="赣州市章贡区城市管理局")


def use(actor: Actor, seal: Seal, **fields: Any) -> Any:
    """Try to stamp a decision on the item, in the hall."""
    told = {"seal_code": seal.code, "document_kind": "decision", "item_code": ITEM, "place": PLACE}
    return StampDocument.do(actor, {**told, **fields}, file_id=a_file(actor).pk)


def test_a_seal_is_used_only_as_precisely_as_it_was_granted(bureau: OrgUnit, seal: Seal) -> None:
    manage = a_role("seal-manager", ["documents.manage_seals"])
    manager = actor_of_officer(an_officer("钱管", unit=bureau, roles=[manage], scope=str(bureau.division_path)))
    officer = an_officer("刘建国", unit=bureau, posts=["approver"])
    in_the_hall = replace(actor_of_officer(officer), address=HALL)
    told = {
        "seal_id": seal.pk,
        "unit_id": bureau.pk,
        "post_code": "approver",
        "item_codes": [ITEM],
        "document_kinds": ["decision"],
        "valid_from": today(),
        "valid_to": today() + timedelta(days=30),
        "most_uses": 2,
        "networks": ["10.36.7.0/24"],
        "place": "政务服务大厅",
        "standing": True,
        "reason": "占道许可决定书用印",
    }
    with pytest.raises(NotGranted):
        use(in_the_hall, seal)
    with pytest.raises(NotPermitted):
        GrantSeal.do(in_the_hall, told)
    grant = GrantSeal.do(manager, told)

    use(in_the_hall, seal)
    with pytest.raises(OutsideGrant, match="事项"):
        use(in_the_hall, seal, item_code="food-business-licence")
    with pytest.raises(OutsideGrant, match="文书类型"):
        use(in_the_hall, seal, document_kind="contract")
    with pytest.raises(OutsideGrant, match="政务服务大厅"):
        use(replace(in_the_hall, address="192.168.1.5"), seal)
    colleague = replace(actor_of_officer(an_officer("李国华", unit=bureau, posts=["handler"])), address=HALL)
    with pytest.raises(NotGranted):
        use(colleague, seal)
    with at(now() + timedelta(days=31)), pytest.raises(NotGranted):
        use(in_the_hall, seal)

    # Every use stands against its grant, and the third is one too many.
    use(in_the_hall, seal)
    with pytest.raises(GrantSpent, match="2 次"):
        use(in_the_hall, seal)
    assert SealUse.objects.filter(grant=grant).count() == 2
    assert SealGrant.objects.get(pk=grant.pk).left == 0


def test_a_grant_is_taken_back_at_once(bureau: OrgUnit, seal: Seal) -> None:
    system = Actor.system("test")
    officer = an_officer("刘建国", unit=bureau, posts=["approver"])
    period = {"valid_from": today(), "valid_to": today() + timedelta(days=30)}
    told = {"seal_id": seal.pk, "officer_id": officer.pk, "document_kinds": ["letter"], "reason": "公函", **period}
    grant = GrantSeal.do(system, {**told, "standing": True})
    actor = actor_of_officer(officer)
    use(actor, seal, document_kind="letter", item_code="")
    page = a_browser(officer.account).get("/office/seals/").content.decode()
    assert "公函" in page
    RevokeSealGrant.do(system, grant_id=grant.pk)
    with pytest.raises(NotGranted):
        use(actor, seal, document_kind="letter", item_code="")
    assert "您没有可用的印章" in a_browser(officer.account).get("/office/seals/").content.decode()
