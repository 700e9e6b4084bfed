"""Registering the rows of a table that a second officer confirmed: licences, their history, the entry of the ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, time

from shuzheng.engines.documents.credentials import issuing
from shuzheng.engines.documents.credentials.identifier import Identifier, issuer_code, new_code
from shuzheng.engines.documents.credentials.importing.examining import Ready
from shuzheng.engines.documents.credentials.models import (
    Credential,
    CredentialBatch,
    CredentialEvent,
    CredentialState,
    Origin,
)
from shuzheng.engines.documents.credentials.types import CredentialType
from shuzheng.engines.identity.models import OrgUnit, Person
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored
from shuzheng.kernel.moment import ZONE, now

_CHUNK = 1000


def register_all(actor: Actor, stored: Stored[CredentialType], batch: CredentialBatch, ready: Sequence[Ready]) -> None:
    """Register the rows of a batch, whose own copy of them is emptied.

    The ledger has their digest under the batch's salt: whoever has the table and the salt can prove what was registered,
    and nobody finds out by guessing.
    """
    unit, count = batch.unit, len(ready)
    first = issuing.next_serial(stored.body.code, unit, count) - count + 1
    licences = [_credential_of(stored, unit, batch, row, first + n) for n, row in enumerate(ready)]
    digest = provider().sm3(f"{batch.salt}{batch.rows}".encode()).hex()
    public = {"type": stored.body.type_code, "issuer": unit.name, "count": count, "digest": digest}
    batch.ledger_entry = ledger.append("credential.batch_imported", str(batch.pk), public).id
    batch.rows, batch.confirmed_at, batch.registered = "", now(), count
    batch.checker_id, batch.checker_name = actor.officer_id, actor.name
    batch.save(update_fields=["ledger_entry", "rows", "confirmed_at", "registered", "checker", "checker_name"])
    Credential.objects.bulk_create(licences, batch_size=_CHUNK)
    CredentialEvent.objects.bulk_create([_event_of(actor, one, batch) for one in licences], batch_size=_CHUNK)


def _credential_of(
    stored: Stored[CredentialType], unit: OrgUnit, batch: CredentialBatch, row: Ready, serial: int
) -> Credential:
    """Return a licence valid from its own first day, under its own identifier or the next serial number."""
    type = stored.body
    identifier = row.identifier or Identifier(
        type.type_code, issuer_code(unit.division_code, unit.kind), f"{serial:09}"
    )
    return Credential(
        identifier=str(identifier),
        number=row.number,
        code=new_code(),
        type_code=type.code,
        type_id=stored.id,
        title=type.title,
        holder_kind="person" if isinstance(row.holder, Person) else "legal",
        holder_id=row.holder.pk,
        holder_name=row.holder.name,
        content=json.dumps(row.content, ensure_ascii=False),
        unit=unit,
        division_path=unit.division_path,
        # The item that issues such licences, for which the seal is granted.
        item_code=type.items[0] if type.items else "",
        origin=Origin.IMPORT,
        version=identifier.version,
        state=CredentialState.VALID,
        state_since=_begin(row),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        batch=batch,
        synthetic=type.synthetic,
    )


def _begin(row: Ready) -> datetime:
    return datetime.combine(row.valid_from, time(), ZONE)


def _event_of(actor: Actor, row: Credential, batch: CredentialBatch) -> CredentialEvent:
    """Return the first line of its history."""
    return CredentialEvent(
        credential=row,
        effective_at=row.state_since,
        verb="imported",
        state=CredentialState.VALID,
        reason=batch.name,
        officer_id=actor.officer_id,
        actor_name=actor.name,
        ledger_entry=batch.ledger_entry,
    )
