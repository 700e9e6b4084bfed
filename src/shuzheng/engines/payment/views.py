"""Where channels tell of payments. Nobody signs in; the channel's signature decides."""

from __future__ import annotations

import structlog
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shuzheng.engines.payment import paying
from shuzheng.engines.payment.errors import Forged
from shuzheng.engines.payment.gateways import channel
from shuzheng.kernel import audit
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC

#: A notification larger than this is none.
LARGEST = 64 * 1024
log = structlog.get_logger()


@csrf_exempt
@require_POST
@access(PUBLIC)
def notify(request: Request, name: str) -> HttpResponse:
    """Take a notification: keep what it says, then acknowledge it; a forged one is refused and recorded.

    Nothing is acknowledged before it is committed, so that the channel tells us again if we fail in between.
    """
    gateway = channel(name)
    body = request.read(LARGEST + 1)
    try:
        if len(body) > LARGEST:
            raise Forged
        notice = gateway.read_notice(request.headers, body)
    except (Forged, ValueError, KeyError, TypeError, AttributeError) as problem:
        log.warning("payment_notification_forged", channel=name, address=request.actor.address)
        audit.record(
            audit.Entry(
                kind="act", name="payment.notify", actor=request.actor, result="refused", detail={"channel": name}
            )
        )
        raise Forged from problem
    paying.take(name, notice)
    kind, answer = gateway.acknowledgement()
    return HttpResponse(answer, content_type=kind)
