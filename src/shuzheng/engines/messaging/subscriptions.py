"""Which events this engine's jobs follow up."""

from __future__ import annotations

from shuzheng.engines.messaging.jobs import deliver, deliver_due, send_bulk, tell_systems
from shuzheng.engines.messaging.webhooks import EVENTS
from shuzheng.kernel.event import subscribe

subscribe("messaging.message_announced", deliver)
subscribe("messaging.notice_queued", deliver_due)
subscribe("messaging.bulk_continued", send_bulk)
for event in EVENTS:
    subscribe(event, tell_systems)
