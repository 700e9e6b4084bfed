"""Take over existing licences from a table (导入存量证照)."""

from __future__ import annotations

from secrets import token_hex
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.documents.credentials.actions.base import require_own
from shuzheng.engines.documents.credentials.errors import (
    AlreadyImported,
    NothingToImport,
    NotIssuer,
)
from shuzheng.engines.documents.credentials.importing.examining import examine
from shuzheng.engines.documents.credentials.importing.interests import own_parties, record_asked
from shuzheng.engines.documents.credentials.importing.tables import MOST_ROWS
from shuzheng.engines.documents.credentials.models import CredentialBatch
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.trust.crypto import blind_index, provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored, get
from shuzheng.kernel.input import Input, canonical_json


class ImportCredentialsInput(Input):
    """Which licences of which bureau; each row by its columns' headings or codes."""

    credential_type: str = Field(max_length=120)
    unit_id: UUID
    #: What the file is called, for people.
    name: str = Field(min_length=1, max_length=200)
    rows: list[dict[str, str]] = Field(min_length=1, max_length=MOST_ROWS)
    #: Only say what would happen.
    dry_run: bool = False
    #: Enter the good rows and leave the others out; otherwise one bad row keeps all out.
    leave_out_bad: bool = False


class RowProblemOut(BaseModel):
    """A row that cannot be registered."""

    line: int
    what: str


class Imported(BaseModel):
    """What waits for the second officer, or would, and every row that cannot be registered."""

    batch_id: UUID | None = None
    #: Rows that a second officer has yet to confirm; nothing is registered before.
    waiting: int = 0
    #: Rows in which nothing is wrong.
    good: int
    problems: list[RowProblemOut] = []


class ImportCredentials(Action[ImportCredentialsInput, Imported]):
    """Enter existing licences from a table, all or none unless bad rows may be left out; a second officer confirms them.

    Whoever enters them works in the issuing unit, and neither holds them nor acts for a holder. Whose number was asked
    after is recorded, in a rehearsal too. The same table is entered once. Raises NoDefinition, NotIssuer, NotPermitted,
    AlreadyImported, NothingToImport.
    """

    name = "documents.import_credentials"
    permission = ISSUE
    title = _("导入存量证照")

    def scope(self, actor: Actor, given: ImportCredentialsInput) -> str:
        """Ask for the permission in the issuing unit's division, of somebody who works there. Raises NotPermitted."""
        self.issuer = identity.unit(given.unit_id)
        require_own(actor, self.issuer.pk)
        return str(self.issuer.division_path)

    def perform(self, actor: Actor, given: ImportCredentialsInput) -> Imported:
        """Examine every row; keep the good ones for the second officer unless it is a rehearsal or a row is bad."""
        stored: Stored[CredentialType] = get(KIND, given.credential_type)
        if self.issuer.kind not in stored.body.issuers:
            raise NotIssuer
        # Keyed: whoever guesses the rows of a table learns nothing from it.
        digest = blind_index(provider().sm3(canonical_json(given.rows)).hex(), "documents.credential_batch")
        self._refuse_twice(given, digest)
        examined = examine(stored.body, given.rows, own_parties(actor))
        record_asked(actor, examined, self.name)
        told = [RowProblemOut(line=one.line, what=one.what) for one in examined.problems]
        result = Imported(good=len(examined.ready), problems=told)
        self.about(None, rows=len(given.rows), good=result.good, rehearsal=given.dry_run)
        if given.dry_run or (told and not given.leave_out_bad):
            return result
        if not examined.ready:
            raise NothingToImport
        batch = self._keep(actor, given, stored.body, digest, {one.line for one in examined.problems})
        return result.model_copy(update={"batch_id": batch.pk, "waiting": batch.registered})

    def _refuse_twice(self, given: ImportCredentialsInput, digest: str) -> None:
        same = CredentialBatch.objects.filter(type_code=given.credential_type, unit=self.issuer, digest=digest)
        if same.filter(undone_at=None).exists():
            raise AlreadyImported

    def _keep(
        self, actor: Actor, given: ImportCredentialsInput, type: CredentialType, digest: str, bad: set[int]
    ) -> CredentialBatch:
        """Return the batch that waits, with the rows that are good."""
        rows = [row for line, row in enumerate(given.rows, 2) if line not in bad]
        batch = CredentialBatch.objects.create(
            name=given.name,
            type_code=type.code,
            title=type.title,
            unit=self.issuer,
            division_path=self.issuer.division_path,
            digest=digest,
            salt=token_hex(16),
            rows=canonical_json(rows).decode(),
            registered=len(rows),
            left_out=len(bad),
            officer_id=actor.officer_id,
            actor_name=actor.name,
        )
        self.about(batch, rows=len(given.rows), waiting=len(rows))
        return batch
