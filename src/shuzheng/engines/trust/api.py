"""HTTP API: searching the audit, and the chain's signed head for whoever wants to keep it elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema

from shuzheng.engines.trust import queries
from shuzheng.engines.trust.chain import checkpoint_text
from shuzheng.engines.trust.crypto.encoding import public_key_to_pem
from shuzheng.engines.trust.models import SigningKey
from shuzheng.engines.trust.policies import READ_AUDIT
from shuzheng.engines.trust.queries import AuditSearch
from shuzheng.kernel.api import Allow
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC

router = Router()


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
    sequence_no: int | None


class RecordsOut(Schema):
    """A page of audit records."""

    items: list[RecordOut]
    next: str | None
    previous: str | None


class CheckpointOut(Schema):
    """The newest signed head of the audit's chain."""

    #: What was signed, with SM2 and SM3 under the default identifier.
    text: str
    #: ``r ‖ s`` in hexadecimal.
    signature: str
    public_key: str


@router.get("/audit", auth=Allow(READ_AUDIT), response=RecordsOut, summary="查询审计记录")
def search_audit(request: Request, wanted: Query[AuditSearch], after: str | None = None) -> Any:
    """Return audit records, newest first; looking is itself recorded."""
    return queries.search(request.actor, wanted, after=after)


@router.get("/audit/checkpoint", auth=Allow(PUBLIC), response=CheckpointOut, summary="审计链检查点")
def audit_checkpoint(request: Request) -> CheckpointOut:
    """Return the newest checkpoint; kept elsewhere, it proves later that nothing before it was touched."""
    found = queries.latest_checkpoint()
    if found is None:
        raise NotFound
    key = SigningKey.objects.get(id=found.key_id)
    return CheckpointOut(
        text=checkpoint_text(found.sequence_no, bytes(found.chain_hash), found.at).decode(),
        signature=bytes(found.signature).hex(),
        public_key=public_key_to_pem(bytes(key.public_key)),
    )
