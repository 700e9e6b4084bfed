"""How the bills of cases stand, in one word each, for lists and pages of cases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from shuzheng.engines.payment.models import Bill, Refund

#: Refunds that are neither made nor declined.
UNDER_WAY = (Refund.State.REQUESTED, Refund.State.SECOND, Refund.State.APPROVED, Refund.State.FAILED)


@dataclass(frozen=True)
class Standing:
    """One bill, and what of it is on its way back."""

    bill: Bill
    #: In fen, asked for or approved and not arrived.
    refunding: int

    @property
    def word(self) -> str:
        """Return ``overdue``, ``refunding`` or the bill's state."""
        if self.bill.is_overdue:
            return "overdue"
        return "refunding" if self.refunding else str(self.bill.state)


def standings(case_ids: Collection[UUID]) -> dict[UUID, list[Standing]]:
    """Return the bills of several cases in one statement, the latest first; none for none."""
    if not case_ids:
        return {}
    on_the_way = Coalesce(Sum("refunds__amount", filter=Q(refunds__state__in=UNDER_WAY)), 0)
    found: dict[UUID, list[Standing]] = {}
    rows = Bill.objects.filter(case_id__in=case_ids).annotate(refunding=on_the_way)
    for bill in rows.order_by("-raised_at", "-id"):
        assert bill.case_id is not None
        found.setdefault(bill.case_id, []).append(Standing(bill, bill.refunding))  # type: ignore[attr-defined] - annotated
    return found
