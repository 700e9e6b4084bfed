"""Notifying merchants: signed, repeated until taken, also after a restart."""

from __future__ import annotations

import hmac
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from shuzheng.sandbox.acquirer.store import Store

#: Seconds between two looks, and after a first attempt that was not taken; doubled each time.
TICK, PAUSE = 0.05, 2.0


def sign(secret: str, stamp: str, what: str, body: bytes) -> str:
    """Return the HMAC-SM3 of a message in hexadecimal."""
    message = f"{stamp}\n{what}\n".encode() + body
    return hmac.new(secret.encode(), message, "sm3").hexdigest()


def notify_merchants(store: Store, secret: str, stopping: threading.Event) -> None:
    """Deliver what is due until told to stop."""
    while not stopping.wait(TICK):
        for notice in store.due_notices(time.time()):
            taken = _tell(notice["url"], notice["body"].encode(), secret)
            store.notified(notice["id"], taken=taken, due=time.time() + PAUSE * 2 ** notice["attempts"])


def _tell(url: str, body: bytes, secret: str) -> bool:
    """Notify a merchant once; taken only if the answer says SUCCESS."""
    place, stamp = urlsplit(url), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Sandbox-Timestamp": stamp,
        "X-Sandbox-Signature": sign(secret, stamp, "NOTIFY", body),
    }
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = kind(place.netloc, timeout=5)
    try:
        connection.request("POST", place.path, body, headers)
        return connection.getresponse().read(20) == b"SUCCESS"
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
