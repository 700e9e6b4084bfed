"""Starts real processes of a site in a folder of its own and asks them over loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from shuzheng.cli.postgres import EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.cli.small_site.settings"


@dataclass(frozen=True)
class Answer:
    """What the web answered."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


def until(holds: Callable[[], object], seconds: float = 60) -> Any:
    """Wait until something holds and return it; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < deadline, f"did not come true within {seconds} s"
        time.sleep(0.05)
    return value


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class SiteProcesses:
    """One data folder, its database and the processes started on it."""

    home: Path
    settings: str = SETTINGS
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def server(self) -> EmbeddedServer:
        """The database server, quick rather than safe from power cuts."""
        return EmbeddedServer(self.home, durable=False)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the processes, without what belongs to the test run."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHUZHENG_", "DATABASE_URL"))}
        own = {"SHUZHENG_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": self.settings, "PYTHONPATH": str(ROOT)}
        return {**kept, **own, "COLUMNS": "200"}

    def command(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        line = [sys.executable, "-m", "shuzheng.cli", *arguments]
        return subprocess.run(
            line, env=self.environment, capture_output=True, text=True, timeout=60, check=False, **options
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that goes on."""
        line = [sys.executable, "-m", "shuzheng.cli", *arguments]
        with (self.home / f"{arguments[0]}.out").open("a") as output:
            process = subprocess.Popen(line, env=self.environment, stdout=output, stderr=output, text=True)
        self.processes.append(process)
        return process

    def web(self) -> subprocess.Popen[str]:
        """Start the web and wait until it answers."""
        process = self.start("web", f"--port={self.port}")
        until(self.answers)
        return process

    def worker(self) -> subprocess.Popen[str]:
        """Start a worker."""
        return self.start("worker", "--heartbeat=0.5", "--concurrency=2")

    def answers(self) -> bool:
        """Say whether the web answers at all."""
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> Answer:
        """Ask the web for something."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=15) as response:
                return Answer(response.status, dict(response.headers.items()), response.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, dict(refused.headers.items()), refused.read().decode())

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.server.conninfo(), autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def defer(self, task: str, **arguments: object) -> None:
        """Queue a job."""
        insert = "insert into procrastinate_jobs (queue_name, task_name, args) values ('default', %s, %s)"
        self.rows(insert, task, json.dumps(arguments))

    def discard(self) -> None:
        """End the database without writing anything more; its folder goes next."""
        if pid := self.server.pid():
            os.kill(pid, signal.SIGQUIT)
            until(lambda: not self.server.is_running())

    def end(self) -> None:
        """End everything that was started."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
