"""The acquirer's HTTP server: its API for merchants, its pay page for people, its notifications."""

from __future__ import annotations

import hmac
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from shuzheng.sandbox.acquirer import files, pages
from shuzheng.sandbox.acquirer.handling import Answer, handler_of
from shuzheng.sandbox.acquirer.notifying import notify_merchants, sign
from shuzheng.sandbox.acquirer.store import Refused, Store

#: Seconds by which a signed request may be old or early.
SKEW = 300


class Acquirer:
    """The acquirer: a store, what it answers, and the thread that notifies merchants."""

    def __init__(self, folder: Path, secret: str, host: str = "127.0.0.1", port: int = 8301) -> None:
        """Open the store and take the port; port 0 takes any."""
        self.secret = secret
        self.store = Store(folder / "acquirer.sqlite3")
        self.server = ThreadingHTTPServer((host, port), handler_of(self.answer))
        self.server.daemon_threads = True
        self.address = f"http://{host}:{self.server.server_address[1]}"
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self.server.serve_forever, args=(0.1,), daemon=True),
            threading.Thread(target=notify_merchants, args=(self.store, secret, self._stopping), daemon=True),
        ]

    def start(self) -> Acquirer:
        """Serve in threads of this process."""
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and close the store."""
        self._stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self._threads[1].join(10)
        self.store.close()

    # -- answering -----------------------------------------------------------------------------------------

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        """Answer one request. Raises Refused."""
        if path.startswith("/pay/"):
            return self._page(method, path, body)
        self._require_signature(method, path, headers, body)
        fault = self.store.faults()
        if fault.get("hang") and path != "/api/faults":
            self._stopping.wait(float(fault["hang"]))
        told = json.loads(body) if body else {}
        parts = path.strip("/").split("/")[1:]
        if parts[0] == "statements":
            content = files.written(self.store.statement(parts[1]), fault.get("file", {}), today=parts[1])
            if content is None:
                raise Refused("账单还没有生成", 404)
            return 200, "text/csv; charset=utf-8", content
        result = self._api(method, parts, told)
        if fault.get("die") and path != "/api/faults":  # done and written down, and nobody is told
            os.kill(os.getpid(), signal.SIGKILL)
        if fault.get("lose_answer"):
            raise ConnectionAbortedError
        return 200, "application/json", json.dumps(result, ensure_ascii=False).encode()

    def _api(self, method: str, parts: list[str], told: dict[str, Any]) -> dict[str, Any]:
        verbs: dict[tuple[str, str, int], Callable[[], dict[str, Any]]] = {
            ("POST", "orders", 1): lambda: {"pay_url": f"{self.address}/pay/{self.store.place(told)['token']}"},
            ("GET", "orders", 2): lambda: self._order(self.store.order(parts[1])),
            ("POST", "orders", 3): lambda: self._order(self.store.close_order(parts[1])),
            ("POST", "refunds", 1): lambda: self._refund(told),
            ("GET", "refunds", 2): lambda: self._as_told(
                self.store.one("SELECT * FROM refunds WHERE number = ?", parts[1]) or {"state": "unknown"}
            ),
            ("POST", "transfers", 1): lambda: {
                "lines": [self.store.transfer(told["batch"], line, told["at"]) for line in told["lines"]]
            },
            ("POST", "transfers", 2): lambda: {"lines": [self._transfer(number) for number in told["numbers"]]},
            ("POST", "faults", 1): lambda: self.store.set_faults(told) or {},
        }
        verb = verbs.get((method, parts[0], len(parts)))
        if verb is None:
            raise Refused("没有这个接口", 404)
        return verb()

    def _refund(self, told: dict[str, Any]) -> dict[str, Any]:
        """Give money back and notify of it; while the fault ``refund_slow`` is set, answers say that it is under way."""
        before = self.store.one("SELECT number FROM refunds WHERE number = ?", told["number"])
        done = self.store.refund(told)
        if before is None and told.get("notify_url"):
            due = time.time() + float(self.store.faults().get("notify_late", 0))
            self.store.keep_notice(told["notify_url"], json.dumps({"kind": "refund", **done}), due)
        return self._as_told(done)

    def _as_told(self, refund: dict[str, Any]) -> dict[str, Any]:
        slow = self.store.faults().get("refund_slow") and refund["state"] == "done"
        return {**refund, "state": "pending"} if slow else refund

    def _transfer(self, number: str) -> dict[str, Any]:
        found = self.store.one("SELECT * FROM transfers WHERE number = ?", number)
        return found or {"number": number, "state": "unknown"}

    @staticmethod
    def _order(order: dict[str, Any] | None) -> dict[str, Any]:
        if order is None:
            return {"state": "unknown"}
        return {name: order[name] for name in ("number", "state", "trade_number", "amount", "at")}

    def _require_signature(self, method: str, path: str, headers: Any, body: bytes) -> None:
        stamp = headers.get("X-Sandbox-Timestamp", "")
        wanted = sign(self.secret, stamp, f"{method} {path}", body)
        fresh = stamp.isdigit() and abs(time.time() - int(stamp)) <= SKEW
        if not fresh or not hmac.compare_digest(wanted, headers.get("X-Sandbox-Signature", "")):
            raise Refused("签名不对", 401)

    # -- the pay page --------------------------------------------------------------------------------------

    def _page(self, method: str, path: str, body: bytes) -> Answer:
        token = path.removeprefix("/pay/")
        order = self.store.one("SELECT * FROM orders WHERE token = ?", token)
        if order is None:
            return 404, "text/html; charset=utf-8", pages.gone()
        told = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if method == "POST" and told.get("do") == "cancel":
            return 303, order["return_url"], b""
        if method == "POST":
            try:
                self.pay(token, told.get("at"))
            except Refused as refusal:
                return 409, "text/html; charset=utf-8", pages.pay(order, str(refusal))
            return 303, order["return_url"], b""
        return 200, "text/html; charset=utf-8", pages.pay(order)

    def pay(self, token: str, at: str | None = None) -> None:
        """Take the payer's money and notify the merchant, as badly as the faults want it. Raises Refused."""
        before = self.store.one("SELECT state FROM orders WHERE token = ?", token)
        order = self.store.pay(token, at)
        fault = self.store.faults()
        if before is None or before["state"] == "paid" or fault.get("silent"):
            return
        told = {"kind": "order", **self._order(order)}
        times = 2 if fault.get("notify_twice") else 1
        for _time in range(times):
            due = time.time() + float(fault.get("notify_late", 0))
            self.store.keep_notice(order["notify_url"], json.dumps(told, ensure_ascii=False), due)


def serve(folder: Path, secret: str, host: str, port: int) -> None:
    """Serve until the process is stopped."""
    acquirer = Acquirer(folder, secret, host, port).start()
    try:
        threading.Event().wait()
    finally:
        acquirer.stop()
