"""Counting by day and type in slots, so that neither issuing nor using waits for a count; rates come from here alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.db import connection
from django.db.models import Sum

from shuzheng.engines.documents.credentials.models import CredentialTally
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import today

What = Literal["issued", "used", "missed", "verified"]
SLOTS = 8
#: Days that the rates look back.
RECENT = 30
_TALLY = """
    INSERT INTO documents_credentialtally (id, type_code, day, what, slot, count) VALUES (%s, %s, %s, %s, %s, 1)
    ON CONFLICT (type_code, day, what, slot) DO UPDATE SET count = documents_credentialtally.count + 1
"""


@dataclass(frozen=True)
class Rate:
    """What happened to a type in the last days."""

    issued: int = 0
    used: int = 0
    missed: int = 0
    verified: int = 0

    @property
    def percent(self) -> int | None:
        """Return the rate of use (用证率): of the cases that needed it, those that took it from here; nothing of none."""
        needed = self.used + self.missed
        return round(100 * self.used / needed) if needed else None


def count(type_code: str, what: What) -> None:
    """Count one, with one statement."""
    slot = random.randrange(SLOTS)  # noqa: S311  # spreads work, keeps no secret
    with connection.cursor() as cursor:
        cursor.execute(_TALLY, [new_id(), type_code, today(), what, slot])


def rates() -> dict[str, Rate]:
    """Return the rates of every type, in one statement over the daily counts."""
    rows = CredentialTally.objects.filter(day__gt=today() - timedelta(days=RECENT)).order_by()
    sums: dict[str, dict[str, int]] = {}
    for code, what, total in rows.values_list("type_code", "what").annotate(total=Sum("count")):
        sums.setdefault(code, {})[what] = total
    return {code: Rate(**found) for code, found in sums.items()}
