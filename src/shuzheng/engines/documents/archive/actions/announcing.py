"""Saying what has fallen due, and sweeping what no record refers to. Neither destroys a file of the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from shuzheng.engines.documents.archive.gateways import vault
from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.policies import PACK
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now, today

#: Packages announced in one run; the next goes on.
BATCH = 500
#: What is younger may belong to a package whose record is being written.
GRACE = timedelta(days=1)


class Nothing(Input):
    """Nothing to say."""


class PackagesCounted(BaseModel):
    """How many were found."""

    count: int


class AnnounceDue(Action[Nothing, PackagesCounted]):
    """Announce files whose retention is over and that may be destroyed, each once (到期提醒)."""

    name = "documents.announce_due_archives"
    permission = PACK
    title = _("提醒到期档案")

    def perform(self, actor: Actor, given: Nothing) -> PackagesCounted:
        """Mark and announce a batch."""
        due = ArchivePackage.objects.filter(state=PackageState.KEPT, due_on__lte=today(), announced_at=None)
        ids = list(due.order_by("due_on", "id").values_list("pk", flat=True)[:BATCH])
        count = ArchivePackage.objects.filter(pk__in=ids).update(announced_at=now())
        if count:
            self.emit("documents.archives_due", today().isoformat(), count=count)
        self.about(count=count)
        return PackagesCounted(count=count)


class SweepVault(Action[Nothing, PackagesCounted]):
    """Remove bytes that no record refers to: what a worker left behind that died between storing and writing down."""

    name = "documents.sweep_vault"
    permission = PACK
    title = _("清理未登记的归档内容")

    def perform(self, actor: Actor, given: Nothing) -> PackagesCounted:
        """Look at everything older than a day."""
        old = [key for key, at in vault().listing() if datetime.fromtimestamp(at, UTC) < now() - GRACE]
        known: set[str] = set()
        for start in range(0, len(old), BATCH):
            part = old[start : start + BATCH]
            known.update(ArchivePackage.objects.filter(storage_key__in=part).values_list("storage_key", flat=True))
        orphans = [key for key in old if key not in known]
        for key in orphans:
            vault().remove(key)
        vault().tidy(now() - GRACE)
        self.about(count=len(orphans))
        return PackagesCounted(count=len(orphans))
