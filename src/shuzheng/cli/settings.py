"""What the environment sets, and what is in force."""

from __future__ import annotations

import os

from rich.table import Table

from shuzheng.cli.console import out
from shuzheng.cli.site import set_up


def settings() -> None:
    """List every environment variable the platform reads: what it does, and its present value (secrets hidden)."""
    set_up()
    from shuzheng.settings.environment import VARIABLES

    table = Table("variable", "value", "what it does", box=None)
    for variable in sorted(VARIABLES.values(), key=lambda one: one.name):
        given = os.environ.get(variable.name)
        value = given if given is not None else variable.default or ""
        shown = "***" if variable.secret and value else value
        table.add_row(variable.name, shown if given is not None else f"[dim]{shown}[/dim]", variable.help)
    out.print(table)
