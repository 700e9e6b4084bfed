"""Reconciling (对账): fetch an acquirer's file of a day, find out about what we missed, match."""

from __future__ import annotations

from datetime import date

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from shuzheng.engines.payment import paying, statements
from shuzheng.engines.payment.actions.reconciling import KeepStatement, MatchStatement
from shuzheng.engines.payment.errors import (
    AmountDiffers,
    ChannelDown,
    ChannelRefused,
    StatementUnreadable,
    TooDifferent,
)
from shuzheng.engines.payment.gateways import PaymentChannel, channel
from shuzheng.engines.payment.models import Order, Statement
from shuzheng.engines.payment.policies import RECONCILE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.policy import require

PLATFORM = Actor.system("payment.reconcile")
log = structlog.get_logger()


def reconcile(channel_name: str, day: date, actor: Actor = PLATFORM) -> Statement:
    """Fetch and match a day; may be repeated, also after the acquirer has put its file right.

    A file that is not there yet or cannot be read is on record as such, and nothing is booked from it. Raises
    NotPermitted, NoSuchChannel.
    """
    require(actor, RECONCILE)
    gateway = channel(channel_name)
    kept = {"channel": channel_name, "day": day}
    content = None
    try:
        content = gateway.statement(day)
        if content is None:
            return KeepStatement.do(PLATFORM, **kept, state="waiting", trouble=str(_("渠道还没有生成当日文件")))
        statements.check(gateway, content, day)
    except (ChannelDown, ChannelRefused) as trouble:
        return KeepStatement.do(PLATFORM, **kept, state="waiting", trouble=str(trouble))
    except StatementUnreadable as problem:
        return KeepStatement.do(PLATFORM, **kept, state="unreadable", trouble=str(problem), content=content or b"")
    _catch_up(gateway, content)
    try:
        with transaction.atomic():  # a file that is not ours after all is not kept in place of an earlier one
            statement = KeepStatement.do(PLATFORM, **kept, state="different", content=content)
            return MatchStatement.do(actor, statement_id=statement.pk)
    except TooDifferent as problem:
        return KeepStatement.do(PLATFORM, **kept, state="unreadable", trouble=str(problem), content=content)


def _catch_up(gateway: PaymentChannel, content: bytes) -> None:
    """Ask the channel about orders that its file has as paid and of which we have not heard."""
    for lines in statements.parts(gateway, content):
        paid = [line.number for line in lines if line.kind == "pay"]
        unheard = Order.objects.filter(channel=gateway.name, number__in=paid).exclude(state=Order.State.RECEIVED)
        for order in unheard:
            try:
                paying.ask(order)
            except (AmountDiffers, NotFound) as problem:
                log.warning("payment_not_caught_up", order=order.number, problem=problem.code)
