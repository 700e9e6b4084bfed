"""How many processes a service should have (弹性扩容): a pure decision with its reasons.

Up at once, as far as the readings ask; down one by one, and only after a time in which every reading stayed well below
its limit (hysteresis), so that a load near the limit does not make it flap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Self

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

#: Share of a limit below which a reading counts as calm.
CALM = 0.5
#: The most that one decision multiplies the processes by.
STEP = 2


class Policy(BaseModel):
    """What a pack declares for a service: bounds, and readings above which it needs more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least: int = Field(default=1, ge=1, le=500)
    most: int = Field(default=4, ge=1, le=500)
    #: Seconds that the oldest due job may wait.
    queue_seconds: float = Field(default=30, gt=0)
    #: Share of answers slower than promised, in times of what the promise allows.
    slow_burn: float = Field(default=6, gt=0)
    #: Minutes of calm before one process is given up.
    calm_minutes: int = Field(default=15, ge=1, le=1440)

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError(_("least 不能大于 most"))
        return self


@dataclass(frozen=True)
class Readings:
    """What is known at one moment."""

    at: datetime
    #: Processes there should be by the last decision.
    processes: int
    queue_seconds: float = 0
    #: How fast the budget of slow answers burns over the last minutes.
    slow_burn: float = 0
    #: Since when every reading has been calm; ``None`` when it was not.
    calm_since: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """How many processes there should be, and why."""

    wanted: int
    #: ``grow``, ``shrink``, ``hold``.
    move: str
    reason: str
    #: To be given back with the next readings.
    calm_since: datetime | None


def decide(policy: Policy, readings: Readings) -> Decision:
    """Return how many processes a service should have. Never outside the policy's bounds."""
    now = min(max(readings.processes, policy.least), policy.most)
    pressure = max(readings.queue_seconds / policy.queue_seconds, readings.slow_burn / policy.slow_burn)
    if pressure > 1:
        return _grow(policy, now, pressure, readings)
    if pressure > CALM:
        return Decision(now, "hold", str(_("负载接近上限，保持不变。")), None)
    calm = readings.calm_since or readings.at
    rested = readings.at - calm >= timedelta(minutes=policy.calm_minutes)
    if rested and now > policy.least:
        reason = _("连续 {minutes} 分钟低于上限的一半，减少一个进程。")
        return Decision(now - 1, "shrink", str(reason).format(minutes=policy.calm_minutes), readings.at)
    return Decision(now, "hold", str(_("负载平稳，保持不变。")), calm)


def _grow(policy: Policy, now: int, pressure: float, readings: Readings) -> Decision:
    wanted = min(policy.most, max(now + 1, ceil(now * min(pressure, STEP))))
    told = {
        "seconds": f"{readings.queue_seconds:.0f}",
        "limit": f"{policy.queue_seconds:g}",
        "burn": f"{readings.slow_burn:.1f}",
        "most": policy.slow_burn,
        "wanted": wanted,
    }
    if readings.queue_seconds / policy.queue_seconds >= readings.slow_burn / policy.slow_burn:
        reason = _("最早的任务已等待 {seconds} 秒，超过 {limit} 秒")
    else:
        reason = _("超时应答过多，预算消耗 {burn} 倍，超过 {most} 倍")
    move = "grow" if wanted > now else "hold"
    ending = _("，增加到 {wanted} 个进程。") if wanted > now else _("，但已到上限 {wanted} 个进程。")
    return Decision(wanted, move, str(reason).format(**told) + str(ending).format(**told), None)
