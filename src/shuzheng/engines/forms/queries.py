"""Reading forms and drafts."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from shuzheng.engines.forms.compiled import CompiledForm
from shuzheng.engines.forms.errors import NoDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.ownership import own_draft
from shuzheng.engines.forms.stored_form import form_of
from shuzheng.kernel import definition
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.page import Page, page


def form(key: str) -> CompiledForm:
    """Return the form in force today. Raises NoDefinition."""
    return form_of(definition.get("form", key))


def form_version(id: UUID) -> CompiledForm:
    """Return the version that a case or a draft is pinned to. Raises NoDefinition."""
    return form_of(definition.by_id(id))


def draft(actor: Actor, id: UUID) -> Draft:
    """Return a live draft of the actor's. Raises NoDraft."""
    found = own_draft(actor, id)
    if found.discarded_at is not None:
        raise NoDraft
    return found


def draft_for(actor: Actor, subject: str) -> Draft | None:
    """Return the live draft of the actor's account and party for a subject, or ``None``."""
    return _live(actor).filter(subject=subject, copy_of__isnull=True).first()


def drafts(actor: Actor, *, after: str | None = None, size: int = 20) -> Page[Draft]:
    """Return a page of the actor's live drafts, copies included, the latest first; answers are left in the database."""
    return page(_live(actor).defer("answers", "materials"), order=("-updated_at", "-id"), after=after, size=size)


def _live(actor: Actor) -> QuerySet[Draft]:
    if actor.account_id is None or actor.party is None:
        return Draft.objects.none()
    return Draft.objects.filter(account_id=actor.account_id, party_id=actor.party.id, discarded_at__isnull=True)
