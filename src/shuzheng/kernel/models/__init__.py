"""The kernel's own tables."""

from __future__ import annotations

from shuzheng.kernel.models.definition import DefinitionRecord, PackRelease
from shuzheng.kernel.models.event import EventRecord
from shuzheng.kernel.models.idempotency import IdempotencyRecord

__all__ = ["DefinitionRecord", "EventRecord", "IdempotencyRecord", "PackRelease"]
