"""HTTP API: searching the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema

from shuzheng.engines.trust import queries
from shuzheng.engines.trust.policies import READ_AUDIT
from shuzheng.engines.trust.queries import AuditSearch
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request

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


class RecordsOut(Schema):
    """A page of audit records."""

    items: list[RecordOut]
    next: str | None
    previous: str | None


@router.get("/audit", auth=Allow(READ_AUDIT), response=RecordsOut, summary="查询审计记录")
def search_audit(request: Request, wanted: Query[AuditSearch], after: str | None = None) -> Any:
    """Return audit records, newest first; looking is itself recorded."""
    return queries.search(request.actor, wanted, after=after)
