"""How long the story is, how many cases it has, and on which days they are filed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from shuzheng.kernel.moment import ZONE, local

#: Most people apply on weekdays.
WEEKEND = 0.3


@dataclass(frozen=True)
class Plan:
    """The outline of a story; plain data, so that processes can be handed it."""

    #: The present: nothing happens after it.
    end: datetime
    length: int = 90
    cases: int = 3000
    residents: int = 800
    firms: int = 200
    seed: int = 1
    processes: int = 2

    @property
    def start_day(self) -> date:
        """Return the first day."""
        return local(self.end).date() - timedelta(days=self.length)

    def days(self) -> Iterator[date]:
        """Yield every day to the present one."""
        for number in range(self.length + 1):
            yield self.start_day + timedelta(days=number)

    def first_moment(self, day: date) -> datetime:
        """Return the beginning of a day."""
        return datetime.combine(day, time(0, 1), ZONE)

    def end_of(self, day: date) -> datetime:
        """Return the end of a day, or the present."""
        return min(datetime.combine(day, time(23, 59), ZONE), self.end)

    def day_of(self, number: int, chance: Random) -> date:
        """Return the day on which a case is filed: evenly over the story, fewer at weekends."""
        day = self.start_day + timedelta(days=number * self.length // max(self.cases, 1))
        if day.weekday() >= 5 and chance.random() > WEEKEND:
            day -= timedelta(days=chance.randint(1, 4))
        return max(day, self.start_day)
