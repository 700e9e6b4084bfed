"""Undo the taking over of existing licences from a table (撤销存量导入)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials.actions.base import require_own
from shuzheng.engines.documents.credentials.actions.confirming import locked_batch
from shuzheng.engines.documents.credentials.errors import AlreadyUndone
from shuzheng.engines.documents.credentials.models import (
    Credential,
    CredentialBatch,
    CredentialEvent,
    CredentialState,
    CredentialUse,
    UseAuthorisation,
)
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.engines.trust import ledger
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class UndoImportInput(Input):
    """Which table, and why it was wrong."""

    batch_id: UUID
    reason: str = Field(min_length=2, max_length=500)


class UndoImport(Action[UndoImportInput, CredentialBatch]):
    """Take back licences registered from a table (撤销导入): whatever nobody has used, changed or sealed since is removed.

    Those that were stay, and can be voided one by one. A table that still waits for the second officer is withdrawn.
    Raises NoSuchCredential, NotPermitted, AlreadyUndone.
    """

    name = "documents.undo_import"
    permission = ISSUE
    title = _("撤销存量导入")

    def scope(self, actor: Actor, given: UndoImportInput) -> str:
        """Ask for the permission where the licences were registered, of somebody who works there. Raises NotPermitted."""
        self.batch = locked_batch(given.batch_id)
        require_own(actor, self.batch.unit_id)
        return str(self.batch.division_path)

    def perform(self, actor: Actor, given: UndoImportInput) -> CredentialBatch:
        """Remove them and, if they were registered, enter it into the ledger."""
        batch = self.batch
        if batch.undone_at is not None:
            raise AlreadyUndone
        confirmed = batch.confirmed_at is not None
        untouched = [row.pk for row in _untouched(batch).select_for_update()]
        CredentialEvent.objects.filter(credential_id__in=untouched).delete()
        Credential.objects.filter(pk__in=untouched).delete()
        batch.undone_at, batch.undo_reason = now(), given.reason
        batch.rows, batch.kept = "", batch.registered - len(untouched) if confirmed else 0
        batch.save(update_fields=["undone_at", "undo_reason", "rows", "kept"])
        if confirmed:
            public: dict[str, Any] = {"removed": len(untouched), "kept": batch.kept}
            ledger.append("credential.batch_undone", str(batch.pk), public)
        self.about(batch, removed=len(untouched), kept=batch.kept)
        return batch


def _untouched(batch: CredentialBatch) -> QuerySet[Credential]:
    """Return the licences of a batch with which nothing has happened since."""
    later = CredentialEvent.objects.filter(credential__batch=batch).exclude(verb="imported")
    rows = Credential.objects.filter(batch=batch, state=CredentialState.VALID, original=None)
    for touched in (
        later,
        CredentialUse.objects.filter(credential__batch=batch),
        UseAuthorisation.objects.filter(credential__batch=batch),
    ):
        rows = rows.exclude(pk__in=touched.values("credential_id"))
    return rows.exclude(pk__in=Credential.objects.filter(previous__batch=batch).values("previous_id"))
