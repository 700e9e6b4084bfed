"""Requests of other systems, proved by a signature instead of a sign-in."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace

from django.db import IntegrityError, transaction

from shuzheng.engines.messaging.errors import BadSignature
from shuzheng.engines.messaging.freshness import fresh
from shuzheng.engines.messaging.models import Application, Nonce
from shuzheng.engines.messaging.policies import SUBMIT
from shuzheng.kernel.actor import ANYBODY, Grant
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request

NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


def signature(secret: str, timestamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """Return what an application sends as ``X-Signature``: hex HMAC-SM3 of the lines time, nonce, method, path and the body."""
    head = "\n".join((timestamp, nonce, method, path)).encode() + b"\n"
    return hmac.new(secret.encode(), head + body, lambda data=b"": hashlib.new("sm3", data)).hexdigest()


class SignedApplication(Allow):
    """Lets an onboarded application pass and makes it the actor; a request comes through once."""

    def __init__(self) -> None:
        """Applications may hand in notices, nothing else."""
        super().__init__(SUBMIT)

    def __call__(self, request: Request) -> bool:
        """Compare the signature in constant time, then use up the nonce. Raises BadSignature."""
        headers = request.headers
        application = Application.objects.filter(code=headers.get("X-Application", ""), active=True).first()
        timestamp, nonce = headers.get("X-Timestamp", ""), headers.get("X-Nonce", "")
        secret = application.secret if application else "nobody"
        expected = signature(secret, timestamp, nonce, request.method or "", request.get_full_path(), request.body)
        right = hmac.compare_digest(expected.encode(), headers.get("X-Signature", "").encode())
        plausible = fresh(timestamp) and NONCE.fullmatch(nonce)
        if application is None or not right or not plausible:
            raise BadSignature
        _use_up(application, nonce)
        request.actor = replace(
            ANYBODY,
            name=application.title,
            channel="api",
            address=request.META.get("REMOTE_ADDR", ""),
            correlation_id=request.correlation_id,
            grants=frozenset({Grant(SUBMIT)}),
        )
        setattr(request, "application", application)
        return True


class SignedReceipts(Allow):
    """Lets providers call; the operation itself asks the provider whether the signature is its own."""

    def __call__(self, request: Request) -> bool:
        """Let the request pass: there is no session that a foreign page could abuse."""
        return True


def application_of(request: Request) -> Application:
    """Return the application that signed a request."""
    application = getattr(request, "application", None)
    assert isinstance(application, Application)
    return application


def _use_up(application: Application, nonce: str) -> None:
    try:
        with transaction.atomic():
            Nonce.objects.create(application=application, nonce=nonce)
    except IntegrityError:
        raise BadSignature from None
