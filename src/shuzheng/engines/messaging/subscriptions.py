"""Which events this engine's jobs follow up."""

from __future__ import annotations

from shuzheng.engines.messaging.jobs import deliver
from shuzheng.kernel.event import subscribe

subscribe("messaging.message_announced", deliver)
