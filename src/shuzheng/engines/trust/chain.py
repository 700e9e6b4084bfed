"""The chain: how each sealed audit record depends on all before it, and what a checkpoint signs. Pure functions."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from shuzheng.engines.trust.crypto import provider

#: What the first record is chained to.
GENESIS = bytes(32)


def link(previous: bytes, sequence_no: int, record_id: int, content_hash: bytes) -> bytes:
    """Return SM3(previous chain hash ‖ place ‖ id ‖ content hash), numbers as 8 bytes, big-endian."""
    return provider().sm3(previous + sequence_no.to_bytes(8, "big") + record_id.to_bytes(8, "big") + content_hash)


def checkpoint_text(sequence_no: int, chain_hash: bytes, at: datetime) -> bytes:
    """Return the note that is signed: origin, number of records, head, moment, a line each (after C2SP tlog-checkpoint)."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"shuzheng/audit\n{sequence_no}\n{base64.b64encode(chain_hash).decode()}\n{moment}\n".encode()
