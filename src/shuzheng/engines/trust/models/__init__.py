"""The audit, the ledger, and the keys that sign and seal: tables that only grow."""

from __future__ import annotations

from shuzheng.engines.trust.models.audit_record import AuditRecord
from shuzheng.engines.trust.models.ledger import Leaf, LedgerEntry, Node, TreeHead
from shuzheng.engines.trust.models.person_key import PersonKey
from shuzheng.engines.trust.models.signing_key import SigningKey

__all__ = ["AuditRecord", "Leaf", "LedgerEntry", "Node", "PersonKey", "SigningKey", "TreeHead"]
