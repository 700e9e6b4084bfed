"""What packs may declare for casework: service items (事项) and processes (流程)."""

from __future__ import annotations

from shuzheng.engines.casework.definitions.check import check_item
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition

__all__ = ["ServiceItemDefinition", "check_item"]
