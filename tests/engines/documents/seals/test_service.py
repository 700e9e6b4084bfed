"""The seal service: from filing to revocation, and whatever is refused on the way."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.utils import ProgrammingError

from shuzheng.engines.documents.actions import DisposeFile, SetRetention
from shuzheng.engines.documents.gateways.filesystem import FilesystemStorage
from shuzheng.engines.documents.seals.actions import (
    ApproveSealUse,
    ExpireSeals,
    FileSeal,
    FreezeSeal,
    MakeSeal,
    RefuseSealUse,
    RenewSeal,
    RequestSealUse,
    RevokeSeal,
    RevokeSealGrant,
    StampDocument,
    StampForApplication,
    StampRequest,
    UnfreezeSeal,
    WithdrawSealRequest,
)
from shuzheng.engines.documents.seals.errors import (
    CannotStamp,
    CertificateExpired,
    GrantSpent,
    KeySealStanding,
    NeedsApproval,
    NotGranted,
    OutsideGrant,
    OwnRequest,
    RequestDecided,
    SealKnown,
    SealUnusable,
    StorageFull,
    WrongState,
)
from shuzheng.engines.documents.seals.models import (
    RequestState,
    Seal,
    SealEvent,
    SealGrant,
    SealKey,
    SealRequest,
    SealState,
    SealTally,
    SealUse,
)
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.engines.documents.seals.trusting import our_trust
from shuzheng.engines.documents.seals.verify import verify_ofd
from shuzheng.engines.identity.applications.actions import PauseApplication
from shuzheng.engines.identity.applications.errors import LimitExceeded
from shuzheng.engines.identity.models import Officer, OrgUnit
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.testing.applications import a_connected_application
from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import PLACE, a_document, a_file, a_grant, a_seal
from tests.engines.documents.seals.makers import done_file

SYSTEM = Actor.system("test")


def ask(clerk: Actor, seal: Seal, files: int = 1, **fields: Any) -> SealRequest:
    """Ask for a seal on some documents."""
    told = {
        "seal_id": seal.pk,
        "title": "准予许可决定书",
        "reason": "送达申请人",
        "document_kind": "decision",
        "files": [a_file(clerk).pk for _ in range(files)],
        "place": PLACE,
        **fields,
    }
    return RequestSealUse.do(clerk, told)


def codes(data: bytes) -> set[str]:
    """Return what our verifier finds of a document's only stamp."""
    (check,) = verify_ofd(data, trust=our_trust())
    return {finding.code for finding in check.findings}


def test_a_document_is_stamped_after_approval_and_verifies_with_its_place_in_the_ledger(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor
) -> None:
    a_grant(seal, applicant)
    request = ask(clerk, seal, files=2)
    ApproveSealUse.do(approver, request_id=request.pk)
    request = StampRequest.do(clerk, request_id=request.pk)
    assert request.state == RequestState.USED
    for row in request.files.select_related("result"):
        data = content_of(row.result)
        (check,) = verify_ofd(data, trust=our_trust())
        assert check.valid, check.findings
        assert check.seal_code == seal.code
        assert LedgerEntry.objects.get(digest=check.digest).subject == seal.code
    assert SealUse.objects.filter(request=request).count() == 2
    assert sum(SealTally.objects.filter(seal=seal).values_list("uses", flat=True)) == 2


def test_a_seal_that_was_filed_twice_is_refused(bureau: OrgUnit, seal: Seal) -> None:
    with pytest.raises(SealKnown):
        a_seal(bureau)


def test_only_who_manages_seals_in_the_division_may_file_one(clerk: Actor, bureau: OrgUnit) -> None:
    with pytest.raises(NotPermitted):
        FileSeal.do(clerk, code="3607020000009", police_record="GA-9", name="某章", kind="official", unit_id=bureau.pk)


def test_a_seal_is_made_once(seal: Seal) -> None:
    with pytest.raises(WrongState):
        MakeSeal.do(SYSTEM, seal_id=seal.pk)


def test_without_a_grant_nobody_asks(seal: Seal, clerk: Actor) -> None:
    with pytest.raises(NotGranted):
        ask(clerk, seal)


@pytest.mark.parametrize(
    ("granted", "asked", "address"),
    [
        ({"item_codes": ["A"]}, {"item_code": "B"}, ""),
        ({"item_codes": ["A"]}, {}, ""),
        ({}, {"item_code": "A"}, ""),
        ({"document_kinds": ["letter"]}, {}, ""),
        ({"networks": ["10.36.7.0/24"]}, {}, "10.36.8.9"),
        ({"networks": ["10.36.7.0/24"]}, {}, ""),
    ],
)
def test_a_grant_covers_its_items_kinds_and_places_only(
    seal: Seal, applicant: Officer, clerk: Actor, granted: dict[str, Any], asked: dict[str, Any], address: str
) -> None:
    a_grant(seal, applicant, **granted)
    with pytest.raises(OutsideGrant) as refusal:
        ask(replace(clerk, address=address), seal, **asked)
    assert "授权范围" in str(refusal.value)


def test_a_grant_for_a_post_serves_whoever_holds_it(seal: Seal, bureau: OrgUnit, clerk: Actor) -> None:
    a_grant(seal, unit_id=bureau.pk, post_code="handler", networks=["10.36.7.0/24"])
    assert ask(replace(clerk, address="10.36.7.5"), seal).state == RequestState.WAITING
    elsewhere = actor_of_officer(an_officer("外人", unit=a_unit("civil-affairs"), posts=["handler"]))
    with pytest.raises(NotGranted):
        ask(elsewhere, seal)


def test_a_grant_holds_from_its_first_to_its_last_day(seal: Seal, applicant: Officer, clerk: Actor) -> None:
    a_grant(seal, applicant, valid_from=today() + timedelta(days=2), valid_to=today() + timedelta(days=3))
    for days, granted in ((1, False), (2, True), (3, True), (4, False)):
        with at(now() + timedelta(days=days)):
            if granted:
                ask(clerk, seal)
            else:
                with pytest.raises(NotGranted):
                    ask(clerk, seal)


def test_a_grant_names_exactly_one_holder(seal: Seal, applicant: Officer) -> None:
    for wrong in (
        {"process": True},
        {"officer_id": None},
        {"unit_id": seal.unit_id},
        {"networks": ["nowhere"]},
        {"valid_to": today() - timedelta(days=1)},
    ):
        with pytest.raises(InvalidInput):
            a_grant(seal, applicant, **wrong)


def test_a_grant_that_was_taken_back_stops_what_was_approved_under_it(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor
) -> None:
    grant = a_grant(seal, applicant)
    request = ask(clerk, seal)
    ApproveSealUse.do(approver, request_id=request.pk)
    RevokeSealGrant.do(SYSTEM, grant_id=grant.pk)
    with pytest.raises(NotGranted):
        StampRequest.do(clerk, request_id=request.pk)


def test_a_key_seal_takes_two_approvers_neither_of_them_the_applicant(
    bureau: OrgUnit, approver: Actor, second_approver: Actor
) -> None:
    key_seal = a_seal(bureau, key_seal=True)
    a_grant(key_seal, Officer.objects.get(pk=approver.officer_id))
    request = ask(approver, key_seal)
    with pytest.raises(OwnRequest):
        ApproveSealUse.do(approver, request_id=request.pk)
    assert ApproveSealUse.do(second_approver, request_id=request.pk).state == RequestState.HALF_APPROVED
    with pytest.raises(OwnRequest):
        ApproveSealUse.do(second_approver, request_id=request.pk)
    with pytest.raises(RequestDecided):
        StampRequest.do(approver, request_id=request.pk)


def test_two_approvals_open_a_key_seal(
    bureau: OrgUnit, applicant: Officer, clerk: Actor, approver: Actor, second_approver: Actor
) -> None:
    key_seal = a_seal(bureau, key_seal=True)
    a_grant(key_seal, applicant)
    request = ask(clerk, key_seal)
    ApproveSealUse.do(approver, request_id=request.pk)
    assert ApproveSealUse.do(second_approver, request_id=request.pk).state == RequestState.APPROVED
    assert StampRequest.do(clerk, request_id=request.pk).state == RequestState.USED


def test_a_key_seal_is_never_granted_without_approval(bureau: OrgUnit, applicant: Officer) -> None:
    with pytest.raises(KeySealStanding):
        a_grant(a_seal(bureau, key_seal=True), applicant, standing=True)


def test_a_refused_or_withdrawn_request_is_not_stamped(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor
) -> None:
    a_grant(seal, applicant)
    refused = RefuseSealUse.do(approver, request_id=ask(clerk, seal).pk, remark="附件不全")
    withdrawn = WithdrawSealRequest.do(clerk, request_id=ask(clerk, seal).pk)
    for request in (refused, withdrawn):
        with pytest.raises(RequestDecided):
            StampRequest.do(clerk, request_id=request.pk)


def test_a_certificate_that_expires_between_approval_and_stamping_keeps_the_approval(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor
) -> None:
    a_grant(seal, applicant, valid_to=today() + timedelta(days=3000))
    request = ask(clerk, seal)
    ApproveSealUse.do(approver, request_id=request.pk)
    later = now() + timedelta(days=1200)
    with at(later):
        with pytest.raises(CertificateExpired) as refusal:
            StampRequest.do(clerk, request_id=request.pk)
        assert "到期" in str(refusal.value)
        assert SealUse.objects.count() == 0
        ExpireSeals.do(SYSTEM)
        assert Seal.objects.get(pk=seal.pk).state == SealState.EXPIRED
        RenewSeal.do(SYSTEM, seal_id=seal.pk)
        done = StampRequest.do(clerk, request_id=request.pk)
        assert done.state == RequestState.USED
        row = done.files.select_related("result").get()
        assert codes(content_of(row.result)) == {"in-ledger"}
    assert SealKey.objects.filter(destroyed_at__isnull=False).count() == 2


def test_a_frozen_seal_stamps_nothing_and_resumes(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor
) -> None:
    a_grant(seal, applicant)
    request = ask(clerk, seal)
    ApproveSealUse.do(approver, request_id=request.pk)
    FreezeSeal.do(SYSTEM, seal_id=seal.pk, reason="印章保管人离岗")
    with pytest.raises(SealUnusable):
        StampRequest.do(clerk, request_id=request.pk)
    UnfreezeSeal.do(SYSTEM, seal_id=seal.pk, reason="已交接")
    assert StampRequest.do(clerk, request_id=request.pk).state == RequestState.USED
    assert list(SealEvent.objects.order_by("at", "id").values_list("verb", flat=True)) == [
        "filed",
        "made",
        "frozen",
        "unfrozen",
    ]


def test_a_revoked_seal_never_stamps_again_and_its_earlier_stamps_stay_valid(
    seal: Seal, applicant: Officer, clerk: Actor
) -> None:
    a_grant(seal, applicant, standing=True)
    done = StampDocument.do(clerk, seal_code=seal.code, file_id=a_file(clerk).pk, document_kind="decision", place=PLACE)
    stamped = content_of(done_file(done.file_id))
    with at(now() + timedelta(hours=1)):
        RevokeSeal.do(SYSTEM, seal_id=seal.pk, reason="机构撤销")
        assert codes(stamped) == {"in-ledger", "revoked-later"}
        with pytest.raises(SealUnusable):
            StampDocument.do(
                clerk, seal_code=seal.code, file_id=a_file(clerk).pk, document_kind="decision", place=PLACE
            )
    assert all(not key.private_key for key in SealKey.objects.filter(certificates__role__in=["seal", "pdf"]))


def test_a_grant_without_standing_needs_an_approval(seal: Seal, applicant: Officer, clerk: Actor) -> None:
    a_grant(seal, applicant)
    with pytest.raises(NeedsApproval):
        StampDocument.do(clerk, seal_code=seal.code, file_id=a_file(clerk).pk, document_kind="decision", place=PLACE)


def test_what_was_stamped_for_somebody_is_not_ended_by_them(seal: Seal, applicant: Officer, clerk: Actor) -> None:
    a_grant(seal, applicant, standing=True)
    told = {"seal_code": seal.code, "file_id": a_file(clerk).pk, "document_kind": "decision", "place": PLACE}
    done = StampDocument.do(clerk, told)
    SetRetention.do(clerk, file_id=done.file_id, period="1年")
    with at(now() + timedelta(days=800)):
        assert DisposeFile.do(SYSTEM, file_id=done.file_id).versions == 0
    assert content_of(done_file(done.file_id))


def test_processes_stamp_under_a_grant_of_their_own(seal: Seal, clerk: Actor) -> None:
    told = {"seal_code": seal.code, "file_id": a_file(clerk).pk, "document_kind": "decision", "place": PLACE}
    with pytest.raises(NotGranted):
        StampDocument.do(SYSTEM, told)
    a_grant(seal, process=True)
    assert StampDocument.do(SYSTEM, told).digest


def test_a_full_storage_leaves_nothing_behind_but_the_approval(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = a_grant(seal, applicant, most_uses=1)
    request = ask(clerk, seal)
    ApproveSealUse.do(approver, request_id=request.pk)
    entries = LedgerEntry.objects.filter(kind="seal.stamp")
    before = entries.count()

    def full(self: FilesystemStorage, source: Any, key: str) -> Any:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FilesystemStorage, "_put", full)
        with pytest.raises(StorageFull):
            StampRequest.do(clerk, request_id=request.pk)
    assert SealUse.objects.count() == 0
    assert entries.count() == before
    assert SealGrant.objects.get(pk=grant.pk).used == 0
    assert StampRequest.do(clerk, request_id=request.pk).state == RequestState.USED


def test_a_document_that_is_none_is_refused_with_a_sentence(seal: Seal, applicant: Officer, clerk: Actor) -> None:
    a_grant(seal, applicant, standing=True)
    told = {"seal_code": seal.code, "document_kind": "decision", "place": {"page": 7, "x": 1, "y": 1}}
    with pytest.raises(CannotStamp) as refusal:
        StampDocument.do(clerk, told, file_id=a_file(clerk).pk)
    assert "第 7 页" in refusal.value.errors[0].message


def test_more_documents_than_are_left_are_refused_at_once(seal: Seal, applicant: Officer, clerk: Actor) -> None:
    a_grant(seal, applicant, most_uses=2)
    with pytest.raises(GrantSpent):
        ask(clerk, seal, files=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_stamp_the_last_permitted_use_at_once_one_is_refused(
    seal: Seal, applicant: Officer, clerk: Actor
) -> None:
    grant = a_grant(seal, applicant, standing=True, most_uses=1)
    files = [a_file(clerk).pk for _ in range(2)]
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def stamp(file_id: Any) -> None:
        together.wait(timeout=10)
        try:
            StampDocument.do(clerk, seal_code=seal.code, file_id=file_id, document_kind="decision", place=PLACE)
            outcomes.append("stamped")
        except GrantSpent:
            outcomes.append("spent")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=stamp, args=(file_id,)) for file_id in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["spent", "stamped"]
    assert SealUse.objects.filter(grant=grant).count() == 1


def test_the_log_is_kept_as_it_was_written(seal: Seal) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        SealEvent.objects.update(reason="改")


def test_an_application_stamps_within_its_grant_and_its_quota(seal: Seal, bureau: OrgUnit) -> None:
    made = a_connected_application("housing-contracts", unit=bureau, stamp={"per_day": 1})
    application, caller = made.application, made.actor
    told = {
        "seal_code": seal.code,
        "document_name": "租赁合同.ofd",
        "document_kind": "contract",
        "place": {"edge": "right", "along": 100},
        "content": base64.b64encode(a_document(pages=3)).decode(),
    }
    with pytest.raises(NotGranted):
        StampForApplication.do(caller, told, key="1")
    a_grant(seal, application_id=application.pk, document_kinds=["contract"])
    done = StampForApplication.do(caller, told, key="2")
    assert codes(content_of(done_file(done.file_id))) == {"in-ledger"}
    with pytest.raises(LimitExceeded):
        StampForApplication.do(caller, told, key="3")
    with at(now() + timedelta(days=1)):
        assert StampForApplication.do(caller, told, key="4").digest != done.digest
        PauseApplication.do(SYSTEM, application_id=application.pk, reason="核查")
        with pytest.raises(NotPermitted):
            StampForApplication.do(made.actor, told, key="5")
