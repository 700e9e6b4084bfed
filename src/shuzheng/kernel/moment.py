"""The one source of the present time; a demo or a test may simulate it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Legal time of the whole country.
ZONE = ZoneInfo("Asia/Shanghai")

_simulated: ContextVar[datetime | None] = ContextVar("simulated_moment", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _simulated.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """Return a moment in legal local time."""
    return moment.astimezone(ZONE)


def today() -> date:
    """Return the present calendar day in legal local time."""
    return local(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend that it is ``moment`` (aware) inside the block."""
    if moment.tzinfo is None:
        raise ValueError("A simulated moment must be aware.")
    token = _simulated.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _simulated.reset(token)
