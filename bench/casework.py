"""How fast cases are filed, handled and read, each beside its limit or its goal, measured in the same run.

``python -m bench.casework`` starts a site of its own in a temporary folder (database, web processes, a million cases)
and removes it afterwards; ``--quick`` does the same with ten thousand, to see that everything works.
What is compared is measured in turns, so that neighbours on the machine strike both sides alike.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from bench import casework_client, casework_raw
from bench.casework_client import Browser, Load, at_once
from bench.casework_site import EMPTY, FULL, Site, open_site

#: Requests that one web process answers at once, each on a connection to the database of its own.
THREADS = 2


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    cases: int
    #: Counties in which they are filed.
    counties: int
    #: People for each web process; four are enough that none of its threads ever waits for somebody to ask.
    people: int
    #: Turns, and seconds of each.
    turns: int
    seconds: float
    repetitions: int


WHOLE = Scale(cases=1_000_000, counties=6, people=4, turns=7, seconds=3.0, repetitions=300)
QUICK = Scale(cases=10_000, counties=1, people=1, turns=1, seconds=0.3, repetitions=20)


class Report:
    """The table."""

    def __init__(self) -> None:
        """Begin with its headings."""
        self.table = Table(title="casework")
        for heading in ("what", "ours", "beside", "ratio", "goal"):
            self.table.add_column(heading, justify="left" if heading in ("what", "goal") else "right")

    def add(self, what: str, ours: str, beside: str = "", ratio: float | None = None, goal: str = "") -> None:
        """Add a line."""
        self.table.add_row(what, ours, beside, "" if ratio is None else f"{ratio:.2f}", goal)


@dataclass(frozen=True)
class Office:
    """The people of one database at their browsers."""

    residents: list[Browser]
    officers: list[Browser]

    def file(self, seconds: float) -> Load:
        """Let everybody file at once."""
        return at_once([lambda r=r: casework_client.file(r) for r in self.residents], seconds)

    def live(self, seconds: float) -> Load:
        """Let everybody take cases through their lives at once."""
        pairs = zip(self.residents, self.officers, strict=True)
        return at_once([lambda r=r, o=o: casework_client.live(r, o) for r, o in pairs], seconds)


def open_office(site: Site, database: str, workers: int, threads: int) -> Office:
    """Serve a database and sign everybody in."""
    port = site.web(database, workers=workers, threads=threads)
    residents = [Browser(port, name, site.password) for name in site.residents]
    return Office(residents, [Browser(port, name, site.password) for name in site.officers])


def filing(report: Report, site: Site, workers: int, threads: int, scale: Scale) -> None:
    """Compare filing over HTTP with bare inserts of the same rows on as many connections, turn by turn."""
    office = open_office(site, EMPTY, workers, threads)
    prints = casework_raw.footprint(site.server.conninfo(EMPTY), casework_client.file(office.residents[0]))
    ours: list[Load] = []
    raw: list[float] = []
    with casework_raw.inserters(workers) as pool:
        for turn in range(scale.turns + 1):
            load = office.file(scale.seconds)
            limit = casework_raw.rate(pool, prints, processes=workers, threads=threads, seconds=scale.seconds)
            if turn:  # the first one warms up
                ours.append(load)
                raw.append(limit)
    ratio = median(load.rate / limit for load, limit in zip(ours, raw, strict=True))
    rate, p95 = median(load.rate for load in ours), median(load.p95 for load in ours)
    what = f"file a case over HTTP, {workers * threads} connections"
    report.add(what, f"{rate:,.0f} /s", f"{median(raw):,.0f} /s bare inserts", ratio, "≥ 0.35")
    report.add("", f"p95 {p95 * 1000:.0f} ms", "Open Zaak 24–25 /s", rate / 25)


def lives(report: Report, empty: Office, full: Office, scale: Scale) -> None:
    """Compare whole lives on the empty and on the full database, turn by turn."""
    pairs: list[tuple[Load, Load]] = []
    for turn in range(scale.turns + 1):
        one, two = (empty, full) if turn % 2 else (full, empty)
        first, second = one.live(scale.seconds), two.live(scale.seconds)
        if turn:
            pairs.append((first, second) if one is empty else (second, first))
    ratio = median(many.rate / none.rate for none, many in pairs)
    none, many = median(pair[0].rate for pair in pairs), median(pair[1].rate for pair in pairs)
    report.add("life of a case, empty database", f"{none:,.1f} /s", "DIGIT 37 /s on 16 vCPU", none / 37)
    report.add(f"life of a case, {scale.cases:,} cases", f"{many:,.1f} /s", "DIGIT 6.3 /s at a million", many / 6.3)
    report.add("", f"p95 {median(p[1].p95 for p in pairs) * 1000:.0f} ms", "the empty database", ratio, "≥ 0.95")


def reading(report: Report, site: Site, scale: Scale) -> None:
    """Measure what officials read on the full database, and count the statements of a filing."""
    from bench.casework_reads import reads, statements
    from shuzheng.engines.casework.actions.filing import FileCase
    from shuzheng.engines.identity.models import Account
    from shuzheng.testing.identity import actor_of_person

    resident = actor_of_person(Account.objects.get(username=site.residents[0]).person)
    FileCase.do(resident, casework_client.APPLICATION)
    count = statements(lambda: FileCase.do(resident, casework_client.APPLICATION))
    report.add("statements of a filing", f"{count}", "Open Zaak 36", count / 36)
    for read in reads(site.officers[0], scale.repetitions):
        goal = "p95 < 60 ms, ≤ 8 statements"
        report.add(
            read.what, f"p95 {read.p95:.1f} ms, {read.statements} statements", f"median {read.median:.1f} ms", goal=goal
        )


def clocks(report: Report) -> None:
    """Compute clocks on one core."""
    from bench import clock
    from shuzheng.engines.casework.clock import Unit, read
    from shuzheng.engines.vocabulary.calendar import national_calendar
    from shuzheng.kernel.moment import now

    calendar, rule, moment = national_calendar(), clock.rule_of(Unit.WORKING_DAY, 20), now()
    speed = clock.rate(lambda events: read(rule, events, calendar, moment), [clock.case(n) for n in range(2000)])
    report.add("clock computations", f"{speed:,.0f} /s", ratio=speed / clock.TARGET, goal=f"{clock.TARGET:,} /s")


def measure(scale: Scale, say: Callable[[str], None]) -> Report:
    """Measure everything and return the table."""
    report, workers, begun = Report(), min(4, os.cpu_count() or 1), time.perf_counter()
    with open_site(people=workers * scale.people) as site:
        from bench.casework_seed import seed

        say(f"seeding {scale.cases:,} cases …")
        seeding = time.perf_counter()
        rows = seed(site.server.conninfo(FULL), scale.cases, counties=scale.counties)
        seconds = time.perf_counter() - seeding
        say(f"{sum(rows.values()):,} rows in {seconds:.0f} s")
        say("filing …")
        for threads in range(1, THREADS + 1):
            filing(report, site, workers, threads, scale)
        empty, full = (open_office(site, database, workers, THREADS) for database in (EMPTY, FULL))
        say("lives …")
        lives(report, empty, full, scale)
        say("reading …")
        reading(report, site, scale)
    clocks(report)
    report.table.caption = (
        f"{workers} web processes, {workers * scale.people} people at once; "
        f"{os.cpu_count()} processors; {time.perf_counter() - begun:.0f} s in all"
    )
    return report


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description="Measure casework.")
    parser.add_argument("--quick", action="store_true", help="ten thousand cases, to see that everything works")
    scale = QUICK if parser.parse_args().quick else WHOLE
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ended from outside, it cleans up all the same
    console = Console(width=140)
    console.print(measure(scale, Console(stderr=True).print).table)


if __name__ == "__main__":
    main()
