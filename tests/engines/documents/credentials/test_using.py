"""Using licences: for a material of a case, under an authorisation, by officials; expired and revoked ones are shown as such."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.casework.licences import tell_holder
from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.documents.credentials.actions import (
    AuthoriseUse,
    HoldCredential,
    PrintCredential,
    ReportLoss,
    RevokeCredential,
    RevokeUse,
    UseCredential,
)
from shuzheng.engines.documents.credentials.actions.using import UseCredentialAsSystem
from shuzheng.engines.documents.credentials.counting import rates
from shuzheng.engines.documents.credentials.errors import NoSuchCredential, NotAuthorised, WrongState
from shuzheng.engines.documents.credentials.models import CredentialUse, UseAuthorisation
from shuzheng.engines.documents.credentials.queries import mine, reconsidered, used_in
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.applications.authentication import actor_of
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import at, now
from shuzheng.testing.applications import a_connected_application
from shuzheng.testing.casework import file_case
from shuzheng.testing.examples import Upload
from shuzheng.testing.identity import a_mandate, a_resident, a_unit, actor_of_officer, actor_of_person, an_officer
from shuzheng.testing.packs import install_packs

REASON = {"reason": "多次违规经营", "basis": "《食品安全法》第一百二十六条"}
ANSWERS = {"application_content": "入驻外卖平台，申请备案。"}
AGREED = [{"code": "licence", "way": "licence"}]


@pytest.fixture
def filing(world: Any) -> Any:
    """Return what files a case that needs the licence."""
    install_packs(Path(__file__).parent / "pack")

    def file(**more: Any) -> Case:
        return file_case(world.holder, "takeaway-filing", **{"answers": ANSWERS, "materials": AGREED, **more})

    return file


def test_a_licence_that_the_applicant_holds_is_supplied_from_there(world: Any, filing: Any) -> None:
    licence = world.issue()
    case = filing()
    assert Material.objects.get(case=case).state == "shared"
    (used,) = used_in(case.pk)
    assert used.use.credential_id == licence.pk
    assert (used.then.state, used.now.state) == ("valid", "valid")
    assert rates()[licence.type_code].percent == 100


def test_a_licence_is_used_only_where_the_applicant_agrees(world: Any, filing: Any) -> None:
    licence = world.issue()
    with pytest.raises(InvalidInput) as refused:
        filing(materials=[])
    assert "同意使用您的电子证照" in str(refused.value.errors[0].message)
    assert not licence.uses.exists()


def test_without_a_licence_the_paper_is_asked_for(world: Any, filing: Any) -> None:
    with pytest.raises(InvalidInput):
        filing()
    paper = str(receive(world.holder, Upload("许可证.pdf")).pk)
    case = filing(materials=[{"code": "licence", "files": [paper]}])
    assert Material.objects.get(case=case).state == "given"
    assert used_in(case.pk) == []


def test_who_hands_in_a_paper_although_there_is_a_licence_lowers_the_rate(world: Any, filing: Any) -> None:
    licence = world.issue()
    paper = str(receive(world.holder, Upload("许可证.pdf")).pk)
    filing(materials=[{"code": "licence", "files": [paper]}])
    assert rates()[licence.type_code].percent == 0


@pytest.mark.parametrize("state", ["held", "expired"])
def test_a_licence_out_of_force_is_shown_to_the_officer_and_refuses_nothing(
    world: Any, filing: Any, state: str
) -> None:
    licence = world.issue(effective_on="2021-01-01", expires_on="2025-12-31" if state == "expired" else None)
    if state == "held":
        judge = world.officer("documents.decide_credentials")
        HoldCredential.do(judge, credential_id=licence.pk, reason=REASON["reason"], basis=REASON["basis"])
    case = filing()
    (used,) = used_in(case.pk)
    assert (used.then.state, used.now.state) == (state, state)


def test_an_official_uses_a_licence_only_under_a_case_of_its_holder(world: Any, filing: Any) -> None:
    licence, case = world.issue(), filing()
    handler = actor_of_officer(an_officer("经办", unit=world.bureau, posts=["acceptor"]))
    seen = UseCredential.do(handler, credential_id=licence.pk, case_id=case.pk, purpose="受理审查")
    assert seen.state == "valid"
    assert ("经营者名称", "赣南人家餐饮店") in seen.elements
    assert dict(seen.elements)["食品安全员"] != "陈志强", "personal elements are masked"
    with pytest.raises(NotAuthorised):
        UseCredential.do(handler, credential_id=licence.pk, case_id=new_id(), purpose="看看")
    elsewhere = actor_of_officer(an_officer("外地", unit=a_unit("civil-affairs", "360402000000"), posts=["handler"]))
    with pytest.raises(NotAuthorised):
        UseCredential.do(elsewhere, credential_id=licence.pk, case_id=case.pk, purpose="看看")


def leave(world: Any, **more: Any) -> UseAuthorisation:
    """Return an authorisation given by the holder."""
    licence = more.pop("licence", None) or world.issue()
    given = {"credential_id": licence.pk, "recipient": "某某银行", "purpose": "开立账户", "hours": 24, **more}
    return AuthoriseUse.do(world.holder, given)


def test_an_authorisation_ends_with_its_time_its_number_and_the_holders_will(world: Any) -> None:
    system = Actor(
        name="银行系统",
        account_id=new_id(),
        channel="api",
        grants=frozenset({Grant("documents.share_credentials", "")}),
    )
    timed = leave(world)
    with at(now() + timedelta(hours=25)), pytest.raises(NotAuthorised):
        UseCredential.do(system, authorisation=timed.code, purpose="开户")
    counted = leave(world, most_uses=2)
    for _time in range(2):
        UseCredential.do(system, authorisation=counted.code, purpose="开户")
    with pytest.raises(NotAuthorised):
        UseCredential.do(system, authorisation=counted.code, purpose="开户")
    taken = leave(world)
    RevokeUse.do(world.holder, credential_id=taken.credential_id, authorisation_id=taken.pk)
    with pytest.raises(NotAuthorised):
        UseCredential.do(system, authorisation=taken.code, purpose="开户")
    assert CredentialUse.objects.count() == 2


def test_an_authorisation_for_one_unit_serves_no_other(world: Any) -> None:
    unit = a_unit("civil-affairs")
    given = leave(world, recipient="", unit_id=unit.pk, most_uses=2)
    other = actor_of_officer(an_officer("别处", unit=world.bureau, posts=["handler"]))
    with pytest.raises(NotAuthorised):
        UseCredential.do(other, authorisation=given.code, purpose="核对")
    for owner in (world.bureau, unit):
        application = a_connected_application(f"of-{owner.kind}", unit=owner, licences={}).application
        asks = partial(UseCredentialAsSystem.do, actor_of(application), authorisation=given.code, purpose="核对")
        if owner == unit:
            assert asks().state == "valid"
        else:
            with pytest.raises(NotAuthorised):
                asks()
    own = actor_of_officer(an_officer("民政", unit=unit, posts=["handler"]))
    assert UseCredential.do(own, authorisation=given.code, purpose="核对").state == "valid"


def test_a_resident_cannot_use_an_authorisation(world: Any) -> None:
    given = leave(world)
    with pytest.raises(NotAuthorised):
        UseCredential.do(actor_of_person(a_resident("路人")), authorisation=given.code, purpose="看看")


def test_a_mandate_reaches_the_licences_of_its_items_only(world: Any) -> None:
    licence = world.issue()
    clerk = a_resident("何会计")
    a_mandate(world.firm, clerk, items=["food-business-licence"])
    assert mine(actor_of_person(clerk, party=world.firm)) == [licence]
    other = a_resident("刘出纳")
    a_mandate(world.firm, other, items=["road-occupation"])
    acting = actor_of_person(other, party=world.firm)
    assert mine(acting) == []
    with pytest.raises(NoSuchCredential):
        PrintCredential.do(acting, credential_id=licence.pk, purpose="看看")


def test_a_lost_licence_cannot_be_relied_on_or_lent(world: Any) -> None:
    licence = world.issue()
    ReportLoss.do(world.holder, credential_id=licence.pk, reason="账号被盗，怀疑被冒用")
    assert licence.standing().state == "suspended"
    with pytest.raises(WrongState):
        leave(world, licence=licence)


def test_a_revocation_that_works_backwards_is_seen_in_past_uses(world: Any, filing: Any) -> None:
    licence = world.issue(effective_on="2026-01-01")
    filing()
    given = {"credential_id": licence.pk, "effective_on": "2026-01-01", **REASON}
    RevokeCredential.do(world.officer("documents.decide_credentials"), given)
    (one,) = reconsidered(licence)
    assert one.use.state == "valid"
    assert one.standing.state == "revoked"
    assert one.differs


def test_the_holder_is_told_of_the_licence_and_of_what_happens_to_it(world: Any) -> None:
    licence = world.issue()
    for kind in ("issued", "expiring", "revoked"):
        data = {
            "title": licence.title,
            "number": licence.number,
            "holder_kind": "legal",
            "holder_id": str(world.firm.pk),
        }
        event = {"id": str(new_id()), "subject": str(licence.pk), "type": f"documents.credential_{kind}", "data": data}
        tell_holder(event)
    messages = Message.objects.filter(recipient_person=world.owner)
    assert messages.count() == 3
    assert {message.link for message in messages} == {f"/licences/{licence.pk}/"}
    assert any(licence.number in message.body for message in messages)
