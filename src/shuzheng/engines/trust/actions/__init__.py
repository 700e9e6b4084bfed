"""The verbs of this engine."""

from __future__ import annotations

from shuzheng.engines.trust.actions.depositing import ConfirmEvidence, RecordEvidence
from shuzheng.engines.trust.actions.erasing import AskErasure, ErasePerson
from shuzheng.engines.trust.actions.rotate_keys import RotateKeys
from shuzheng.engines.trust.actions.verify_ledger import VerifyLedger
from shuzheng.engines.trust.actions.witnessing import CosignCheckpoint, SetWitness, WatchLog

__all__ = [
    "AskErasure",
    "ConfirmEvidence",
    "CosignCheckpoint",
    "ErasePerson",
    "RecordEvidence",
    "RotateKeys",
    "SetWitness",
    "VerifyLedger",
    "WatchLog",
]
