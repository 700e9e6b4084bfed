"""Stamping a batch: a few documents a transaction, so that freezing a seal never waits for two hundred."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals.actions import StampRequest
from shuzheng.engines.documents.seals.models import RequestState, SealRequest, SealRequestFile
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import Conflict, ShuzhengError

#: Documents stamped in one transaction.
STEP = 5


class BatchStopped(Conflict):
    """Something refused in the midst of a batch; what was stamped before is stamped."""

    code = "seal-batch-stopped"
    message = _("已盖 {done} 份，还有 {left} 份没有盖：{reason} 问题解决后再点“盖章”，会从没有盖的接着盖。")


def stamp_all(actor: Actor, request_id: UUID) -> SealRequest:
    """Stamp all documents of a request that are left. Raises what ``StampRequest`` raises; BatchStopped after the first step."""
    begun = False
    while True:
        try:
            request = StampRequest.do(actor, request_id=request_id, most=STEP)
        except ShuzhengError as refusal:
            if not begun:
                raise
            rows = SealRequestFile.objects.filter(request_id=request_id)
            left = rows.filter(result=None).count()
            raise BatchStopped(done=rows.count() - left, left=left, reason=str(refusal)) from refusal
        if request.state == RequestState.USED:
            return request
        begun = True
