"""An import from beginning to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shuzheng.engines.casework.actions.importing import ImportItems, ItemsImported
from shuzheng.engines.casework.importing.entry import Entry, Finding
from shuzheng.engines.casework.importing.formats import read_file
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError

#: Items published in one transaction, all or none.
BATCH = 400
#: Told how many rows are done, of how many.
Progress = Callable[[int, int], None]


@dataclass
class Account:
    """What became of a file."""

    entries: list[Entry] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def rejected(self) -> list[Entry]:
        """Return the rows left out."""
        return [entry for entry in self.entries if entry.rejected]

    @property
    def warnings(self) -> int:
        """Return how many rows were imported with something assumed."""
        return sum(bool(entry.findings) and not entry.rejected for entry in self.entries)

    def add(self, done: ItemsImported) -> None:
        """Count a batch."""
        self.new += done.new
        self.changed += done.changed
        self.unchanged += done.unchanged


def import_file(path: Path, actor: Actor, progress: Progress = lambda done, total: None) -> Account:
    """Import a file of service items batch by batch; a batch that fails leaves the others standing.

    Importing the same file again changes nothing. Raises Unrecognised.
    """
    account = Account(read_file(path))
    good = [entry for entry in account.entries if entry.item is not None]
    done = len(account.entries) - len(good)
    for start in range(0, len(good), BATCH):
        batch = good[start : start + BATCH]
        _import(account, batch, actor)
        done += len(batch)
        progress(done, len(account.entries))
    return account


def _import(account: Account, batch: list[Entry], actor: Actor) -> None:
    bodies = [entry.item.model_dump(mode="json", exclude_defaults=True) for entry in batch if entry.item]
    try:
        account.add(ImportItems.do(actor, items=bodies))
    except ShuzhengError as failure:
        for entry in batch:
            entry.reject(Finding("rejected", "", str(failure)))
