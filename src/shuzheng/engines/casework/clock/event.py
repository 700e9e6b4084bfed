"""What happens to a clock: immutable facts, from which everything else is computed."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.casework.clock.ground import Ground


class EventKind(StrEnum):
    """What happened."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"
    RESTART = "restart"


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


#: An aware instant, kept in UTC: instants of one zone compare many times faster than those of two.
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class ClockEvent(BaseModel):
    """One fact in the life of a clock (计时事件). The same ``id`` twice is the same fact twice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: EventKind
    #: When it took effect.
    at: Instant
    #: Of a suspension: why time is not counted.
    ground: Ground | None = None
    #: Of a resumption: ``id`` of the suspension that it ends; ``None`` ends every one open.
    closes: str | None = None
    #: Of an extension: how many units of the rule.
    amount: int | None = Field(default=None, ge=1)
    #: Of an extension: who approved it.
    approver: str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind is EventKind.SUSPEND and self.ground is None:
            raise ValueError("暂停计时必须写明事由（ground）。")
        if self.kind is EventKind.EXTEND and self.amount is None:
            raise ValueError("延长期限必须写明延长多少（amount）。")
        return self
