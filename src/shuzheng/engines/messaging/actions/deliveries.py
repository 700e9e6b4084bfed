"""The life of a delivery: taken up, handed over or not, reported on, looked after by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Literal
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.messaging.counting import count, progress, reserve
from shuzheng.engines.messaging.models import Delivery
from shuzheng.engines.messaging.models.contact_address import Channel
from shuzheng.engines.messaging.models.delivery import ATTEMPTS, PAUSE, DeliveryStatus
from shuzheng.engines.messaging.policies import SEND
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import ZONE, now, today
from shuzheng.kernel.pauses import silent_channels

#: A sender that says nothing for so long is taken for dead, and what it took up is tried again.
LEASE = timedelta(minutes=3)
#: Channels that cost money or annoy, which budgets limit.
BUDGETED = frozenset({"sms", "email"})
PENDING, SENT = DeliveryStatus.PENDING, DeliveryStatus.SENT
log = structlog.get_logger()


class ClaimDeliveriesInput(Input):
    """How many, and which."""

    limit: int = Field(default=100, ge=1, le=1000)
    #: Only those of this message.
    message_id: UUID | None = None
    #: Only those tried before (True), only those never tried (False), or both.
    again: bool | None = None


class Claimed(BaseModel):
    """What was taken up, and how much was looked at: what exceeds a budget is looked at, not taken."""

    ids: list[UUID]
    found: int = 0


class ClaimDeliveries(Action[ClaimDeliveriesInput, Claimed]):
    """Take up deliveries that are due, so that no two workers send the same one; what exceeds a budget waits for tomorrow."""

    name = "messaging.claim_deliveries"
    permission = SEND
    title = _("领取待发送")

    def perform(self, actor: Actor, given: ClaimDeliveriesInput) -> Claimed:
        """Lock what nobody else holds, charge it to the day's budgets, and move it past the lease."""
        due = Delivery.objects.select_for_update(skip_locked=True).filter(status=PENDING, due_at__lte=now())
        if given.message_id is not None:
            due = due.filter(message_id=given.message_id)
        due = due.exclude(channel__in=silent_channels())  # paused: it waits
        if given.again is not None:
            due = due.filter(attempts__gt=0) if given.again else due.filter(attempts=0)
        found = list(due.order_by("due_at")[: given.limit])
        taken, waiting = self._within_budgets(found)
        for delivery in taken:
            delivery.attempts += 1
            delivery.due_at = now() + LEASE
        for delivery in waiting:
            delivery.due_at, delivery.reason = _tomorrow(), "over-budget"
        if found:
            Delivery.objects.bulk_update(found, ["attempts", "due_at", "reason"])
        self.about(taken=len(taken), waiting=len(waiting))
        return Claimed(ids=[delivery.pk for delivery in taken], found=len(found))

    def _within_budgets(self, found: Sequence[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
        """Return what may go out today and what may not; a repetition was charged the first time."""
        charged = Counter((d.department, d.channel) for d in found if d.attempts == 0 and d.channel in BUDGETED)
        granted = {
            place: reserve(*place, charged[place], warn=partial(self._warn, *place)) for place in sorted(charged)
        }
        taken, waiting = [], []
        for delivery in found:
            place = delivery.department, delivery.channel
            if delivery.attempts == 0 and place in granted:
                if granted[place] == 0:
                    waiting.append(delivery)
                    continue
                granted[place] -= 1
            taken.append(delivery)
        return taken, waiting

    def _warn(self, department: str, channel: str, percent: int) -> None:
        what = {"department": department, "channel": channel, "percent": percent}
        self.emit("messaging.budget_low", f"{today()}:{department}:{channel}:{percent}", **what)


def _tomorrow() -> datetime:
    return datetime.combine(today() + timedelta(days=1), time(8), tzinfo=ZONE)


class OutcomeInput(Input):
    """What became of handing one notice over."""

    delivery_id: UUID
    state: Literal["sent", "retry", "refused"]
    provider: str = Field(default="", max_length=40)
    reference: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=200)


class RecordOutcomesInput(Input):
    """What became of a batch."""

    outcomes: list[OutcomeInput] = Field(max_length=1000)


class RecordOutcomes(Action[RecordOutcomesInput, None]):
    """Note which notices went out and when the others are tried again; after some attempts they are dead letters."""

    name = "messaging.record_outcomes"
    permission = SEND
    title = _("记录发送结果")

    def perform(self, actor: Actor, given: RecordOutcomesInput) -> None:
        """Update what is still pending; whoever reports late changes nothing."""
        outcomes = {outcome.delivery_id: outcome for outcome in given.outcomes}
        pending = Delivery.objects.select_for_update().filter(pk__in=outcomes, status=PENDING).order_by("pk")
        found = list(pending.defer("to", "secret", "text"))
        for delivery in found:
            _settle(delivery, outcomes[delivery.pk])
        if found:
            Delivery.objects.bulk_update(
                found, ["status", "due_at", "sent_at", "provider", "reference", "reason", "secret"]
            )
        dead = [delivery for delivery in found if delivery.status == DeliveryStatus.FAILED]
        sent = [delivery for delivery in found if delivery.status == SENT]
        count([(d.department, d.channel, "failed") for d in dead] + [(d.department, d.channel, "sent") for d in sent])
        progress([(d, "failed", 1) for d in dead] + [(d, "told", 1) for d in sent])
        for delivery in dead:
            log.error("dead_letter", delivery=str(delivery.pk), channel=delivery.channel, reason=delivery.reason)
            if delivery.channel != Channel.WEBHOOK:  # which would tell the same target of its own silence
                self.emit("messaging.delivery_failed", delivery.pk, channel=delivery.channel, reason=delivery.reason)
        self.about(sent=len(sent), failed=len(dead), again=len(found) - len(sent) - len(dead))


def back_off(id: UUID, attempts: int) -> timedelta:
    """Return the wait after so many attempts: doubled each time, give or take a fifth by the delivery's id.

    What failed together does not come back together.
    """
    spread = (id.int >> attempts) % 401 / 1000
    return PAUSE * 2 ** (attempts - 1) * (0.8 + spread)


def _settle(delivery: Delivery, outcome: OutcomeInput) -> None:
    delivery.provider, delivery.reason = outcome.provider, outcome.reason
    if outcome.state == "sent":
        delivery.status, delivery.sent_at, delivery.reference = SENT, now(), outcome.reference
    elif outcome.state == "refused" or delivery.attempts >= ATTEMPTS:
        delivery.status = DeliveryStatus.FAILED
    else:
        delivery.due_at = now() + back_off(delivery.pk, delivery.attempts)
    if delivery.status != PENDING:
        delivery.secret = ""  # a one-time code is kept no longer than needed
