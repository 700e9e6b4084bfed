"""Channels of payment (支付渠道): one interface, chosen by settings."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from shuzheng.engines.payment.errors import NoSuchChannel
from shuzheng.engines.payment.gateways.channel import (
    FileLine,
    FileTotal,
    Notice,
    OrderReport,
    PaymentChannel,
    RefundReport,
    Transfer,
    TransferReport,
)

__all__ = [
    "FileLine",
    "FileTotal",
    "Notice",
    "OrderReport",
    "PaymentChannel",
    "RefundReport",
    "Transfer",
    "TransferReport",
    "channel",
    "channels",
]
#: Names that settings may use; an installation may name a dotted path instead.
KNOWN = {
    "sandbox": "shuzheng.engines.payment.gateways.sandbox.SandboxChannel",
    "wechat": "shuzheng.engines.payment.gateways.wechat.WeChatChannel",
    "alipay": "shuzheng.engines.payment.gateways.alipay.AlipayChannel",
}


@cache
def _load(path: str) -> PaymentChannel:
    return import_string(KNOWN.get(path, path))()


def channels() -> list[PaymentChannel]:
    """Return the channels of this installation, in the order of its settings."""
    return [_load(path) for path in settings.PAYMENT_CHANNELS]


def channel(name: str) -> PaymentChannel:
    """Return a channel by name. Raises NoSuchChannel."""
    found = next((one for one in channels() if one.name == name), None)
    if found is None:
        raise NoSuchChannel
    return found
