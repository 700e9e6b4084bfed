"""SMS (短信): providers behind one class, tried in order, each with a circuit breaker."""

from __future__ import annotations

from shuzheng.engines.messaging.gateways.sms.channel import SmsChannel, provider_named, providers
from shuzheng.engines.messaging.gateways.sms.provider import SmsProvider

__all__ = ["SmsChannel", "SmsProvider", "provider_named", "providers"]
