"""Whose draft it is."""

from __future__ import annotations

from uuid import UUID

from shuzheng.engines.forms.errors import NoDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.error import NotPermitted


def require_party(actor: Actor) -> Party:
    """Return on whose behalf the actor fills in. Raises NotPermitted for nobody's account or an officer on duty."""
    if actor.account_id is None or actor.party is None:
        raise NotPermitted
    return actor.party


def own_draft(actor: Actor, id: UUID, *, lock: bool = False) -> Draft:
    """Return a draft of the actor's account for the party acted for, discarded ones too. Raises NoDraft."""
    party = require_party(actor)
    drafts = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects
    draft = drafts.filter(pk=id, account_id=actor.account_id, party_id=party.id).first()
    if draft is None:
        raise NoDraft
    return draft
