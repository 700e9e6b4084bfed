"""Discarding a draft, and bringing it back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.forms.errors import NoDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.models.draft import UNDO_DAYS
from shuzheng.engines.forms.ownership import own_draft
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class DraftInput(Input):
    """Which draft."""

    draft_id: UUID


class DiscardDraft(Action[DraftInput, Draft]):
    """Discard a draft (删除草稿); it can be brought back for seven days. Raises NoDraft."""

    name = "forms.discard_draft"
    permission = SIGNED_IN
    title = _("删除草稿")

    def perform(self, actor: Actor, given: DraftInput) -> Draft:
        """Mark the draft; a draft discarded already stays so."""
        draft = own_draft(actor, given.draft_id, lock=True)
        if draft.discarded_at is None:
            draft.discarded_at = now()
            draft.save(update_fields=["discarded_at"])
        self.about(draft)
        return draft


class RestoreDraft(Action[DraftInput, Draft]):
    """Bring a discarded draft back (撤销删除), as a copy if another was begun meanwhile. Raises NoDraft after seven days."""

    name = "forms.restore_draft"
    permission = SIGNED_IN
    title = _("恢复草稿")

    def perform(self, actor: Actor, given: DraftInput) -> Draft:
        """Take the mark away."""
        draft = own_draft(actor, given.draft_id, lock=True)
        self.about(draft)
        if draft.discarded_at is None:
            return draft
        if draft.discarded_at < now() - timedelta(days=UNDO_DAYS):
            raise NoDraft
        draft.copy_of = draft.copy_of or _live_twin(draft)
        draft.discarded_at = None
        draft.updated_at = now()
        draft.save(update_fields=["copy_of", "discarded_at", "updated_at"])
        return draft


def _live_twin(draft: Draft) -> Draft | None:
    """Return the draft that was begun in place of a discarded one."""
    twins = Draft.objects.filter(
        account_id=draft.account_id,
        party_id=draft.party_id,
        subject=draft.subject,
        discarded_at__isnull=True,
        copy_of__isnull=True,
    )
    return twins.first()
