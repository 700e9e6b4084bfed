"""A whole site for a benchmark, in a temporary folder: database server, two databases, web processes, people."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import psycopg

from shuzheng.cli.postgres import EmbeddedServer

#: The database that is seeded, and the one that begins empty.
FULL, EMPTY = "full", "empty"
PATIENCE = 60


@dataclass
class Site:
    """The site's folder, its server, its web processes and the names of its people's accounts."""

    folder: Path
    server: EmbeddedServer
    #: User names.
    residents: list[str] = field(default_factory=list)
    officers: list[str] = field(default_factory=list)
    password: str = ""
    _webs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def address(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://shuzheng@/{database}?host={quote(str(self.server.run), safe='')}"

    def web(self, database: str, *, workers: int, threads: int) -> int:
        """Serve a database with so many processes and threads, and return the port once it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = [f"--port={port}", f"--workers={workers}", f"--threads={threads}"]
        environment = {**os.environ, "DATABASE_URL": self.address(database)}
        with (self.folder / f"web-{port}.log").open("wb") as log:
            command = [sys.executable, "-m", "shuzheng.cli", "web", *options]
            self._webs.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        _until_it_answers(port)
        return port

    def execute(self, statement: str, database: str = FULL) -> None:
        """Execute a statement outside a transaction."""
        with psycopg.connect(self.server.conninfo(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def close(self) -> None:
        """End the processes, stop the server and remove the folder."""
        for web in self._webs:
            web.terminate()
        for web in self._webs:
            web.wait(PATIENCE)
        with suppress(ImportError):
            from django.db import connections

            connections.close_all()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def open_site(people: int) -> Iterator[Site]:
    """Set up a site with so many residents and officers; Django uses its database ``full``."""
    folder = Path(tempfile.mkdtemp(prefix="shuzheng-bench-"))
    site = Site(folder, EmbeddedServer(folder))
    try:
        site.server.start()
        site.server.ensure_database(FULL)
        os.environ |= {
            "SHUZHENG_HOME": str(folder),
            "SHUZHENG_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "shuzheng.settings.dev",
            "DATABASE_URL": site.address(FULL),
        }
        _prepare(site, people)
        yield site
    finally:
        site.close()


def _prepare(site: Site, count: int) -> None:
    """Migrate, load the packs, invent the people, and copy the database before anything is filed."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from shuzheng.kernel.actions import LoadPacks
    from shuzheng.kernel.actor import Actor
    from shuzheng.testing.identity import PASSWORD, a_resident, a_unit, an_account, an_officer

    call_command("migrate", interactive=False, verbosity=0)
    LoadPacks.do(Actor.system("bench"), paths=[])
    posts, unit = ["acceptor", "handler", "approver"], a_unit("government-service")
    site.residents = [an_account(a_resident("李梅", account=False)).username for _ in range(count)]
    site.officers = [an_officer("张敏", unit=unit, posts=posts).account.username for _ in range(count)]
    site.password = PASSWORD
    connections.close_all()
    site.execute(f"CREATE DATABASE {EMPTY} TEMPLATE {FULL}", "postgres")


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("The web did not answer; see its log.")
