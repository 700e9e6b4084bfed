"""Background work of forms."""

from __future__ import annotations

from procrastinate.contrib.django import app

from shuzheng.engines.forms.actions.purge_drafts import BATCH, PurgeDrafts
from shuzheng.kernel.actor import Actor


@app.periodic(cron="40 3 * * *")
@app.task(name="forms.purge_drafts", queue="upkeep", queueing_lock="forms.purge_drafts", pass_context=False)
def purge_drafts(timestamp: int) -> None:
    """Delete expired drafts, batch by batch; running it again finds nothing more."""
    while PurgeDrafts.do(Actor.system("forms"), {}).count == BATCH:
        pass
