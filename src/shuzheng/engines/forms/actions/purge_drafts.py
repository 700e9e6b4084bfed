"""Deleting drafts nobody came back to."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.models.draft import KEPT_DAYS, UNDO_DAYS
from shuzheng.engines.forms.policies import PURGE_DRAFTS
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now

#: Drafts deleted at most by one execution; the job repeats until none is left.
BATCH = 5000


class PurgeDraftsInput(Input):
    """Nothing to say."""


class Purged(BaseModel):
    """How many drafts were deleted."""

    count: int


class PurgeDrafts(Action[PurgeDraftsInput, Purged]):
    """Delete drafts unchanged for ninety days or discarded seven days ago (个人信息保护法 §19: kept no longer than needed)."""

    name = "forms.purge_drafts"
    permission = PURGE_DRAFTS
    title = _("清理过期草稿")

    def perform(self, actor: Actor, given: PurgeDraftsInput) -> Purged:
        """Delete one batch."""
        expired = Q(updated_at__lt=now() - timedelta(days=KEPT_DAYS))
        discarded = Q(discarded_at__lt=now() - timedelta(days=UNDO_DAYS))
        batch = list(Draft.objects.filter(expired | discarded).values_list("pk", flat=True)[:BATCH])
        Draft.objects.filter(pk__in=batch).delete()
        self.about(count=len(batch))
        return Purged(count=len(batch))
