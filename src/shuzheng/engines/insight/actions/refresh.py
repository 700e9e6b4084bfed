"""Calculating indicators again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.insight.calculations import Calculation, calculations
from shuzheng.engines.insight.models import IndicatorValue
from shuzheng.engines.insight.policies import REFRESH
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import listing
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today

#: Writes one calculation's rows; a value that is there already is renewed.
_UPSERT = """
INSERT INTO insight_indicatorvalue
    (id, indicator, division_path, unit_id, post, officer_id, key, day, value, vintage)
SELECT gen_random_uuid(), %(code)s, found.*, %(now)s FROM ({sql}) found
ON CONFLICT (indicator, division_path, unit_id, post, officer_id, key, day)
DO UPDATE SET value = excluded.value, vintage = excluded.vintage
"""


class RefreshIndicatorsInput(Input):
    """Which indicators, and how far back their series are counted again."""

    #: Only indicators that promise to be renewed so often; all if empty.
    refresh: list[Literal["minute", "five-minutes", "day"]] = Field(default=[], max_length=3)
    #: Days of a series, today included.
    days: int = Field(default=2, ge=1, le=400)


class IndicatorsRefreshed(BaseModel):
    """How many values each indicator has now, by code."""

    values: dict[str, int]


class RefreshIndicators(Action[RefreshIndicatorsInput, IndicatorsRefreshed]):
    """Calculate indicators again (计算指标), set-based; what is no longer so is removed.

    Done twice it gives the same values.
    """

    name = "insight.refresh_indicators"
    permission = REFRESH
    title = _("计算指标")

    def perform(self, actor: Actor, given: RefreshIndicatorsInput) -> IndicatorsRefreshed:
        """Renew each indicator in force that was asked for."""
        moment = now()
        wanted = [s.body for s in listing("indicator") if not given.refresh or s.body.refresh in given.refresh]
        values = {i.code: _renew(i.code, calculations()[i.calculation], moment, given.days) for i in wanted}
        self.about(None, values=values)
        return IndicatorsRefreshed(values=values)


def _renew(code: str, calculation: Calculation, moment: datetime, days: int) -> int:
    """Write an indicator's values, remove those that were not written, and return how many there are."""
    since = today() - timedelta(days=days - 1)
    parameters: dict[str, Any] = {"code": code, "now": moment, "today": today(), "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT.format(sql=calculation.sql), parameters)
        count = cursor.rowcount
    outdated = IndicatorValue.objects.filter(indicator=code).exclude(vintage=moment)
    if calculation.series:
        outdated = outdated.filter(day__gte=since)
    outdated.delete()
    return count
