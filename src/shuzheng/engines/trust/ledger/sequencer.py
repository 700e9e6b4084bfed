"""The one writer of the tree: every committed record and entry becomes a leaf, in an order that nobody overtakes.

Which rows may be taken? Those of transactions before which no transaction *of this database* can still commit. Transactions
of other databases on the same server cannot write here, so they hold nobody up; but which running transactions are
theirs has to be known before the snapshot is taken: what was foreign then is foreign for ever, and whatever is not known to be
foreign counts as ours. A transaction that has its number but not yet its lock is therefore waited for, not missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from shuzheng.engines.trust.ledger import heads
from shuzheng.engines.trust.ledger.tiles import HEIGHT

#: Leaves under one signed head.
BATCH = 1000
#: Key of the advisory lock that makes the writer the only one.
LOCK = 7_330_201
_FOREIGN = """
    SELECT l.transactionid::text FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock'
      AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL SELECT transaction::text FROM pg_prepared_xacts WHERE database <> current_database()
"""
_STATE = """
    SELECT (SELECT min(x::text::bigint) FROM pg_snapshot_xip(s) AS x WHERE x::xid::text <> ALL(%s)),
           pg_snapshot_xmax(s)::text::bigint, pg_current_xact_id_if_assigned()::text::bigint,
           (SELECT system_identifier FROM pg_control_system()), q.cluster, q.xid, q.record
    FROM pg_current_snapshot() AS s, trust_sequencer AS q
"""
_ROWS = """
    SELECT xid, id AS record, leaf_hash FROM trust_auditrecord
    UNION ALL SELECT xid, number, leaf_hash FROM trust_ledgerentry
"""
_UNKNOWN = "NOT EXISTS (SELECT FROM trust_leaf l WHERE l.record = r.record)"
#: Rows after the last one taken, in order; what has a leaf already was restored from another cluster.
_NEXT = "(xid, record) > (%(xid)s, %(record)s) AND {ready}"
#: Rows of another cluster, whose transaction numbers mean nothing here: whatever has no leaf.
_RESTORED = f"({{ready}} OR xid >= %(xmax)s) AND {_UNKNOWN}"
_TAKE = """
    WITH candidate AS MATERIALIZED (SELECT * FROM ({rows}) AS r WHERE {which} ORDER BY xid, record LIMIT %(limit)s),
    added AS (
        INSERT INTO trust_leaf (index, record, hash)
        SELECT %(size)s + row_number() OVER (ORDER BY xid, record) - 1, record, leaf_hash FROM candidate AS r
        WHERE {unknown} RETURNING index, hash
    )
    SELECT index, hash, 0, 0 FROM added
    UNION ALL (SELECT -count(*) OVER (), NULL, xid, record FROM candidate ORDER BY xid DESC, record DESC LIMIT 1)
"""


@dataclass
class _State:
    """Where the writer stands, and how far it may go."""

    #: Oldest transaction of this database that is still running, if any is.
    oldest: int | None
    xmax: int
    #: Our own transaction if it has written: its rows commit together with their leaves.
    own: int | None
    cluster: int
    known_cluster: int
    xid: int
    record: int

    @property
    def horizon(self) -> int:
        """Return the first transaction number under which rows may still come; our own is one of them."""
        return min(running for running in (self.oldest, self.xmax, self.own) if running)

    @property
    def moved(self) -> bool:
        """Say whether the data came here from another cluster."""
        return self.cluster != self.known_cluster

    def advance(self, last: tuple[int, int] | None) -> None:
        """Note how far a batch has come: to its last row if it was full, else to the horizon."""
        if self.moved:
            if last is None:
                self.known_cluster, self.xid, self.record = self.cluster, self.horizon, 0
        elif last is None or last[0] >= self.horizon:
            self.xid, self.record = max((self.xid, self.record), (self.horizon, 0))
        else:
            self.xid, self.record = last

    @property
    def place(self) -> tuple[int, int, int]:
        """Return what is kept of it."""
        return self.known_cluster, self.xid, self.record


def sequence(limit: int | None = None) -> int:
    """Give every row that is ready its leaf, batch by batch, each under a signed head; return how many.

    Each batch is one transaction, so whatever interrupts leaves a sound tree. Another writer at work does it in our
    stead and we return at once. ``limit`` bounds the batches. Inside a transaction its own rows are taken as well.
    """
    total, batches = 0, 0
    while limit is None or batches < limit:
        taken, more = _batch()
        total, batches = total + taken, batches + 1
        if not more:
            break
    return total


@transaction.atomic
def _batch() -> tuple[int, bool]:
    """Take one batch; return the leaves added and whether there may be more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0, False
        state = _read_state(cursor)
        growth = heads.growth_of(heads.newest())
        limit = None if state.own else BATCH
        leaves, count, last = _take(cursor, state, growth.size, limit)
        before, full = state.place, count == limit
        state.advance(last if full else None)
        if leaves:
            closed = growth.extend(leaves, HEIGHT)
            nodes = [(height // HEIGHT, place, hashed) for (height, place), hashed in closed]
            cursor.executemany("INSERT INTO trust_node (level, index, hash) VALUES (%s, %s, %s)", nodes)
            heads.add_head(growth)
        if count or before[0] != state.cluster:
            cursor.execute("UPDATE trust_sequencer SET cluster = %s, xid = %s, record = %s", state.place)
    return len(leaves), full


def _read_state(cursor: Any) -> _State:
    """Look at the running transactions: first whose are foreign, then, under a newer snapshot, which are running."""
    cursor.execute(_FOREIGN)
    foreign = [row[0] for row in cursor.fetchall()]
    cursor.execute(_STATE, [foreign])
    return _State(*cursor.fetchone())


def _take(cursor: Any, state: _State, size: int, limit: int | None) -> tuple[list[bytes], int, tuple[int, int] | None]:
    """Insert the leaves of the next rows; return their hashes in order, how many rows were looked at, and the last."""
    ready = "xid < %(horizon)s" + (" OR xid = %(own)s" if state.own else "")
    which = (_RESTORED if state.moved else _NEXT).format(ready=f"({ready})")
    statement = _TAKE.format(rows=_ROWS, which=which, unknown=_UNKNOWN)
    given = {"horizon": state.horizon, "own": state.own, "xmax": state.xmax, "xid": state.xid, "record": state.record}
    cursor.execute(statement, {**given, "size": size, "limit": limit})
    rows = cursor.fetchall()
    leaves = [bytes(hashed) for index, hashed, *_ in sorted(row for row in rows if row[0] >= 0 and row[1] is not None)]
    seen = next((row for row in rows if row[1] is None), None)
    return leaves, -seen[0] if seen else 0, (seen[2], seen[3]) if seen else None
