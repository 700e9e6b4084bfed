"""Saved views of work lists."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.casework.models import SavedView
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import OFFICER


class SaveViewInput(Input):
    """A filter and its name."""

    name: str = Field(min_length=1, max_length=40)
    filters: dict[str, str] = Field(max_length=20)


class SaveView(Action[SaveViewInput, SavedView]):
    """Keep a filter of a work list under a name (保存视图); the same name is replaced."""

    name = "casework.save_view"
    permission = OFFICER
    title = _("保存视图")

    def perform(self, actor: Actor, given: SaveViewInput) -> SavedView:
        """Store the view."""
        view, _created = SavedView.objects.update_or_create(
            officer_id=actor.officer_id, name=given.name, defaults={"filters": given.filters}
        )
        return view


class DeleteViewInput(Input):
    """Which view."""

    view_id: UUID


class DeleteView(Action[DeleteViewInput, None]):
    """Delete a saved view of one's own."""

    name = "casework.delete_view"
    permission = OFFICER
    title = _("删除视图")

    def perform(self, actor: Actor, given: DeleteViewInput) -> None:
        """Delete it if it is the actor's."""
        SavedView.objects.filter(pk=given.view_id, officer_id=actor.officer_id).delete()
