"""What can be done with messages."""

from __future__ import annotations

from shuzheng.engines.messaging.actions.deliver import RecordDelivery
from shuzheng.engines.messaging.actions.mark_read import MarkRead
from shuzheng.engines.messaging.actions.send_message import SendMessage
from shuzheng.engines.messaging.actions.set_address import SetAddress

__all__ = ["MarkRead", "RecordDelivery", "SendMessage", "SetAddress"]
