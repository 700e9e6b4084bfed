"""People at their browsers: signed in over loopback, one connection each, all at once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Sequence
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


class Browser:
    """One person's browser: a connection that stays open, a session, a CSRF token."""

    def __init__(self, port: int, username: str, password: str) -> None:
        """Sign in through the page."""
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._origin = f"http://127.0.0.1:{port}"
        self._cookies: dict[str, str] = {}
        self._send("GET", LOGIN)
        form = {"login": username, "password": password, "csrfmiddlewaretoken": self._cookies["csrftoken"]}
        answer = self._send("POST", LOGIN, urlencode(form).encode(), "application/x-www-form-urlencoded")
        if answer.status != 302:
            raise SystemExit(f"{username} could not sign in ({answer.status}).")

    def act(self, action: str, **given: Any) -> dict[str, Any]:
        """Perform an action and return its result; leave with the server's words if it is refused."""
        answer = self._send("POST", f"/api/actions/{action}", json.dumps(given).encode(), "application/json")
        if answer.status != 200:
            raise SystemExit(f"{action}: {answer.status} {self._text}")
        return json.loads(self._text)

    def _send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> HTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers |= {"Content-Type": kind, "X-CSRFToken": self._cookies["csrftoken"], "Origin": self._origin}
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        self._text = answer.read().decode()
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
    """Repeat every work in a thread of its own for so many seconds."""
    times: list[list[float]] = [[] for _ in works]
    begun = time.perf_counter()

    def repeat(work: Callable[[], object], own: list[float]) -> None:
        last = time.perf_counter()
        while last < begun + seconds:
            work()
            now = time.perf_counter()
            own.append(now - last)
            last = now

    threads = [threading.Thread(target=repeat, args=pair) for pair in zip(works, times, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    everything = [taken for own in times for taken in own]
    return Load(len(everything) / elapsed, everything)
