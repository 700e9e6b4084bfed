"""What resources stores."""

from __future__ import annotations

from shuzheng.engines.resources.models.alert import Alert
from shuzheng.engines.resources.models.counter import Counter
from shuzheng.engines.resources.models.measure import Measure
from shuzheng.engines.resources.models.process import ProcessEvent
from shuzheng.engines.resources.models.state import ServiceState

__all__ = ["Alert", "Counter", "Measure", "ProcessEvent", "ServiceState"]
