"""How things went: requests, actions and jobs counted by minute in this process, for service objectives.

Counting costs a lock and a few additions and asks nothing of the database; ``shuzheng.kernel.pulse`` carries the counts
away every few seconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.moment import now

#: Upper bounds in seconds of the classes of duration; the last class has none.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MINUTE = 60
#: Counts that cannot be carried away are kept so long, in minutes.
PATIENCE = 60
#: What was counted, and the minute in seconds since 1970.
Key = tuple[str, int]


@dataclass
class Count:
    """How often something was done in one minute, how often it went well, and how long it took."""

    good: int = 0
    total: int = 0
    #: One number for each class of duration.
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        self.good += other.good
        self.total += other.total
        self.buckets = [mine + theirs for mine, theirs in zip(self.buckets, other.buckets, strict=True)]


class Tally:
    """Counts by name and minute, shared by the threads of a process."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = Lock()
        self._counts: dict[Key, Count] = {}

    def count(self, name: str, seconds: float, *, good: bool) -> None:
        """Count one outcome. Names are ``view:…``, ``action:…`` and ``job:…``."""
        key = (name, int(now().timestamp()) // MINUTE * MINUTE)
        with self._lock:
            found = self._counts.setdefault(key, Count())
            found.total += 1
            found.good += good
            found.buckets[bisect_left(BOUNDS, seconds)] += 1

    def take(self) -> dict[Key, Count]:
        """Return what was counted since the last time, and start anew."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: Mapping[Key, Count]) -> None:
        """Keep counts that could not be carried away, for an hour at most."""
        oldest = int(now().timestamp()) - PATIENCE * MINUTE
        with self._lock:
            for key, count in counts.items():
                if key[1] >= oldest:
                    self._counts.setdefault(key, Count()).add(count)


TALLY = Tally()


@contextmanager
def observed(name: str) -> Iterator[None]:
    """Count what is done inside: refusing somebody rightly is good work, a failure of ours is not."""
    started = perf_counter()
    good = False
    try:
        yield
        good = True
    except ShuzhengError as refusal:
        good = refusal.status < 500
        raise
    finally:
        TALLY.count(name, perf_counter() - started, good=good)
