"""A database of a benchmark's own, in a temporary folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database() -> Iterator[None]:
    """Run a database with every table in a temporary folder, waiting for the disk at every commit."""
    from shuzheng.cli.postgres import EmbeddedServer

    folder = Path(tempfile.mkdtemp(prefix="shuzheng-bench-"))
    os.environ["SHUZHENG_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.settings.dev")
    server = EmbeddedServer(folder)
    server.start()
    server.ensure_database()
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
