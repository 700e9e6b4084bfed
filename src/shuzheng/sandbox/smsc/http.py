"""The door for programs of clouds: signed JSON in, signed receipts out; and a page and a switch for people."""

from __future__ import annotations

import hashlib
import hmac
import html
import json
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from typing import Any, cast
from urllib.parse import urlsplit

from shuzheng.sandbox.smsc.store import UNKNOWN, Fault, Store

HANG = 60.0
SKEW = 300
MOST = 1024 * 1024


def signature(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Return hex HMAC-SHA256 of time, nonce and body, joined by line feeds."""
    text = timestamp.encode() + b"\n" + nonce.encode() + b"\n" + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class HttpDoor(ThreadingHTTPServer):
    """Serves ``POST /sms``, ``POST /fault`` (from this machine), ``GET /`` and ``GET /sms``."""

    daemon_threads = True

    def __init__(self, port: int, store: Store, key: str, secret: str) -> None:
        """Listen on this machine only."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.store, self.key, self.secret = store, key, secret


class _Handler(BaseHTTPRequestHandler):
    @property
    def door(self) -> HttpDoor:
        """Return the server by its own type."""
        return cast(HttpDoor, self.server)

    def do_GET(self) -> None:
        """Show what was taken."""
        rows = self.door.store.latest()
        if self.path == "/sms":
            return self._answer(200, rows)
        lines = "".join(
            f"<tr><td>{row['id']}<td>{row['protocol']}<td>{html.escape(row['mobile'])}<td>{html.escape(row['text'])}"
            f"<td>{row['report']}<td>{row['acknowledged']}"
            for row in rows
        )
        page = (
            '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>沙箱短信中心</title>'
            "<h1>沙箱短信中心（演示用，没有发给任何人）</h1><table border=1>"
            f"<tr><th>编号<th>协议<th>号码<th>内容<th>回执<th>确认{lines}</table>"
        )
        self._send(200, page.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take SMS, or an instruction to misbehave."""
        size = min(int(self.headers.get("Content-Length") or 0), MOST)
        body = self.rfile.read(size)
        if self.path == "/fault":
            given = json.loads(body)
            self.door.store.misbehave(given.pop("protocol"), Fault(**given))
            return self._answer(200, {})
        if self.path == "/sms":
            return self._take(body)
        self._answer(404, {})

    def _take(self, body: bytes) -> None:
        fault = self.door.store.fault("http")
        if fault.mode == "hang":
            time.sleep(HANG)
            return
        if not self._signed(body):
            return self._answer(401, {"code": "bad-signature"})
        if fault.mode == "refuse":
            return self._answer(503, {"code": "busy"})
        results = [self._one(message) for message in json.loads(body)["messages"]]
        if fault.mode != "drop":
            self._answer(200, {"results": results})

    def _one(self, message: dict[str, Any]) -> dict[str, Any]:
        mobile, out_id = str(message["mobile"]), str(message["out_id"])
        if mobile.endswith(UNKNOWN):
            return {"out_id": out_id, "code": "bad-number"}
        id = self.door.store.take("http", mobile, str(message["text"]), out_id=out_id)
        return {"out_id": out_id, "code": "ok", "id": f"H{id}"}

    def _signed(self, body: bytes) -> bool:
        timestamp, nonce = self.headers.get("X-Timestamp", ""), self.headers.get("X-Nonce", "")
        expected = signature(self.door.secret, timestamp, nonce, body)
        fresh = timestamp.isdigit() and abs(int(timestamp) - time.time()) < SKEW
        known = self.headers.get("X-App-Key") == self.door.key
        return fresh and known and hmac.compare_digest(expected, self.headers.get("X-Signature", ""))

    def _answer(self, status: int, content: Any) -> None:
        self._send(status, json.dumps(content, ensure_ascii=False).encode(), "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Sandbox", "1")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def report(store: Store, callback: str, secret: str) -> None:
    """Send the receipts that are due to the platform; what it does not accept is sent again the next time."""
    rows = store.due_reports("http")
    if not rows or not callback:
        return
    reports = [
        {
            "out_id": row["out_id"],
            "id": f"H{row['id']}",
            "status": row["report"],
            "at": time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(time.time() + 8 * 3600)),
        }
        for row in rows
    ]
    body = json.dumps({"reports": reports}).encode()
    timestamp, nonce = str(int(time.time())), token_hex(16)
    headers = {
        "Content-Type": "application/json",
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Signature": signature(secret, timestamp, nonce, body),
    }
    accepted = False
    parts = urlsplit(callback)
    with suppress(OSError, HTTPException), closing(HTTPConnection(parts.netloc, timeout=5)) as line:
        line.request("POST", parts.path, body, headers)
        accepted = line.getresponse().status == 200
    for row in rows:
        store.reported(row["id"], acknowledged=accepted)
