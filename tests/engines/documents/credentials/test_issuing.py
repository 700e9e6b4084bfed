"""Issuing: number, face, seal, ledger, once per case; what goes wrong takes nothing back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.credentials.actions import CompleteCredential, IssueCredential
from shuzheng.engines.documents.credentials.identifier import Identifier, written_code
from shuzheng.engines.documents.credentials.models import Credential, CredentialEvent, CredentialTally
from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.gateways.filesystem import FilesystemStorage
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.seals import results
from shuzheng.engines.documents.seals.actions import FreezeSeal, RenewSeal, UnfreezeSeal
from shuzheng.engines.documents.seals.models import Seal, SealUse
from shuzheng.engines.documents.seals.reading import check_document
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import at, now
from shuzheng.testing.credentials import ANSWERS, TYPE
from shuzheng.testing.identity import a_resident, a_role, a_unit, actor_of_officer, actor_of_person, an_officer

SYSTEM = Actor.system("test")


def bytes_of(credential: Credential) -> bytes:
    assert credential.original is not None
    with storage().open(credential.original.storage_key) as stream:
        return stream.read()


def test_an_approval_becomes_a_sealed_licence_that_says_what_was_granted(world: Any) -> None:
    licence = world.issue()

    assert (licence.state, licence.problem) == ("valid", "")
    assert licence.number.startswith("JY2360702000001")
    assert str(Identifier.parse(licence.identifier)) == licence.identifier
    assert (licence.valid_until - licence.valid_from).days in (1825, 1826, 1827 - 1)
    data = bytes_of(licence)
    text = read(data).pages[0].text
    for said in (
        "赣南人家餐饮店",
        "餐饮服务经营者",
        "热食类食品制售；自制饮品制售",
        licence.number,
        written_code(licence.code),
    ):
        assert said in text.replace("\n", "")
    (check,) = check_document(data)
    assert check.valid, [str(finding.message) for finding in check.findings]
    entry = LedgerEntry.objects.get(pk=licence.ledger_entry)
    assert (entry.kind, entry.subject, entry.digest) == ("credential.issued", licence.identifier, licence.digest)
    assert "赣南人家" not in str(entry.content), "the ledger names no holder"
    assert sum(CredentialTally.objects.filter(what="issued").values_list("count", flat=True)) == 1


def test_the_original_carries_the_metadata_by_the_names_that_platforms_exchange(world: Any) -> None:
    licence = world.issue()
    custom = read(results.content_of(licence.original)).custom
    assert (custom["ZZBS"], custom["ZZLXDM"]) == (licence.identifier, licence.type.type_code)
    assert (custom["CZZT"], custom["CZZTDM"]) == (world.firm.name, world.firm.uscc)
    assert custom["ZZYXQJZRQ"] == licence.valid_until.isoformat()
    assert custom["ZZBFJGDM"] in licence.identifier


def test_a_case_issues_a_licence_once(world: Any) -> None:
    case = new_id()
    first, second = world.issue(case_id=case), world.issue(case_id=case)
    assert first.pk == second.pk
    assert SealUse.objects.count() == StoredFile.objects.count() == 1


def test_two_licences_of_a_bureau_have_different_numbers(world: Any) -> None:
    first, second = world.issue(), world.issue()
    assert first.number != second.number
    assert first.identifier != second.identifier
    assert first.code != second.code


def test_a_certificate_that_expired_meanwhile_keeps_the_licence_waiting_and_nothing_is_doubled(world: Any) -> None:
    Seal.objects.update(valid_to=now() - timedelta(days=1))
    licence = world.issue()
    assert licence.state == "issuing"
    assert "到期" in licence.problem
    assert not StoredFile.objects.exists()
    assert not SealUse.objects.exists()
    assert not CredentialEvent.objects.exists()

    CompleteCredential.do(SYSTEM, credential_id=licence.pk)
    licence.refresh_from_db()
    assert (licence.state, licence.attempts) == ("issuing", 2)

    RenewSeal.do(SYSTEM, seal_id=world.seal.pk)
    for _again in range(2):
        CompleteCredential.do(SYSTEM, credential_id=licence.pk)
    licence = Credential.objects.get(pk=licence.pk)
    assert (licence.state, licence.problem) == ("valid", "")
    assert SealUse.objects.count() == StoredFile.objects.count() == CredentialEvent.objects.count() == 1


def test_a_frozen_seal_waits_too(world: Any) -> None:
    FreezeSeal.do(world.officer("documents.manage_seals"), seal_id=world.seal.pk, reason="印章核查")
    licence = world.issue()
    assert "冻结" in licence.problem
    UnfreezeSeal.do(world.officer("documents.manage_seals"), seal_id=world.seal.pk, reason="核查完毕")
    assert CompleteCredential.do(SYSTEM, credential_id=licence.pk).state == "valid"


def test_a_bureau_without_a_seal_says_so(world: Any) -> None:
    Seal.objects.update(kind="contract")
    licence = world.issue()
    assert licence.state == "issuing"
    assert "没有可用于制证的电子印章" in licence.problem


def test_full_storage_leaves_the_decision_and_tries_again(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:

        def refuse(self: Any, source: Path, key: str) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(FilesystemStorage, "_put", refuse)
        licence = world.issue()
    assert licence.state == "issuing"
    assert "存储空间不足" in licence.problem
    assert not SealUse.objects.exists()
    assert not LedgerEntry.objects.filter(kind="seal.stamp").exists()
    assert CompleteCredential.do(SYSTEM, credential_id=licence.pk).state == "valid"


def test_what_is_missing_on_the_face_is_named_and_can_be_filled_in(world: Any) -> None:
    licence = world.issue(answers={"business_form": "catering", "projects": ["hot-food"]})
    assert licence.state == "issuing"
    assert "经营场所" in licence.problem
    given = {"credential_id": licence.pk, "values": {"premises": "章贡区文明大道 8 号"}}
    done = CompleteCredential.do(world.officer("documents.issue_credentials"), given)
    assert done.state == "valid"
    assert "章贡区文明大道 8 号" in read(bytes_of(done)).pages[0].text.replace("\n", "")


def test_the_original_is_the_holders_to_take_away_and_nobody_elses(world: Any) -> None:
    licence = world.issue()
    assert licence.original_id is not None
    found, stream = files.open_file(licence.original_id, world.holder, "测试")
    stream.close()
    assert found.sm3 == licence.digest
    stranger = actor_of_person(a_resident("路人"))
    with pytest.raises(Exception, match="没有找到"):
        files.open_file(licence.original_id, stranger, "测试")


def test_validity_follows_the_decision_or_the_type(world: Any) -> None:
    with at(now()):
        licence = world.issue(effective_on="2026-09-30", expires_on="2031-09-29")
    assert (str(licence.valid_from), str(licence.valid_until)) == ("2026-09-30", "2031-09-29")


def test_only_who_works_in_the_issuing_bureau_issues_by_hand(world: Any) -> None:
    role, scope = a_role("issuer", ["documents.issue_credentials"]), str(world.bureau.division_path)
    neighbour = an_officer("邻居", unit=a_unit("civil-affairs"), posts=["approver"], roles=[role], scope=scope)
    given = {
        "credential_type": TYPE,
        "applicant_kind": "legal",
        "applicant_id": world.firm.pk,
        "applicant_name": world.firm.name,
        "division_code": "360702000000",
        "handling_unit_id": world.bureau.pk,
        "answers": ANSWERS,
    }
    with pytest.raises(NotPermitted):
        IssueCredential.do(actor_of_officer(neighbour), given)
    assert not Credential.objects.exists()
    assert IssueCredential.do(world.officer("documents.issue_credentials"), given).unit_id == world.bureau.pk
