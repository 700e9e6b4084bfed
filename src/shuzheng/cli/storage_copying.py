"""Copying one storage to another: records and the target's listing are gone through side by side, in the order of the keys."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuzheng.cli.console import progress

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shuzheng.engines.documents.gateways.storage import Storage


@dataclass
class Tally:
    """What a copy did."""

    copied: int = 0
    there: int = 0
    #: Keys at the target that no record names: disposed of since an earlier copy.
    unnamed: int = 0
    #: Keys whose bytes are not what they were, or not there at all.
    damaged: list[str] = field(default_factory=list)


def wanted() -> dict[str, QuerySet[Any, str]]:
    """Return the keys that records name, by area, in order: bytes without a record are not worth a move."""
    from shuzheng.engines.documents.archive.models import ArchivePackage
    from shuzheng.engines.documents.models import ScanStatus, StoredFile

    files = StoredFile.objects.exclude(scan_status=ScanStatus.INFECTED)
    return {"files": _keys(files), "archive": _keys(ArchivePackage.objects.all())}


def _keys(rows: QuerySet[Any]) -> QuerySet[Any, str]:
    """Return keys once each, in the order of their bytes, in which storages list theirs."""
    from django.db.models.functions import Collate

    keys = rows.exclude(storage_key="").values_list(Collate("storage_key", "C"), flat=True)
    return keys.order_by(Collate("storage_key", "C")).distinct()


@dataclass
class Copying:
    """One area on its way from one storage to another; holds no more than one key of each side."""

    source: Storage
    target: Storage
    area: str
    #: Read what is at the target, and remove what no record names.
    verify: bool
    prune: bool
    done: Tally

    def run(self, keys: QuerySet[Any, str]) -> None:
        """Copy what is wanted and absent."""
        listed = (key for key, _since in self.target.listing())
        there = next(listed, None)
        with progress() as shown, tempfile.TemporaryDirectory(prefix="storage-") as scratch:
            for key in shown.track(keys.iterator(), total=keys.count(), description=self.area):
                while there is not None and there < key:
                    self._leave(there)
                    there = next(listed, None)
                self._bring(key, Path(scratch) / "bytes", there == key)
                if there == key:
                    there = next(listed, None)
            while there is not None:
                self._leave(there)
                there = next(listed, None)

    def _leave(self, key: str) -> None:
        self.done.unnamed += 1
        if self.prune:
            self.target.remove(key)

    def _bring(self, key: str, scratch: Path, held: bool) -> None:
        try:
            if held:
                self.done.there += 1
            else:
                _move(self.source, self.target, key, scratch)
                self.done.copied += 1
            if self.verify:
                _read(self.target, key)
        except _Damaged:
            self.done.damaged.append(f"{self.area}/{key}")


class _Damaged(Exception):
    """The bytes under a key are missing or not what they were."""


def _move(source: Storage, target: Storage, key: str, scratch: Path) -> None:
    """Take the bytes over by way of a scratch file, whose SM3 must be the one that the key names."""
    with scratch.open("wb") as outgoing:
        for piece in _pieces(source, key):
            outgoing.write(piece)
    target.store(scratch, key.rpartition("/")[2])


def _read(storage: Storage, key: str) -> None:
    for _piece in _pieces(storage, key):
        pass


def _pieces(storage: Storage, key: str) -> Iterator[bytes]:
    """Yield stored bytes. Raises _Damaged."""
    from shuzheng.engines.documents.errors import ContentDamaged
    from shuzheng.engines.documents.gateways.storage import PIECE

    try:
        with storage.verified(key) as stream:
            while piece := stream.read(PIECE):
                yield piece
    except (FileNotFoundError, ContentDamaged) as problem:
        raise _Damaged from problem
