"""The evidence ledger (存证账本): one Merkle tree over every audit record and every piece of public evidence.

``append`` inside an action, ``evidence`` for the proof; ``sequence`` is the writer's work, done by a job every second.
``tree``, ``tiles`` and ``note`` are pure and know neither database nor Django.
"""

from __future__ import annotations

from shuzheng.engines.trust.ledger.entries import append, entitle, personal_part, title_of
from shuzheng.engines.trust.ledger.evidence import Evidence, evidence, evidence_of_record
from shuzheng.engines.trust.ledger.sequencer import sequence
from shuzheng.engines.trust.models import LedgerEntry

__all__ = [
    "Evidence",
    "LedgerEntry",
    "append",
    "entitle",
    "evidence",
    "evidence_of_record",
    "personal_part",
    "sequence",
    "title_of",
]
