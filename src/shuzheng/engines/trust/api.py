"""HTTP API: searching the audit; heads, proofs and evidence of the ledger, open to anyone."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from shuzheng.engines.trust import queries
from shuzheng.engines.trust.actions.depositing import Deposited, RecordEvidence, RecordEvidenceInput
from shuzheng.engines.trust.crypto.encoding import public_key_to_pem
from shuzheng.engines.trust.ledger import Evidence, cosigning, evidence, heads, proofs
from shuzheng.engines.trust.policies import READ_AUDIT, RECORD_EVIDENCE
from shuzheng.engines.trust.queries import AuditSearch
from shuzheng.kernel.api import Allow, Key
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC

router = Router()
#: A place in the tree, or a number of leaves, as the database counts.
Place = Annotated[int, Field(ge=0, lt=1 << 63)]


class RecordOut(Schema):
    """One audit record."""

    id: int
    at: datetime
    kind: str
    name: str
    result: str
    actor_name: str
    account_id: UUID | None
    party_name: str
    assurance: int
    channel: str
    address: str
    correlation_id: str
    case_id: UUID | None
    subject_type: str
    subject_id: str
    purpose: str
    division: str
    detail: dict[str, Any]


class RecordsOut(Schema):
    """A page of audit records."""

    items: list[RecordOut]
    next: str | None
    previous: str | None


@router.get("/audit", auth=Allow(READ_AUDIT), response=RecordsOut, summary="查询审计记录")
def search_audit(request: Request, wanted: Query[AuditSearch], after: str | None = None) -> Any:
    """Return audit records, newest first; looking is itself recorded."""
    return queries.search(request.actor, wanted, after=after)


class HeadOut(Schema):
    """The newest signed head of the ledger."""

    #: Signed note (C2SP tlog-checkpoint).
    checkpoint: str
    #: Verifier keys (C2SP vkey) that ever signed heads, the newest first.
    keys: list[str]
    #: The same keys as PEM, for any SM2 software.
    public_keys: list[str]
    #: Under which this installation cosigns the heads of others.
    witness_key: str


class ProofOut(Schema):
    """Hashes of a proof (RFC 9162) in base64."""

    proof: list[str]


class EntryOut(Schema):
    """A piece of public evidence."""

    id: UUID
    at: datetime
    kind: str
    subject: str
    content: dict[str, Any]


@router.get("/ledger/head", auth=Allow(PUBLIC), response=HeadOut, summary="账本树头")
def ledger_head(request: Request) -> HeadOut:
    """Return the newest head; kept elsewhere, it proves later that nothing before it was touched."""
    head, signers = heads.newest(), heads.signers()
    if head is None:
        raise NotFound
    return HeadOut(
        checkpoint=head.note,
        keys=[str(key) for key in signers],
        public_keys=[public_key_to_pem(key.public) for key in signers],
        witness_key=str(cosigning.witness_key()),
    )


@router.get("/ledger/proofs/inclusion", auth=Allow(PUBLIC), response=ProofOut, summary="账本存在性证明")
def inclusion_proof(request: Request, index: Place, size: Place) -> ProofOut:
    """Return the proof that the leaf at ``index`` is in the tree of ``size`` leaves."""
    return _proof(proofs.inclusion, index, size)


@router.get("/ledger/proofs/consistency", auth=Allow(PUBLIC), response=ProofOut, summary="账本一致性证明")
def consistency_proof(request: Request, first: Place, second: Place) -> ProofOut:
    """Return the proof that the tree of ``second`` leaves is that of ``first`` grown on."""
    return _proof(proofs.consistency, first, second)


def _proof(prove: Callable[[int, int], list[bytes]], first: int, second: int) -> ProofOut:
    try:
        return ProofOut(proof=[base64.b64encode(one).decode() for one in prove(first, second)])
    except (ValueError, LookupError):
        raise NotFound from None


@router.get("/ledger/entries/{uuid:entry_id}/evidence", auth=Allow(PUBLIC), response=Evidence, summary="存证证据文件")
def entry_evidence(request: Request, entry_id: UUID) -> Evidence:
    """Return the evidence of an entry, to be checked offline; nothing while it is not yet in the tree."""
    found = evidence(entry_id)
    if found is None:
        raise NotFound
    return found


@router.post(
    "/evidence", auth=Allow(RECORD_EVIDENCE), response=Deposited, summary="存证", operation_id="evidence_record"
)
def record(request: Request, given: RecordEvidenceInput, key: Key = "") -> Deposited:
    """Put the digest of a document into the ledger; its proof is at ``/ledger/entries/<entry_id>/evidence`` a second later."""
    return RecordEvidence.do(request.actor, given, key=key)


@router.get("/ledger/digests/{digest}", auth=Allow(PUBLIC), response=list[EntryOut], summary="按摘要查存证")
def by_digest(request: Request, digest: str) -> Any:
    """Return what the ledger says of a document's digest (hexadecimal), the oldest first."""
    return queries.evidence_of_digest(digest)
