"""``shuzheng backup`` and ``shuzheng restore``: a whole installation in one file, verified after writing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from shuzheng.cli.archive import BackupDamaged, read, verify, write
from shuzheng.cli.console import fail, out, say
from shuzheng.cli.postgres_programs import DatabaseFailed
from shuzheng.cli.site import database, set_up


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="The archive to write; a dated name in the data folder if left out.")
    ] = None,
    with_keys: Annotated[
        bool, typer.Option(help="Include the keys. Whoever holds such a file can read everything.")
    ] = False,
) -> None:
    """Write the database and the files into one archive and verify it. Work may go on meanwhile."""
    with database():
        folder = set_up()
        target = file or folder / "backups" / f"shuzheng-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
        try:
            write(folder, target, with_keys=with_keys)
            manifest = verify(target)
        except (BackupDamaged, DatabaseFailed, OSError) as error:
            fail(f"The backup has failed and was not kept: {error}")
    say(
        f"{len(manifest['entries'])} entries, verified."
        + ("" if with_keys else " Keys are not in it: keep a copy of them apart.")
    )
    out.print(str(target), markup=False, highlight=False)


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what the database and the files hold now.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Restore an archive into an empty installation, or with --replace over what is there."""
    try:
        manifest = verify(file)
        with database():
            folder = set_up()
            if _holds_data() and not replace:
                fail("This database holds data. Nothing was changed. Use --replace to lose it in favour of the backup.")
            if replace and not yes:
                typer.confirm(f"Replace everything in {folder} with the backup of {manifest['written']}?", abort=True)
            read(folder, file)
    except (BackupDamaged, DatabaseFailed) as error:
        fail(f"Nothing was restored: {error}")
    say(f"Restored the state of {manifest['written']}. Next: shuzheng migrate, then shuzheng doctor.")


def _holds_data() -> bool:
    from django.db import connection

    return bool(connection.introspection.table_names())
