"""Channels beside the inbox, by name; ``settings.MESSAGE_CHANNELS`` may name others by dotted path."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from shuzheng.engines.messaging.gateways.base import ChannelGateway, FailingChannel, LogChannel, Notice, Outcome

__all__ = ["ChannelGateway", "FailingChannel", "LogChannel", "Notice", "Outcome", "gateway"]

_HERE = "shuzheng.engines.messaging.gateways"
PROVIDED = {
    "email": f"{_HERE}.email.EmailChannel",
    "sms": f"{_HERE}.sms.SmsChannel",
    "todo": f"{_HERE}.webhook.TodoChannel",
    "webhook": f"{_HERE}.webhook.WebhookChannel",
}


def gateway(channel: str) -> ChannelGateway:
    """Return the gateway of a channel."""
    return import_string(settings.MESSAGE_CHANNELS.get(channel, PROVIDED[channel]))()
