"""Public notices take effect when their days have passed (公告期满视为送达)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.messaging.actions.service_steps import close_served, keep_step
from shuzheng.engines.messaging.models import LegalService, ServiceStep
from shuzheng.engines.messaging.models.service import Way
from shuzheng.engines.messaging.policies import SERVE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today


class DeemServedInput(Input):
    """How many at most."""

    limit: int = Field(default=200, ge=1, le=1000)


class Deemed(BaseModel):
    """How many services took effect."""

    count: int


class DeemServed(Action[DeemServedInput, Deemed]):
    """Let public notices whose thirty days have passed take effect (公告期满视为送达)."""

    name = "messaging.deem_served"
    permission = SERVE
    title = _("公告期满视为送达")

    def perform(self, actor: Actor, given: DeemServedInput) -> Deemed:
        """Close what is due, oldest first; the date is the deemed one, whenever this runs."""
        due = LegalService.objects.select_for_update(skip_locked=True).filter(
            status=LegalService.Status.UNDER_WAY, deemed_on__lte=today()
        )
        found = list(due.order_by("deemed_on")[: given.limit])
        for service in found:
            note = str(_("公告期满，视为送达"))
            step = keep_step(service, actor, Way.NOTICE, ServiceStep.Outcome.SERVED, note=note, on=service.deemed_on)
            close_served(self, service, step, service.deemed_on or today())
        self.about(count=len(found))
        return Deemed(count=len(found))
