"""When a notice may disturb somebody: quiet hours (免打扰时段), pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shuzheng.kernel.moment import ZONE, local


def allowed_from(moment: datetime, starts: time, ends: time) -> datetime:
    """Return the earliest moment, not before ``moment``, that lies outside the quiet hours.

    Both ends are local times; hours that begin later than they end go over midnight. Equal ends mean no quiet hours.
    """
    here = local(moment)
    if not _quiet(here.time(), starts, ends):
        return moment
    day = here.date() + timedelta(days=1) if starts > ends and here.time() >= starts else here.date()
    return datetime.combine(day, ends, tzinfo=ZONE)


def _quiet(at: time, starts: time, ends: time) -> bool:
    if starts <= ends:
        return starts <= at < ends
    return at >= starts or at < ends
