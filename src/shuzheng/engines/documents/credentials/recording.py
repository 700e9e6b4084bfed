"""Writing down what happens to a licence: its row, its history, the public ledger and an event, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shuzheng.engines.documents.credentials.models import Credential, CredentialEvent, CredentialState
from shuzheng.engines.trust import ledger
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now


@dataclass(frozen=True)
class Deed:
    """What was done to a licence, and why."""

    verb: str
    #: State from then on; empty where it stays.
    state: str = ""
    reason: str = ""
    basis: str = ""
    #: From when it holds; now if not said.
    effective_at: datetime | None = None


def record(actor: Actor, credential: Credential, deed: Deed, changed: Sequence[str] = ()) -> CredentialEvent:
    """Write a deed down: the licence's state, its history, and the ledger, which names no holder and gives no reason.

    ``changed`` names fields of the licence that are written along, with the entry of the ledger; one statement for all.
    """
    at = now()
    effective = deed.effective_at or at
    if deed.state:
        credential.state, credential.state_since = CredentialState(deed.state), effective
    content = {
        "licence": credential.identifier,
        "type": credential.type.type_code,
        "issuer": credential.unit.name,
        "state": str(credential.state),
        "effective": effective.isoformat(),
        **({"digest": credential.digest} if credential.digest else {}),
    }
    entry = ledger.append(f"credential.{deed.verb}", credential.identifier, content)
    if changed:
        credential.ledger_entry = entry.id
    if deed.state or changed:
        credential.save(update_fields=["state", "state_since", *(["ledger_entry", *changed] if changed else [])])
    return CredentialEvent.objects.create(
        credential=credential,
        at=at,
        effective_at=effective,
        verb=deed.verb,
        state=deed.state,
        reason=deed.reason,
        basis=deed.basis,
        officer_id=actor.officer_id,
        actor_name=actor.name,
        ledger_entry=entry.id,
    )
