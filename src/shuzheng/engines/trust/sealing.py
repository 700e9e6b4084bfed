"""Sealing: giving every committed audit record its place in the chain, and signing the chain's head."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import connection, transaction

from shuzheng.engines.trust import signing
from shuzheng.engines.trust.chain import GENESIS, checkpoint_text, link
from shuzheng.engines.trust.models import AuditRecord, ChainCheckpoint
from shuzheng.kernel.moment import now

#: Purpose of the key that signs checkpoints.
PURPOSE = "audit-chain"
BATCH = 5000
#: Key of the advisory lock that makes the sequencer the only one.
_LOCK = 7_330_201
#: Records of transactions before which none can still commit; or of another cluster, after a restore.
_READY = """
    SELECT id, at, content_hash FROM trust_auditrecord
    WHERE sequence_no IS NULL
      AND (xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
           OR xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    ORDER BY id LIMIT %s
"""
_SEAL = """
    UPDATE trust_auditrecord AS r SET sequence_no = s.sequence_no, chain_hash = s.chain_hash
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::bytea[]) AS s (id, at, sequence_no, chain_hash)
    WHERE r.at = s.at AND r.id = s.id
"""
log = structlog.get_logger()


def seal_pending(limit: int | None = None) -> int:
    """Seal what is ready, oldest first, batch by batch, and return how many records were sealed.

    Each batch is one transaction, so whatever interrupts leaves a sound chain. Another sequencer at work seals in our
    stead and we return at once. ``limit`` bounds the batches.
    """
    total, batches = 0, 0
    while limit is None or batches < limit:
        sealed = _seal_batch()
        total, batches = total + sealed, batches + 1
        if sealed < BATCH:
            break
    return total


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_READY, [BATCH])
        rows = cursor.fetchall()
        if rows:
            cursor.execute(_SEAL, _places(rows, *head()))
        return len(rows)


def _places(rows: list[Any], sequence_no: int, chain_hash: bytes) -> list[list[Any]]:
    """Return ids, moments, places and chain hashes of rows that follow the head."""
    places: list[list[Any]] = [[], [], [], []]
    for record_id, at, content_hash in rows:
        sequence_no += 1
        chain_hash = link(chain_hash, sequence_no, record_id, bytes(content_hash))
        for column, value in zip(places, (record_id, at, sequence_no, chain_hash), strict=True):
            column.append(value)
    return places


def head() -> tuple[int, bytes]:
    """Return the number of sealed records and the last one's chain hash."""
    last = AuditRecord.objects.filter(sequence_no__isnull=False).order_by("-sequence_no")
    return last.values_list("sequence_no", "chain_hash").first() or (0, GENESIS)


def add_checkpoint() -> ChainCheckpoint | None:
    """Sign the chain's head unless it was signed before, and say so in the log, for another machine to keep."""
    sequence_no, chain_hash = head()
    if not sequence_no or ChainCheckpoint.objects.filter(sequence_no__gte=sequence_no).exists():
        return None
    at = now()
    text = checkpoint_text(sequence_no, bytes(chain_hash), at)
    signature = signing.sign(PURPOSE, text)
    log.info("audit_checkpoint", text=text.decode(), key=str(signature.key_id), signature=signature.value.hex())
    return ChainCheckpoint.objects.create(
        at=at, sequence_no=sequence_no, chain_hash=chain_hash, key_id=signature.key_id, signature=signature.value
    )
