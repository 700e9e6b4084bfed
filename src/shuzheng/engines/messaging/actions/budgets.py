"""Limits of departments (每日额度)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.models import Budget
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input


class SetBudgetInput(Input):
    """How many a department may send a day."""

    department: str = Field(max_length=80)
    channel: str = Field(pattern=r"^(sms|email)$")
    #: None: as many as it likes.
    daily: int | None = Field(default=None, ge=0, le=100_000_000)


class SetBudget(Action[SetBudgetInput, None]):
    """Limit what a department sends a day by a channel (设置每日额度)."""

    name = "messaging.set_budget"
    permission = OPERATE
    title = _("设置每日额度")

    def perform(self, actor: Actor, given: SetBudgetInput) -> None:
        """Keep or lift the limit; it holds for what is taken up from now on."""
        department, channel = given.department, given.channel
        if given.daily is None:
            Budget.objects.filter(department=department, channel=channel).delete()
        else:
            limit = {"daily": given.daily}
            Budget.objects.update_or_create(department=department, channel=channel, defaults=limit)
        self.about(department=department, channel=channel, daily=given.daily)
