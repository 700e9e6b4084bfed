"""Take over existing licences from a table (导入存量证照)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.documents.credentials import issuing
from shuzheng.engines.documents.credentials.errors import (
    AlreadyImported,
    NothingToImport,
    NotIssuer,
)
from shuzheng.engines.documents.credentials.importing.examining import Examined, examine
from shuzheng.engines.documents.credentials.importing.registering import credential_of, event_of
from shuzheng.engines.documents.credentials.importing.tables import MOST_ROWS
from shuzheng.engines.documents.credentials.models import (
    Credential,
    CredentialBatch,
    CredentialEvent,
)
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored, get
from shuzheng.kernel.input import Input, canonical_json

_CHUNK = 1000


class ImportCredentialsInput(Input):
    """Which licences of which bureau; each row by its columns' headings or codes."""

    credential_type: str = Field(max_length=120)
    unit_id: UUID
    #: What the file is called, for people.
    name: str = Field(min_length=1, max_length=200)
    rows: list[dict[str, str]] = Field(min_length=1, max_length=MOST_ROWS)
    #: Only say what would happen.
    dry_run: bool = False
    #: Register the good rows and leave the others out; otherwise one bad row keeps all out.
    leave_out_bad: bool = False


class RowProblemOut(BaseModel):
    """A row that cannot be registered."""

    line: int
    what: str


class Imported(BaseModel):
    """What was registered, or would be, and every row that cannot be."""

    batch_id: UUID | None = None
    registered: int = 0
    #: Rows in which nothing is wrong.
    good: int
    problems: list[RowProblemOut] = []


class ImportCredentials(Action[ImportCredentialsInput, Imported]):
    """Register existing licences from a table, all or none unless bad rows may be left out; one ledger entry for all.

    They count as valid from their own first day and have no sealed original until somebody makes one. The same table is
    registered once. Raises NoDefinition, NotIssuer, AlreadyImported, NothingToImport.
    """

    name = "documents.import_credentials"
    permission = ISSUE
    title = _("导入存量证照")

    def scope(self, actor: Actor, given: ImportCredentialsInput) -> str:
        """Ask for the permission in the issuing unit's division."""
        self.issuer = identity.unit(given.unit_id)
        return str(self.issuer.division_path)

    def perform(self, actor: Actor, given: ImportCredentialsInput) -> Imported:
        """Examine every row; register unless it is a rehearsal or a row is bad."""
        stored: Stored[CredentialType] = get(KIND, given.credential_type)
        if self.issuer.kind not in stored.body.issuers:
            raise NotIssuer
        digest = provider().sm3(canonical_json(given.rows)).hex()
        self._refuse_twice(given, digest)
        examined = examine(stored.body, given.rows)
        told = [RowProblemOut(line=one.line, what=one.what) for one in examined.problems]
        result = Imported(good=len(examined.ready), problems=told)
        self.about(None, rows=len(given.rows), good=result.good, rehearsal=given.dry_run)
        if given.dry_run or (told and not given.leave_out_bad):
            return result
        if not examined.ready:
            raise NothingToImport
        batch = self._register(actor, given, stored, examined, digest)
        return result.model_copy(update={"batch_id": batch.pk, "registered": batch.registered})

    def _refuse_twice(self, given: ImportCredentialsInput, digest: str) -> None:
        same = CredentialBatch.objects.filter(type_code=given.credential_type, unit=self.issuer, digest=digest)
        if same.filter(undone_at=None).exists():
            raise AlreadyImported

    def _register(
        self,
        actor: Actor,
        given: ImportCredentialsInput,
        stored: Stored[CredentialType],
        examined: Examined,
        digest: str,
    ) -> CredentialBatch:
        batch = CredentialBatch(
            name=given.name,
            type_code=stored.body.code,
            title=stored.body.title,
            unit=self.issuer,
            division_path=self.issuer.division_path,
            digest=digest,
            registered=len(examined.ready),
            left_out=len(examined.problems),
            officer_id=actor.officer_id,
            actor_name=actor.name,
        )
        first = issuing.next_serial(stored.body.code, self.issuer, len(examined.ready)) - len(examined.ready) + 1
        rows = [credential_of(stored, self.issuer, batch, row, first + n) for n, row in enumerate(examined.ready)]
        public = {"type": stored.body.type_code, "issuer": self.issuer.name, "count": len(rows), "digest": digest}
        batch.ledger_entry = ledger.append("credential.batch_imported", str(batch.pk), public).id
        batch.save(force_insert=True)
        Credential.objects.bulk_create(rows, batch_size=_CHUNK)
        CredentialEvent.objects.bulk_create([event_of(actor, row, batch) for row in rows], batch_size=_CHUNK)
        self.about(batch, rows=len(given.rows), registered=len(rows))
        return batch
