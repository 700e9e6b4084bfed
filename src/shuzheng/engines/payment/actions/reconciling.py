"""Reconciliation: keeping and matching daily files, and settling by a person what does not agree."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment import suspense
from shuzheng.engines.payment.actions.ordering import ReceivePayment
from shuzheng.engines.payment.day_books import DayBooks
from shuzheng.engines.payment.errors import AlreadySettled, CannotResolve
from shuzheng.engines.payment.gateways.channel import FileLine
from shuzheng.engines.payment.matching import Difference, Outcome, match
from shuzheng.engines.payment.models import Discrepancy, Order, Refund, Statement
from shuzheng.engines.payment.policies import RECONCILE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import ZONE, now

Kind, Resolution = Discrepancy.Kind, Discrepancy.Resolution


class KeepStatementInput(Input):
    """A day's file, or why there is none."""

    channel: str = Field(max_length=20)
    day: date
    state: Literal["waiting", "unreadable", "different"]
    trouble: str = Field(default="", max_length=500)
    #: The file, in hexadecimal.
    content: str = ""


class KeepStatement(Action[KeepStatementInput, Statement]):
    """Keep an acquirer's file of a day as it was fetched (登记对账单); what was matched before stays."""

    name = "payment.keep_statement"
    permission = RECONCILE
    title = _("登记对账单")

    def perform(self, actor: Actor, given: KeepStatementInput) -> Statement:
        """Store it."""
        statement, _fresh = Statement.objects.select_for_update().get_or_create(channel=given.channel, day=given.day)
        self.about(statement, channel=given.channel, day=given.day.isoformat(), state=given.state)
        if given.state == "waiting" and statement.state != Statement.State.WAITING:
            return statement  # an earlier file is better than none
        content = bytes.fromhex(given.content)
        statement.state, statement.trouble, statement.fetched_at = given.state, given.trouble, now()
        if content:
            statement.content, statement.digest = content, hashlib.new("sm3", content).hexdigest()
        statement.save()
        return statement


class MatchStatementInput(Input):
    """Which day, and the lines of its file."""

    statement_id: UUID
    lines: list[FileLine]


class MatchStatement(Action[MatchStatementInput, Statement]):
    """Match a day's file with our books (对账): settle what agrees, hold in suspense what does not.

    Matching again books nothing twice; what agrees meanwhile leaves suspense by itself.
    """

    name = "payment.match_statement"
    permission = RECONCILE
    title = _("对账")

    def perform(self, actor: Actor, given: MatchStatementInput) -> Statement:
        """Match, book, and keep what differs."""
        statement = Statement.objects.select_for_update().filter(pk=given.statement_id).first()
        if statement is None:
            raise NotFound
        books = DayBooks(statement, [line.number for line in given.lines])
        outcome = match(given.lines, books.known, books.expected)
        self._leave_suspense(statement, outcome)
        for number in outcome.present:
            books.settle(number)
        for difference in outcome.differences:
            self._hold(statement, difference)
        self._close(statement, given.lines, outcome)
        return statement

    def _leave_suspense(self, statement: Statement, outcome: Outcome) -> None:
        """What was open before and agrees now, is matched: of this day, or missing from an earlier one."""
        found = {difference.key for difference in outcome.differences}
        open_ = Discrepancy.objects.select_for_update().filter(state=Discrepancy.State.OPEN)
        own = [d for d in open_.filter(statement=statement) if d.key not in found]
        earlier = open_.filter(
            statement__channel=statement.channel, kind__in=(Kind.SHORT, Kind.STATE), number__in=outcome.present
        ).exclude(statement=statement)
        for discrepancy in [*own, *earlier]:
            suspense.release(discrepancy)
            discrepancy.state, discrepancy.resolved_at = Discrepancy.State.MATCHED, now()
            discrepancy.save(update_fields=["state", "resolved_at"])

    def _hold(self, statement: Statement, difference: Difference) -> None:
        values = {
            name: getattr(difference, name)
            for name in ("kind", "number", "trade_number", "line", "ours", "theirs", "detail")
        }
        discrepancy, fresh = Discrepancy.objects.get_or_create(statement=statement, key=difference.key, defaults=values)
        if not fresh and discrepancy.state == Discrepancy.State.MATCHED:  # it differs again
            discrepancy.state, discrepancy.resolved_at, fresh = Discrepancy.State.OPEN, None, True
            discrepancy.save(update_fields=["state", "resolved_at"])
        if fresh:
            suspense.hold(discrepancy)
            self.emit("payment.discrepancy_found", discrepancy.pk, kind=difference.kind, number=difference.number)

    def _close(self, statement: Statement, lines: list[FileLine], outcome: Outcome) -> None:
        differs = statement.discrepancies.filter(state=Discrepancy.State.OPEN).exists()
        statement.state = Statement.State.DIFFERENT if differs else Statement.State.MATCHED
        statement.lines, statement.matched, statement.matched_at = len(lines), len(outcome.matched), now()
        statement.received, statement.refunded = outcome.received, outcome.refunded
        statement.save()
        self.about(statement, channel=statement.channel, lines=len(lines), differences=len(outcome.differences))


class ResolveDiscrepancyInput(Input):
    """How a person settles a difference."""

    discrepancy_id: UUID
    resolution: Literal["acquirer", "received", "return", "absorb"]
    note: str = Field(min_length=4, max_length=500)


class ResolveDiscrepancy(Action[ResolveDiscrepancyInput, Discrepancy]):
    """Settle a difference that nobody can match (处理差异): a person decides, with a reason.

    Raises AlreadySettled, CannotResolve, NotFound.
    """

    name = "payment.resolve_discrepancy"
    permission = RECONCILE
    title = _("处理对账差异")

    def check(self, actor: Actor, given: ResolveDiscrepancyInput) -> None:
        """A person decides."""
        if actor.account_id is None:
            raise NotPermitted

    def perform(self, actor: Actor, given: ResolveDiscrepancyInput) -> Discrepancy:
        """Book the decision."""
        found = Discrepancy.objects.select_for_update().select_related("statement").filter(pk=given.discrepancy_id)
        discrepancy = found.first()
        if discrepancy is None:
            raise NotFound
        if discrepancy.state != Discrepancy.State.OPEN:
            raise AlreadySettled
        if given.resolution == Resolution.RECEIVED:
            self._receive(discrepancy)
        elif given.resolution == Resolution.RETURN and discrepancy.difference <= 0:
            raise CannotResolve
        else:
            suspense.resolve(discrepancy, given.resolution)
            _account_for(discrepancy)
        discrepancy.state, discrepancy.resolution, discrepancy.note = (
            Discrepancy.State.RESOLVED, given.resolution, given.note
        )  # fmt: skip
        discrepancy.resolved_by, discrepancy.resolved_at = actor.name, now()
        discrepancy.save()
        self.about(discrepancy, kind=discrepancy.kind, resolution=given.resolution)
        self._close(discrepancy.statement)
        return discrepancy

    def _receive(self, discrepancy: Discrepancy) -> None:
        """Book money of an order of ours of which only the file told."""
        statement = discrepancy.statement
        known = Order.objects.filter(channel=statement.channel, number=discrepancy.number).exists()
        if discrepancy.kind != Kind.LONG or not known or not discrepancy.theirs:
            raise CannotResolve
        suspense.release(discrepancy)
        noon = datetime.combine(statement.day, time(12), ZONE)
        order = ReceivePayment.do(
            Actor.system("payment.reconcile"),
            channel=statement.channel,
            number=discrepancy.number,
            trade_number=discrepancy.trade_number,
            amount=discrepancy.theirs,
            at=noon,
        )
        order.statement = statement
        order.save(update_fields=["statement"])
        suspense.settle(order)

    def _close(self, statement: Statement) -> None:
        if not statement.discrepancies.filter(state=Discrepancy.State.OPEN).exists():
            Statement.objects.filter(pk=statement.pk).update(state=Statement.State.MATCHED)


def _account_for(discrepancy: Discrepancy) -> None:
    """Note that what was missing has been settled by a person, so that no later file settles it again."""
    if discrepancy.kind in (Kind.SHORT, Kind.STATE):
        Order.objects.filter(number=discrepancy.number, statement=None).update(statement=discrepancy.statement)
        Refund.objects.filter(number=discrepancy.number, statement=None).update(statement=discrepancy.statement)
