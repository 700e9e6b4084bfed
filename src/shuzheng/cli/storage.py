"""``shuzheng storage``: move files and archive packages between storages, and see whether a storage works."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shuzheng.cli.console import fail, out, progress, say
from shuzheng.cli.site import set_up, site

if TYPE_CHECKING:
    from shuzheng.engines.documents.gateways.storage import Storage

app = typer.Typer(
    name="storage", help="Where files lie: check a storage, copy everything to another.", no_args_is_help=True
)
TO = "The other storage: a folder, or s3://bucket/prefix?endpoint=https://…&credentials=/file."


@dataclass
class Tally:
    """What a copy did."""

    copied: int = 0
    there: int = 0
    #: Keys whose bytes are not what they were, or not there at all.
    damaged: list[str] = field(default_factory=list)


@app.command()
def check(
    at: Annotated[str, typer.Option(help="Another storage than this installation's own.")] = "",
) -> None:
    """Write, read and delete a few bytes. 试写、试读、试删。"""
    set_up()
    from shuzheng.engines.documents.gateways import places
    from shuzheng.kernel.error import Unavailable

    try:
        address = at or places.ours()
        for area in ("files", "archive"):
            places.at(address, area).probe()
    except (Unavailable, places.BadAddress, OSError) as problem:
        fail(reason_of(problem))
    say(f"{address.partition('?')[0]} can be written, read and cleared. 存储可用。")


@app.command()
def copy(
    to: Annotated[str, typer.Option(help=TO)],
    source: Annotated[str, typer.Option("--from", help="Another source than this installation's own storage.")] = "",
    verify: Annotated[
        bool, typer.Option(help="Read every copy back and compare its SM3, also of what was there.")
    ] = False,
) -> None:
    """Copy all files and packages to another storage, comparing SM3; run again, it goes on where it stopped.

    Work may go on meanwhile: run it once more when the site stands still, then change SHUZHENG_STORAGE. 迁移存储，可续传。
    """
    with site():
        from shuzheng.engines.documents.gateways import places
        from shuzheng.kernel.error import Unavailable

        tally = Tally()
        try:
            for area, keys in wanted().items():
                _copy(places.at(source or places.ours(), area), places.at(to, area), keys, area, verify, tally)
        except (Unavailable, places.BadAddress, OSError) as problem:
            fail(f"Stopped after {tally.copied} copies; run it again to go on. {reason_of(problem)}")
    for key in tally.damaged:
        out.print(key, markup=False, highlight=False)
    say(f"{tally.copied} copied, {tally.there} there already, {len(tally.damaged)} missing or damaged.")
    if tally.damaged:
        raise typer.Exit(1)


def wanted() -> dict[str, list[str]]:
    """Return the keys that records name, by area, in order: bytes without a record are not worth a move."""
    from shuzheng.engines.documents.archive.models import ArchivePackage
    from shuzheng.engines.documents.models import ScanStatus, StoredFile

    files = StoredFile.objects.exclude(storage_key="").exclude(scan_status=ScanStatus.INFECTED)
    return {
        "files": _keys(files.values_list("storage_key", flat=True)),
        "archive": _keys(ArchivePackage.objects.exclude(storage_key="").values_list("storage_key", flat=True)),
    }


def _keys(rows: Iterable[str]) -> list[str]:
    return sorted(set(rows))


def _copy(source: Storage, target: Storage, keys: list[str], area: str, verify: bool, tally: Tally) -> None:
    held = {key for key, _since in target.listing()}
    with progress() as shown, tempfile.TemporaryDirectory(prefix="storage-") as scratch:
        for key in shown.track(keys, description=area):
            try:
                if key not in held:
                    _move(source, target, key, Path(scratch) / "bytes")
                    tally.copied += 1
                else:
                    tally.there += 1
                if verify:
                    _read(target, key)
            except _Damaged:
                tally.damaged.append(f"{area}/{key}")


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


def reason_of(problem: Exception) -> str:
    """Return what an operator should know of a storage that does not work."""
    params = getattr(problem, "params", {})
    return str(params.get("reason") or problem)
