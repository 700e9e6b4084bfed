"""What the platform writes of its own accord: results of trials, reminders of keys that end (联调结果、到期提醒)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.identity.models import Application, ApplicationCredential, ApplicationTrial
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import EVERYTHING, Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import local, now, today

#: How long before its end a key is spoken of.
NOTICE = timedelta(days=30)
#: Then again when so few days are left.
AGAIN = (7, 1)


class RecordTrialInput(Input):
    """What was tried, and what came of it."""

    application_id: UUID
    capability: str = Field(max_length=40)
    passed: bool
    finding: str = Field(default="", max_length=300)


class RecordTrial(Action[RecordTrialInput, ApplicationTrial]):
    """Keep the result of a trial (联调结果) in place of the one before. Raises NotFound."""

    name = "identity.record_trial"
    permission = EVERYTHING
    title = _("记录联调结果")

    def perform(self, actor: Actor, given: RecordTrialInput) -> ApplicationTrial:
        """Write it."""
        application = Application.objects.filter(pk=given.application_id).first()
        if application is None:
            raise NotFound
        row, _new = ApplicationTrial.objects.update_or_create(
            application=application,
            capability=given.capability,
            defaults={"passed": given.passed, "finding": given.finding, "at": now()},
        )
        self.about(application, code=application.code, capability=given.capability, passed=given.passed)
        return row


class KeysReminded(BaseModel):
    """How many keys were spoken of."""

    count: int


class RemindOfExpiryInput(Input):
    """Nothing to say."""


class RemindOfExpiry(Action[RemindOfExpiryInput, KeysReminded]):
    """Announce keys that end within thirty days, a week and a day (凭证到期提醒); each step once."""

    name = "identity.remind_of_expiry"
    permission = EVERYTHING
    title = _("提醒凭证到期")

    def perform(self, actor: Actor, given: RemindOfExpiryInput) -> KeysReminded:
        """Emit an event for each; its follower writes to the contact."""
        due = ApplicationCredential.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "application"
        )
        due = due.filter(revoked_at=None, valid_to__gt=now(), valid_to__lte=now() + NOTICE)
        count = 0
        for credential in due.exclude(application__state=Application.State.OFFLINE)[:1000]:
            if not _is_due(credential):
                continue
            credential.reminded_on = today()
            credential.save(update_fields=["reminded_on"])
            end = f"{local(credential.valid_to):%Y-%m-%d}"
            self.emit("identity.credential_expiring", credential.application_id, key_id=credential.key_id, day=end)
            count += 1
        self.about(count=count)
        return KeysReminded(count=count)


def _is_due(credential: ApplicationCredential) -> bool:
    """Say whether a step (30, 7, 1 days before) lies between the last reminder and today."""
    end, last = local(credential.valid_to).date(), credential.reminded_on
    steps = [end - NOTICE, *(end - timedelta(days=days) for days in AGAIN)]
    return any(step <= today() and (last is None or last < step) for step in steps)
