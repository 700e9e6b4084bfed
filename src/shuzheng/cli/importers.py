"""Importers: how files of other systems come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from shuzheng.cli.console import fail, out
from shuzheng.cli.site import site
from shuzheng.kernel.registry import Registry, UnknownName

#: Reads a file, shows its progress, prints counts and returns a file that names each row left out, if any.
Importer = Callable[[Path], Path | None]
importers: Registry[str] = Registry("importer")
#: Dotted paths, so that listing them imports no engine.
importers.add("service-items", "shuzheng.cli.service_items.import_service_items")


def import_(
    what: Annotated[str, typer.Argument(help="What the file holds: service-items.")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
) -> None:
    """Import files; doing it again changes nothing. Rows that cannot be read are named in a report."""
    try:
        target = importers[what]
    except UnknownName as error:
        fail(f"{error}; there are: {', '.join(importers)}", code=2)
    with site():
        from django.utils.module_loading import import_string

        importer: Importer = import_string(target)
        for file in files:
            report = importer(file)
            if report is not None:
                out.print(f"Rows left out and why, and what was assumed: {report}", highlight=False)
