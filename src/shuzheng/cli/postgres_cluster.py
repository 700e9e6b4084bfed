"""The database cluster on disk: created at first use, cleared of what a crash left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from shuzheng.cli.postgres_memory import configuration
from shuzheng.cli.postgres_programs import DatabaseFailed, open_the_way, run_program, server_account
from shuzheng.settings.database import EMBEDDED_ROLE, embedded_socket

ORPHAN_SECONDS = 10
#: Above the largest process id of any supported system.
IMPOSSIBLE_PID = 999_999_999
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C.UTF-8", "--lc-ctype=C.UTF-8")


@dataclass
class Cluster:
    """A data folder, ``SHUZHENG_HOME/postgres``.

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

    def prepare(self) -> None:
        """Make the cluster ready to be started: folders, recovery, creation, configuration. Raises DatabaseFailed."""
        self._make_folders()
        self._recover()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        (self.data / "shuzheng.conf").write_text(configuration(self.run, durable=self.durable))

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
            self._make_folders()

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
        self.execute(
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

    def _make_folders(self) -> None:
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

    def execute(self, name: str, *arguments: str) -> None:
        """Run a server program as the account that owns the cluster. Raises DatabaseFailed."""
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
