"""Commands for the database itself."""

from __future__ import annotations

import os
import subprocess
from typing import Annotated

import typer

from shuzheng.cli.console import fail, out, say
from shuzheng.cli.postgres import EmbeddedServer
from shuzheng.cli.postgres_programs import DatabaseFailed, program
from shuzheng.cli.site import database, embedded_server, set_up, site

db = typer.Typer(name="db", help="The embedded database server of this data folder.", no_args_is_help=True)


def migrate() -> None:
    """Bring the database to the state that the code expects."""
    with site():
        apply_migrations()


def apply_migrations(verbosity: int = 1) -> None:
    """Apply pending migrations, procrastinate's schema among them; Django must be set up."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=verbosity)


def manage(
    arguments: Annotated[list[str] | None, typer.Argument(help="Django's command and its options.")] = None,
) -> None:
    """Run one of Django's management commands, with the database running."""
    from django.core.management import ManagementUtility

    with database():
        set_up()
        ManagementUtility(["shuzheng manage", *(arguments or ["help"])]).execute()


@db.command()
def start() -> None:
    """Start the server and leave it running."""
    server = _server()
    try:
        started = server.start()
        server.ensure_database()
    except DatabaseFailed as error:
        fail(error)
    say("The database has been started." if started else "The database is running already.")
    out.print(server.conninfo(), highlight=False)


@db.command()
def stop() -> None:
    """Stop the server; whoever uses it is cut off."""
    try:
        say("The database has been stopped." if _server().stop() else "The database was not running.")
    except DatabaseFailed as error:
        fail(error)


@db.command()
def status() -> None:
    """Say whether the server runs; exit code 3 when it does not."""
    server = _server()
    pid = server.pid()
    if pid is None:
        fail(f"The database in {server.data} is not running.", code=3)
    out.print(f"The database runs as process {pid} in {server.data}.", highlight=False)


@db.command(context_settings={"ignore_unknown_options": True})
def psql(arguments: Annotated[list[str] | None, typer.Argument(help="Options of psql.")] = None) -> None:
    """Open PostgreSQL's own command line on the site's database."""
    with database() as server:
        connection = server.conninfo() if server else os.environ["DATABASE_URL"]
        try:
            raise typer.Exit(subprocess.run([program("psql"), connection, *(arguments or [])], check=False).returncode)
        except DatabaseFailed as error:
            fail(error)


def _server() -> EmbeddedServer:
    server = embedded_server()
    if server is None:
        fail("DATABASE_URL is set: this installation uses a server that is looked after elsewhere.")
    return server
