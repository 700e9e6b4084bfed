"""HTTP API: who am I, on whose behalf may I act, which units are there."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import UUID

from ninja import Router, Schema

from shuzheng.engines.identity import queries
from shuzheng.engines.identity.applications.api import router as applications
from shuzheng.engines.identity.models import Account
from shuzheng.engines.vocabulary import queries as vocabulary
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.page import page
from shuzheng.kernel.policy import OFFICER, SIGNED_IN

router = Router()
router.add_router("/applications", applications)


class PartyOut(Schema):
    """On whose behalf the account may act."""

    #: What ``/identity/acting`` takes as the choice.
    key: str
    kind: str | None
    id: UUID | None
    name: str
    ground: str
    items: list[str]
    valid_to: date | None


class MeOut(Schema):
    """Who is signed in, as whom they act and what they may do."""

    name: str
    account_id: UUID
    assurance: int
    officer: bool
    mandate_id: UUID | None
    #: The party acted for, ``None`` for an officer on duty.
    acting_for: PartyOut | None
    parties: list[PartyOut]
    #: Permissions held, each with the division paths in which it is held.
    permissions: dict[str, list[str]]


class UnitOut(Schema):
    """A unit of government."""

    id: UUID
    code: str
    name: str
    kind: str
    division_code: str
    synthetic: bool


class UnitsOut(Schema):
    """A page of units."""

    items: list[UnitOut]
    next: str | None
    previous: str | None


@router.get("/me", auth=Allow(SIGNED_IN), response=MeOut, summary="我是谁")
def me(request: Request) -> MeOut:
    """Return the signed-in account, the parties it may act for and its permissions."""
    actor = request.actor
    parties = [_party(choice) for choice in queries.parties_for(cast(Account, request.user))]
    chosen = actor.party and next((party for party in parties if party.id == actor.party.id), None)
    permissions: dict[str, list[str]] = {}
    for grant in sorted(actor.grants, key=lambda grant: (grant.permission, grant.scope)):
        permissions.setdefault(grant.permission, []).append(grant.scope)
    return MeOut(
        name=actor.name,
        account_id=cast(UUID, actor.account_id),
        assurance=actor.assurance,
        officer=actor.is_officer,
        mandate_id=actor.mandate_id,
        acting_for=chosen,
        parties=parties,
        permissions=permissions,
    )


@router.get("/units", auth=Allow(OFFICER), response=UnitsOut, summary="机构")
def units(request: Request, division: str, after: str | None = None) -> Any:
    """Return the open units within a division, by code."""
    found = queries.units_in(vocabulary.division(division).path)
    return page(found, order=("code",), after=after, size=50)


def _party(choice: queries.PartyChoice) -> PartyOut:
    party = choice.party
    return PartyOut(
        key=choice.key,
        kind=party.kind if party else None,
        id=party.id if party else None,
        name=party.name if party else "",
        ground=choice.ground,
        items=list(choice.items),
        valid_to=choice.valid_to,
    )
