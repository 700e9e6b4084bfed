"""The chain: sealed in order, and whatever an intruder does to it is found at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shuzheng.engines.trust import chain, jobs, sealing, signing, verification
from shuzheng.engines.trust.actions import VerifyChain
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.chain import GENESIS, link
from shuzheng.engines.trust.content import COLUMNS, canonical, of_row
from shuzheng.engines.trust.crypto import KeyRing, provider, seal
from shuzheng.engines.trust.models import AuditRecord, ChainCheckpoint, SigningKey
from shuzheng.engines.trust.sealing import add_checkpoint, seal_pending
from shuzheng.engines.trust.verification import Finding, verify_chain
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now

pytestmark = pytest.mark.usefixtures("sealable_audit", "own_ring")
Act = Callable[..., Entry]
Tamper = Callable[..., None]


@pytest.fixture
def ten(act: Act) -> list[int]:
    """Ten sealed records under a checkpoint; their ids in order."""
    write(act(f"act-{n}", detail={"n": n}) for n in range(1, 11))
    assert seal_pending() == 10
    assert add_checkpoint() is not None
    return ids()


def ids() -> list[int]:
    """Return the ids of sealed records in the order of the chain."""
    return list(AuditRecord.objects.exclude(sequence_no=None).order_by("sequence_no").values_list("id", flat=True))


def found() -> tuple[str, int, int | None]:
    """Return what a verification finds, and where."""
    finding = verify_chain().finding
    assert finding is not None
    assert str(finding.sequence_no) in finding.message
    return finding.what, finding.sequence_no, finding.record_id


# -- sealing -----------------------------------------------------------------------------------------------


def test_an_untouched_chain_is_sound(ten: list[int]) -> None:
    report = verify_chain()
    assert (report.sound, report.first, report.last, report.checkpoints) == (True, 1, 10, 1)
    assert ids() == sorted(ten)


def test_an_empty_chain_is_sound_and_needs_no_checkpoint() -> None:
    assert seal_pending() == 0
    assert add_checkpoint() is None
    assert verify_chain().sound


def test_sealing_goes_on_where_it_stopped(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 4)
    monkeypatch.setattr(verification, "BATCH", 3)
    write(act() for _ in range(11))
    assert seal_pending(limit=1) == 4
    assert seal_pending() == 7
    write(act() for _ in range(2))
    assert seal_pending() == 2
    assert (verify_chain().sound, verify_chain().last) == (True, 13)


def test_a_record_that_committed_late_is_verified_in_its_place_though_its_id_is_lower(
    act: Act, tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BATCH", 1)
    write([act("early")])
    tamper("UPDATE trust_auditrecord SET id = id + 1000000")
    seal_pending()
    write([act("late")])
    seal_pending()
    assert ids() == sorted(ids(), reverse=True)
    assert (verify_chain().sound, verify_chain().last) == (True, 2)


def test_sealing_twice_changes_nothing(ten: list[int]) -> None:
    before = list(AuditRecord.objects.order_by("id").values_list("id", "sequence_no", "chain_hash"))
    assert seal_pending() == 0
    assert list(AuditRecord.objects.order_by("id").values_list("id", "sequence_no", "chain_hash")) == before


# -- tampering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '某人'", "at = at + interval '1 second'", "detail = '{}'", "result = 'refused'", "purpose = ' '", "case_id = gen_random_uuid()",
        "division = '36'", "assurance = 4", "content_hash = decode(repeat('00', 32), 'hex')",
    ],
)  # fmt: skip
def test_an_altered_record_is_named(ten: list[int], tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE trust_auditrecord SET {change} WHERE id IN (%s, %s)", ten[6], ten[3])
    assert found() == ("altered", 4, ten[3])


def test_every_column_of_the_content_is_covered(ten: list[int]) -> None:
    row = AuditRecord.objects.filter(id=ten[0]).values(*COLUMNS)[0]
    whole = canonical(of_row(row))
    assert all(f'"{name}":'.encode() in whole for name in COLUMNS)
    kept = {"id", "content_hash", "xid", "sequence_no", "chain_hash"}
    assert {field.column for field in AuditRecord._meta.concrete_fields} - kept == set(COLUMNS)


def test_an_alteration_with_a_new_hash_is_named(ten: list[int], tamper: Tamper) -> None:
    rehash(ten[4], tamper)
    assert found() == ("misplaced", 5, ten[4])


def rehash(record_id: int, tamper: Tamper) -> None:
    """Alter a record and make its content hash fit."""
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE id = %s", record_id)
    row = AuditRecord.objects.filter(id=record_id).values(*COLUMNS)[0]
    tamper(
        "UPDATE trust_auditrecord SET content_hash = %s WHERE id = %s",
        provider().sm3(canonical(of_row(row))),
        record_id,
    )


def test_a_chain_rewritten_from_an_alteration_on_contradicts_the_signed_checkpoint(
    ten: list[int], tamper: Tamper
) -> None:
    rehash(ten[4], tamper)
    rewrite(tamper)
    assert found() == ("rewritten", 10, None)


def rewrite(tamper: Tamper) -> None:
    """Recompute the whole chain, as an intruder who has read this code would."""
    chain_hash = GENESIS
    for record in AuditRecord.objects.order_by("sequence_no"):
        chain_hash = link(chain_hash, record.sequence_no, record.id, bytes(record.content_hash))
        tamper("UPDATE trust_auditrecord SET chain_hash = %s WHERE id = %s", chain_hash, record.id)


def test_a_checkpoint_forged_with_a_key_of_the_intruders_own_is_not_believed(ten: list[int], tamper: Tamper) -> None:
    rehash(ten[4], tamper)
    rewrite(tamper)
    pair, key_id, at = provider().sm2_generate(), new_id(), now()
    head = bytes(AuditRecord.objects.get(sequence_no=10).chain_hash)
    sealed = seal(pair.private.hex(), "a guess at the context")
    SigningKey.objects.create(
        id=key_id, purpose=sealing.PURPOSE, public_key=pair.public, sealed_private_key=sealed, created_at=at
    )
    signature = provider().sm2_sign(pair.private, chain.checkpoint_text(10, head, at))
    tamper(
        "UPDATE trust_chaincheckpoint SET at = %s, chain_hash = %s, key_id = %s, signature = %s",
        at,
        head,
        key_id,
        signature,
    )
    assert found() == ("forged", 10, None)


def test_a_removed_record_is_missed(ten: list[int], tamper: Tamper) -> None:
    tamper("DELETE FROM trust_auditrecord WHERE id = %s", ten[6])
    assert found() == ("missing", 7, None)


def test_a_removed_first_record_is_missed(ten: list[int], tamper: Tamper) -> None:
    tamper("DELETE FROM trust_auditrecord WHERE id = %s", ten[0])
    assert found() == ("missing", 1, None)


@pytest.mark.parametrize("kept", [9, 3, 0])
def test_a_tail_cut_off_contradicts_the_checkpoint(ten: list[int], tamper: Tamper, kept: int) -> None:
    tamper("DELETE FROM trust_auditrecord WHERE sequence_no > %s", kept)
    assert found() == ("truncated", 10, None)


def test_a_tail_cut_off_and_grown_again_contradicts_the_checkpoint(ten: list[int], tamper: Tamper, act: Act) -> None:
    tamper("DELETE FROM trust_auditrecord WHERE sequence_no > 8")
    write(act() for _ in range(5))
    assert seal_pending() == 5
    assert found() == ("rewritten", 10, None)


def test_records_in_another_order_are_found(ten: list[int], tamper: Tamper) -> None:
    tamper(
        "UPDATE trust_auditrecord SET sequence_no = CASE id WHEN %s THEN 6 ELSE 5 END WHERE id IN (%s, %s)",
        ten[4],
        ten[4],
        ten[5],
    )
    assert found() == ("misplaced", 5, ten[5])


def test_a_record_pushed_in_is_found(ten: list[int], tamper: Tamper) -> None:
    columns = ", ".join(name for name in COLUMNS if name != "actor_name")
    tamper(
        f"INSERT INTO trust_auditrecord ({columns}, actor_name, content_hash, sequence_no, chain_hash) "
        f"SELECT {columns}, '某人', content_hash, sequence_no, chain_hash FROM trust_auditrecord WHERE sequence_no = 5"
    )
    what, place, record_id = found()
    assert (what, place) == ("inserted", 5)
    assert record_id is not None
    assert record_id > ten[-1]


def test_an_exchanged_id_is_found(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_auditrecord SET id = 999999999 WHERE id = %s", ten[2])
    assert found() == ("misplaced", 3, 999999999)


def test_a_part_of_the_chain_can_be_verified_alone(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE id = %s", ten[1])
    assert verify_chain(3).sound
    assert (verify_chain(3, 7).sound, verify_chain(3, 7).last) == (True, 7)
    assert verify_chain(1, 2).finding == Finding(what="altered", sequence_no=2, record_id=ten[1])
    assert verify_chain(12).finding == Finding(what="missing", sequence_no=11)
    assert verify_chain(9, 12).finding == Finding(what="missing", sequence_no=11)


# -- checkpoints -------------------------------------------------------------------------------------------


def test_a_head_is_signed_once(ten: list[int], act: Act) -> None:
    assert add_checkpoint() is None
    write([act()])
    seal_pending()
    added = add_checkpoint()
    assert added is not None
    assert added.sequence_no == 11
    assert verify_chain().checkpoints == 2


def test_older_checkpoints_hold_after_the_signing_key_and_the_master_key_changed(
    ten: list[int], act: Act, own_ring: KeyRing
) -> None:
    own_ring.rotate()
    new = signing.rotate(sealing.PURPOSE)
    write([act()])
    seal_pending()
    assert add_checkpoint()
    assert ChainCheckpoint.objects.get(sequence_no=11).key_id == new
    assert (verify_chain().sound, verify_chain().checkpoints) == (True, 2)


def test_a_signature_for_one_purpose_is_none_for_another(ten: list[int]) -> None:
    given = signing.sign("one", b"data")
    assert signing.verify("one", b"data", given)
    assert not signing.verify("one", b"date", given)
    assert not signing.verify("other", b"data", given)
    assert not signing.verify("one", b"data", signing.Signature(new_id(), given.value))


# -- the action and the jobs -------------------------------------------------------------------------------


def test_verifying_is_an_action_that_is_itself_recorded(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE id = %s", ten[3])
    report = VerifyChain.do(Actor.system("test"))
    assert report.finding == Finding(what="altered", sequence_no=4, record_id=ten[3])
    recorded = AuditRecord.objects.get(name="trust.verify_chain")
    assert recorded.detail["finding"]["sequence_no"] == 4


def test_verifying_needs_the_permission(officer: Actor) -> None:
    with pytest.raises(NotPermitted):
        VerifyChain.do(officer)


def test_the_jobs_seal_sign_and_check(act: Act, tamper: Tamper) -> None:
    write(act() for _ in range(3))
    jobs.seal_audit()
    jobs.sign_audit()
    jobs.check_audit()
    assert ChainCheckpoint.objects.get().sequence_no == 3
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE sequence_no = 2")
    with pytest.raises(jobs.ChainBroken, match="2"):
        jobs.check_audit()


def test_the_daily_check_goes_back_no_further_than_it_must(
    act: Act, tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHECKPOINTS_BACK", 1)
    for _ in range(3):
        write([act()])
        jobs.seal_audit()
        jobs.sign_audit()
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE sequence_no = 2")
    jobs.check_audit()
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE sequence_no = 3")
    with pytest.raises(jobs.ChainBroken, match="3"):
        jobs.check_audit()


def test_sealing_takes_few_statements(act: Act, django_assert_max_num_queries: Any) -> None:
    write(act() for _ in range(100))
    with django_assert_max_num_queries(6):
        seal_pending()
