"""Which events the jobs of resources follow up."""

from __future__ import annotations

from shuzheng.engines.resources.jobs import tell_on_duty
from shuzheng.engines.resources.telling import TEMPLATES
from shuzheng.kernel.event import subscribe

for event in TEMPLATES:
    subscribe(event, tell_on_duty)
