"""Checks of a connected application: its signature as we accept it, and its receiver of our events."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from secrets import token_hex
from uuid import uuid4

from shuzheng.cli.conformance.kit import Answer, Check, Fetch, need
from shuzheng.engines.identity.applications import key_kinds, signing
from shuzheng.engines.messaging.gateways import webhook

#: Seconds in which a receiver must answer; it does its work afterwards.
PROMPT = 5
SELF = "/api/identity/applications/self"
REFUSED = frozenset({400, 401, 403})


@dataclass(frozen=True)
class Application:
    """The side to be tried: our API as the application calls it, or its own receiver."""

    fetch: Fetch
    #: Id of its key.
    code: str
    secret: str

    def call(self, *, at: int | None = None, nonce: str = "", secret: str = "") -> Answer:
        """Ask our API, signed with a shared secret, whom it takes the caller for."""
        key = secret or self.secret
        message = signing.Message("GET", SELF, "", {}, b"")
        headers = signing.sign(
            message,
            self.code,
            at or int(time.time()),
            nonce or token_hex(16),
            lambda told: key_kinds.tag("hmac-sm3", key, told),
        )
        return self.fetch("GET", SELF, {"Accept": "application/json", **headers})

    def tell(self, id: str, *, secret: str = "", late: int = 0) -> Answer:
        """Post an event to the receiver, signed, as if ``late`` seconds ago."""
        event = {
            "specversion": "1.0",
            "id": id,
            "source": "/shuzheng/conformance",
            "type": "conformance.tried",
            "time": "2026-01-01T00:00:00+08:00",
            "datacontenttype": "application/json",
            "data": {},
        }
        body = json.dumps(event).encode()
        stamp = str(int(time.time()) - late)
        headers = {
            "Content-Type": webhook.CLOUDEVENTS,
            "webhook-id": id,
            "webhook-timestamp": stamp,
            "webhook-signature": webhook.signature(secret or self.secret, id, stamp, body),
        }
        return self.fetch("POST", "", headers, body)


def _accepted(application: Application) -> str:
    answer = application.call()
    need(answer.status == 200, f"a signed request is answered with {answer.status}; check key id, secret and clock")
    return "the signature is accepted"


def _forged(application: Application) -> str:
    answer = application.call(secret=token_hex(16))
    need(answer.status == 401, f"a forged signature is answered with {answer.status}")
    return "401"


def _replayed(application: Application) -> str:
    nonce = token_hex(16)
    application.call(nonce=nonce)
    answer = application.call(nonce=nonce)
    need(answer.status == 401, f"a nonce used twice is answered with {answer.status}")
    return "401"


def _stale(application: Application) -> str:
    answer = application.call(at=int(time.time()) - 3600)
    need(answer.status == 401, f"a request of an hour ago is answered with {answer.status}")
    return "401"


def _takes(receiver: Application) -> str:
    started = time.monotonic()
    answer = receiver.tell(str(uuid4()))
    took = time.monotonic() - started
    need(answer.status // 100 == 2, f"an event is answered with {answer.status}")
    need(took <= PROMPT, f"answered after {took:.1f} s")
    return f"{answer.status} after {took:.1f} s"


def _refuses_forged(receiver: Application) -> str:
    answer = receiver.tell(str(uuid4()), secret=token_hex(16))
    need(answer.status in REFUSED, f"a forged signature is answered with {answer.status}")
    return str(answer.status)


def _refuses_stale(receiver: Application) -> str:
    answer = receiver.tell(str(uuid4()), late=3600)
    need(answer.status in REFUSED, f"an event signed an hour ago is answered with {answer.status}")
    return str(answer.status)


def _repeats(receiver: Application) -> str:
    id = str(uuid4())
    first, second = receiver.tell(id), receiver.tell(id)
    need(second.status // 100 == 2, f"a repeated event is answered with {second.status}")
    need(first.body == second.body, "a repeated event is answered otherwise than the first time")
    return "answered alike"


APPLICATION: tuple[Check[Application], ...] = (
    Check("own signature", "RFC 9421; GB/T 32905 (HMAC-SM3); GB/T 15843.4", _accepted),
    Check("forged signature", "GB/T 15843.4", _forged),
    Check("replay", "GB/T 15843.4", _replayed),
    Check("stale request", "GB/T 15843.4", _stale),
)
RECEIVER: tuple[Check[Application], ...] = (
    Check("takes events", "CloudEvents 1.0 HTTP binding §3.2", _takes),
    Check("refuses forged events", "Standard Webhooks 1.0", _refuses_forged),
    Check("refuses stale events", "Standard Webhooks 1.0", _refuses_stale),
    Check("takes a repetition once", "CloudEvents 1.0 (id); Standard Webhooks 1.0", _repeats),
)
