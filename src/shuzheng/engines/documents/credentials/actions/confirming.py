"""The second officer's look at a table of existing licences (存量导入复核): confirm it, or return it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials.actions.base import require_own
from shuzheng.engines.documents.credentials.errors import (
    ImportHasBadRows,
    ImportNotWaiting,
    NoSuchCredential,
    OwnImport,
)
from shuzheng.engines.documents.credentials.importing.examining import Examined, examine
from shuzheng.engines.documents.credentials.importing.interests import own_parties, record_asked
from shuzheng.engines.documents.credentials.importing.registering import register_all
from shuzheng.engines.documents.credentials.models import CredentialBatch
from shuzheng.engines.documents.credentials.policies import DECIDE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored, get
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class ConfirmImportInput(Input):
    """Which table."""

    batch_id: UUID


class ReturnImportInput(ConfirmImportInput):
    """Which table, and what is wrong with it."""

    reason: str = Field(min_length=2, max_length=500)


class ConfirmImport(Action[ConfirmImportInput, CredentialBatch]):
    """Confirm a table that a colleague entered (复核存量导入): its licences are registered, with one entry of the ledger.

    Every row is examined anew; one that is bad by now keeps all out. Raises NoSuchCredential, OwnImport,
    ImportNotWaiting, ImportHasBadRows, NoDefinition.
    """

    name = "documents.confirm_import"
    permission = DECIDE
    title = _("复核存量导入")

    def scope(self, actor: Actor, given: ConfirmImportInput) -> str:
        """Ask for the permission where the licences would be registered."""
        self.batch = locked_batch(given.batch_id)
        return str(self.batch.division_path)

    def check(self, actor: Actor, given: ConfirmImportInput) -> None:
        """Refuse the maker and other units. Raises NotPermitted, OwnImport, ImportNotWaiting."""
        _require_second(actor, self.batch)

    def perform(self, actor: Actor, given: ConfirmImportInput) -> CredentialBatch:
        """Examine and register."""
        batch = self.batch
        stored: Stored[CredentialType] = get(KIND, batch.type_code)
        examined = examine(stored.body, batch.kept_rows(), own_parties(actor))
        _require_good(examined)
        record_asked(actor, examined, self.name)
        register_all(actor, stored, batch, examined.ready)
        self.about(batch, registered=batch.registered)
        return batch


class ReturnImport(Action[ReturnImportInput, CredentialBatch]):
    """Return a table to the colleague who entered it (退回存量导入): its rows are removed and nothing is registered.

    Raises NoSuchCredential, OwnImport, ImportNotWaiting.
    """

    name = "documents.return_import"
    permission = DECIDE
    title = _("退回存量导入")

    def scope(self, actor: Actor, given: ReturnImportInput) -> str:
        """Ask for the permission where the licences would be registered."""
        self.batch = locked_batch(given.batch_id)
        return str(self.batch.division_path)

    def check(self, actor: Actor, given: ReturnImportInput) -> None:
        """Refuse the maker and other units. Raises NotPermitted, OwnImport, ImportNotWaiting."""
        _require_second(actor, self.batch)

    def perform(self, actor: Actor, given: ReturnImportInput) -> CredentialBatch:
        """Remove the rows and say why."""
        batch = self.batch
        batch.rows, batch.undone_at, batch.undo_reason = "", now(), given.reason
        batch.checker_id, batch.checker_name = actor.officer_id, actor.name
        batch.save(update_fields=["rows", "undone_at", "undo_reason", "checker", "checker_name"])
        self.about(batch, rows=batch.registered)
        return batch


def locked_batch(batch_id: UUID) -> CredentialBatch:
    """Return a batch, locked, with its unit and its maker. Raises NoSuchCredential."""
    rows = CredentialBatch.objects.select_for_update(of=("self",)).select_related("unit", "officer")
    found = rows.filter(pk=batch_id).first()
    if found is None:
        raise NoSuchCredential
    return found


def _require_second(actor: Actor, batch: CredentialBatch) -> None:
    require_own(actor, batch.unit_id)
    if not actor.is_officer:
        raise NotPermitted
    maker = batch.officer
    if maker is not None and (maker.pk == actor.officer_id or maker.person_id == actor.person_id):
        raise OwnImport
    if not batch.waits:
        raise ImportNotWaiting


def _require_good(examined: Examined) -> None:
    if examined.problems:
        raise ImportHasBadRows(n=len(examined.problems), what=examined.problems[0].what)
