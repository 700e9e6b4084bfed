"""Settings of the embedded PostgreSQL server, chosen from the machine's memory."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MEGABYTE = 1024 * 1024
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def machine_memory() -> int:
    """Return the memory this process may use, in megabytes: the machine's, or its container's if that is less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or "max"
        memory = min(memory, int(CGROUP_LIMIT.read_text()))
    return memory // MEGABYTE


def configuration(socket_folder: Path, *, durable: bool, memory: int | None = None) -> str:
    """Return the text of ``shuzheng.conf``; ``memory`` in megabytes, the machine's when omitted.

    A quarter of the memory is shared buffers as PostgreSQL's manual advises, capped because web and workers live on the
    same machine. Without ``durable`` (tests) no commit waits for the disk and the caches are small.
    """
    available = memory or machine_memory()
    shared = _between(64, available // 4, 2048) if durable else 128
    settings: dict[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": 100,
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{_between(128, available // 2, 65536)}MB",
        "work_mem": f"{_between(4, available // 400, 64)}MB",
        "maintenance_work_mem": f"{_between(32, available // 16, 1024)}MB",
        "min_wal_size": "256MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_min_duration_statement": "2s",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
        "idle_in_transaction_session_timeout": "10min",
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))
