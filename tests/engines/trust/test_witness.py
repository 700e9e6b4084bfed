"""Witnessing: an honest log is cosigned, a fork is refused, kept and told, and our own log collects its cosignatures."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.trust import jobs, ledger
from shuzheng.engines.trust.actions import CosignCheckpoint, SetWitness, WatchLog
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.errors import NotAKey
from shuzheng.engines.trust.gateways.witness import HttpWitness, WitnessAway, WitnessGateway
from shuzheng.engines.trust.ledger import cosigning, heads
from shuzheng.engines.trust.ledger.note import (
    LOG,
    WITNESS,
    Checkpoint,
    Key,
    Note,
    Signature,
    cosignature,
    cosigned,
    signatures,
    valid,
)
from shuzheng.engines.trust.ledger.tree import Hasher, path, root
from shuzheng.engines.trust.ledger.witness import Seen, Submission, Verdict, judge
from shuzheng.engines.trust.models import AuditRecord, Cosignature, LedgerEntry, WatchedLog, Witness
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.audit import Entry
from shuzheng.kernel.error import InvalidInput, NotPermitted

pytestmark = pytest.mark.usefixtures("empty_ledger", "own_ring")
Act = Callable[..., Entry]
SM3 = Hasher(provider().sm3)
ADDRESS = "/ledger/witness/add-checkpoint"
SYSTEM = Actor.system("test")


class Log:
    """Another installation's log, made of nothing but the pure modules."""

    def __init__(self, origin: str = "jiujiang.example/ledger") -> None:
        """Begin empty, with a key of its own."""
        self.pair = provider().sm2_generate()
        self.key = Key(origin, LOG, self.pair.public)
        self.leaves: list[bytes] = []

    def grow(self, count: int, salt: bytes = b"") -> Log:
        """Add leaves."""
        self.leaves += [SM3.leaf(salt + bytes([n % 251])) for n in range(count)]
        return self

    def note(self) -> Note:
        """Return the signed head."""
        text = str(Checkpoint(self.key.name, len(self.leaves), root(SM3, self.leaves)))
        raw = provider().sm2_sign(self.pair.private, text.encode())
        return Note(text, (Signature(self.key.name, self.key.id, raw),))

    def submission(self, old: int) -> str:
        """Return the body that submits the head to a witness that knows ``old`` leaves."""
        ranges = path(0, old, len(self.leaves)) if 0 < old <= len(self.leaves) else []
        proof = tuple(root(SM3, self.leaves[low:high]) for low, high in ranges)
        return str(Submission(old, proof, self.note()))


@pytest.fixture
def log() -> Log:
    """A log of ten leaves that we watch."""
    other = Log().grow(10)
    WatchLog.do(SYSTEM, verifier_key=str(other.key))
    return other


def submit(body: str) -> tuple[int, str]:
    """Submit over HTTP, as a log does, without a session or a token."""
    response = Client(enforce_csrf_checks=True).post(ADDRESS, body, content_type="text/plain")
    if response.status_code == 409:
        assert response["Content-Type"] == "text/x.tlog.size"
    return response.status_code, response.content.decode()


def text(note: str) -> str:
    """Return what a note says; SM2 never signs it twice alike."""
    return Note.parse(note).text


def is_cosigned(body: str, note: Note) -> bool:
    """Say whether an answer is our cosignature under a note."""
    (line,) = signatures(body)
    return valid(cosigning.witness_key(), note.text, line, provider().sm2_verify)


# -- as a witness ----------------------------------------------------------------------------------------------


def test_an_honest_log_is_cosigned_as_it_grows(log: Log) -> None:
    for old, more in ((0, 0), (10, 7), (17, 300), (317, 0)):
        status, body = submit(log.grow(more).submission(old))
        assert (status, is_cosigned(body, log.note())) == (200, True)
    watched = WatchedLog.objects.get()
    assert (watched.size, bytes(watched.root), watched.refused_at) == (317, root(SM3, log.leaves), None)


def test_whoever_starts_elsewhere_is_told_where_we_are(log: Log) -> None:
    submit(log.submission(0))
    assert submit(log.grow(5).submission(0)) == (409, "10\n")
    assert submit(log.submission(3)) == (409, "10\n")
    assert submit(log.submission(10))[0] == 200


def test_a_fork_of_the_same_size_is_refused_kept_and_becomes_public_evidence(log: Log, caplog: Any) -> None:
    submit(log.submission(0))
    honest = log.note()
    log.leaves[3] = bytes(32)
    assert submit(log.submission(10)) == (409, "10\n")
    watched = WatchedLog.objects.get()
    assert (watched.forked, watched.size, text(watched.note)) == (True, 10, honest.text)
    assert text(watched.refused_note) == log.note().text
    told = LedgerEntry.objects.get(kind="trust.fork_seen")
    shown = {name: text(note) for name, note in told.content.items()}
    assert (told.subject, shown) == (log.key.name, {"seen": honest.text, "shown": log.note().text})
    assert "ledger_fork" in caplog.text
    submit(log.submission(10))
    assert LedgerEntry.objects.filter(kind="trust.fork_seen").count() == 1


def test_a_rewritten_log_that_grew_on_is_refused_and_told(log: Log, caplog: Any) -> None:
    submit(log.submission(0))
    log.leaves[3] = bytes(32)
    assert submit(log.grow(5).submission(10))[0] == 422
    watched = WatchedLog.objects.get()
    assert (watched.size, watched.forked, text(watched.refused_note)) == (10, False, log.note().text)
    assert "ledger_unproven" in caplog.text


def test_what_is_not_signed_by_the_log_changes_nothing(log: Log) -> None:
    stranger = Log(log.key.name).grow(10)
    assert submit(stranger.submission(0))[0] == 403
    assert submit(Log("unknown.example/log").grow(1).submission(0))[0] == 404
    assert submit(log.submission(11))[0] == 400
    watched = WatchedLog.objects.get()
    assert (watched.size, watched.refused_at) == (0, None)


@pytest.mark.parametrize(
    "body", ["", "old x\n\n", "old 0\n", "old 0\n!\n\nx\n1\n\n", "old 0\n" + "AA==\n" * 64 + "\nx", "\xff"]
)
def test_a_malformed_submission_is_refused(log: Log, body: str) -> None:
    assert submit(body)[0] == 400
    assert Client().post(ADDRESS, b"\xff\xfe", content_type="text/plain").status_code == 400


def test_a_head_with_a_proof_where_none_belongs_is_refused(log: Log) -> None:
    key, note = log.key, log.note()
    verify = provider().sm2_verify
    assert judge(Seen(key), Submission(0, (bytes(32),), note), SM3, verify) is Verdict.UNPROVEN
    same = Seen(key, 10, root(SM3, log.leaves))
    assert judge(same, Submission(10, (bytes(32),), note), SM3, verify) is Verdict.UNPROVEN
    assert judge(same, Submission(10, (), note), SM3, verify) is Verdict.COSIGNED


def test_watching_needs_the_permission_and_a_key_of_the_right_sort(officer: Actor) -> None:
    key = Log().key
    with pytest.raises(NotPermitted):
        WatchLog.do(officer, verifier_key=str(key))
    with pytest.raises(NotAKey):
        WatchLog.do(SYSTEM, verifier_key=str(Key(key.name, WITNESS, key.public)))
    with pytest.raises(NotAKey):
        SetWitness.do(SYSTEM, verifier_key=str(key), url="https://w.example")
    with pytest.raises(InvalidInput):
        SetWitness.do(SYSTEM, verifier_key=str(Key("w", WITNESS, key.public)), url="ftp://w.example")


def test_cosigning_is_on_record(log: Log, officer: Actor) -> None:
    submit(log.submission(0))
    recorded = AuditRecord.objects.get(name="trust.cosign_checkpoint")
    assert (recorded.detail, recorded.address) == ({"status": 200, "size": 10}, "127.0.0.1")
    with pytest.raises(NotPermitted):
        CosignCheckpoint.do(officer, body=log.submission(0))


def test_strangers_who_send_nonsense_or_old_heads_again_leave_no_trace(log: Log) -> None:
    submit(log.submission(0))
    again = log.submission(10)
    log.leaves[3] = bytes(32)
    submit(forked := log.submission(10))
    before = AuditRecord.objects.count(), LedgerEntry.objects.count()
    assert [submit(body)[0] for body in ("x", again, forked, log.submission(4))] == [400, 200, 409, 409]
    assert submit(Log("unknown.example/log").grow(1).submission(0))[0] == 404
    assert (AuditRecord.objects.count(), LedgerEntry.objects.count()) == before


# -- as a log --------------------------------------------------------------------------------------------------


class OtherWitness(WitnessGateway):
    """A witness of ours at another installation: the pure judgement with a memory, and ways to fail."""

    pair = provider().sm2_generate()
    key = Key("witness.example/w1", WITNESS, pair.public)
    seen: Seen
    away = False

    def submit(self, url: str, body: str) -> tuple[int, str]:
        """Judge what is submitted."""
        kind = type(self)
        if kind.away:
            raise WitnessAway("no route")
        given = Submission.parse(body)
        verdict = judge(kind.seen, given, SM3, provider().sm2_verify)
        if verdict is not Verdict.COSIGNED:
            return abs(verdict.value), f"{kind.seen.size}\n"
        shown = given.checkpoint
        kind.seen = Seen(kind.seen.key, shown.size, shown.root)
        raw = provider().sm2_sign(self.pair.private, cosigned(given.note.text, 1700000000))
        return 200, f"{cosignature(self.key, 1700000000, raw)}\n"


@pytest.fixture
def witness(settings: Any) -> type[OtherWitness]:
    """A witness that believes our key."""
    settings.SHUZHENG_WITNESS_GATEWAY = f"{__name__}.OtherWitness"
    OtherWitness.seen, OtherWitness.away = Seen(heads.signers()[0]), False
    SetWitness.do(SYSTEM, verifier_key=str(OtherWitness.key), url="https://w.example/")
    return OtherWitness


@pytest.fixture(autouse=True)
def _found_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cosigning, "witness_gateway", OtherWitness)


def test_our_heads_are_cosigned_and_evidence_carries_the_cosignature(witness: type[OtherWitness], act: Act) -> None:
    assert cosigning.collect() == 0
    entry = ledger.append("trial.entry", "x", {})
    ledger.sequence()
    jobs.collect_cosignatures()
    write(act() for _ in range(3))
    ledger.sequence()
    assert witness.seen.size == Cosignature.objects.get().size
    proof = ledger.evidence(entry.id)
    assert proof is not None
    assert str(witness.key) in proof.keys
    note = Note.parse(proof.checkpoint)
    assert note.signed_by(witness.key, provider().sm2_verify)
    assert heads.is_ours(note)
    assert json.loads(proof.leaf)["open"]["subject"] == "x"
    newest = ledger.sequence() or heads.newest()
    assert newest is not None
    assert cosigning.collect() == 1
    assert cosigning.collect() == 0


def test_a_witness_that_knows_more_than_we_thought_is_answered_from_there(
    witness: type[OtherWitness], act: Act
) -> None:
    write([act()])
    ledger.sequence()
    cosigning.collect()
    Witness.objects.update(size=0)
    write([act()])
    ledger.sequence()
    assert cosigning.collect() == 1
    assert Witness.objects.get().trouble == ""


def test_a_witness_that_is_away_or_refuses_is_noted_and_tried_again(witness: type[OtherWitness], act: Act) -> None:
    write([act()])
    ledger.sequence()
    witness.away = True
    assert cosigning.collect() == 0
    assert Witness.objects.get().trouble == "no route"
    witness.away, witness.seen = False, Seen(heads.signers()[0], 10**6, bytes(32))
    assert cosigning.collect() == 0
    assert Witness.objects.get().trouble.startswith("409")
    witness.seen = Seen(heads.signers()[0])
    assert cosigning.collect() == 1
    SetWitness.do(SYSTEM, verifier_key=str(witness.key), url="https://w.example", active=False)
    write([act()])
    ledger.sequence()
    assert cosigning.collect() == 0


def test_two_installations_witness_each_other_over_http(empty_audit: None, log: Log, live_server: Any) -> None:
    url = f"{live_server.url}/ledger/witness"
    status, body = HttpWitness().submit(url, log.submission(0))
    assert (status, is_cosigned(body, log.note())) == (200, True)
    with pytest.raises(WitnessAway):
        HttpWitness().submit("http://127.0.0.1:9", "x")
