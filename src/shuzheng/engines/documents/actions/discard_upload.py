"""Give up an upload (移除上传)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents import queries
from shuzheng.engines.documents.gateways import storage
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import SIGNED_IN


class DiscardUploadInput(Input):
    """Which upload."""

    upload_id: UUID


class DiscardUpload(Action[DiscardUploadInput, None]):
    """Forget an upload and the bytes that arrived; a file it became stays. Raises NoSuchUpload."""

    name = "documents.discard_upload"
    permission = SIGNED_IN
    title = _("移除上传")

    def perform(self, actor: Actor, given: DiscardUploadInput) -> None:
        """Delete the row now and the bytes with the commit."""
        upload = queries.own_upload(given.upload_id, actor, lock=True)
        part = storage().part(upload.pk)
        self.about(upload)
        upload.delete()
        transaction.on_commit(lambda: part.unlink(missing_ok=True))
