"""What this installation does not do for the moment (应急措施): known to every process, asked without the database.

An engine above decides and keeps the record; ``shuzheng.kernel.pulse`` brings what is in force into every process every
few seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.error import Unavailable
from shuzheng.kernel.moment import local, now


class ServicePaused(Unavailable):
    """A service was paused by decision, until a time that is told."""

    code = "service-paused"
    message = _("{reason} 预计 {until} 恢复，您已填写的内容没有丢失，请到时再试。")


@dataclass(frozen=True)
class Pause:
    """One measure in force."""

    #: Code of the service, e.g. ``payment``.
    service: str
    #: What residents are told, with the reason.
    notice: str
    starts_at: datetime
    ends_at: datetime
    #: Names of actions that are refused meanwhile.
    actions: frozenset[str] = frozenset()
    #: Channels on which nothing is sent meanwhile; what was to be sent waits.
    channels: frozenset[str] = frozenset()
    #: Shown to residents on every page.
    banner: bool = True

    @property
    def until(self) -> str:
        """Return when it ends, in words."""
        end = local(self.ends_at)
        return f"{end.month}月{end.day}日 {end:%H:%M}" if end.date() != local(now()).date() else f"{end:%H:%M}"


_pauses: tuple[Pause, ...] = ()


def replace(pauses: Iterable[Pause]) -> None:
    """Let these, and no others, be in force in this process."""
    global _pauses
    _pauses = tuple(pauses)


def in_force() -> list[Pause]:
    """Return the measures in force now; each ends by itself, even where nobody can be asked."""
    if not _pauses:
        return []
    moment = now()
    return [pause for pause in _pauses if pause.starts_at <= moment < pause.ends_at]


def banners() -> list[Pause]:
    """Return the measures that residents are told of."""
    return [pause for pause in in_force() if pause.banner]


def pause_of(action: str) -> Pause | None:
    """Return the measure under which an action is not done, or ``None``."""
    return next((pause for pause in in_force() if action in pause.actions), None)


def require_running(action: str) -> None:
    """Raise ServicePaused where an action is not done for the moment."""
    pause = pause_of(action)
    if pause is not None:
        refusal = ServicePaused(reason=pause.notice, until=pause.until)
        refusal.retry_after = max(1, int((pause.ends_at - now()).total_seconds()))
        raise refusal


def silent_channels() -> frozenset[str]:
    """Return the channels on which nothing is sent for the moment."""
    return frozenset(channel for pause in in_force() for channel in pause.channels)
