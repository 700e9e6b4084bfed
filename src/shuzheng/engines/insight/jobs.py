"""Renewing indicators as often as they promise. Each job may run twice: it writes what is so, not what changed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuzheng.engines.insight.actions.refresh import RefreshIndicators
from shuzheng.kernel.actor import Actor

#: Days counted again every night, so that nothing a missed run left stays wrong.
QUARTER = 92


@app.periodic(cron="* * * * *")
@app.task(name="insight.refresh_each_minute", queue="insight", queueing_lock="insight.refresh_each_minute")
def refresh_each_minute(timestamp: int = 0) -> None:
    """Count the work that waits."""
    RefreshIndicators.do(Actor.system("insight.refresh_each_minute"), refresh=["minute"])


@app.periodic(cron="*/5 * * * *")
@app.task(name="insight.refresh_each_five_minutes", queue="insight", queueing_lock="insight.refresh_each_five_minutes")
def refresh_each_five_minutes(timestamp: int = 0) -> None:
    """Count today's and yesterday's cases, and what changes with them."""
    RefreshIndicators.do(Actor.system("insight.refresh_each_five_minutes"), refresh=["five-minutes"])


@app.periodic(cron="40 1 * * *")
@app.task(name="insight.refresh_each_day", queue="insight", queueing_lock="insight.refresh_each_day")
def refresh_each_day(timestamp: int = 0) -> None:
    """Count the last quarter again, every indicator of it."""
    RefreshIndicators.do(Actor.system("insight.refresh_each_day"), days=QUARTER)
