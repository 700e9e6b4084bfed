"""Saving a draft, by hand or by itself while somebody types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.forms.binding import progress
from shuzheng.engines.forms.context import FormContext
from shuzheng.engines.forms.drafting import cleaned, cleaned_reasons, same_content
from shuzheng.engines.forms.errors import TooManyDrafts
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.forms.ownership import own_draft, require_party
from shuzheng.engines.forms.sealing import seal_answers
from shuzheng.engines.forms.stored_form import form_of
from shuzheng.kernel import definition
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import TooLarge
from shuzheng.kernel.input import Input, canonical_json
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN

#: Most copies of one draft.
MOST_COPIES = 10
#: Most bytes of materials.
MOST_BYTES = 64 * 1024


class SaveDraftInput(Input):
    """What was filled in so far; it need not be valid."""

    forgiven = frozenset({"answers"})
    #: What the draft is for, e.g. the code of a service item.
    subject: str = Field(min_length=1, max_length=120)
    #: The version of the form on the page.
    form_id: UUID
    #: Raw answers as ``read_post`` returns them; answers that the form does not ask for are dropped.
    answers: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    materials: dict[str, Any] = {}
    #: The draft on the page and its revision; none on a page that has not saved yet.
    draft_id: UUID | None = None
    revision: int | None = None


class SaveDraft(Action[SaveDraftInput, Draft]):
    """Save a draft (保存草稿) and return it.

    If another page or device has saved meanwhile, this page's content is kept as a copy: the draft returned is then
    another one, with ``is_copy``, and the page must say so and go on with it. Saving the same content twice changes
    nothing. Raises NoDraft, NoDefinition, TooLarge, TooManyDrafts.
    """

    name = "forms.save_draft"
    permission = SIGNED_IN
    title = _("保存草稿")

    def perform(self, actor: Actor, given: SaveDraftInput) -> Draft:
        """Write the draft, or a copy where it was changed meanwhile."""
        draft = self._draft(actor, given)
        present = own_draft(actor, given.draft_id, lock=True) if given.draft_id else self._claim(draft)
        if present is draft:
            return self._done(draft, created=True)
        if same_content(present, draft):
            return self._done(present)
        if present.discarded_at is None and given.draft_id and present.revision == given.revision:
            return self._done(_overwrite(present, draft))
        return self._done(self._copy(present, draft), copied=True)

    def _draft(self, actor: Actor, given: SaveDraftInput) -> Draft:
        """Build the draft that the page describes, without storing it."""
        party = require_party(actor)
        form = form_of(definition.by_id(given.form_id))
        answers = cleaned(form, given.answers)
        if len(canonical_json(given.materials)) > MOST_BYTES:
            raise TooLarge
        return Draft(
            account_id=actor.account_id,
            party_id=party.id,
            party_kind=party.kind,
            subject=given.subject,
            form_id=given.form_id,
            form_key=form.key,
            answers=seal_answers(form, answers),
            reasons=cleaned_reasons(form, given.reasons),
            materials=given.materials,
            progress=progress(form, answers, FormContext(actor=actor)),
        )

    def _claim(self, draft: Draft) -> Draft:
        """Store the first draft of a subject, or return the one that is there already."""
        Draft.objects.bulk_create([draft], ignore_conflicts=True)
        live = Draft.objects.select_for_update().get(
            account_id=draft.account_id,
            party_id=draft.party_id,
            subject=draft.subject,
            copy_of__isnull=True,
            discarded_at__isnull=True,
        )
        return draft if live.pk == draft.pk else live

    def _copy(self, present: Draft, draft: Draft) -> Draft:
        original = present.copy_of or present
        copies = list(Draft.objects.filter(copy_of=original, discarded_at__isnull=True)[:MOST_COPIES])
        twin = next((copy for copy in copies if same_content(copy, draft)), None)
        if twin is not None:
            return twin
        if len(copies) >= MOST_COPIES:
            raise TooManyDrafts
        draft.copy_of = original
        draft.save(force_insert=True)
        return draft

    def _done(self, draft: Draft, *, created: bool = False, copied: bool = False) -> Draft:
        self.about(draft, form=draft.form_key, revision=draft.revision, created=created, copied=copied)
        return draft


def _overwrite(present: Draft, draft: Draft) -> Draft:
    changed = ["form_id", "form_key", "answers", "reasons", "materials", "progress"]
    for name in changed:
        setattr(present, name, getattr(draft, name))
    present.revision += 1
    present.updated_at = now()
    present.save(update_fields=[*changed, "revision", "updated_at"])
    return present
