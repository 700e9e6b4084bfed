"""The verbs of this engine."""

from __future__ import annotations

from shuzheng.engines.trust.actions.rotate_keys import RotateKeys
from shuzheng.engines.trust.actions.verify_chain import VerifyChain

__all__ = ["RotateKeys", "VerifyChain"]
