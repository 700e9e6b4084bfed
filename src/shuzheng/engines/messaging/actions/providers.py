"""How providers fare (通道健康)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.breaker import Breaker
from shuzheng.engines.messaging.models import ProviderHealth
from shuzheng.engines.messaging.policies import SEND
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class ReportProviderInput(Input):
    """How a provider fared."""

    provider: str = Field(max_length=40)
    failed: bool
    reason: str = Field(default="", max_length=200)


class ReportProvider(Action[ReportProviderInput, ProviderHealth]):
    """Note that a provider failed, or that it works again; failures in a row open its circuit for a while (熔断)."""

    name = "messaging.report_provider"
    permission = SEND
    title = _("记录通道健康")

    def perform(self, actor: Actor, given: ReportProviderInput) -> ProviderHealth:
        """Move the breaker."""
        ProviderHealth.objects.bulk_create([ProviderHealth(name=given.provider)], ignore_conflicts=True)
        row = ProviderHealth.objects.select_for_update().get(pk=given.provider)
        before = Breaker(row.failures, row.open_until)
        after = before.failed(now()) if given.failed else before.succeeded()
        row.failures, row.open_until = after.failures, after.open_until
        if given.failed:
            row.failed_at, row.reason = now(), given.reason
        else:
            row.recovered_at = now()
        row.save()
        self.about(row, failures=row.failures)
        if given.failed and before.open_until is None and after.open_until:
            self.emit("messaging.provider_down", given.provider, reason=given.reason)
        return row
