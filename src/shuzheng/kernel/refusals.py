"""How many refused attempts of strangers are put on record: enough to see them, not so many that they fill the audit."""

from __future__ import annotations

import time
from dataclasses import dataclass

from shuzheng.kernel.caching import memory

#: Refusals that are recorded for one address in one window, by each process.
MOST = 20
#: Seconds.
WINDOW = 60.0
#: Addresses remembered; beyond that the oldest are forgotten.
ADDRESSES = 10_000


@dataclass(slots=True)
class _Window:
    begun: float
    seen: int = 0


_windows: dict[str, _Window] = memory()


def worth_recording(address: str) -> int | None:
    """Return ``None`` if the address has had its share; else how many were left out of the record before this one."""
    place, at = _network(address), time.monotonic()
    window = _windows.get(place)
    left_out = 0
    if window is None or at - window.begun >= WINDOW:
        left_out = max(0, window.seen - MOST) if window else 0
        _windows.pop(place, None)
        while len(_windows) >= ADDRESSES:
            _windows.pop(next(iter(_windows)))
        window = _windows[place] = _Window(at)
    window.seen += 1
    return left_out if window.seen <= MOST else None


def _network(address: str) -> str:
    """Return an address, of IPv6 only the network, within which anyone changes theirs at will."""
    return ":".join(address.split(":")[:4]) if ":" in address else address
