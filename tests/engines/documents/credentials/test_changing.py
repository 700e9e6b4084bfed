"""Deciding about licences: by a person, with reason and basis, known to the ledger; what ended does not come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.documents.credentials.actions import (
    CorrectCredential,
    HoldCredential,
    ReissueCredential,
    RemindExpiring,
    ResumeCredential,
    RevokeCredential,
    SuspendCredential,
    VoidCredential,
)
from shuzheng.engines.documents.credentials.errors import WrongState
from shuzheng.engines.documents.credentials.identifier import Identifier
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now, today

WHY = {"reason": "多次违规经营", "basis": "《食品安全法》第一百二十六条"}
DECIDE, ISSUE = "documents.decide_credentials", "documents.issue_credentials"


def test_hold_resume_suspend_revoke_each_leave_history_and_a_place_in_the_ledger(world: Any) -> None:
    licence, judge = world.issue(), world.officer(DECIDE)
    for act, state in (
        (HoldCredential, "held"),
        (ResumeCredential, "valid"),
        (SuspendCredential, "suspended"),
        (RevokeCredential, "revoked"),
    ):
        assert act.do(judge, {"credential_id": licence.pk, **WHY}).state == state
        assert Credential.objects.get(pk=licence.pk).standing().state == state
    kinds = LedgerEntry.objects.filter(subject=licence.identifier).order_by("number").values_list("kind", flat=True)
    assert [kind.removeprefix("credential.") for kind in kinds] == ["issued", "held", "resumed", "suspended", "revoked"]
    assert not LedgerEntry.objects.filter(content__icontains=WHY["reason"]).exists()
    with pytest.raises(WrongState):
        ResumeCredential.do(judge, {"credential_id": licence.pk, **WHY})


def test_no_rule_and_no_process_decides_against_a_holder(world: Any) -> None:
    licence = world.issue()
    for act in (HoldCredential, RevokeCredential, VoidCredential):
        with pytest.raises(NotPermitted):
            act.do(Actor.system("rule"), {"credential_id": licence.pk, **WHY})
    with pytest.raises(NotPermitted):
        RevokeCredential.do(world.officer("documents.read_credentials"), {"credential_id": licence.pk, **WHY})
    with pytest.raises(InvalidInput):
        RevokeCredential.do(world.officer(DECIDE), {"credential_id": licence.pk, "reason": "", "basis": ""})


def test_only_revoking_works_backwards_and_never_before_the_licence_began(world: Any) -> None:
    licence, judge = world.issue(effective_on="2026-01-01"), world.officer(DECIDE)
    yesterday = today() - timedelta(days=1)
    with pytest.raises(InvalidInput):
        HoldCredential.do(judge, {"credential_id": licence.pk, "effective_on": yesterday, **WHY})
    with pytest.raises(InvalidInput):
        RevokeCredential.do(judge, {"credential_id": licence.pk, "effective_on": "2025-12-31", **WHY})
    RevokeCredential.do(judge, {"credential_id": licence.pk, "effective_on": yesterday, **WHY})
    assert licence.standing(now() - timedelta(hours=1)).state == "revoked"


def test_a_correction_issues_a_new_version_and_leaves_the_old_original_as_it_was(world: Any) -> None:
    former = world.issue()
    with storage().open(former.original.storage_key) as stream:
        before = stream.read()
    given = {"credential_id": former.pk, "values": {"premises": "章贡区文明大道 9 号"}, "reason": "门牌号写错"}
    fresh = CorrectCredential.do(world.officer(ISSUE), given)
    assert fresh.values["premises"]["text"] == "章贡区文明大道 9 号"
    assert (fresh.state, fresh.number, fresh.version) == ("valid", former.number, 2)
    assert Identifier.parse(fresh.identifier).serial == Identifier.parse(former.identifier).serial
    assert Credential.objects.get(pk=former.pk).state == "replaced"
    with storage().open(former.original.storage_key) as stream:
        assert stream.read() == before
    with pytest.raises(WrongState):
        CorrectCredential.do(world.officer(ISSUE), given)


def test_a_renewal_begins_when_the_former_ends_and_a_replacement_keeps_the_days(world: Any) -> None:
    licence = world.issue()
    given = {"credential_id": licence.pk, "origin": "renew", "reason": "到期延续"}
    renewed = ReissueCredential.do(world.officer(ISSUE), given)
    assert renewed.valid_from == licence.valid_until + timedelta(days=1)
    other = world.issue()
    replaced = ReissueCredential.do(
        world.officer(ISSUE), {"credential_id": other.pk, "origin": "replace", "reason": "遗失"}
    )
    assert (replaced.valid_from, replaced.valid_until) == (other.valid_from, other.valid_until)
    assert replaced.code != other.code


def test_holders_are_reminded_once_for_each_day_that_the_type_names(world: Any) -> None:
    licence = world.issue(effective_on="2026-11-01", expires_on="2027-10-31")
    system = Actor.system("test")

    def reminders(days_before: int) -> int:
        with at(now().replace(year=2027, month=10, day=31) - timedelta(days=days_before)):
            RemindExpiring.do(system)
        return EventRecord.objects.filter(type="documents.credential_expiring").count()

    assert [reminders(days) for days in (120, 89, 88, 30, 20, 14, 3)] == [0, 1, 1, 2, 2, 3, 3]
    assert Credential.objects.get(pk=licence.pk).reminded == [90, 30, 15]
