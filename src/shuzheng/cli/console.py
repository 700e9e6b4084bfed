"""What the command line says, in one voice."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

#: Results, which may be piped elsewhere.
out = Console(soft_wrap=True)
#: Everything said on the way there.
err = Console(stderr=True, soft_wrap=True)


def say(message: str) -> None:
    """Tell the person one thing on the way."""
    err.print(message, markup=False, highlight=False)


def fail(message: object, code: int = 1) -> NoReturn:
    """Say what went wrong and leave with an exit code other than 0."""
    err.print(str(message), style="red", markup=False, highlight=False)
    raise typer.Exit(code)


def progress() -> Progress:
    """Return a progress bar for anything that takes over a second."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
    )
