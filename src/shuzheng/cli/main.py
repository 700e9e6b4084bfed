"""The ``shuzheng`` command."""

from __future__ import annotations

from typing import Annotated

import typer

from shuzheng import __version__
from shuzheng.cli import appointing, backup, database, demo, importers, operations, packs, sandbox, serve
from shuzheng.cli import conformance as conformance_command
from shuzheng.cli import doctor as doctor_command
from shuzheng.cli import settings as settings_command
from shuzheng.cli import storage as storage_command
from shuzheng.cli.console import out

app = typer.Typer(
    name="shuzheng",
    help="Shuzheng 数政: an open digital-government platform.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # they may hold personal data
    context_settings={"help_option_names": ["-h", "--help"]},
)
SERVE, DATA, WORK = "Serve", "Data", "Work"
PASS_ON = {"ignore_unknown_options": True, "help_option_names": []}

app.command(rich_help_panel=SERVE)(demo.demo)
app.command(rich_help_panel=SERVE)(serve.up)
app.command(rich_help_panel=SERVE)(serve.web)
app.command(rich_help_panel=SERVE)(serve.worker)
app.command(rich_help_panel=SERVE)(sandbox.sandbox)
app.command(rich_help_panel=SERVE)(doctor_command.doctor)
app.command(rich_help_panel=SERVE)(conformance_command.conformance)
app.command(rich_help_panel=DATA)(database.migrate)
app.command(rich_help_panel=DATA, context_settings=PASS_ON)(database.manage)
app.add_typer(database.db, name="db", rich_help_panel=DATA)
app.command(rich_help_panel=DATA)(backup.backup)
app.command(rich_help_panel=DATA)(backup.restore)
app.add_typer(storage_command.app, name="storage", rich_help_panel=DATA)
app.command(rich_help_panel=DATA)(settings_command.settings)
app.add_typer(packs.app, name="pack", rich_help_panel=WORK)
app.command("import", rich_help_panel=WORK)(importers.import_)
app.command(rich_help_panel=WORK)(appointing.appoint)
app.command("do", rich_help_panel=WORK)(operations.do)
app.command(rich_help_panel=WORK)(operations.actions)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"shuzheng {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Run, feed and look after an installation. The data folder is SHUZHENG_HOME (default: ./var)."""
