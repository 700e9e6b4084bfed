"""The sandbox authority's HTTP door (RFC 3161 §3.4): a digest comes in, a token goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from shuzheng.engines.trust.crypto.pem import to_pem
from shuzheng.sandbox.tsa.keys import Stamper
from shuzheng.sandbox.tsa.tokens import answer

LARGEST = 64 * 1024
REPLY = "application/timestamp-reply"


class Server(ThreadingHTTPServer):
    """Answers requests for time stamps on this machine; port 0 takes any. ``GET /roots.pem`` gives what to trust."""

    daemon_threads = True

    def __init__(self, port: int, stampers: Mapping[str, Stamper]) -> None:
        """Take the port; ``stampers`` by the identifier of the digest that they are asked about."""
        self.stampers = stampers
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        """Return where to ask."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def roots(self) -> str:
        """Return the roots above the stampers, in PEM."""
        return "".join(to_pem("CERTIFICATE", root) for root in {one.root for one in self.stampers.values()})

    def answered(self, asked: bytes) -> bytes:
        """Return the answer to a request; tests put worse ones in its place."""
        return answer(self.stampers, asked, datetime.now(UTC))


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LARGEST:
            self.send_error(400)
            return
        self._send(REPLY, cast(Server, self.server).answered(self.rfile.read(length)))

    def do_GET(self) -> None:
        if self.path != "/roots.pem":
            self.send_error(404)
            return
        self._send("application/x-pem-file", cast(Server, self.server).roots().encode())

    def _send(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass
