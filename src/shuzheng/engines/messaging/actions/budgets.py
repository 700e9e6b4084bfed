"""Limits of departments (每日额度)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.messaging.models import Budget, BudgetChange
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
    #: Percent of it at which the operators are warned.
    warn_at: int = Field(default=80, ge=1, le=100)


class SetBudget(Action[SetBudgetInput, None]):
    """Limit what a department sends a day by a channel (设置每日额度); who changed what stays on record."""

    name = "messaging.set_budget"
    permission = OPERATE
    title = _("设置每日额度")

    def perform(self, actor: Actor, given: SetBudgetInput) -> None:
        """Keep or lift the limit; it holds for what is taken up from now on."""
        department, channel = given.department, given.channel
        known = Budget.objects.select_for_update().filter(department=department, channel=channel).first()
        if given.daily is None:
            Budget.objects.filter(department=department, channel=channel).delete()
        else:
            limit = {"daily": given.daily, "warn_at": given.warn_at}
            Budget.objects.update_or_create(department=department, channel=channel, defaults=limit)
        before = known.daily if known else None
        if before != given.daily:
            BudgetChange.objects.create(
                department=department, channel=channel, before=before, after=given.daily, by=actor.name
            )
        self.about(department=department, channel=channel, before=before, daily=given.daily)
