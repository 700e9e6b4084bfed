"""Local days on which a division works or rests otherwise than the country."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.calendar import FIRST, LAST
from shuzheng.engines.vocabulary.calendar_keeping import changed_days
from shuzheng.engines.vocabulary.errors import CalendarUnchanged
from shuzheng.engines.vocabulary.models import WorkdayOverride
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac
from shuzheng.engines.vocabulary.queries.division import division
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class OverrideWorkdayInput(Input):
    """A day, whether a division works on it, and why."""

    day: date = Field(ge=FIRST, le=LAST)
    #: ``None`` takes an earlier override of the day back.
    working: bool | None
    reason: str = Field(min_length=2, max_length=200)
    #: For the whole country it takes two officers: ``vocabulary.propose_workday``.
    division_code: str = Field(min_length=1, max_length=12)


class OverrideWorkday(Action[OverrideWorkdayInput, WorkdayOverride]):
    """Let a division work or rest on a day otherwise than the country (地方工作日调整), e.g. after a flood.

    It holds for every division below. Announces ``vocabulary.calendar_changed``, whose followers recompute open clocks.
    Raises UnknownDivision, and CalendarUnchanged where the day is so already.
    """

    name = "vocabulary.override_workday"
    permission = KEEP_CALENDAR
    title = _("调整工作日")

    def scope(self, actor: Actor, given: OverrideWorkdayInput) -> str:
        """Return the division's path."""
        return division(given.division_code).path

    def perform(self, actor: Actor, given: OverrideWorkdayInput) -> WorkdayOverride:
        """Enter the override."""
        place = division(given.division_code)
        before = Almanac.load().calendar(place.code)
        override = WorkdayOverride.objects.create(
            day=given.day,
            division_code=place.code,
            path=place.path,
            working=given.working,
            reason=given.reason,
            recorded_by=actor.name,
        )
        changed = changed_days(before, Almanac.load().calendar(place.code))
        if not changed:
            raise CalendarUnchanged
        self.about(override, division=place.path, day=given.day.isoformat(), working=given.working, reason=given.reason)
        self.emit("vocabulary.calendar_changed", override.pk, division=place.path, days=changed, years=[])
        return override
