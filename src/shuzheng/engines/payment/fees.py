"""Deciding fees: from the values of a case to the lines of a bill, with reasons. Pure but for the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from shuzheng.engines.payment.definitions import Charge, FeeDecision
from shuzheng.engines.payment.errors import FeeUndecided
from shuzheng.engines.payment.money import fen
from shuzheng.kernel.definition import Stored, by_id, get
from shuzheng.kernel.dmn import NoRule, RulesDisagree, Table, WrongValue, parse


@dataclass(frozen=True)
class FeeLine:
    """One charge as decided; the amount in fen."""

    charge: Charge
    quantity: Decimal
    price: Decimal
    amount: int
    why: str


@dataclass(frozen=True)
class Fees:
    """What a fee decision came to."""

    decision: Stored[FeeDecision]
    lines: tuple[FeeLine, ...]

    @property
    def total(self) -> int:
        """Return the sum in fen."""
        return sum(line.amount for line in self.lines)


def decide(code: str, values: Mapping[str, Any]) -> Fees:
    """Decide on fees by the version in force. Raises NoDefinition, FeeUndecided."""
    decision = get("fee_decision", code)
    try:
        decided = table_of(decision).decide(values)
    except (NoRule, RulesDisagree, WrongValue) as error:
        raise FeeUndecided(str(error)) from error
    return Fees(decision, tuple(_line(rule.outputs, rule.why) for rule in decided.rules))


def table_of(decision: Stored[FeeDecision]) -> Table:
    """Return the parsed table of a published decision."""
    return _parsed(decision.id)


@lru_cache(maxsize=500)
def _parsed(id: UUID) -> Table:
    return parse(by_id(id).body.xml)


def _line(outputs: Mapping[str, Any], why: str) -> FeeLine:
    charge: Charge = get("charge", str(outputs["charge"])).body
    quantity, price = Decimal(outputs.get("quantity", 1)), Decimal(outputs["price"])
    amount = fen(quantity * price)
    if amount < 0:
        raise FeeUndecided(f"“{charge.title}”的金额小于零")
    return FeeLine(charge, quantity, price, amount, why)
