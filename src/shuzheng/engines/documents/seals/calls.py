"""Calls of onboarded applications to the middle platform, signed with the application's secret.

Headers: ``X-Seal-App`` (code), ``X-Seal-Time`` (seconds since 1970), ``X-Seal-Nonce`` (also the idempotency key) and
``X-Seal-Signature``: HMAC-SM3, in hexadecimal, of method, path, time, nonce and the SM3 of the body, each on a line.
"""

from __future__ import annotations

from shuzheng.engines.documents.seals.errors import BadCall
from shuzheng.engines.documents.seals.models import SealApplication
from shuzheng.engines.documents.seals.policies import STAMP_AS_APPLICATION
from shuzheng.engines.trust.crypto import provider
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.moment import now

#: Seconds by which the caller's clock may differ.
DRIFT = 300


def message(method: str, path: str, time: str, nonce: str, body: bytes) -> bytes:
    """Return what the caller signs."""
    return "\n".join((method, path, time, nonce, provider().sm3(body).hex())).encode()


class SignedCall(Allow):
    """Lets an application in whose signature is right; the request then acts as that application."""

    def __init__(self) -> None:
        """Ask for what only applications hold."""
        super().__init__(STAMP_AS_APPLICATION)

    def __call__(self, request: Request) -> bool:
        """Let the call pass. Raises BadCall, which does not say what was wrong."""
        code = request.headers.get("X-Seal-App", "")
        application = SealApplication.objects.filter(code=code, active=True).first()
        if application is None or not _fresh(request) or not _signed(request, application.secret):
            raise BadCall
        request.actor = Actor(
            name=application.name,
            account_id=application.account_id,
            channel="api",
            address=request.actor.address,
            correlation_id=request.correlation_id,
            grants=frozenset({Grant(STAMP_AS_APPLICATION)}),
        )
        return True


def _fresh(request: Request) -> bool:
    time = request.headers.get("X-Seal-Time", "")
    nonce = request.headers.get("X-Seal-Nonce", "")
    return time.isdigit() and abs(int(time) - now().timestamp()) <= DRIFT and 8 <= len(nonce) <= 100


def _signed(request: Request, secret: str) -> bool:
    told = message(
        str(request.method), request.path, request.headers["X-Seal-Time"], request.headers["X-Seal-Nonce"], request.body
    )
    try:
        tag = bytes.fromhex(request.headers.get("X-Seal-Signature", ""))
    except ValueError:
        return False
    return len(tag) == 32 and provider().hmac_sm3_matches(bytes.fromhex(secret), told, tag)
