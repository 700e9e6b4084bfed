"""Clear away what nobody finished (清理上传)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.gateways import storage
from shuzheng.engines.documents.models import Upload
from shuzheng.engines.documents.models.upload import LIFETIME
from shuzheng.engines.documents.policies import SCAN
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class ClearUploadsInput(Input):
    """Nothing to say."""


class ClearUploads(Action[ClearUploadsInput, None]):
    """Delete uploads past their time, finished or not, parts that belong to none, and what dead writers left half done.

    Stored files stay. Raises StorageDown; the rest is done by then.
    """

    name = "documents.clear_uploads"
    permission = SCAN
    title = _("清理上传")

    def perform(self, actor: Actor, given: ClearUploadsInput) -> None:
        """Delete the rows now and the bytes with the commit."""
        deleted, _rows = Upload.objects.filter(expires_at__lte=now()).delete()
        parts = [part for part in storage().parts() if _stale(part)]
        known = set(Upload.objects.filter(pk__in=[_id(part) for part in parts]).values_list("pk", flat=True))
        orphans = [part for part in parts if _id(part) not in known]
        self.about(uploads=deleted, parts=len(orphans))
        transaction.on_commit(lambda: _remove(orphans))


def _remove(orphans: list[Path]) -> None:
    for part in orphans:
        part.unlink(missing_ok=True)
    storage().tidy(now() - LIFETIME)


def _id(part: Path) -> UUID:
    return UUID(part.name)


def _stale(part: Path) -> bool:
    """Say whether nothing has been written to a part for a whole lifetime."""
    return datetime.fromtimestamp(part.stat().st_mtime, UTC) <= now() - LIFETIME
