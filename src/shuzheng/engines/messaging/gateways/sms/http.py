"""An SMS provider over HTTP: JSON signed with HMAC-SHA256, the shape that the clouds here have in common.

Request: headers ``X-App-Key``, ``X-Timestamp`` (seconds), ``X-Nonce``, ``X-Signature`` = hex HMAC-SHA256 of
``timestamp \\n nonce \\n body``. Receipts come back to ``/api/messaging/receipts/<name>``, signed the same way.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.conf import settings

from shuzheng.engines.messaging.errors import BadSignature, ChannelDown
from shuzheng.engines.messaging.freshness import fresh
from shuzheng.engines.messaging.gateways.base import Notice, Outcome, Receipt
from shuzheng.engines.messaging.gateways.outgoing import post
from shuzheng.engines.messaging.gateways.sms.provider import SmsProvider
from shuzheng.kernel.moment import now

#: Codes of an answer by which the provider says that trying again is of no use.
FINAL = frozenset({"bad-number", "blacklisted", "forbidden-words"})
#: Notices of one request.
CHUNK = 100


def sign(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Return the signature of a request."""
    return hmac.new(secret.encode(), f"{timestamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


class HttpProvider(SmsProvider):
    """One request for up to a hundred messages; ``out_id`` lets the provider recognise a repetition."""

    def __init__(self, name: str, url: str, key: str, secret: str, sign_name: str = "数政") -> None:
        """Take the address and the account; ``sign_name`` (签名) is put before the text."""
        self.name, self.url, self.key, self.secret, self.sign_name = name, url, key, secret, sign_name

    def submit(self, notices: Sequence[Notice]) -> list[Outcome]:
        """Hand notices over by chunks; after a silence the rest is not tried."""
        outcomes: list[Outcome] = []
        for start in range(0, len(notices), CHUNK):
            outcomes += self._submit(notices[start : start + CHUNK])
            if outcomes[-1].state == "retry":
                break
        return outcomes + [outcomes[-1]] * (len(notices) - len(outcomes))

    def _submit(self, notices: Sequence[Notice]) -> list[Outcome]:
        wanted = [{"out_id": str(n.id), "mobile": n.address, "text": f"【{self.sign_name}】{n.text}"} for n in notices]
        body = json.dumps({"messages": wanted}, ensure_ascii=False).encode()
        try:
            answer = post(self.url, body, self._headers(body), timeout=settings.SMS_TIMEOUT, trusted=True)
            found = json.loads(answer.body) if answer.status == 200 else {}
            results = {str(result["out_id"]): result for result in found.get("results", [])}
        except (ChannelDown, ValueError, KeyError, TypeError, AttributeError) as failure:
            reason = failure.params.get("reason", "silent") if isinstance(failure, ChannelDown) else "unreadable"
            return [Outcome("retry", self.name, reason=str(reason)) for _notice in notices]
        missing = {"code": f"http {answer.status}"}
        return [self._outcome(results.get(str(notice.id), missing)) for notice in notices]

    def _outcome(self, result: dict[str, Any]) -> Outcome:
        code = str(result.get("code", ""))
        if code == "ok":
            return Outcome("sent", self.name, str(result.get("id", ""))[:80])
        return Outcome("refused" if code in FINAL else "retry", self.name, reason=code[:200])

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp, nonce = str(int(now().timestamp())), token_hex(16)
        return {
            "Content-Type": "application/json",
            "X-App-Key": self.key,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": sign(self.secret, timestamp, nonce, body),
        }

    def read_receipts(self, headers: dict[str, str], body: bytes) -> list[Receipt]:
        """Return the receipts of a call from the provider. Raises BadSignature if it did not come from there."""
        timestamp, nonce = headers.get("X-Timestamp", ""), headers.get("X-Nonce", "")
        expected = sign(self.secret, timestamp, nonce, body)
        if not fresh(timestamp) or not hmac.compare_digest(expected.encode(), headers.get("X-Signature", "").encode()):
            raise BadSignature
        try:
            return [_receipt(report) for report in json.loads(body)["reports"]]
        except (ValueError, KeyError, TypeError) as failure:
            raise BadSignature from failure


def _receipt(report: dict[str, Any]) -> Receipt:
    return Receipt(
        str(report["out_id"]),
        report["status"] == "delivered",
        datetime.fromisoformat(report["at"]),
        str(report.get("reason", ""))[:200],
    )
