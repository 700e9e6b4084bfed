"""Evidence (证据文件): a leaf with all that is needed to check, offline and without us, that it is in the ledger."""

from __future__ import annotations

import base64
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from shuzheng.engines.trust.content import of_row, record_leaf
from shuzheng.engines.trust.ledger import heads, proofs
from shuzheng.engines.trust.ledger.entries import leaf_of
from shuzheng.engines.trust.ledger.note import Note, signatures
from shuzheng.engines.trust.models import AuditRecord, Cosignature, Leaf, LedgerEntry, TreeHead


class Evidence(BaseModel):
    """One entry of the ledger with its proof, as ``tools/verify_evidence.py`` reads it."""

    format: Literal["shuzheng-evidence/1"] = "shuzheng-evidence/1"
    #: The leaf, byte for byte: its hash is SM3(0x00 ‖ this in UTF-8).
    leaf: str
    #: Its place in the tree, from 0.
    index: int
    #: Hashes of the inclusion proof (RFC 9162 §2.1.3) in base64, from the leaf up.
    proof: list[str]
    #: Signed head of the tree (C2SP tlog-checkpoint), witnesses' cosignatures included.
    checkpoint: str
    #: Verifier keys (C2SP vkey) of the log and its witnesses; who checks compares them with those published.
    keys: list[str]


def evidence(entry_id: UUID) -> Evidence | None:
    """Return the evidence of an entry; ``None`` while it has no place in the tree, or if there is no such entry."""
    entry = LedgerEntry.objects.filter(id=entry_id).first()
    return _prove(entry.number, leaf_of(entry)) if entry else None


def evidence_of_record(record: AuditRecord) -> Evidence | None:
    """Return the evidence of an audit record, which shows all but who acted; ``None`` while it has no place."""
    return _prove(record.id, record_leaf(of_row(vars(record)), bytes(record.salt)))


def _prove(number: int, leaf: bytes) -> Evidence | None:
    index = Leaf.objects.filter(record=number).values_list("index", flat=True).first()
    head = None if index is None else _head_over(index)
    if index is None or head is None:
        return None
    proof = [base64.b64encode(one).decode() for one in proofs.inclusion(index, head.size)]
    lines = Cosignature.objects.filter(size=head.size).select_related("witness").order_by("id")
    note = Note.parse(head.note).with_signatures(*(line for one in lines for line in signatures(one.line)))
    keys = [*_signers(Note.parse(head.note)), *(one.witness.key for one in lines)]
    return Evidence(leaf=leaf.decode(), index=index, proof=proof, checkpoint=str(note), keys=keys)


def _head_over(index: int) -> TreeHead | None:
    """Return the newest head over a leaf that a witness has cosigned, or else the newest."""
    cosigned = Cosignature.objects.filter(size__gt=index).order_by("-size").values_list("size", flat=True).first()
    over = TreeHead.objects.filter(size__gt=index)
    return (over.filter(size=cosigned) if cosigned else over).order_by("-size").first()


def _signers(note: Note) -> list[str]:
    """Return our keys under which a head's signature can be checked."""
    signers = {(line.name, line.key_id) for line in note.signatures}
    return [str(key) for key in heads.signers() if (key.name, key.id) in signers]
