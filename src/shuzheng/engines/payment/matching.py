"""Matching a daily file with our books: pure, so that every way in which they can differ is tested.

Amounts are in fen; refunds are negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shuzheng.engines.payment.gateways.channel import FileLine
from shuzheng.engines.payment.models import Discrepancy

Kind = Discrepancy.Kind
#: What a line's state must be for its kind.
FINAL = {"pay": "paid", "refund": "done"}


@dataclass(frozen=True)
class Ours:
    """One order received or refund made, as our books have it."""

    number: str
    #: In fen, negative for a refund.
    amount: int
    trade_number: str = ""
    #: Already found in the file of another day.
    elsewhere: bool = False


@dataclass(frozen=True)
class Difference:
    """Something that does not agree."""

    kind: Kind
    key: str
    number: str
    trade_number: str = ""
    line: int | None = None
    ours: int | None = None
    theirs: int | None = None
    detail: str = ""


@dataclass
class Outcome:
    """What matching came to."""

    #: Numbers that agree, in the file's order.
    matched: list[str] = field(default_factory=list)
    #: Numbers that are in the file, agreeing in amount or not, and settled by the acquirer.
    present: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    received: int = 0
    refunded: int = 0


def match(
    lines: Iterable[FileLine], known: Mapping[str, Ours], expected: Iterable[str] = (), seen: set[str] | None = None
) -> Outcome:
    """Match a file, or one part of it after the other.

    ``known`` holds what our books have under the file's numbers, of whatever day; ``expected`` the numbers that should
    be in this file because they are of its day and in no other; ``seen`` collects the numbers of the parts before.
    """
    outcome, seen = Outcome(), set() if seen is None else seen
    for line in lines:
        if line.kind == "bad":
            outcome.differences.append(
                Difference(Kind.UNREADABLE, f"bad:{line.line}", f"#{line.line}", line=line.line, detail=line.problem)
            )
        elif line.number in seen:
            outcome.differences.append(_twice(line, known.get(line.number)))
        else:
            seen.add(line.number)
            _match_line(line, known.get(line.number), outcome)
    for number in expected:
        if number not in seen:
            ours = known[number]
            outcome.differences.append(
                Difference(Kind.SHORT, f"short:{number}", number, ours.trade_number, ours=ours.amount)
            )
    return outcome


def signed(line: FileLine) -> int:
    """Return a line's amount, negative for a refund."""
    return -line.amount if line.kind == "refund" else line.amount


def _match_line(line: FileLine, ours: Ours | None, outcome: Outcome) -> None:
    theirs = signed(line)
    outcome.received += max(theirs, 0)
    outcome.refunded += max(-theirs, 0)
    place = {"number": line.number, "trade_number": line.trade_number, "line": line.line, "theirs": theirs}
    if ours is not None and ours.elsewhere:
        outcome.differences.append(Difference(Kind.DUPLICATE, f"again:{line.number}", ours=0, **place))
    elif line.state != FINAL[line.kind]:
        place["theirs"] = 0
        kind = Difference(
            Kind.STATE, f"state:{line.number}", ours=ours.amount if ours else 0, detail=line.state, **place
        )
        outcome.differences.append(kind)
    elif ours is None:
        outcome.differences.append(Difference(Kind.LONG, f"long:{line.number}", ours=0, **place))
    elif ours.amount != theirs:
        outcome.present.append(line.number)
        outcome.differences.append(Difference(Kind.AMOUNT, f"amount:{line.number}", ours=ours.amount, **place))
    else:
        outcome.present.append(line.number)
        outcome.matched.append(line.number)


def _twice(line: FileLine, ours: Ours | None) -> Difference:
    key = f"twice:{line.number}:{line.line}"
    return Difference(Kind.DUPLICATE, key, line.number, line.trade_number, line.line, 0, signed(line))
