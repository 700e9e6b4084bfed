"""The circuit breaker (熔断) of a provider, pure: after some failures in a row nothing is tried for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Failures in a row that open the circuit, and how long it then stays open at first; the rest doubles up to the longest.
THRESHOLD = 3
REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)


@dataclass(frozen=True)
class Breaker:
    """How a provider fared last. Open until ``open_until``; then one try decides whether it closes or rests longer."""

    failures: int = 0
    open_until: datetime | None = None

    def allows(self, moment: datetime) -> bool:
        """Say whether it may be tried."""
        return self.open_until is None or moment >= self.open_until

    def failed(self, moment: datetime) -> Breaker:
        """Return the breaker after another failure."""
        failures = self.failures + 1
        if failures < THRESHOLD:
            return Breaker(failures)
        rest = min(REST * 2 ** min(failures - THRESHOLD, 10), LONGEST_REST)
        return Breaker(failures, moment + rest)

    def succeeded(self) -> Breaker:
        """Return the breaker after it worked."""
        return Breaker()
