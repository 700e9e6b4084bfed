"""Everything a command needs before it can work: settings, database, Django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shuzheng.cli.console import fail, say
from shuzheng.cli.postgres import EmbeddedServer
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.settings.environment import home

SETTINGS = "shuzheng.settings.dev"


def settings_module() -> str:
    """Return the name of the settings in force, choosing the developer's when nobody chose."""
    return os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)


def embedded_server() -> EmbeddedServer | None:
    """Return this installation's own database server, or None where ``DATABASE_URL`` names another."""
    return None if os.environ.get("DATABASE_URL") else EmbeddedServer(home(), say=say)


@contextmanager
def database() -> Iterator[EmbeddedServer | None]:
    """Have the embedded server running, and its database in it, for the length of a command.

    Leaves with a message when it cannot be started.
    """
    server = embedded_server()
    if server is None:
        yield None
        return
    try:
        with server.session():
            server.ensure_database()
            yield server
    except DatabaseFailed as error:
        fail(error)


@contextmanager
def site() -> Iterator[None]:
    """Have Django set up and the database running for the length of a command."""
    with database():
        set_up()
        yield


def set_up() -> Path:
    """Set Django up; imported late, so that ``--help`` is quick. Return the data folder."""
    settings_module()
    import django

    django.setup()
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    return settings.HOME
