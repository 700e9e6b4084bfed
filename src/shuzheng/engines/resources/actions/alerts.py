"""Take up an alert (处理告警)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.resources.errors import AlertClosed
from shuzheng.engines.resources.models import Alert
from shuzheng.engines.resources.policies import OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class TakeAlertInput(Input):
    """Which alert, and what was found so far."""

    alert_id: UUID
    note: str = Field(min_length=2, max_length=500)


class TakeAlert(Action[TakeAlertInput, Alert]):
    """Say that one is at it, and what was found (处理告警). Raises NotFound, AlertClosed."""

    name = "resources.take_alert"
    permission = OPERATE
    title = _("处理告警")

    def perform(self, actor: Actor, given: TakeAlertInput) -> Alert:
        """Note who and what; a later note replaces the earlier one, which the audit keeps."""
        alert = Alert.objects.select_for_update().filter(pk=given.alert_id).first()
        if alert is None:
            raise NotFound
        if alert.closed_at is not None:
            raise AlertClosed
        alert.taken_by, alert.note = actor.name, given.note
        alert.taken_at = alert.taken_at or now()
        alert.save(update_fields=["taken_by", "taken_at", "note"])
        self.about(alert, service=alert.service, note=given.note)
        return alert
