"""How fast the ledger proves: leaves a second whose signed proof can be had within a second of the commit.

``python -m bench.ledger [--quick]`` starts a database of its own in a temporary folder, lets processes write audit records
at growing rates while the writer runs beside them, and takes for each transaction the time from its commit to the commit
of the first signed head above it. Beside it stand the limits measured in the same run: bare inserts of the same rows
without hashing or proof, and SM3 of inner nodes, of which each leaf costs one.
"""

from __future__ import annotations

import argparse
import bisect
import multiprocessing
import time
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.database import database
from bench.ledger_load import ROWS, keep_writing, write_at
from bench.trust import once, rate

AUTHORS = 2
RATES = (2_000, 5_000, 10_000)
SECONDS = 8.0
BACKLOG = 50_000
#: Time to proof that is promised, in seconds.
PROMISE = 1.0


@dataclass(frozen=True)
class Load:
    """What one rate gave."""

    #: Leaves per second, from the first commit to the last proof.
    leaves: float
    #: Seconds from commit to proof.
    median: float
    p99: float
    #: Part of the records proved within the promise.
    kept: float


def under_load(per_second: float, seconds: float) -> Load:
    """Write at a rate beside the writer, and hold commits against proofs."""
    spawn: Any = multiprocessing.get_context("spawn")
    start, stop, commits, heads = spawn.Event(), spawn.Event(), spawn.Queue(), spawn.Queue()
    authors = [
        spawn.Process(target=write_at, args=(per_second / AUTHORS, seconds, start, commits)) for _ in range(AUTHORS)
    ]
    writer = spawn.Process(target=keep_writing, args=(start, stop, heads))
    for process in (*authors, writer):
        process.start()
    time.sleep(4)
    start.set()
    written = [commits.get() for _ in authors]
    stop.set()
    seen = heads.get()
    for process in (*authors, writer):
        process.join()
    return _held([commit for lines, _took in written for commit in lines], seen)


def _held(commits: list[tuple[int, float]], seen: list[tuple[int, float]]) -> Load:
    """Return how long each transaction waited for its proof."""
    from shuzheng.engines.trust.models import Leaf

    places = dict(Leaf.objects.filter(record__in=[last for last, _ in commits]).values_list("record", "index"))
    sizes = [size for size, _ in seen]
    waits = sorted(seen[bisect.bisect_right(sizes, places[last])][1] - at for last, at in commits)
    begun, ended = min(at for _, at in commits), max(at for _, at in seen)
    return Load(
        leaves=len(commits) * ROWS / (ended - begun),
        median=waits[len(waits) // 2],
        p99=waits[int(len(waits) * 0.99)],
        kept=bisect.bisect_right(waits, PROMISE) / len(waits),
    )


def measure(table: Table, rates: tuple[int, ...], seconds: float, backlog: int) -> None:
    """Add all rows to the table."""
    from bench.trust_limits import RawAudit, entries
    from shuzheng.engines.trust.audit import write
    from shuzheng.engines.trust.crypto import provider
    from shuzheng.engines.trust.ledger import evidence_of_record, sequence
    from shuzheng.engines.trust.ledger.verification import verify_ledger
    from shuzheng.engines.trust.models import AuditRecord

    raw, node = RawAudit(), b"\x01" + bytes(64)
    inserts = rate(raw.copy, 1000)
    hashing = rate(lambda: [provider().sm3(node) for _ in range(1000)], 1000)
    sequence()
    best = 0.0
    for per_second in rates:
        load = under_load(per_second, seconds)
        best = max(best, load.leaves if load.p99 <= PROMISE else 0.0)
        what = f"{per_second:,}/s offered: median {load.median:.2f} s, p99 {load.p99:.2f} s, {load.kept:.1%} in 1 s"
        row(table, what, load.leaves, inserts, "bare COPY", "")
    row(table, "leaves with p99 of proof within 1 s", best, inserts, "bare COPY", "2,000 (aim 10,000)")
    batch = entries(1000)
    for _ in range(backlog // 1000):
        write(batch)
    row(table, f"sequence a backlog of {backlog:,}", once(sequence, backlog), hashing, "SM3 of nodes", "")
    record = AuditRecord.objects.order_by("id")[backlog // 2]
    row(table, "evidence of one record", rate(lambda: evidence_of_record(record)), 0.0, "", "")
    report = verify_ledger()
    if not report.sound:
        raise SystemExit(f"The ledger is broken: {report.finding}")
    row(table, f"verify {report.size:,} leaves", once(verify_ledger, report.size), raw.read(), "reading them", "")


def row(table: Table, what: str, ours: float, limit: float, named: str, goal: str) -> None:
    """Add a line: our figure, the limit's, their ratio, the goal."""
    beside = (f"{limit:,.0f}", named, f"{ours / limit:.2f}") if limit else ("", "", "")
    table.add_row(what, f"{ours:,.0f}", *beside, goal)


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only show that everything runs")
    quick = parser.parse_args().quick
    table = Table(title="ledger (per second)")
    for heading in ("what", "ours", "limit", "measured with", "ratio", "goal"):
        table.add_column(heading, justify="right" if heading in ("ours", "limit", "ratio") else "left", no_wrap=True)
    with database():
        measure(table, (500,) if quick else RATES, 1.0 if quick else SECONDS, 2000 if quick else BACKLOG)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
