"""Where the public part of the ledger lies: tiles and the newest checkpoint, as files that any web server can hand out."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string


class TileStore(ABC):
    """Small files by path. A file is there whole or not at all; full tiles never change."""

    @abstractmethod
    def write(self, path: str, data: bytes) -> None:
        """Keep a file. Raises OSError."""

    @abstractmethod
    def read(self, path: str) -> bytes | None:
        """Return a file, or nothing if there is none. Raises OSError."""

    @abstractmethod
    def forget(self, path: str) -> None:
        """Remove a folder of partial tiles that a full one has replaced; nothing happens if there is none."""


class FolderStore(TileStore):
    """Files in ``SHUZHENG_LEDGER_FOLDER``."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take a folder, by default the configured one."""
        self.folder = folder or Path(settings.SHUZHENG_LEDGER_FOLDER or Path(settings.HOME) / "ledger")

    def write(self, path: str, data: bytes) -> None:
        """Write beside the place and move there, on disk before it is announced."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def read(self, path: str) -> bytes | None:
        """Return the file's content."""
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def forget(self, path: str) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder / path, ignore_errors=True)


def tile_store() -> TileStore:
    """Return the store that ``SHUZHENG_LEDGER_STORE`` names."""
    return import_string(settings.SHUZHENG_LEDGER_STORE)()
