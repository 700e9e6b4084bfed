"""The audit, its checkpoints and the keys that sign them: three tables that only grow."""

from __future__ import annotations

from shuzheng.engines.trust.models.audit_record import AuditRecord
from shuzheng.engines.trust.models.checkpoint import ChainCheckpoint
from shuzheng.engines.trust.models.signing_key import SigningKey

__all__ = ["AuditRecord", "ChainCheckpoint", "SigningKey"]
