"""Turns what the acquirer answers into HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

from shuzheng.sandbox.acquirer.store import Refused

LARGEST = 4 * 1024 * 1024
Answer = tuple[int, str, bytes]


def handler_of(answer: Callable[[str, str, Any, bytes], Answer]) -> type[BaseHTTPRequestHandler]:
    """Return a handler of requests that what answers method, path, headers and body gives."""

    class Handler(BaseHTTPRequestHandler):
        """Turns answers into HTTP."""

        timeout = 30

        def _respond(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size) if 0 < size <= LARGEST else b""
            try:
                status, kind, content = answer(self.command, self.path.split("?")[0], self.headers, body)
            except Refused as refusal:
                reason = json.dumps({"reason": str(refusal)}, ensure_ascii=False).encode()
                status, kind, content = refusal.status, "application/json", reason
            except (KeyError, ValueError, TypeError):
                status, kind, content = 400, "application/json", '{"reason": "请求的格式有误"}'.encode()
            with suppress(ConnectionError):
                self._send(status, kind, content)

        def _send(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Location" if status == 303 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet; the store says what happened."""

        def handle_one_request(self) -> None:
            """Drop the connection without a word where a fault wants the answer lost."""
            with suppress(ConnectionAbortedError):
                super().handle_one_request()
                return
            self.close_connection = True

    for method in ("GET", "POST"):
        setattr(Handler, f"do_{method}", Handler._respond)
    return Handler
