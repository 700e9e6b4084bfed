"""Receivers of connected applications: registered, paused, tried, given new secrets (推送目标)."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.identity.applications import desk
from shuzheng.engines.messaging import webhooks
from shuzheng.engines.messaging.errors import NotSafe, TooManyTargets
from shuzheng.engines.messaging.gateways.outgoing import check_target
from shuzheng.engines.messaging.models import WebhookTarget
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import OFFICER

#: Receivers of one application.
MOST = 10


class RegisterWebhookInput(Input):
    """A receiver of an application, and the events of which it is told."""

    application_id: UUID
    title: str = Field(min_length=2, max_length=100)
    url: str = Field(min_length=8, max_length=300)
    events: list[str] = Field(min_length=1, max_length=20)


class Registered(BaseModel):
    """What was registered, with the secret that is shown this once."""

    id: UUID
    secret: str


class RegisterWebhook(Action[RegisterWebhookInput, Registered]):
    """Have an application told of events (登记推送目标).

    Raises NotSafe for an address inside, InvalidInput for an unknown event, NotPermitted, TooManyTargets.
    """

    name = "messaging.register_webhook"
    permission = OFFICER
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
        application = desk.hold(given.application_id)
        desk.require_answering(actor, application, or_managing=True)
        if WebhookTarget.objects.filter(application=application, retired_at=None).count() >= MOST:
            raise TooManyTargets(most=MOST)
        secret = token_urlsafe(32)
        target = WebhookTarget.objects.create(secret=secret, **given.model_dump())
        desk.note(self, application, given.url)
        return Registered(id=target.pk, secret=secret)

    @classmethod
    def summarise(cls, result: Registered) -> dict[str, Any]:
        """Return what a repetition may know: never the secret, which is shown once."""
        return {"id": str(result.id), "secret": ""}


class TargetInput(Input):
    """Which target."""

    target_id: UUID


class RotateWebhookSecretInput(TargetInput):
    """Which target, and for how long the old secret signs as well."""

    hours: int = Field(default=24, ge=0, le=24 * 30)


class RotateWebhookSecret(Action[RotateWebhookSecretInput, Registered]):
    """Give a receiver a new secret (轮换密钥); for a while events carry both signatures. Raises NotFound, NotPermitted."""

    name = "messaging.rotate_webhook_secret"
    permission = OFFICER
    title = _("轮换推送密钥")

    def perform(self, actor: Actor, given: RotateWebhookSecretInput) -> Registered:
        """Keep the old one beside the new."""
        target = _hold(self, actor, given.target_id)
        target.previous, target.secret = target.secret, token_urlsafe(32)
        target.previous_until = now() + timedelta(hours=given.hours)
        target.save(update_fields=["previous", "secret", "previous_until"])
        return Registered(id=target.pk, secret=target.secret)

    @classmethod
    def summarise(cls, result: Registered) -> dict[str, Any]:
        """Return what a repetition may know: never the secret."""
        return {"id": str(result.id), "secret": ""}


class PauseWebhookInput(TargetInput):
    """Which target, and whether it pauses or goes on."""

    paused: bool = True


class PauseWebhook(Action[PauseWebhookInput, None]):
    """Tell a receiver nothing for a while, or again (暂停、恢复推送). Raises NotFound, NotPermitted."""

    name = "messaging.pause_webhook"
    permission = OFFICER
    title = _("暂停或恢复推送")

    def perform(self, actor: Actor, given: PauseWebhookInput) -> None:
        """Switch it; events that happen while it is paused are not told later."""
        target = _hold(self, actor, given.target_id)
        target.active = not given.paused
        target.save(update_fields=["active"])


class RetireWebhook(Action[TargetInput, None]):
    """Tell a receiver nothing more (停用推送目标). Raises NotFound, NotPermitted."""

    name = "messaging.retire_webhook"
    permission = OFFICER
    title = _("停用推送目标")

    def perform(self, actor: Actor, given: TargetInput) -> None:
        """Close it; what is under way is refused when its turn comes."""
        target = _hold(self, actor, given.target_id)
        target.active, target.retired_at = False, now()
        target.save(update_fields=["active", "retired_at"])


class TryWebhook(Action[TargetInput, None]):
    """Send a receiver a signed sample event now (测试推送); what came of it stands among its deliveries.

    Raises NotFound, NotPermitted.
    """

    name = "messaging.try_webhook"
    permission = OFFICER
    title = _("测试推送")

    def perform(self, actor: Actor, given: TargetInput) -> None:
        """Queue it before everything else."""
        target = _hold(self, actor, given.target_id)
        self.emit("messaging.notice_queued", webhooks.queue_sample(target))


def _hold(act: Action, actor: Actor, target_id: UUID) -> WebhookTarget:
    """Return a target that is not retired, its application locked and the act noted. Raises NotFound, NotPermitted."""
    target = WebhookTarget.objects.select_for_update().filter(pk=target_id, retired_at=None).first()
    if target is None:
        raise NotFound
    application = desk.hold(target.application_id)
    desk.require_answering(actor, application, or_managing=True)
    desk.note(act, application, target.title)
    return target
