"""How templates show money: ``{% load payment %}{{ bill.amount|yuan }}``."""

from __future__ import annotations

from decimal import Decimal

from django import template

from shuzheng.engines.payment import money
from shuzheng.engines.payment.models import Bill

register = template.Library()
#: State of a bill → colour of its signal and icon.
SIGNALS: dict[str, tuple[str, str]] = {
    "overdue": ("red", "alarm"),
    "refunding": ("blue", "arrow-back-up"),
    Bill.State.OPEN: ("amber", "wallet"),
    Bill.State.PAID: ("green", "circle-check"),
    Bill.State.WAIVED: ("green", "circle-check"),
    Bill.State.CANCELLED: ("grey", "circle-x"),
    Bill.State.PARTLY_REFUNDED: ("blue", "arrow-back-up"),
    Bill.State.REFUNDED: ("blue", "arrow-back-up"),
}


@register.filter
def yuan(fen: int | None) -> str:
    """Show an amount of fen in yuan: ``1,234.50``; nothing for nothing."""
    return "" if fen is None else money.yuan(fen)


@register.filter
def plain(number: Decimal) -> str:
    """Show a quantity or price without zeros that say nothing: ``36``, ``0.5``."""
    return f"{number.normalize():f}"


@register.filter
def capitals(fen: int) -> str:
    """Show an amount of fen in capitals."""
    return money.capitals(fen)


@register.filter
def bill_tone(state: str) -> str:
    """Return the colour of a bill's state or standing."""
    return SIGNALS[state][0]


@register.filter
def bill_icon(state: str) -> str:
    """Return the icon of a bill's state or standing."""
    return SIGNALS[state][1]
