"""What becomes of a released batch: results of its lines, and failed ones sent again."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.payment.actions.payouts import BatchInput, OnBatch, book_move, locked_batch
from shuzheng.engines.payment.errors import BatchNotReady, ReasonMissing
from shuzheng.engines.payment.models import PayoutBatch, PayoutLine
from shuzheng.engines.payment.policies import RELEASE_PAYOUT
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import FieldProblem
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

State, Line = PayoutBatch.State, PayoutLine.State
#: Characters of a reason that says something.
SHORTEST = 4


class RetryFailedLines(OnBatch):
    """Send the failed lines of a batch again (重发失败明细), and no others; whoever made the batch may not.

    Raises SamePerson, BatchNotReady.
    """

    name = "payment.retry_failed_lines"
    permission = RELEASE_PAYOUT
    title = _("重发失败明细")
    ready = (State.DONE,)

    def perform(self, actor: Actor, given: BatchInput) -> PayoutBatch:
        """Give each failed line a new attempt; the channel has said for certain that the last one failed."""
        lines = list(
            PayoutLine.objects.select_for_update().filter(batch=self.batch, state=Line.FAILED).order_by("sequence")
        )
        if not lines:
            raise BatchNotReady(state=self.batch.get_state_display())
        for line in lines:
            line.state, line.failure, line.attempt = Line.WAITING, "", line.attempt + 1
        PayoutLine.objects.bulk_update(lines, ["state", "failure", "attempt"])
        total, batch = sum(line.amount for line in lines), self.batch
        batch.state = State.RELEASED
        batch.save(update_fields=["state"])
        latest = max(line.attempt for line in lines)
        key = f"retry:{batch.pk}:{latest}:{lines[0].number}"
        book_move(batch, key, "sent", batch.channel, "funds", batch.programme, total)
        self.emit("payment.payout_released", batch.pk, total=total)
        return batch


class ReturnFailedLines(OnBatch):
    """Leave the failed lines of a batch unpaid (失败明细退回): their money is back, and a new list may pay them.

    Raises SamePerson, BatchNotReady, ReasonMissing.
    """

    name = "payment.return_failed_lines"
    permission = RELEASE_PAYOUT
    title = _("退回失败明细")
    ready = (State.DONE,)

    def perform(self, actor: Actor, given: BatchInput) -> PayoutBatch:
        """Note it; the ledger had the money back when the channel said that they failed."""
        if len(given.note.strip()) < SHORTEST:
            raise ReasonMissing(FieldProblem("note", str(ReasonMissing.message)))
        returned = PayoutLine.objects.filter(batch=self.batch, state=Line.FAILED).update(state=Line.RETURNED)
        if not returned:
            raise BatchNotReady(state=self.batch.get_state_display())
        self.batch.note = given.note
        self.batch.save(update_fields=["note"])
        self.about(self.batch, returned=returned)
        return self.batch


class LineReport(BaseModel):
    """What the channel says of one line."""

    number: str
    state: Literal["paid", "failed", "pending", "unknown"]
    channel_number: str = ""
    reason: str = ""


class RecordTransfersInput(Input):
    """What the channel says of a batch's lines."""

    batch_id: UUID
    reports: list[LineReport]


class RecordTransfers(Action[RecordTransfersInput, PayoutBatch]):
    """Book what became of a batch's lines (发放结果入账), once however often it is told."""

    name = "payment.record_transfers"
    permission = EVERYTHING
    title = _("发放结果入账")

    def perform(self, actor: Actor, given: RecordTransfersInput) -> PayoutBatch:
        """Settle the lines that are on their way; others are left as they are."""
        batch = locked_batch(given.batch_id)
        open_ = PayoutLine.objects.select_for_update().filter(batch=batch, state__in=(Line.WAITING, Line.SENT))
        lines = {line.number: line for line in open_}
        changed = [_settle(batch, lines[report.number], report) for report in given.reports if report.number in lines]
        PayoutLine.objects.bulk_update(changed, ["state", "failure", "channel_number", "settled_at"])
        if not PayoutLine.objects.filter(batch=batch, state__in=(Line.WAITING, Line.SENT)).exists():
            batch.state = State.DONE
            batch.save(update_fields=["state"])
        self.about(batch, division=str(batch.division_path), settled=len(changed))
        return batch


def _settle(batch: PayoutBatch, line: PayoutLine, report: LineReport) -> PayoutLine:
    if report.state == "paid":
        line.state, line.channel_number, line.settled_at = Line.PAID, report.channel_number, now()
        book_move(batch, f"payout:{line.number}", "paid", batch.programme, "sent", batch.channel, line.amount)
    elif report.state == "failed":
        line.state, line.failure = Line.FAILED, report.reason[:300]
        book_move(batch, f"payout:{line.number}", "funds", batch.programme, "sent", batch.channel, line.amount)
    else:
        line.state = Line.SENT
    return line
