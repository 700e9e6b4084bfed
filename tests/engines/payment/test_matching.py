"""Matching: every way in which a file can differ from the books is found, and named for what it is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.payment.gateways import FileLine
from shuzheng.engines.payment.matching import Kind, Ours, match

BOOKS = [Ours(f"P{n}", 100 * (n + 1), f"T{n}") for n in range(12)]
FILE = [FileLine(n + 2, "pay", ours.number, ours.trade_number, ours.amount, "paid") for n, ours in enumerate(BOOKS)]
FAULTS = ("missing", "doubled", "amount", "state", "mangled")


def of(lines: list[FileLine], books: list[Ours] = BOOKS) -> dict[tuple[Kind, str], tuple[int | None, int | None]]:
    """Return what differs."""
    outcome = match(lines, {ours.number: ours for ours in books}, [ours.number for ours in books])
    return {(d.kind, d.number): (d.ours, d.theirs) for d in outcome.differences}


def test_a_file_that_agrees_differs_in_nothing() -> None:
    assert of(FILE) == {}


def test_a_refund_is_matched_with_its_sign() -> None:
    refund = FileLine(9, "refund", "R1", "S1", 50, "done")
    assert of([refund], [Ours("R1", -50)]) == {}
    assert of([refund], [Ours("R1", -40)]) == {(Kind.AMOUNT, "R1"): (-40, -50)}
    assert of([], [Ours("R1", -40)]) == {(Kind.SHORT, "R1"): (-40, None)}


def test_a_line_of_another_day_again_is_a_duplicate() -> None:
    assert of([FILE[0]], [replace(BOOKS[0], elsewhere=True)]) == {(Kind.DUPLICATE, "P0"): (0, 100)}


@given(
    st.dictionaries(st.integers(0, 11), st.sampled_from(FAULTS), max_size=12),
    st.integers(0, 3),
    st.permutations(range(30)),
)
def test_every_injected_discrepancy_is_found_and_nothing_else(
    faults: dict[int, str], unknown: int, order: list[int]
) -> None:
    lines, wanted = [], {}
    for place, line in enumerate(FILE):
        fault, number, amount = faults.get(place), line.number, line.amount
        if fault == "missing":
            wanted[Kind.SHORT, number] = (amount, None)
            continue
        if fault == "amount":
            line = replace(line, amount=amount + 7)
            wanted[Kind.AMOUNT, number] = (amount, amount + 7)
        elif fault == "state":
            line = replace(line, state="closed")
            wanted[Kind.STATE, number] = (amount, 0)
        elif fault == "mangled":
            line = FileLine(line.line, "bad", problem="?")
            wanted[Kind.UNREADABLE, f"#{line.line}"] = (None, None)
            wanted[Kind.SHORT, number] = (amount, None)
        elif fault == "doubled":
            lines.append(replace(line, line=line.line + 100))
            wanted[Kind.DUPLICATE, number] = (0, amount)
        lines.append(line)
    for n in range(unknown):
        lines.append(FileLine(200 + n, "pay", f"X{n}", f"U{n}", 5, "paid"))
        wanted[Kind.LONG, f"X{n}"] = (0, 5)
    lines = [lines[place] for place in order if place < len(lines)]
    assert of(lines) == wanted
