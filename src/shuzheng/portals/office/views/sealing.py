"""What the forms of the seals' pages do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.documents.seals.actions import (
    ApproveSealUse,
    FileSeal,
    FreezeSeal,
    GrantSeal,
    MakeSeal,
    RefuseSealUse,
    RenewSeal,
    RequestSealUse,
    RevokeSeal,
    RevokeSealGrant,
    UnfreezeSeal,
    WithdrawSealRequest,
)
from shuzheng.engines.documents.seals.batching import stamp_all
from shuzheng.engines.identity.models import Officer, Post
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER
from shuzheng.portals.office.outcome import told
from shuzheng.portals.office.views.seals import ask_again

Do = Callable[[Actor, QueryDict], Any]


@access(OFFICER)
@require_POST
def request_use(request: Request, grant_id: UUID) -> HttpResponse:
    """Hand in a request for a seal; what was typed stays when something is wrong."""
    post = request.POST
    try:
        files = [UUID(one) for one in post.getlist("files") if one]
        files += [receive(request.actor, cast(Any, upload)).pk for upload in request.FILES.getlist("files")]
        given = {**_named(post, "seal_id", "title", "reason", "document_kind", "item_code"), "files": files}
        done = RequestSealUse.do(request.actor, {**given, "place": _place(post)})
    except InvalidInput as refused:
        errors = {problem.path.partition(".")[0]: str(problem.message) for problem in refused.errors}
        return ask_again(request, grant_id, post, errors or {"title": str(refused)})
    except (ShuzhengError, ValueError) as refused:
        return ask_again(request, grant_id, post, {"title": str(refused)})
    messages.success(request, _("已提交用印申请，审批通过后可以盖章。"))
    return redirect("office:seal-request", done.pk)


@access(OFFICER)
@require_POST
def change(request: Request, verb: str) -> HttpResponse:
    """Do what another form of these pages asks for, and say what came of it."""
    if verb not in CHANGES:
        raise NotFound
    do, done = CHANGES[verb]
    back = _back(request.POST)
    with told(request, done):
        do(request.actor, request.POST)
    return redirect(back)


def _back(post: QueryDict) -> str:
    """Return the page to which a form leads; only pages of seals are known."""
    for name, route in (("request_id", "office:seal-request"), ("seal_id", "office:seal")):
        try:
            return reverse(route, args=[UUID(post.get(name, ""))])
        except ValueError:
            continue
    known = {"manage": "office:seal-manage"}
    return reverse(known.get(post.get("back", ""), "office:seals"))


def _named(post: QueryDict, *names: str) -> dict[str, Any]:
    """Return the fields that were filled in."""
    typed = {name: post.get(name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}


def _words(post: QueryDict, name: str) -> list[str]:
    return post.get(name, "").replace("，", " ").replace("、", " ").replace(",", " ").split()


def _place(post: QueryDict) -> dict[str, Any]:
    if post.get("where") == "riding":
        return _named(post, "edge", "along")
    return _named(post, "page", "x", "y")


def _grant(actor: Actor, post: QueryDict) -> Any:
    given = _named(post, "seal_id", "application_id", "valid_from", "valid_to", "most_uses", "place", "reason")
    given |= {name: _words(post, name) for name in ("item_codes", "networks")}
    given |= {"document_kinds": post.getlist("document_kinds"), "standing": post.get("standing") == "on"}
    if number := post.get("number", "").strip():
        officer = Officer.objects.filter(number=number).first()
        if officer is None:
            raise NotFound(_("没有这个工号，请核对。"))
        given["officer_id"] = officer.pk
    if post_id := post.get("post_id", ""):
        held = Post.objects.filter(pk=post_id).first()
        if held is None:
            raise NotFound(_("没有这个岗位，请重新选择。"))
        given |= {"unit_id": held.unit_id, "post_code": held.code}
    if post.get("process") == "on":
        given["process"] = True
    return GrantSeal.do(actor, given)


def _request_id(post: QueryDict) -> UUID:
    try:
        return UUID(post.get("request_id", ""))
    except ValueError:
        raise NotFound from None


def _by_id(action: Any, *names: str) -> Do:
    """Return what performs an action with the fields of these names."""
    return lambda actor, post: action.do(actor, _named(post, *names))


CHANGES: dict[str, tuple[Do, Any]] = {
    "file": (
        lambda actor, post: FileSeal.do(
            actor,
            {
                **_named(post, "code", "police_record", "name", "kind", "purpose", "unit_id"),
                "key_seal": post.get("key_seal") == "on",
            },
        ),
        gettext_lazy("已备案，可以制章。"),
    ),
    "make": (_by_id(MakeSeal, "seal_id", "months"), gettext_lazy("已制章，授权以后可以使用。")),
    "renew": (_by_id(RenewSeal, "seal_id", "months"), gettext_lazy("已更新证书，已批准的申请可以直接盖章。")),
    "freeze": (_by_id(FreezeSeal, "seal_id", "reason"), gettext_lazy("已冻结，解冻以前不能盖章。")),
    "unfreeze": (_by_id(UnfreezeSeal, "seal_id", "reason"), gettext_lazy("已解冻。")),
    "revoke": (_by_id(RevokeSeal, "seal_id", "reason"), gettext_lazy("已撤销，密钥已销毁；此前盖的章仍然有效。")),
    "grant": (_grant, gettext_lazy("已授权。")),
    "revoke-grant": (_by_id(RevokeSealGrant, "grant_id"), gettext_lazy("已收回授权。")),
    "approve": (_by_id(ApproveSealUse, "request_id"), gettext_lazy("已批准。")),
    "refuse": (_by_id(RefuseSealUse, "request_id", "remark"), gettext_lazy("已退回申请人。")),
    "withdraw": (_by_id(WithdrawSealRequest, "request_id"), gettext_lazy("已撤回。")),
    "stamp": (lambda actor, post: stamp_all(actor, _request_id(post)), gettext_lazy("已盖章，并记入公开账本。")),
}
