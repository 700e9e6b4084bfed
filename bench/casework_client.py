"""People at their browsers: signed in over loopback, one connection each, all at once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

APPLICATION = {
    "item_code": "generic-matter",
    "division_code": "360702000000",
    "answers": {"application_content": "路灯坏了三天，请派人来修。"},
}
LOGIN = "/accounts/login/"
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


class Browser:
    """One person's browser: a connection that stays open, a session, a CSRF token."""

    def __init__(self, port: int, username: str, password: str) -> None:
        """Sign in through the page."""
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._host = f"127.0.0.1:{port}"
        self._origin = f"http://{self._host}"
        self._cookies: dict[str, str] = {}
        self._send("GET", LOGIN)
        form = {"login": username, "password": password, "csrfmiddlewaretoken": self._cookies["csrftoken"]}
        answer = self._send("POST", LOGIN, form)
        if answer.status != 302:
            raise SystemExit(f"{username} could not sign in ({answer.status}).")
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        token = self._cookies["csrftoken"]
        self._headers = [
            f"Cookie: {cookies}", f"X-CSRFToken: {token}", f"Origin: {self._origin}", "Content-Type: application/json"
        ]  # fmt: skip

    def act(self, action: str, **given: Any) -> dict[str, Any]:
        """Perform an action and return its result; leave with the server's words if it is refused."""
        status, text = self._post(f"/api/actions/{action}", json.dumps(given).encode())
        if status != 200:
            raise SystemExit(f"{action}: {status} {text.decode()}")
        return json.loads(text)

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send JSON and return status and answer, as sparingly as a client can, so that the server is measured."""
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}", *self._headers, f"Content-Length: {len(body)}", "", ""]
        request = "\r\n".join(lines).encode() + body
        self._connection.sock.sendall(request)
        received = self._connection.sock.recv(65536)
        if not received:  # the server has closed a connection that lay idle
            self._connection.close()
            self._connection.connect()
            self._connection.sock.sendall(request)
        head, separator, rest = received.partition(b"\r\n\r\n")
        while not separator:
            head, separator, rest = (head + self._more()).partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        while length and len(rest) < int(length[1]):
            rest += self._more()
        return int(head[9:12]), rest

    def _more(self) -> bytes:
        received = self._connection.sock.recv(65536)
        if not received:
            raise SystemExit("The web broke off its answer.")
        return received

    def _send(self, method: str, path: str, form: dict[str, str] | None = None) -> HTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self._origin}
        self._connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self._connection.getresponse()
        answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


def file(resident: Browser) -> str:
    """File an application and return the id of its case."""
    return resident.act("casework.file_case", **APPLICATION)["id"]


def live(resident: Browser, officer: Browser) -> None:
    """Take one case through its life: file, accept, examine, decide; the process closes it."""
    case = file(resident)
    officer.act("casework.accept_case", case_id=case)
    officer.act("casework.forward_step", case_id=case, opinion="情况属实")
    officer.act("casework.approve_case", case_id=case, reasons="已派单维修")


@dataclass(frozen=True)
class Load:
    """What a number of people got done at once."""

    #: Done per second, all together.
    rate: float
    #: Seconds that each took.
    times: list[float]

    @property
    def p95(self) -> float:
        """Return the seconds within which 95 of a hundred were done."""
        return sorted(self.times)[int(len(self.times) * 0.95)]


def at_once(works: Sequence[Callable[[], object]], seconds: float) -> Load:
    """Repeat every work in a thread of its own for so many seconds; an error in any of them is raised."""
    begun = time.perf_counter()

    def repeat(work: Callable[[], object]) -> list[float]:
        own, last = [], time.perf_counter()
        while last < begun + seconds:
            work()
            now = time.perf_counter()
            own.append(now - last)
            last = now
        return own

    with ThreadPoolExecutor(len(works)) as pool:
        times = [taken for own in pool.map(repeat, works) for taken in own]
    return Load(len(times) / (time.perf_counter() - begun), times)
