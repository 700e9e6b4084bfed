"""My files (我的文件): the list, one of them with its versions, who may use it and who looked, and what its holder does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.documents import cards
from shuzheng.engines.documents.actions import (
    AddVersion,
    GrantUse,
    LockFile,
    RestoreVersion,
    SetRetention,
    UnlockFile,
    WithdrawUse,
)
from shuzheng.engines.documents.models import Use
from shuzheng.engines.documents.receiving import receive
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.readers import looks

#: For how long something is granted, in hours.
HOURS = [
    (24, gettext_lazy("1 天")),
    (24 * 7, gettext_lazy("7 天")),
    (24 * 30, gettext_lazy("30 天")),
    (24 * 365, gettext_lazy("1 年")),
]
PERIODS = ("1年", "3年", "5年", "10年", "永久")


@require_GET
@access(SIGNED_IN)
@never_cache
def file_list(request: Request) -> HttpResponse:
    """Show the files that the person handed in, and what others let them use."""
    show = "shared" if request.GET.get("show") == "shared" else ""
    listing = cards.shared if show else cards.mine
    context = {
        "page": listing(request.actor, request.GET.get("after")),
        "show": show,
        "tabs": [
            {"key": "", "title": _("我上传的"), "url": "?show="},
            {"key": "shared", "title": _("别人授权给我的"), "url": "?show=shared"},
        ],
        "crumbs": [(_("我的"), reverse("citizen:me")), (_("我的文件"), "")],
    }
    return render(request, "citizen/files/list.html", context)


@require_GET
@access(SIGNED_IN)
@never_cache
def file(request: Request, file_id: UUID) -> HttpResponse:
    """Show a file. Raises NoSuchFile."""
    return _page(request, file_id)


@require_POST
@access(SIGNED_IN)
@never_cache
def change(request: Request, file_id: UUID, verb: str) -> HttpResponse:
    """Do something with a file; a refusal is shown on its page, with what was typed. Raises NotFound for an unknown verb."""
    if verb not in _VERBS:
        raise NotFound
    try:
        told = _VERBS[verb](request, file_id)
    except ShuzhengError as refused:
        if refused.status in (401, 403, 404):
            raise
        return _page(request, file_id, refused)
    messages.success(request, told)
    return redirect("citizen:file", file_id)


def _page(request: Request, file_id: UUID, refused: ShuzhengError | None = None) -> HttpResponse:
    card = cards.card(file_id, request.actor, request.GET.get("after"))
    read = cards.reads(card.file, request.GET.get("reads")) if card.own else None
    person = request.actor.person_id
    context = {
        "card": card,
        "looks": looks(read.items, person or card.file.pk) if read else [],
        "more_reads": read.next if read else None,
        "mine": card.lock is not None and card.lock.holder_id == request.actor.account_id,
        "uses": [(use.value, use.label) for use in Use if use != Use.READ],
        "hours": HOURS,
        "periods": [(period, period) for period in PERIODS],
        "typed": request.POST,
        "summary": _summary(refused) if refused else [],
        "crumbs": [
            (_("我的"), reverse("citizen:me")),
            (_("我的文件"), reverse("citizen:files")),
            (card.newest.name, ""),
        ],
    }
    return render(request, "citizen/files/file.html", context, status=refused.status if refused else 200)


def _revise(request: Request, file_id: UUID) -> str:
    """Take in a new version; where it is refused, what was uploaded stays among the person's files."""
    upload = request.FILES.get("upload")
    if upload is None:
        raise InvalidInput(FieldProblem("upload", _("请选择要存入的文件。")))
    cards.card(file_id, request.actor)
    content = receive(request.actor, cast(Any, upload))
    given = {"file_id": file_id, "content_id": content.pk, "reason": request.POST.get("reason", "").strip()}
    version = AddVersion.do(request.actor, {**given, "based_on": request.POST.get("based_on") or None})
    return _("已存为第 {version} 版，以前的版本都在。").format(version=version.version)


def _restore(request: Request, file_id: UUID) -> str:
    version = RestoreVersion.do(request.actor, file_id=request.POST.get("version_id", ""), reason=_("恢复旧版本"))
    return _("已恢复，存为第 {version} 版。").format(version=version.version)


def _lock(request: Request, file_id: UUID) -> str:
    LockFile.do(request.actor, file_id=file_id)
    return _("已锁定一小时，这段时间别人不能存入新版本。")


def _unlock(request: Request, file_id: UUID) -> str:
    UnlockFile.do(request.actor, file_id=file_id)
    return _("已解除锁定。")


def _grant(request: Request, file_id: UUID) -> str:
    right = GrantUse.do(request.actor, {"file_id": file_id, "uses": _chosen(request.POST), **_typed(request.POST)})
    return _("已授权给{recipient}，随时可以收回。").format(recipient=right.recipient)


def _withdraw(request: Request, file_id: UUID) -> str:
    WithdrawUse.do(request.actor, right_id=request.POST.get("right_id", ""))
    return _("已收回，对方不能再使用。")


def _retain(request: Request, file_id: UUID) -> str:
    period = request.POST.get("period", "")
    SetRetention.do(request.actor, file_id=file_id, period=period, disposal="keep" if period == "永久" else "destroy")
    return _("留存期已设定。")


_VERBS: dict[str, Callable[[Request, UUID], str]] = {
    "revise": _revise,
    "restore": _restore,
    "lock": _lock,
    "unlock": _unlock,
    "grant": _grant,
    "withdraw": _withdraw,
    "retain": _retain,
}


def _chosen(post: QueryDict) -> list[Any]:
    return post.getlist("uses") or [Use.READ.value]


def _typed(post: QueryDict) -> dict[str, str]:
    return {name: post.get(name, "").strip() for name in ("username", "name", "purpose", "hours")}


def _summary(refused: ShuzhengError) -> list[tuple[str, str]]:
    """Return what is wrong, by field where it concerns one."""
    if isinstance(refused, InvalidInput) and refused.errors:
        return [(problem.path.partition(".")[0], str(problem.message)) for problem in refused.errors]
    return [("file", str(refused))]
