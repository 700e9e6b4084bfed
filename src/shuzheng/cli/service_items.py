"""``shuzheng import service-items``: items of other platforms."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from rich.table import Table

from shuzheng.cli.console import fail, out, progress
from shuzheng.engines.casework.importing import Account, import_file, write_report
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput


def import_service_items(file: Path) -> Path | None:
    """Import one file, show how far it is, print counts and return the report of what was left out or assumed."""
    with progress() as bar:
        task = bar.add_task(file.name, total=None)
        try:
            account = import_file(
                file, Actor.system("cli"), lambda done, total: bar.update(task, completed=done, total=total)
            )
        except InvalidInput as error:
            fail("\n".join(str(problem.message) for problem in error.errors) or error)
    out.print(_table(account))
    report = settings.HOME / "reports" / f"service-items-{file.stem}.csv"
    return report if write_report(account.entries, report) else None


def _table(account: Account) -> Table:
    table = Table("rows", "new", "changed", "unchanged", "left out", "with warnings", box=None)
    counts = (len(account.entries), account.new, account.changed, account.unchanged)
    table.add_row(*(str(count) for count in (*counts, len(account.rejected), account.warnings)))
    return table
