"""Applications that were not sent yet."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.casework.queries import items_titled
from shuzheng.engines.forms import queries
from shuzheng.engines.forms.actions import DiscardDraft, RestoreDraft
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN


@require_GET
@access(SIGNED_IN)
def drafts(request: Request) -> HttpResponse:
    """List the drafts of the party acted for."""
    page = queries.drafts(request.actor, after=request.GET.get("after"))
    titles = items_titled(draft.subject for draft in page.items)
    return render(request, "citizen/drafts.html", {"page": page, "titles": titles, "gone": request.GET.get("gone", "")})


@require_POST
@access(SIGNED_IN)
def discard(request: Request, draft_id: UUID) -> HttpResponse:
    """Discard a draft; the list offers to bring it back."""
    DiscardDraft.do(request.actor, draft_id=draft_id)
    return redirect(f"/drafts/?gone={draft_id}")


@require_POST
@access(SIGNED_IN)
def restore(request: Request, draft_id: UUID) -> HttpResponse:
    """Bring a discarded draft back."""
    RestoreDraft.do(request.actor, draft_id=draft_id)
    messages.success(request, _("已恢复。"))
    return redirect("citizen:drafts")
