"""Messages, where else people want to be told, and what became of telling them."""

from __future__ import annotations

from shuzheng.engines.messaging.models.contact_address import ContactAddress
from shuzheng.engines.messaging.models.delivery import Delivery
from shuzheng.engines.messaging.models.message import Message

__all__ = ["ContactAddress", "Delivery", "Message"]
