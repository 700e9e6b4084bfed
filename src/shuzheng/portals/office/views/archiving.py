"""What the forms of the archives' pages do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shuzheng.engines.documents.actions import BeginUpload
from shuzheng.engines.documents.archive import exporting, queries
from shuzheng.engines.documents.archive.actions import (
    BackUpArchive,
    BeginTransfer,
    CheckFixity,
    ConfirmTransfer,
    DrillBackup,
    EnterEvent,
    FinishReview,
    JudgeLine,
    OrderDestruction,
    ProposeDestruction,
    ReceiveTransfer,
    RepairPackage,
    WithdrawDestruction,
)
from shuzheng.engines.documents.archive.actions.receiving import receipt_of
from shuzheng.engines.documents.archive.models import ArchivePackage
from shuzheng.engines.documents.archive.policies import MANAGE, READ
from shuzheng.engines.documents.receiving import append
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.portals.office.views.archives import purpose_of

Do = Callable[[Actor, QueryDict], Any]


@access(READ)
@require_POST
def export(request: Request, package_id: UUID) -> FileResponse | HttpResponseRedirect:
    """Send a package with its evidence as a zip, for the purpose that was chosen."""
    purpose = purpose_of(request.POST.get("purpose", ""))
    if not purpose:
        messages.error(request, _("请先选择利用目的，再导出。没有导出任何内容。"))
        return redirect("office:archive-package", package_id)
    try:
        package, stream = exporting.export(request.actor, package_id, purpose)
    except NotFound:
        raise
    except ShuzhengError as refused:
        messages.error(request, str(refused))
        return redirect("office:archive-package", package_id)
    return _sent(stream, f"{package.number}-v{package.version}.zip")


@access(MANAGE)
@require_POST
def batch(request: Request, transfer_id: UUID) -> FileResponse:
    """Send the file of an outgoing batch."""
    found = queries.transfer(request.actor, transfer_id)
    return _sent(exporting.batch_of(request.actor, found), f"{found.number}.zip")


@access(MANAGE)
@require_POST
def receipt(request: Request, transfer_id: UUID) -> HttpResponse:
    """Send the receipt of a batch that was taken over."""
    found = queries.transfer(request.actor, transfer_id)
    if found.outgoing:
        raise NotFound
    text = receipt_of(found).model_dump_json(indent=1)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="receipt-{found.number}.json"'
    return response


@access(MANAGE)
@require_POST
def receive_batch(request: Request) -> HttpResponse:
    """Take over the batch that was handed in."""
    incoming = cast(Any, request.FILES.get("batch"))
    if incoming is None:
        messages.error(request, _("请选择移交包文件。"))
        return redirect("office:archive-transfers")
    try:
        upload = BeginUpload.do(request.actor, name=incoming.name or "batch.zip", length=incoming.size or 0)
        append(upload, 0, incoming.read)
        done = ReceiveTransfer.do(request.actor, upload_id=upload.pk, receiver=request.POST.get("receiver", "").strip())
    except ShuzhengError as refused:
        messages.error(request, _told(refused))
        return redirect("office:archive-transfers")
    text = _("已接收 {accepted} 份，未接收 {refused} 份。请把回执交给移交方。")
    messages.success(request, text.format(accepted=done.accepted, refused=len(done.lines) - done.accepted))
    return redirect("office:archive-transfer", done.pk)


@access(READ)
@require_POST
def change(request: Request, verb: str) -> HttpResponse:
    """Do what another form of these pages asks for, and say what came of it."""
    if verb not in CHANGES:
        raise NotFound
    do, done = CHANGES[verb]
    try:
        result = do(request.actor, request.POST)
    except ShuzhengError as refused:
        messages.error(request, _told(refused))
        return redirect(_back(request.POST, None))
    messages.success(request, str(done))
    return redirect(_back(request.POST, result))


def _told(refused: ShuzhengError) -> str:
    """Return what went wrong, field by field where there are fields."""
    if isinstance(refused, InvalidInput) and refused.errors:
        return "；".join(str(problem.message) for problem in refused.errors)
    return str(refused)


def _sent(stream: Any, name: str) -> FileResponse:
    response = FileResponse(stream, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response


def _back(post: QueryDict, result: Any) -> str:
    """Return the page to which a form leads."""
    made = {"DestructionList": "office:archive-list", "ArchiveTransfer": "office:archive-transfer"}
    if route := made.get(type(result).__name__):
        return reverse(route, args=[result.pk])
    for name, route in (
        ("list_id", "office:archive-list"),
        ("package_id", "office:archive-package"),
        ("transfer_id", "office:archive-transfer"),
    ):
        try:
            return reverse(route, args=[UUID(post.get(name, ""))])
        except ValueError:
            continue
    known = {name: f"office:archive-{name}" for name in ("destruction", "fixity", "backup", "transfers")}
    return reverse(known.get(post.get("back", ""), "office:archive"))


def _named(post: QueryDict, *names: str) -> dict[str, Any]:
    """Return the fields that were filled in."""
    typed = {name: post.get(name, "").strip() for name in names}
    return {name: text for name, text in typed.items() if text}


def _by_id(action: Any, *names: str) -> Do:
    """Return what performs an action with the fields of these names."""
    return lambda actor, post: action.do(actor, _named(post, *names))


def _begin_transfer(actor: Actor, post: QueryDict) -> Any:
    """Return a transfer of the packages whose archival or case numbers were typed, a line each."""
    codes = [line.strip() for line in post.get("codes", "").splitlines() if line.strip()]
    rows = ArchivePackage.objects.filter(code__in=codes).values_list("code", "pk")
    found = dict(rows)
    if missing := [code for code in codes if code not in found]:
        raise NotFound(_("没有档号为“{code}”的档案，没有移交任何内容。请核对。").format(code=missing[0]))
    return BeginTransfer.do(actor, {**_named(post, "receiver", "sender"), "packages": list(found.values())})


CHANGES: dict[str, tuple[Do, Any]] = {
    "propose": (
        lambda actor, post: ProposeDestruction.do(
            actor, {**_named(post, "title"), "packages": post.getlist("packages")}
        ),
        gettext_lazy("已提出销毁清册，等待鉴定。没有销毁任何内容。"),
    ),
    "judge": (
        _by_id(JudgeLine, "list_id", "line_id", "verdict", "reason", "keep_until"),
        gettext_lazy("已记录鉴定意见。"),
    ),
    "finish": (_by_id(FinishReview, "list_id"), gettext_lazy("鉴定意见已提交，等待监销。")),
    "withdraw": (_by_id(WithdrawDestruction, "list_id"), gettext_lazy("已撤回，档案都在原处。")),
    "order": (_by_id(OrderDestruction, "list_id"), gettext_lazy("已监销，系统正在销毁内容并出具销毁证明。")),
    "event": (_by_id(EnterEvent, "package_id", "event_on", "reason"), gettext_lazy("已登记，保管期限从这一天起算。")),
    "repair": (_by_id(RepairPackage, "package_id"), gettext_lazy("已用完好的备份修复。")),
    "check": (
        lambda actor, post: CheckFixity.do(actor, all=True),
        gettext_lazy("已读取校验最久未读的一批档案，结果见下表。"),
    ),
    "back-up": (lambda actor, post: BackUpArchive.do(actor), gettext_lazy("已备份一批档案。")),
    "drill": (_by_id(DrillBackup, "sample"), gettext_lazy("演练完成，结果见下表。")),
    "transfer": (_begin_transfer, gettext_lazy("已生成移交清单，请下载移交包交给接收方。")),
    "confirm": (_by_id(ConfirmTransfer, "transfer_id", "receipt"), gettext_lazy("已登记回执。")),
}
