"""Telling other systems: CloudEvents 1.0 over HTTP, signed, one request for each event."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from django.conf import settings

from shuzheng.engines.messaging.errors import ChannelDown, NotSafe
from shuzheng.engines.messaging.gateways.base import ChannelGateway, Notice, Outcome
from shuzheng.engines.messaging.gateways.outgoing import post
from shuzheng.engines.messaging.models import WebhookTarget
from shuzheng.kernel.moment import now

CLOUDEVENTS = "application/cloudevents+json; charset=utf-8"
#: Answers that say "never send me this again".
GONE = frozenset({400, 404, 410, 413, 422})


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a request: ``v1,`` and the base64 HMAC-SHA256 of id, time and body joined by dots."""
    signed = b".".join((id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def headers(secrets: list[str], id: str, body: bytes) -> dict[str, str]:
    """Return the headers under which an event is posted, with a signature under each secret."""
    timestamp = str(int(now().timestamp()))
    return {
        "Content-Type": CLOUDEVENTS,
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signature(secret, id, timestamp, body) for secret in secrets),
    }


class WebhookChannel(ChannelGateway):
    """Posts events to registered targets; a notice's address is the target's id, its text the event as JSON."""

    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Post each event once; a target that hangs costs its own time-out only."""
        targets = {str(t.pk): t for t in WebhookTarget.objects.filter(pk__in={n.address for n in notices})}
        silent: set[str] = set()
        return [self._send(targets.get(notice.address), notice, silent) for notice in notices]

    def _send(self, target: WebhookTarget | None, notice: Notice, silent: set[str]) -> Outcome:
        if target is None or not target.active:
            return Outcome("refused", "webhook", reason="target removed")
        if target.url in silent:
            return Outcome("retry", target.title[:40], reason="target is silent")
        body = notice.text.encode()
        try:
            given = headers(target.secrets(now()), str(notice.id), body)
            answer = post(target.url, body, given, timeout=settings.WEBHOOK_TIMEOUT)
        except ChannelDown as failure:
            silent.add(target.url)
            return Outcome("retry", target.title[:40], reason=str(failure.params.get("reason", "")))
        except NotSafe:
            return Outcome("refused", target.title[:40], reason="address not safe")
        if answer.status // 100 == 2:
            return Outcome("sent", target.title[:40], str(notice.id))
        state = "refused" if answer.status in GONE else "retry"
        return Outcome(state, target.title[:40], reason=f"http {answer.status}")


class TodoChannel(ChannelGateway):
    """Pushes an officer's to-do to the office system of ``SHUZHENG_OFFICE_TODO``; the address is the officer's number."""

    def send(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Post one event for each; without an office system the desk's own list is all there is."""
        return [self._send(notice) for notice in notices]

    def _send(self, notice: Notice) -> Outcome:
        if not settings.OFFICE_TODO:
            return Outcome("sent", "desk", str(notice.id))
        event = {
            "specversion": "1.0",
            "id": str(notice.id),
            "source": "/shuzheng",
            "type": "messaging.todo",
            "subject": notice.address,
            "time": now().isoformat(),
            "datacontenttype": "application/json",
            "data": {"title": notice.title, "text": notice.text},
        }
        body = json.dumps(event, ensure_ascii=False).encode()
        url, _, secret = settings.OFFICE_TODO.partition("#")
        try:
            answer = post(
                url, body, headers([secret], str(notice.id), body), timeout=settings.WEBHOOK_TIMEOUT, trusted=True
            )
        except ChannelDown as failure:
            return Outcome("retry", "office", reason=str(failure.params.get("reason", "")))
        if answer.status // 100 == 2:
            return Outcome("sent", "office", str(notice.id))
        return Outcome("retry", "office", reason=f"http {answer.status}")
