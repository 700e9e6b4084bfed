"""The ledger: every record and entry gets its leaf, and whatever an intruder does to it is found at its place."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shuzheng.engines.trust import jobs, ledger, signing
from shuzheng.engines.trust.actions import VerifyLedger
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.content import COLUMNS, leaf_hash, of_row, record_leaf
from shuzheng.engines.trust.crypto import KeyRing, provider
from shuzheng.engines.trust.ledger import heads, proofs, tree, verification
from shuzheng.engines.trust.ledger.note import LOG, Checkpoint, Key, Note, Signature
from shuzheng.engines.trust.ledger.publishing import publish
from shuzheng.engines.trust.ledger.verification import Finding, verify_ledger
from shuzheng.engines.trust.models import AuditRecord, Leaf, LedgerEntry, Node, TreeHead
from shuzheng.kernel import moment
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id

pytestmark = pytest.mark.usefixtures("empty_ledger", "own_ring")
Act = Callable[..., Entry]
Tamper = Callable[..., None]


@pytest.fixture
def ten(act: Act) -> list[int]:
    """Nine records and an entry, under two heads; their numbers in the order of the tree."""
    write(act(f"act-{n}", detail={"n": n}) for n in range(4))
    assert ledger.sequence() == 4
    write(act(f"act-{n}", detail={"n": n}) for n in range(4, 9))
    ledger.append("documents.seal_applied", "360702-1", {"digest": "ab" * 32, "pages": 2})
    assert ledger.sequence() == 6
    return numbers()


def numbers() -> list[int]:
    """Return the numbers of records in the order of the tree."""
    return list(Leaf.objects.order_by("index").values_list("record", flat=True))


def found() -> tuple[str, int, int | None]:
    """Return what a verification finds, and where."""
    finding = verify_ledger().finding
    assert finding is not None
    assert str(finding.index if finding.what != "unlogged" else finding.record) in finding.message
    return finding.what, finding.index, finding.record


# -- writing -----------------------------------------------------------------------------------------------


def test_every_record_and_every_entry_is_a_leaf_in_the_order_of_writing(ten: list[int]) -> None:
    report = verify_ledger()
    assert (report.sound, report.first, report.size, report.heads) == (True, 0, 10, 2)
    assert ten == sorted(ten)
    assert ten[-1] == LedgerEntry.objects.get().number
    assert set(ten[:-1]) == set(AuditRecord.objects.values_list("id", flat=True))


def test_an_empty_ledger_is_sound_and_has_no_head() -> None:
    assert ledger.sequence() == 0
    assert heads.newest() is None
    assert verify_ledger().sound


def test_writing_twice_changes_nothing(ten: list[int]) -> None:
    assert ledger.sequence() == 0
    assert (numbers(), TreeHead.objects.count()) == (ten, 2)


def test_the_stored_tree_is_the_tree_of_its_leaves(act: Act) -> None:
    for size in (200, 57, 300):
        write(act() for _ in range(size))
        ledger.sequence()
    leaves = [bytes(leaf.hash) for leaf in Leaf.objects.order_by("index")]
    ours = heads.hasher()
    for head in TreeHead.objects.all():
        assert bytes(head.root) == tree.root(ours, leaves[: head.size])
    assert Node.objects.filter(level=1).count() == 2
    for old, new in ((1, 557), (200, 257), (256, 512), (257, 557), (557, 557)):
        roots = tree.root(ours, leaves[:old]), tree.root(ours, leaves[:new])
        assert tree.extends(ours, old, new, roots, proofs.consistency(old, new))
    for index in (0, 255, 256, 511, 556):
        roots = leaves[index], tree.root(ours, leaves)
        assert tree.includes(ours, index, (0, 557), roots, proofs.inclusion(index, 557))
    with pytest.raises(ValueError):
        proofs.inclusion(557, 557)
    with pytest.raises(LookupError):
        proofs.inclusion(0, 9999)


def test_a_head_is_a_checkpoint_signed_by_the_log(ten: list[int]) -> None:
    head = heads.newest()
    assert head is not None
    note = Note.parse(head.note)
    signed = Checkpoint.parse(note.text)
    assert (signed.origin, signed.size, signed.root) == (heads.origin(), 10, bytes(head.root))
    assert heads.is_ours(note)
    stranger = Key(heads.origin(), LOG, provider().sm2_generate().public)
    assert not note.signed_by(stranger, provider().sm2_verify)


def test_older_heads_hold_after_the_signing_key_and_the_master_key_changed(
    ten: list[int], act: Act, own_ring: KeyRing
) -> None:
    own_ring.rotate()
    signing.rotate(heads.PURPOSE)
    write([act()])
    ledger.sequence()
    report = verify_ledger()
    assert (report.sound, report.heads, len(heads.signers())) == (True, 3, 2)


def test_a_signature_for_one_purpose_is_none_for_another(ten: list[int]) -> None:
    given = signing.sign("one", b"data")
    assert signing.verify("one", b"data", given)
    assert not signing.verify("one", b"date", given)
    assert not signing.verify("other", b"data", given)
    assert not signing.verify("one", b"data", signing.Signature(new_id(), given.value))


def test_writing_takes_few_statements(ten: list[int], act: Act, django_assert_max_num_queries: Any) -> None:
    write(act() for _ in range(100))
    with django_assert_max_num_queries(12):
        ledger.sequence()


# -- entries and evidence ------------------------------------------------------------------------------------


def test_appending_is_one_statement_and_proves_itself_once_it_is_in_the_tree(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        entry = ledger.append("documents.seal_applied", "360702-1", {"digest": "ab" * 32})
    assert (ledger.evidence(entry.id), ledger.evidence(new_id())) == (None, None)
    ledger.sequence()
    proof = ledger.evidence(entry.id)
    assert proof is not None
    assert json.loads(proof.leaf)["open"]["content"] == {"digest": "ab" * 32}
    assert LedgerEntry.objects.get(digest="ab" * 32).id == entry.id
    assert proven(proof)


def proven(proof: ledger.Evidence) -> bool:
    """Check evidence with nothing but what stands in it."""
    note = Note.parse(proof.checkpoint)
    head = Checkpoint.parse(note.text)
    roots = leaf_hash(proof.leaf.encode()), head.root
    signed = any(note.signed_by(Key.parse(key), provider().sm2_verify) for key in proof.keys)
    hashes = [base64.b64decode(one) for one in proof.proof]
    return signed and tree.includes(heads.hasher(), proof.index, (0, head.size), roots, hashes)


def test_evidence_of_a_record_shows_all_but_who_acted(act: Act, officer: Actor) -> None:
    case = new_id()
    write([act("look", case_id=case, kind="read", purpose="核对"), act("other")])
    ledger.sequence()
    proof = ledger.evidence_of_record(AuditRecord.objects.get(name="look"))
    assert proof is not None
    assert proven(proof)
    shown = json.loads(proof.leaf)
    assert (shown["type"], shown["open"]["purpose"], shown["open"]["case_id"]) == ("audit", "核对", str(case))
    for hidden in (officer.name, str(officer.account_id), str(officer.officer_id), officer.address):
        assert hidden not in proof.leaf


@pytest.mark.parametrize(
    ("kind", "subject", "more"),
    [
        ("stamp", "x", {}),
        ("a.b", "", {}),
        ("a.b", "x", {"personal": {"name": "张三"}}),
        ("a.b", "x", {"about": new_id()}),
    ],
)
def test_an_entry_without_kind_or_subject_or_half_personal_is_refused(kind: str, subject: str, more: Any) -> None:
    with pytest.raises(ValueError):
        ledger.append(kind, subject, {}, **more)


def test_the_personal_part_is_sealed_and_read_back(tamper: Tamper) -> None:
    person = new_id()
    one = ledger.append("documents.licence_issued", "L-1", {"state": "issued"}, personal={"name": "张三"}, about=person)
    two = ledger.append("documents.licence_issued", "L-2", {"state": "issued"}, personal={"name": "张三"}, about=person)
    stored = LedgerEntry.objects.get(id=one.id)
    assert ledger.personal_part(stored) == {"name": "张三"}
    assert "张三".encode() not in bytes(stored.sealed or b"")
    assert one.key_id == two.key_id
    assert one.sealed != two.sealed


# -- tampering ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '某人'", "at = at + interval '1 second'", "detail = '{}'", "result = 'refused'", "purpose = ' '", "case_id = gen_random_uuid()",
        "division = '36'", "assurance = 4", "salt = decode(repeat('00', 16), 'hex')",
    ],
)  # fmt: skip
def test_an_altered_record_is_named(ten: list[int], tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE trust_auditrecord SET {change} WHERE id IN (%s, %s)", ten[6], ten[3])
    assert found() == ("altered", 3, ten[3])


def test_an_altered_entry_is_named(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_ledgerentry SET content = '{\"pages\": 3}'")
    assert found() == ("altered", 9, ten[9])


def test_every_column_of_the_content_is_covered() -> None:
    kept = {"id", "salt", "leaf_hash", "xid"}
    assert {field.column for field in AuditRecord._meta.concrete_fields} - kept == set(COLUMNS)


def rehash(record_id: int, tamper: Tamper) -> None:
    """Alter a record and make its leaf fit, as an intruder who has read this code would."""
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE id = %s", record_id)
    row = AuditRecord.objects.filter(id=record_id).values("salt", *COLUMNS)[0]
    hashed = leaf_hash(record_leaf(of_row(row), bytes(row["salt"])))
    tamper("UPDATE trust_auditrecord SET leaf_hash = %s WHERE id = %s", hashed, record_id)
    tamper("UPDATE trust_leaf SET hash = %s WHERE record = %s", hashed, record_id)


def test_an_alteration_with_a_new_leaf_contradicts_the_signed_head(ten: list[int], tamper: Tamper) -> None:
    rehash(ten[4], tamper)
    assert found() == ("rewritten", 10, None)


def test_an_alteration_with_a_new_leaf_is_named_where_tiles_were_published(
    ten: list[int], act: Act, tamper: Tamper
) -> None:
    write(act() for _ in range(300))
    ledger.sequence()
    publish()
    rehash(numbers()[257], tamper)
    assert found() == ("altered", 257, numbers()[257])


def test_a_head_forged_with_a_key_of_the_intruders_own_is_not_believed(ten: list[int], tamper: Tamper) -> None:
    rehash(ten[4], tamper)
    growth = tree.Growth(heads.hasher())
    growth.extend(bytes(leaf.hash) for leaf in Leaf.objects.order_by("index"))
    pair, text = provider().sm2_generate(), str(Checkpoint(heads.origin(), 10, growth.root))
    key = Key(heads.origin(), LOG, pair.public)
    note = Note(text, (Signature(key.name, key.id, provider().sm2_sign(pair.private, text.encode())),))
    tamper("UPDATE trust_treehead SET root = %s, note = %s WHERE size = 10", growth.root, str(note))
    assert found() == ("forged", 10, None)


def test_a_head_that_is_no_note_is_found(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_treehead SET note = 'nothing' WHERE size = 4")
    assert found() == ("forged", 4, None)


@pytest.mark.parametrize("place", [0, 6])
def test_a_removed_record_leaves_its_leaf_behind(ten: list[int], tamper: Tamper, place: int) -> None:
    tamper("DELETE FROM trust_auditrecord WHERE id = %s", ten[place])
    assert found() == ("removed", place, ten[place])


@pytest.mark.parametrize("place", [0, 6])
def test_a_removed_leaf_is_missed(ten: list[int], tamper: Tamper, place: int) -> None:
    tamper("DELETE FROM trust_leaf WHERE index = %s", place)
    assert found() == ("missing", place, None)


@pytest.mark.parametrize("kept", [9, 3, 0])
def test_a_tail_cut_off_contradicts_the_head(ten: list[int], tamper: Tamper, kept: int) -> None:
    tamper("DELETE FROM trust_leaf WHERE index >= %s", kept)
    assert found()[:2] == ("truncated", 10 if kept >= 4 else 4)


def test_a_record_written_past_the_ledger_is_found(ten: list[int], tamper: Tamper, act: Act) -> None:
    tamper("UPDATE trust_sequencer SET xid = xid + 1000000")
    write([act("in the dark")])
    assert ledger.sequence() in (0, 1)
    tamper("DELETE FROM trust_leaf WHERE index > 9")
    tamper("DELETE FROM trust_treehead WHERE size > 10")
    assert found() == ("unlogged", 0, AuditRecord.objects.get(name="in the dark").id)


def test_records_in_another_order_are_found(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_leaf SET record = -1 WHERE index = 4")
    tamper("UPDATE trust_leaf SET record = %s WHERE index = 5", ten[4])
    tamper("UPDATE trust_leaf SET record = %s WHERE index = 4", ten[5])
    assert found() == ("altered", 4, ten[5])


def test_a_second_record_under_a_number_is_found(ten: list[int], tamper: Tamper) -> None:
    columns = ", ".join(name for name in COLUMNS if name not in ("actor_name", "at"))
    tamper(
        f"INSERT INTO trust_auditrecord ({columns}, at, actor_name, salt, leaf_hash, id) "
        f"SELECT {columns}, at + interval '1 s', '某人', salt, leaf_hash, id FROM trust_auditrecord WHERE id = %s",
        ten[4],
    )
    assert found() == ("altered", 4, ten[4])


def test_a_part_of_the_ledger_can_be_verified_alone(
    ten: list[int], tamper: Tamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BATCH", 3)
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE id = %s", ten[1])
    report = verify_ledger(2)
    assert (report.sound, report.first, report.size, report.heads) == (True, 2, 10, 2)
    assert verify_ledger(1).finding == Finding(what="altered", index=1, record=ten[1])
    assert verify_ledger(12).finding == Finding(what="missing", index=12)


# -- the action and the jobs -------------------------------------------------------------------------------


def test_verifying_is_an_action_that_is_itself_recorded(ten: list[int], tamper: Tamper) -> None:
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE id = %s", ten[3])
    report = VerifyLedger.do(Actor.system("test"))
    assert report.finding == Finding(what="altered", index=3, record=ten[3])
    assert AuditRecord.objects.get(name="trust.verify_ledger").detail["finding"]["index"] == 3


def test_verifying_needs_the_permission(officer: Actor) -> None:
    with pytest.raises(NotPermitted):
        VerifyLedger.do(officer)


def test_the_daily_check_goes_back_no_further_than_it_must(act: Act, tamper: Tamper) -> None:
    with moment.at(moment.now() - timedelta(days=3)):
        write([act("long ago")])
        jobs.sequence()
    write([act("today")])
    jobs.sequence()
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE name = 'long ago'")
    jobs.check_ledger()
    tamper("UPDATE trust_auditrecord SET actor_name = '某人' WHERE name = 'today'")
    with pytest.raises(jobs.LedgerBroken, match="1"):
        jobs.check_ledger()


def test_the_writer_goes_on_until_its_time_is_up_or_the_worker_stops(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []

    def look(seconds: float) -> bool:
        looks.append(seconds)
        write([act()])
        return len(looks) == 3

    monkeypatch.setattr(jobs, "pause", look)
    jobs.sequence(seconds=60)
    assert (looks, len(numbers())) == ([jobs.PAUSE] * 3, 2)


def test_records_restored_from_another_cluster_are_taken_once(act: Act, tamper: Tamper) -> None:
    write(act(f"old-{n}") for n in range(3))
    ledger.sequence()
    write([act("not yet")])
    tamper("UPDATE trust_auditrecord SET xid = xid + 1000000")
    tamper("UPDATE trust_sequencer SET cluster = 7, xid = xid + 1000000")
    write([act("after the restore")])
    assert ledger.sequence() == 2
    write([act("and on")])
    assert ledger.sequence() == 1
    assert (verify_ledger().sound, len(numbers())) == (True, 6)
