"""The verbs of forms: saving, discarding, restoring and purging drafts."""

from __future__ import annotations

from shuzheng.engines.forms.actions.discard_draft import DiscardDraft, RestoreDraft
from shuzheng.engines.forms.actions.purge_drafts import PurgeDrafts
from shuzheng.engines.forms.actions.save_draft import SaveDraft

__all__ = ["DiscardDraft", "PurgeDrafts", "RestoreDraft", "SaveDraft"]
