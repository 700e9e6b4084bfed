"""The verbs of this engine."""

from __future__ import annotations

from shuzheng.engines.trust.actions.rotate_keys import RotateKeys
from shuzheng.engines.trust.actions.verify_ledger import VerifyLedger

__all__ = ["RotateKeys", "VerifyLedger"]
