"""The audit, the ledger, and the keys that sign and seal."""

from __future__ import annotations

from shuzheng.engines.trust.models.audit_record import AuditRecord
from shuzheng.engines.trust.models.erasure import Erasure
from shuzheng.engines.trust.models.ledger import Leaf, LedgerEntry, Node, TreeHead
from shuzheng.engines.trust.models.person_key import PersonKey
from shuzheng.engines.trust.models.signing_key import SigningKey
from shuzheng.engines.trust.models.witness import Cosignature, WatchedLog, Witness

__all__ = [
    "AuditRecord",
    "Cosignature",
    "Erasure",
    "Leaf",
    "LedgerEntry",
    "Node",
    "PersonKey",
    "SigningKey",
    "TreeHead",
    "WatchedLog",
    "Witness",
]
