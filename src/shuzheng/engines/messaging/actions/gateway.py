"""Other government systems: onboarding, notices handed in by them, events told to them (系统接入)."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.messaging import webhooks
from shuzheng.engines.messaging.errors import NotSafe
from shuzheng.engines.messaging.gateways.outgoing import check_target
from shuzheng.engines.messaging.models import Application, Budget, Delivery, WebhookTarget
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound
from shuzheng.kernel.input import Input


class RegisterApplicationInput(Input):
    """A system and what it may do."""

    code: str = Field(min_length=2, max_length=60, pattern=r"^[a-z0-9-]+$")
    title: str = Field(min_length=2, max_length=100)
    department: str = Field(min_length=1, max_length=80)
    templates: list[str] = Field(min_length=1, max_length=50)
    bare_numbers: bool = False
    daily: int = Field(default=10_000, ge=1, le=100_000_000)


class Registered(BaseModel):
    """What was registered, with the secret that is shown this once."""

    id: UUID
    secret: str


class RegisterApplication(Action[RegisterApplicationInput, Registered]):
    """Let a government system hand in notices (接入应用), or change what it may do; it gets a new secret each time."""

    name = "messaging.register_application"
    permission = OPERATE
    title = _("接入应用")

    def perform(self, actor: Actor, given: RegisterApplicationInput) -> Registered:
        """Keep it under its code."""
        secret = token_urlsafe(32)
        values = {**given.model_dump(exclude={"code"}), "secret": secret, "active": True}
        application, _new = Application.objects.update_or_create(code=given.code, defaults=values)
        self.about(application, code=given.code, templates=given.templates)
        return Registered(id=application.pk, secret=secret)

    @classmethod
    def summarise(cls, result: Registered) -> dict[str, Any]:
        """Return everything: the caller needs the secret, which is stored sealed only."""
        return result.model_dump(mode="json")


class CodeInput(Input):
    """Which application."""

    code: str = Field(max_length=60)


class RetireApplication(Action[CodeInput, None]):
    """Accept nothing more from a system (停用应用). Raises NotFound."""

    name = "messaging.retire_application"
    permission = OPERATE
    title = _("停用应用")

    def perform(self, actor: Actor, given: CodeInput) -> None:
        """Close it; what it handed in stays."""
        if not Application.objects.filter(code=given.code).update(active=False):
            raise NotFound
        self.about(code=given.code)


class RegisterWebhookInput(Input):
    """A system that is told of events."""

    title: str = Field(min_length=2, max_length=100)
    url: str = Field(min_length=8, max_length=300)
    events: list[str] = Field(min_length=1, max_length=20)


class RegisterWebhook(Action[RegisterWebhookInput, Registered]):
    """Have a system told of events (登记推送目标). Raises NotSafe for an address inside, InvalidInput for an unknown event."""

    name = "messaging.register_webhook"
    permission = OPERATE
    title = _("登记推送目标")

    def check(self, actor: Actor, given: RegisterWebhookInput) -> None:
        """Only what may be told, only to where we may call."""
        unknown = [name for name in given.events if name not in webhooks.EVENTS]
        if unknown:
            text = str(_("没有这种事件：{name}")).format(name=unknown[0])
            raise InvalidInput(FieldProblem("events", text))
        try:
            check_target(given.url)
        except ValueError as bad:
            raise NotSafe(FieldProblem("url", str(NotSafe.message))) from bad

    def perform(self, actor: Actor, given: RegisterWebhookInput) -> Registered:
        """Keep it with a new secret."""
        secret = token_urlsafe(32)
        target = WebhookTarget.objects.create(secret=secret, **given.model_dump())
        self.about(target, url=given.url, events=given.events)
        return Registered(id=target.pk, secret=secret)


class TargetInput(Input):
    """Which target."""

    target_id: UUID


class RetireWebhook(Action[TargetInput, None]):
    """Tell a system nothing more (停用推送目标). Raises NotFound."""

    name = "messaging.retire_webhook"
    permission = OPERATE
    title = _("停用推送目标")

    def perform(self, actor: Actor, given: TargetInput) -> None:
        """Close it; what is under way is refused when its turn comes."""
        if not WebhookTarget.objects.filter(pk=given.target_id).update(active=False):
            raise NotFound
        self.about(target=str(given.target_id))


class QueueWebhooksInput(Input):
    """An event, in its envelope."""

    event: dict[str, Any]


class Queued(BaseModel):
    """How many systems are told."""

    count: int


class QueueWebhooks(Action[QueueWebhooksInput, Queued]):
    """Queue an event for every system that wants it; again, nothing is queued twice."""

    name = "messaging.queue_webhooks"
    permission = EVERYTHING
    title = _("推送事件")

    def perform(self, actor: Actor, given: QueueWebhooksInput) -> Queued:
        """Insert what is not there yet."""
        found = webhooks.deliveries(given.event)
        Delivery.objects.bulk_create(found, ignore_conflicts=True)
        self.about(event=given.event["type"], count=len(found))
        return Queued(count=len(found))


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
