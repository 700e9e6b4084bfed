"""The item's part of a case number."""

from __future__ import annotations

from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.kernel.input import canonical_digest

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def number_code(item: ServiceItemDefinition) -> str:
    """Return the item's four letters or digits inside case numbers; derived from its code where it has none."""
    if item.number_code:
        return item.number_code
    value = int(canonical_digest(item.code)[:12], 16)
    return "".join(DIGITS[value // 36**place % 36] for place in range(4))
