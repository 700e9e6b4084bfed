"""Authors and the writer of ``bench/ledger.py``, each in a process of its own, as on a site."""

from __future__ import annotations

import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

#: Records of one transaction, about what a filing leaves behind.
ROWS = 20


def write_at(rate: float, seconds: float, start: Event, result: Queue[tuple[list[tuple[int, float]], float]]) -> None:
    """Write ``rate`` records a second through the audit's own way; report the last record's id and moment of each commit."""
    import django

    django.setup()
    from django.db import connection, transaction

    from bench.trust_limits import entries
    from shuzheng.engines.trust.audit import write

    batch, commits = entries(ROWS), []
    write(entries(1))
    start.wait()
    begun = time.time()
    for turn in range(int(rate * seconds / ROWS)):
        time.sleep(max(0.0, begun + turn * ROWS / rate - time.time()))
        with transaction.atomic():
            write(batch)
            with connection.cursor() as cursor:
                cursor.execute("SELECT currval('trust_auditrecord_id_seq')")
                last = cursor.fetchone()[0]
        commits.append((last, time.time()))
        if time.time() > begun + 2 * seconds:
            break
    result.put((commits, time.time() - begun))


def keep_writing(start: Event, stop: Event, result: Queue[list[tuple[int, float]]]) -> None:
    """Do the writer's job until told to stop; report when each size of the tree had its signed head committed."""
    import django

    django.setup()
    from shuzheng.engines.trust.jobs import PAUSE
    from shuzheng.engines.trust.ledger import heads, sequencer

    heads.signers()
    start.wait()
    seen: list[tuple[int, float]] = []
    while True:
        begun, stopping, more = time.time(), stop.is_set(), True
        while more:
            _taken, more = sequencer._batch()
            head = heads.newest()
            if head is not None and (not seen or seen[-1][0] < head.size):
                seen.append((head.size, time.time()))
        if stopping:
            break
        time.sleep(max(0.0, begun + PAUSE - time.time()))
    result.put(seen)
