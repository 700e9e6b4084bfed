"""Where the database is: ``DATABASE_URL`` or the embedded server under ``SHUZHENG_HOME``."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from shuzheng.settings.environment import boolean, declare

#: Seconds that a request waits for a connection before it is told that the service is unavailable.
WAIT_FOR_CONNECTION = 4


#: Superuser of the embedded server, which nobody outside the data folder can reach.
EMBEDDED_ROLE = "shuzheng"
#: The kernel refuses addresses of Unix sockets over 107 bytes; the file name takes 14 of them.
LONGEST_SOCKET_FOLDER = 90


def embedded_socket(home: Path) -> Path:
    """Return the folder of the embedded server's Unix socket for a data folder.

    Below the data folder, or, where that path would be too long, in /tmp: every process has to find it, whatever its
    TMPDIR. The server makes the folder for its own account alone and refuses one that is another's.
    """
    run = home.expanduser().resolve() / "postgres" / "run"
    if len(os.fsencode(run)) <= LONGEST_SOCKET_FOLDER:
        return run
    return Path("/", "tmp", f"shuzheng-{sha256(os.fsencode(run)).hexdigest()[:16]}")


def embedded(home: Path, name: str = "shuzheng") -> dict[str, Any]:
    """Return Django's settings for the embedded server of a data folder."""
    return _entry(name, user=EMBEDDED_ROLE, host=str(embedded_socket(home)))


def from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for ``postgresql://user:password@host:port/name?option=value``."""
    parts = urlsplit(url)
    entry = _entry(
        unquote(parts.path.lstrip("/")), user=unquote(parts.username or ""), host=unquote(parts.hostname or "")
    )
    entry["PASSWORD"] = unquote(parts.password or "")
    entry["PORT"] = str(parts.port or "")
    query = dict(parse_qsl(parts.query))
    entry["HOST"] = query.pop("host", entry["HOST"])
    entry["OPTIONS"].update(query)
    return entry


def _entry(name: str, *, user: str, host: str) -> dict[str, Any]:
    # Only the cursors of kernel.rows prepare their statements; the threshold switches preparing on at all.
    options: dict[str, Any] = {
        "connect_timeout": WAIT_FOR_CONNECTION, "application_name": "shuzheng", "prepare_threshold": 5
    }  # fmt: skip
    kept = declare(
        "SHUZHENG_KEEP_CONNECTIONS", boolean, "0", "Whether each thread of the web keeps its database connection open."
    )
    return {
        "ENGINE": "shuzheng.kernel.postgresql",
        "NAME": name,
        "USER": user,
        "HOST": host,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": None if kept else 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
