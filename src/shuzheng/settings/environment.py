"""The one reader of the environment: every variable is declared here with a help text."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SettingMissing(Exception):
    """A variable that this environment requires is not set."""


def boolean(text: str) -> bool:
    """Read ``1/true/yes/on`` as true, anything else as false."""
    return text.strip().lower() in {"1", "true", "yes", "on"}


def words(text: str) -> list[str]:
    """Read a comma-separated list."""
    return [word.strip() for word in text.split(",") if word.strip()]


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, how to read it, its default and what it is for."""

    #: Name in the environment.
    name: str
    #: Turns the text into a value.
    read: Callable[[str], Any]
    #: Text used when the variable is absent; ``None`` means it must be set in production.
    default: str | None
    #: What it does, for the reference page.
    help: str
    #: Never shown by ``doctor`` or the reference page.
    secret: bool = False


VARIABLES: dict[str, Variable] = {}


def declare(name: str, read: Callable[[str], Any], default: str | None, help: str, *, secret: bool = False) -> Any:
    """Declare a variable and return its present value.

    Raises SettingMissing when it has no default and is not set.
    """
    VARIABLES[name] = Variable(name, read, default, help, secret)
    text = os.environ.get(name, default)
    if text is None:
        raise SettingMissing(f"{name}: {help}")
    return read(text)


def home() -> Path:
    """Return the data folder of this installation (``SHUZHENG_HOME``)."""
    return Path(
        declare("SHUZHENG_HOME", str, str(Path.cwd() / "var"), "Folder for the embedded database, files and keys.")
    ).expanduser()
