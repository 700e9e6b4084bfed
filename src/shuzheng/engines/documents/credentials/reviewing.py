"""What the second officer reads of tables that wait: which there are, and one's rows, masked and on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shuzheng.engines.documents.credentials.errors import NoSuchCredential
from shuzheng.engines.documents.credentials.importing.examining import Holder, RowProblem, examine
from shuzheng.engines.documents.credentials.importing.interests import own_parties, record_asked
from shuzheng.engines.documents.credentials.models import CredentialBatch
from shuzheng.engines.documents.credentials.policies import DECIDE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity.models import Person
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import may

#: Rows that one page shows.
SIZE = 50


@dataclass(frozen=True)
class Line:
    """A row as the second officer sees it; people masked."""

    holder: str
    holder_number: str
    number: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class Sheet:
    """A part of a table that waits."""

    batch: CredentialBatch
    lines: list[Line]
    #: What cannot be registered by now, or not by this officer.
    problems: list[RowProblem]
    start: int
    #: Where the next part begins; ``None`` after the last.
    following: int | None
    #: The actor entered it.
    own: bool


def waiting_batches(actor: Actor, after: str | None = None) -> Page[CredentialBatch]:
    """Return the tables of the actor's own units that wait for a second officer, the oldest first."""
    rows = CredentialBatch.objects.filter(unit_id__in=actor.unit_ids, confirmed_at=None, undone_at=None)
    return page(rows.select_related("unit").defer("rows"), order=("created_at", "id"), after=after)


def sheet(actor: Actor, batch_id: UUID, start: int = 0) -> Sheet:
    """Return a part of a table that waits in the actor's own unit; that its holders were read is recorded.

    Raises NoSuchCredential.
    """
    waits = CredentialBatch.objects.filter(pk=batch_id, unit_id__in=actor.unit_ids, confirmed_at=None, undone_at=None)
    batch = waits.select_related("unit", "officer").first()
    if batch is None or not may(actor, DECIDE, str(batch.division_path)):
        raise NoSuchCredential
    type: CredentialType = get(KIND, batch.type_code).body
    rows = batch.kept_rows()
    examined = examine(type, rows[start : start + SIZE], own_parties(actor))
    record_asked(actor, examined, "documents.review_import")
    lines = [Line(*_holder(one.holder), one.number, one.valid_from, one.valid_until) for one in examined.ready]
    following = start + SIZE if start + SIZE < len(rows) else None
    maker = batch.officer
    own = maker is not None and (maker.pk == actor.officer_id or maker.person_id == actor.person_id)
    return Sheet(batch, lines, examined.problems, start, following, own)


def _holder(holder: Holder) -> tuple[str, str]:
    if isinstance(holder, Person):
        return mask(holder.name, "person_name"), mask(holder.id_number, "id_number")
    return holder.name, holder.uscc
