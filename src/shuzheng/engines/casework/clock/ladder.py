"""The warn ladder (红黄牌): when a clock's card turns amber and red."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Card(StrEnum):
    """Colour of a clock's card."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Rung(BaseModel):
    """A threshold: so many units left after the present one, or such a share of the whole limit.

    In YAML a plain number means units (``3``), a text with a percent sign a share (``20%``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    remaining: int | None = Field(default=None, ge=0)
    percent: int | None = Field(default=None, ge=1, le=99)

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, value: Any) -> Any:
        if isinstance(value, int):
            return {"remaining": value}
        if isinstance(value, str) and value.endswith("%"):
            return {"percent": value[:-1]}
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.remaining is None) == (self.percent is None):
            raise ValueError("预警档应写剩余数量（如 3）或比例（如 20%），二者取一。")
        return self

    def threshold(self, total: int) -> int:
        """Return the number of units left at which the card turns, for a limit of ``total`` units."""
        return self.remaining if self.remaining is not None else total * (self.percent or 0) // 100


class Ladder(BaseModel):
    """When the card turns amber and red; at lapse it is red in any case. An absent rung is never reached before lapse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    amber: Rung | None = None
    red: Rung | None = None

    def thresholds(self, total: int) -> tuple[int | None, int | None]:
        """Return the units left at amber and at red; amber never comes after red."""
        amber = self.amber and self.amber.threshold(total)
        red = self.red and self.red.threshold(total)
        if red is not None and amber is not None:
            amber = max(amber, red)
        return amber, red


def default_ladder(limit: int, *, hours: bool = False) -> Ladder:
    """Return the house's ladder for a limit.

    Hours: amber at a quarter left, red at a tenth. Days: amber at a fifth left and red on the last day; a limit
    under five days turns amber on its last day and red at lapse.
    """
    if hours:
        return Ladder(amber=Rung(percent=25), red=Rung(percent=10))
    if limit < 5:
        return Ladder(amber=Rung(remaining=0))
    return Ladder(amber=Rung(percent=20), red=Rung(remaining=0))
