"""Sending released batches to their channel; never inside a transaction."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from shuzheng.engines.payment.actions.transferring import RecordTransfers
from shuzheng.engines.payment.gateways import PaymentChannel, Transfer, TransferReport, channel
from shuzheng.engines.payment.models import PayoutBatch, PayoutLine
from shuzheng.kernel.actor import Actor

PLATFORM = Actor.system("payment")
#: Lines of one call.
TOGETHER = 200
Line = PayoutLine.State


def batch(id: UUID) -> PayoutBatch:
    """Return a batch."""
    return PayoutBatch.objects.get(pk=id)


def unfinished() -> QuerySet[PayoutBatch]:
    """Return the batches that are on their way."""
    return PayoutBatch.objects.filter(state=PayoutBatch.State.RELEASED).order_by("released_at")


def send(batch: PayoutBatch) -> None:
    """Send the lines that wait and ask about those that were sent; a line's number makes repeating harmless.

    Raises ChannelDown, ChannelRefused: nothing is settled that the channel has not answered for.
    """
    if batch.state != PayoutBatch.State.RELEASED:
        return
    gateway = channel(batch.channel)
    open_ = PayoutLine.objects.filter(batch=batch, state__in=(Line.WAITING, Line.SENT)).order_by("sequence")
    rows = list(open_)
    for start in range(0, len(rows), TOGETHER):
        reports = _reports(gateway, batch, rows[start : start + TOGETHER])
        told = [
            {"number": r.number, "state": r.state, "channel_number": r.channel_number, "reason": r.reason}
            for r in reports
        ]
        RecordTransfers.do(PLATFORM, batch_id=batch.pk, reports=told)


def _reports(gateway: PaymentChannel, batch: PayoutBatch, lines: list[PayoutLine]) -> list[TransferReport]:
    """Ask first, in case an earlier call was heard but not answered, then send what the channel does not know."""
    known = {report.number: report for report in gateway.query_transfers([line.number for line in lines])}
    fresh = [line for line in lines if line.number not in known or known[line.number].state == "unknown"]
    transfers = [Transfer(line.number, line.payee_name, line.account, line.amount) for line in fresh]
    sent = gateway.transfer(batch.number, transfers) if transfers else []
    return [*sent, *(report for report in known.values() if report.state != "unknown")]
