"""A file handed in with a case, for officials: its version, lock, what they may do with it, how long it is kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.documents import cards, writing
from shuzheng.engines.documents.actions import BreakLock, HoldFile, ReleaseFile, SetRetention
from shuzheng.engines.documents.errors import FollowsArchive, HeldByOther
from shuzheng.engines.documents.policies import RETAIN, UNLOCK
from shuzheng.kernel.error import InvalidInput, NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER

_VERBS = {
    "unlock": (BreakLock, gettext_lazy("已强制解除锁定，原因已记录。")),
    "hold": (HoldFile, gettext_lazy("已停止销毁。")),
    "release": (ReleaseFile, gettext_lazy("已解除停止销毁。")),
    "retain": (SetRetention, gettext_lazy("留存期已设定。")),
}
#: For how long officials have files kept.
PERIODS = ("1年", "3年", "5年", "10年", "30年", "永久")


@access(OFFICER)
@never_cache
@require_GET
def file(request: Request, file_id: UUID) -> HttpResponse:
    """Show a file. Raises NoSuchFile."""
    return _page(request, file_id)


@access(OFFICER)
@never_cache
@require_POST
def change(request: Request, file_id: UUID, verb: str) -> HttpResponse:
    """Take a lock away, hold a file, release it or have it kept, for a reason. Raises NotFound for an unknown verb, NotPermitted."""
    if verb not in _VERBS:
        raise NotFound
    action, told = _VERBS[verb]
    try:
        action.do(request.actor, {"file_id": file_id, **_given(request, verb)})
    except (HeldByOther, FollowsArchive) as refused:
        messages.error(request, str(refused))
        return redirect("office:file", file_id)
    except InvalidInput as refused:
        return _page(request, file_id, refused)
    messages.success(request, told)
    return redirect("office:file", file_id)


def _given(request: Request, verb: str) -> dict[str, str]:
    """Return what was entered; an official has a file kept, and never sets it to be destroyed."""
    if verb == "retain":
        basis = request.POST.get("basis", "").strip()
        return {"period": request.POST.get("period", ""), "disposal": "keep", "basis": basis}
    return {"reason": request.POST.get("reason", "").strip()}


def _page(request: Request, file_id: UUID, refused: InvalidInput | None = None) -> HttpResponse:
    card = cards.card(file_id, request.actor, request.GET.get("after"))
    context = {
        "card": card,
        "may_unlock": writing.official(request.actor, UNLOCK, card.file),
        "may_hold": writing.official(request.actor, RETAIN, card.file),
        "summary": [(problem.path, str(problem.message)) for problem in refused.errors] if refused else [],
        "periods": [(period, period) for period in PERIODS],
        "typed": request.POST,
    }
    return render(request, "office/file.html", context, status=422 if refused else 200)
