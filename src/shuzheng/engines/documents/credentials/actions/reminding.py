"""Remind holders of licences that will expire (到期提醒)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.documents.credentials.actions.base import told
from shuzheng.engines.documents.credentials.models import Credential, CredentialState
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import today

#: Licences looked at in one transaction.
BATCH = 1000
#: Days ahead that any type may remind.
FARTHEST = 366


class RemindExpiringInput(Input):
    """After which licence to go on."""

    after_day: date | None = None
    after_id: UUID | None = None


class Reminded(BaseModel):
    """How many were announced, and after which licence to go on; nothing when all were looked at."""

    count: int
    after_day: date | None = None
    after_id: UUID | None = None


class RemindExpiring(Action[RemindExpiringInput, Reminded]):
    """Announce licences that will expire, once for each number of days that their type names."""

    name = "documents.remind_expiring"
    permission = ISSUE
    title = _("提醒证照到期")

    def perform(self, actor: Actor, given: RemindExpiringInput) -> Reminded:
        """Announce them: ``documents.credential_expiring``."""
        day = today()
        rows = Credential.objects.select_for_update(skip_locked=True).filter(
            state=CredentialState.VALID, valid_until__range=(day, day + timedelta(days=FARTHEST))
        )
        if given.after_day is not None and given.after_id is not None:
            rows = rows.filter(
                Q(valid_until__gt=given.after_day) | Q(valid_until=given.after_day, id__gt=given.after_id)
            )
        looked = list(rows.order_by("valid_until", "id")[:BATCH])
        due = [row for row in looked if self._remind(row)]
        Credential.objects.bulk_update(due, ["reminded"])
        self.about(None, count=len(due))
        if len(looked) < BATCH:
            return Reminded(count=len(due))
        return Reminded(count=len(due), after_day=looked[-1].valid_until, after_id=looked[-1].pk)

    def _remind(self, credential: Credential) -> bool:
        """Announce one licence if a day of its type has come that was not announced; earlier ones count as announced."""
        assert credential.valid_until is not None
        left = (credential.valid_until - today()).days
        passed = [days for days in credential.type.remind if days >= left]
        if not passed or min(passed) in credential.reminded:
            return False
        credential.reminded = sorted(set(credential.reminded) | set(passed), reverse=True)
        told(self, credential, "expiring")
        return True
