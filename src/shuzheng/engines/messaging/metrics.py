"""Numbers of sending for Prometheus, read when it asks and bounded however long the history is."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from shuzheng.engines.messaging.desk_queries import dead_count
from shuzheng.engines.messaging.models import Delivery, ProviderHealth, Tally
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.metrics import collectors
from shuzheng.kernel.moment import now, today


class DeliveryCollector:
    """Dead letters, how late the oldest notice is, open circuits, and the day's counters."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Yield the gauges and the day's counters by channel."""
        yield GaugeMetricFamily("shuzheng_dead_letters", "Deliveries that failed for good, up to 100.", dead_count())
        oldest = Delivery.objects.filter(status=DeliveryStatus.PENDING).order_by("due_at").first()
        late = max(0.0, (now() - oldest.due_at).total_seconds()) if oldest else 0.0
        yield GaugeMetricFamily("shuzheng_delivery_late_seconds", "How long the oldest due notice waits.", late)
        circuits = GaugeMetricFamily("shuzheng_provider_down", "Providers whose circuit is open.", labels=("provider",))
        for row in ProviderHealth.objects.all():
            circuits.add_metric((row.name,), float(row.open_until is not None and row.open_until > now()))
        yield circuits
        sent = CounterMetricFamily(
            "shuzheng_deliveries", "Deliveries of the day by department, channel and outcome.",
            labels=("department", "channel", "outcome"),
        )  # fmt: skip
        for tally in Tally.objects.filter(day=today()):
            for outcome in ("sent", "delivered", "failed"):
                sent.add_metric((tally.department, tally.channel, outcome), getattr(tally, outcome))
        yield sent


collectors.append(DeliveryCollector())
