"""Reconciliation: keeping and matching daily files."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.payment import suspense
from shuzheng.engines.payment.day_books import DayBooks, unaccounted
from shuzheng.engines.payment.errors import TooDifferent
from shuzheng.engines.payment.gateways import channel
from shuzheng.engines.payment.gateways.channel import FileLine
from shuzheng.engines.payment.matching import Difference, Outcome, match
from shuzheng.engines.payment.models import Discrepancy, Statement
from shuzheng.engines.payment.policies import RECONCILE
from shuzheng.engines.payment.statements import parts
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

Kind = Discrepancy.Kind
#: Differences that nobody has settled.
UNSETTLED = (Discrepancy.State.OPEN, Discrepancy.State.PROPOSED)
#: A file with more differences is somebody else's, or garbled in a way that a person has to look at first.
MOST_DIFFERENCES = 2_000


class KeepStatementInput(Input):
    """A day's file, or why there is none."""

    channel: str = Field(max_length=20)
    day: date
    state: Literal["waiting", "unreadable", "different"]
    trouble: str = Field(default="", max_length=500)
    #: The file.
    content: bytes = b""


class KeepStatement(Action[KeepStatementInput, Statement]):
    """Keep an acquirer's file of a day as it was fetched (登记对账单); the platform only. What was matched before stays.

    A file that cannot be used never takes the place of one that was matched: only what was wrong with it is told.
    """

    name = "payment.keep_statement"
    permission = EVERYTHING
    title = _("登记对账单")

    def perform(self, actor: Actor, given: KeepStatementInput) -> Statement:
        """Store it."""
        statement, _fresh = Statement.objects.select_for_update().get_or_create(channel=given.channel, day=given.day)
        self.about(statement, channel=given.channel, day=given.day.isoformat(), state=given.state)
        if given.state == "waiting" and statement.state != Statement.State.WAITING:
            return statement  # an earlier file is better than none
        if given.state == "unreadable" and statement.matched_at is not None:
            statement.trouble = given.trouble  # what was booked rests on the earlier file
            statement.save(update_fields=["trouble"])
            return statement
        statement.state, statement.trouble, statement.fetched_at = given.state, given.trouble, now()
        if given.content:
            statement.content, statement.digest = given.content, hashlib.new("sm3", given.content).hexdigest()
        statement.save()
        return statement


class MatchStatementInput(Input):
    """Which day."""

    statement_id: UUID


class MatchStatement(Action[MatchStatementInput, Statement]):
    """Match the file of a day that was kept with our books (对账): settle what agrees, hold in suspense what does not.

    Matching again books nothing twice; what agrees meanwhile leaves suspense by itself. The file is read part by part.
    Raises NotFound, NoSuchChannel, StatementUnreadable, TooDifferent.
    """

    name = "payment.match_statement"
    permission = RECONCILE
    title = _("对账")

    def perform(self, actor: Actor, given: MatchStatementInput) -> Statement:
        """Match, book, and keep what differs."""
        statement = Statement.objects.select_for_update().filter(pk=given.statement_id).first()
        if statement is None or not statement.content:
            raise NotFound
        self.statement, self.seen, self.differences = statement, set[str](), list[Difference]()
        statement.lines = statement.matched = statement.received = statement.refunded = 0
        for lines in parts(channel(statement.channel), bytes(statement.content)):
            self._match(lines)
        missing = unaccounted(statement, self.seen)
        self._differ(match([], missing, missing, self.seen))
        self._leave_suspense()
        for difference in self.differences:
            self._hold(difference)
        self._close()
        return statement

    def _match(self, lines: list[FileLine]) -> None:
        """Match one part of the file and settle what is in it."""
        statement = self.statement
        books = DayBooks(statement, (line.number for line in lines if line.number))
        outcome = match(lines, books.known, seen=self.seen)
        self._differ(outcome)
        found_now = Discrepancy.objects.select_for_update().filter(
            state__in=UNSETTLED, number__in=outcome.present, kind__in=(Kind.SHORT, Kind.STATE),
            statement__channel=statement.channel,
        ).exclude(statement=statement)  # fmt: skip
        _release(list(found_now.select_related("statement")))
        books.settle(outcome.present)
        statement.lines += len(lines)
        statement.matched += len(outcome.matched)
        statement.received += outcome.received
        statement.refunded += outcome.refunded

    def _differ(self, outcome: Outcome) -> None:
        self.differences += outcome.differences
        if len(self.differences) > MOST_DIFFERENCES:
            raise TooDifferent(most=MOST_DIFFERENCES)

    def _leave_suspense(self) -> None:
        """What was open of this day and agrees now, is matched."""
        found = {difference.key for difference in self.differences}
        own = Discrepancy.objects.select_for_update().filter(state__in=UNSETTLED, statement=self.statement)
        _release([d for d in own.select_related("statement") if d.key not in found])

    def _hold(self, difference: Difference) -> None:
        values = {
            name: getattr(difference, name)
            for name in ("kind", "number", "trade_number", "line", "ours", "theirs", "detail")
        }
        discrepancy, fresh = Discrepancy.objects.get_or_create(
            statement=self.statement, key=difference.key, defaults=values
        )
        if not fresh and discrepancy.state == Discrepancy.State.MATCHED:  # it differs again
            discrepancy.state, discrepancy.resolved_at, fresh = Discrepancy.State.OPEN, None, True
            discrepancy.save(update_fields=["state", "resolved_at"])
        if fresh:
            suspense.hold(discrepancy)
            self.emit("payment.discrepancy_found", discrepancy.pk, kind=difference.kind, number=difference.number)

    def _close(self) -> None:
        statement = self.statement
        differs = statement.discrepancies.filter(state__in=UNSETTLED).exists()
        statement.state = Statement.State.DIFFERENT if differs else Statement.State.MATCHED
        statement.matched_at, statement.trouble = now(), ""
        statement.save()
        self.about(statement, channel=statement.channel, lines=statement.lines, differences=len(self.differences))


def _release(discrepancies: list[Discrepancy]) -> None:
    """Take differences out of suspense that have come right; a day on which none is left is matched."""
    for discrepancy in discrepancies:
        suspense.release(discrepancy)
        discrepancy.state, discrepancy.resolved_at = Discrepancy.State.MATCHED, now()
        discrepancy.save(update_fields=["state", "resolved_at"])
    for statement in {discrepancy.statement for discrepancy in discrepancies}:
        close_if_settled(statement)


def close_if_settled(statement: Statement) -> None:
    """Note that a day is matched once none of its differences is left."""
    if not statement.discrepancies.filter(state__in=UNSETTLED).exists():
        different = Statement.objects.filter(pk=statement.pk, state=Statement.State.DIFFERENT)
        different.update(state=Statement.State.MATCHED)
