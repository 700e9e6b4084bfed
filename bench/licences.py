"""How fast licences are issued: registered, laid out, sealed, stored, entered into the ledger and committed.

``python -m bench.licences`` starts a database of its own in a temporary folder and removes it afterwards. The limit is the
same work in memory alone, in the same run: the face laid out and written, and stamped with the same seal. Numbers, grant,
log, history, ledger, storage with its wait for the disk, and the commit are what comes on top. ``--quick`` does few.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.database import database
from bench.seals import Timing, timed

ROUNDS, QUICK = 100, 8
#: Share of the limit that issuing must reach, and looks a second beside one SELECT by key.
GOALS = {"issue": 0.5, "verify": 0.02}


def in_memory(licence: Any, world: Any) -> object:
    """Lay out and stamp in memory."""
    from shuzheng.engines.documents.credentials import facing
    from shuzheng.engines.documents.seals.keys import seal_keys
    from shuzheng.engines.documents.seals.places import OnPage
    from shuzheng.engines.documents.seals.stamping import Signer, stamp_ofd
    from shuzheng.kernel.moment import now

    data, place = facing.original(licence)
    assert place is not None
    certificate = world.seal.certificate
    signer = Signer(bytes(certificate.der), lambda told: seal_keys().sign(certificate.key, told))
    return stamp_ofd(data, bytes(world.seal.data), signer, place=OnPage(1, place.x, place.y), at=now())


def turns(ours: Callable[[], object], limit: Callable[[], object], rounds: int) -> tuple[Timing, Timing]:
    """Time both in turns, so that what else the machine does slows both alike."""
    spans: tuple[list[float], list[float]] = ([], [])
    for _round in range(rounds):
        for work, taken in zip((ours, limit), spans, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    place = max(0, round(rounds * 0.99) - 1)
    one, other = (Timing(rounds / sum(taken), sorted(taken)[place] * 1000) for taken in spans)
    return one, other


def measure(rounds: int, table: Table) -> None:
    """Measure everything and fill the table."""
    from shuzheng.engines.documents.credentials import verifying
    from shuzheng.engines.documents.credentials.models import Credential
    from shuzheng.testing.credentials import a_world

    world = a_world()
    licence = world.issue()
    assert licence.state == "valid", licence.problem
    issued, limit = turns(world.issue, lambda: in_memory(licence, world), rounds)
    _line(table, "issue a licence", issued, limit, GOALS["issue"])
    row = timed(lambda: Credential.objects.filter(code=licence.code).first(), rounds)
    look = timed(lambda: verifying.tell(Credential.objects.get(code=licence.code), None, whole=True), rounds)
    _line(table, "verify by code", look, row, GOALS["verify"])


def _line(table: Table, title: str, found: Timing, limit: Timing, goal: float) -> None:
    ratio = found.rate / limit.rate
    mark = "✓" if ratio >= goal else "✗"
    shown = (f"{found.rate:,.0f}/s", f"{found.p99:.1f} ms", f"{limit.rate:,.0f}/s", f"{ratio:.2f}")
    table.add_row(title, *shown, f"≥ {goal:.2f} {mark}")


def main() -> None:
    """Measure and print the table."""
    rounds = QUICK if "--quick" in sys.argv else ROUNDS
    table = Table(title="Licences: one process, one thread")
    for column in ("work", "ours", "p99", "limit in the same run", "ratio", "goal"):
        table.add_column(column)
    with database():
        measure(rounds, table)
    Console().print(table)


if __name__ == "__main__":
    main()
