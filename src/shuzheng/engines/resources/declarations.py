"""Numbers for Prometheus: budgets, burn rates and wanted processes, as last evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily

from shuzheng.engines.resources.models import ServiceState
from shuzheng.kernel.metrics import collectors


class ServiceCollector:
    """Gauges of the support services, in one statement."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield what is left of each error budget, how fast it burns, and how many processes there should be."""
        left = GaugeMetricFamily(
            "shuzheng_error_budget_left", "Share of the budget left.", labels=("service", "objective")
        )
        burns = GaugeMetricFamily(
            "shuzheng_burn_rate", "Times too fast the budget burns.", labels=("service", "objective", "rule", "window")
        )
        wanted = GaugeMetricFamily("shuzheng_wanted_processes", "Processes there should be.", labels=("service",))
        for state in ServiceState.objects.order_by("service"):
            for objective in state.objectives:
                left.add_metric((state.service, objective["code"]), objective["left"])
                for rule, (long, short) in objective["burns"].items():
                    burns.add_metric((state.service, objective["code"], rule, "long"), long)
                    burns.add_metric((state.service, objective["code"], rule, "short"), short)
            if state.wanted is not None:
                wanted.add_metric((state.service,), state.wanted)
        yield from (left, burns, wanted)


collectors.append(ServiceCollector())
