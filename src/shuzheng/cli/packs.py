"""Packs from the command line: check, compare, load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.table import Table

from shuzheng.cli.console import fail, out, say
from shuzheng.cli.site import site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shuzheng.kernel.source import Problem

app = typer.Typer(name="pack", help="Packs: folders of declarations.", no_args_is_help=True)
Paths = Annotated[list[Path] | None, typer.Argument(help="Folders; the site's own packs if left out.", exists=True)]


@app.command()
def check(paths: Paths = None) -> None:
    """Name everything that is wrong, with file and line. Exit code 1 if there is anything."""
    with site():
        from shuzheng.kernel import pack

        found = pack.check(paths)
        folders = pack.find_packs(paths)
        if found:
            _refuse(found)
        say(f"{len(folders)} pack(s) in order.")


@app.command()
def diff(
    paths: Paths = None, everything: Annotated[bool, typer.Option("--all", help="Unchanged ones too.")] = False
) -> None:
    """Show what loading would change."""
    with site():
        from shuzheng.kernel import pack
        from shuzheng.kernel.source import PackInvalid

        try:
            changes = pack.diff(paths)
        except PackInvalid as error:
            _refuse(error.problems)
        table = Table("kind", "key", "change", "before", "after", "fields", box=None)
        for change in changes:
            if everything or change.what != "unchanged":
                table.add_row(
                    change.kind, change.key, change.what, change.before, change.after, ", ".join(change.fields)
                )
        out.print(table if table.row_count else "Nothing would change.")


@app.command()
def load(paths: Paths = None) -> None:
    """Load packs, all or nothing; what is there already stays as it is."""
    with site():
        load_packs(paths)


def load_packs(paths: Sequence[Path] | None = None) -> None:
    """Load packs through the action and say what changed; Django must be set up. Leaves with the problems found."""
    from shuzheng.kernel.actions import LoadPacks
    from shuzheng.kernel.actor import Actor
    from shuzheng.kernel.error import ShuzhengError
    from shuzheng.kernel.source import PackInvalid

    try:
        result = LoadPacks.do(Actor.system("cli"), paths=[str(path.resolve()) for path in paths or ()])
    except PackInvalid as error:
        _refuse(error.problems)
    except ShuzhengError as error:
        fail(error)
    for loaded in result.packs:
        counts = {**loaded.definitions, **loaded.facts}
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        say(f"{loaded.code} {loaded.version}: {told or 'nothing new'}")


def _refuse(found: Sequence[Problem]) -> NoReturn:
    for problem in found:
        out.print(f"{problem.file}:{problem.line}: {problem.message}", markup=False, highlight=False)
        if problem.suggestion:
            out.print(f"    → {problem.suggestion}", style="cyan", markup=False, highlight=False)
    fail(f"{len(found)} problem(s); nothing was changed.")
