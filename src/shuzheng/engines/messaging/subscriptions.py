"""Which events this engine's jobs follow up."""

from __future__ import annotations

from shuzheng.engines.messaging.jobs import deliver, deliver_due, retry_now, send_bulk, tell_operators, tell_systems
from shuzheng.engines.messaging.webhooks import EVENTS
from shuzheng.kernel.event import subscribe

subscribe("messaging.message_announced", deliver)
subscribe("messaging.notice_queued", deliver_due)
subscribe("messaging.bulk_continued", send_bulk)
subscribe("messaging.retry_queued", retry_now)
subscribe("messaging.budget_low", tell_operators)
for event in EVENTS:
    subscribe(event, tell_systems)
