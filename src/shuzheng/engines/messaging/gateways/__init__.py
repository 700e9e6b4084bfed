"""Channels beside the inbox, by name; ``settings.MESSAGE_CHANNELS`` may name others by dotted path."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from shuzheng.engines.messaging.gateways.channel import ChannelGateway, ConsoleChannel, EmailChannel, FailingChannel

__all__ = ["ChannelGateway", "ConsoleChannel", "EmailChannel", "FailingChannel", "gateway"]

PROVIDED: dict[str, type[ChannelGateway]] = {"email": EmailChannel, "sms": ConsoleChannel}


def gateway(channel: str) -> ChannelGateway:
    """Return the gateway of a channel."""
    own = settings.MESSAGE_CHANNELS.get(channel)
    return import_string(own)() if own else PROVIDED[channel]()
