"""The sandbox SMS centre as a process of its own, and the switch by which tests make it fail."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY, SECRET, ACCOUNT = "sandbox", "sandbox-secret", "900001"


@dataclass
class Centre:
    """A running centre."""

    process: subprocess.Popen[str]
    http: int
    cmpp: int

    @property
    def http_url(self) -> str:
        """Return the setting for its HTTP door."""
        return f"http://{KEY}:{SECRET}@127.0.0.1:{self.http}/sms?name=cloud"

    @property
    def cmpp_url(self) -> str:
        """Return the setting for its CMPP door."""
        return f"cmpp://{ACCOUNT}:{SECRET}@127.0.0.1:{self.cmpp}?name=operator&source=106900000000"

    def fault(self, protocol: str, **fault: Any) -> None:
        """Let a door misbehave."""
        body = json.dumps({"protocol": protocol, **fault}).encode()
        urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.http}/fault", body), timeout=5).close()

    def taken(self) -> list[dict[str, Any]]:
        """Return what it took, the latest first."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/sms", timeout=5) as answer:
            return json.loads(answer.read())

    def heal(self) -> None:
        """Let both doors behave."""
        self.fault("http", mode="ok")
        self.fault("cmpp", mode="ok")

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()


def start(folder: Path, callback: str = "") -> Centre:
    """Start a centre on free ports with its store in a folder."""
    command = [sys.executable, "-m", "shuzheng.sandbox.smsc", "--http", "0", "--cmpp", "0"]
    command += ["--store", str(folder / "smsc.sqlite"), "--callback", callback]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    http, cmpp = process.stdout.readline().split()
    return Centre(process, int(http), int(cmpp))


def until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until something is so, and fail if it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
