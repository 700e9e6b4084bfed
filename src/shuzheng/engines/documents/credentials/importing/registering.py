"""Rows of a licence that is taken over, and of its history."""

from __future__ import annotations

import json
from datetime import datetime, time

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
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored
from shuzheng.kernel.moment import ZONE


def credential_of(
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


def event_of(actor: Actor, row: Credential, batch: CredentialBatch) -> CredentialEvent:
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
