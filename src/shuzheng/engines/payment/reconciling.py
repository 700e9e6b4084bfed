"""Reconciling (对账): fetch an acquirer's file of a day, find out about what we missed, match."""

from __future__ import annotations

from datetime import date

import structlog
from django.utils.translation import gettext as _

from shuzheng.engines.payment import paying
from shuzheng.engines.payment.actions.reconciling import KeepStatement, MatchStatement
from shuzheng.engines.payment.errors import AmountDiffers, ChannelDown, ChannelRefused, StatementUnreadable
from shuzheng.engines.payment.gateways import FileLine, channel
from shuzheng.engines.payment.models import Order, Statement
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound

PLATFORM = Actor.system("payment.reconcile")
log = structlog.get_logger()


def reconcile(channel_name: str, day: date, actor: Actor = PLATFORM) -> Statement:
    """Fetch and match a day; may be repeated, also after the acquirer has put its file right.

    A file that is not there yet or cannot be read is on record as such, and nothing is booked from it.
    """
    gateway = channel(channel_name)
    kept = {"channel": channel_name, "day": day}
    try:
        content = gateway.statement(day)
    except (ChannelDown, ChannelRefused) as trouble:
        return KeepStatement.do(actor, **kept, state="waiting", trouble=str(trouble))
    if content is None:
        return KeepStatement.do(actor, **kept, state="waiting", trouble=str(_("渠道还没有生成当日文件")))
    try:
        lines = gateway.read_statement(content)
    except StatementUnreadable as problem:
        return KeepStatement.do(actor, **kept, state="unreadable", trouble=str(problem), content=content.hex())
    _catch_up(channel_name, lines)
    statement = KeepStatement.do(actor, **kept, state="different", content=content.hex())
    return MatchStatement.do(actor, statement_id=statement.pk, lines=lines)


def _catch_up(channel_name: str, lines: list[FileLine]) -> None:
    """Ask the channel about orders that its file has as paid and of which we have not heard."""
    paid = [line.number for line in lines if line.kind == "pay"]
    unheard = Order.objects.filter(channel=channel_name, number__in=paid).exclude(state=Order.State.RECEIVED)
    for order in unheard:
        try:
            paying.ask(order)
        except (AmountDiffers, NotFound) as problem:
            log.warning("payment_not_caught_up", order=order.number, problem=problem.code)
