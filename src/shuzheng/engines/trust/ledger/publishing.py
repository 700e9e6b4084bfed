"""Publishing the ledger: its tiles and newest checkpoint as files, the checkpoint last, so that it never promises too much."""

from __future__ import annotations

from shuzheng.engines.trust.gateways.tiles import TileStore, tile_store
from shuzheng.engines.trust.ledger import heads
from shuzheng.engines.trust.ledger.note import Checkpoint, Note
from shuzheng.engines.trust.ledger.tiles import WIDTH, Tile, grown
from shuzheng.engines.trust.models import Leaf, Node, TreeHead

CHECKPOINT = "checkpoint"


class LedgerForked(Exception):
    """What was published is not the beginning of what is stored: the database was rewritten, or restored from too old a copy.

    Nothing more is published until somebody has looked, because that would be a fork for everyone to see.
    """


def publish() -> int:
    """Publish what was added since, and return how many leaves. Raises LedgerForked, and OSError when the store fails.

    A failing store holds nothing up: the ledger goes on in the database, and the next run publishes what is missing.
    """
    store, head = tile_store(), heads.newest()
    if head is None:
        return 0
    before = _published(store, head)
    for tile in grown(before, head.size):
        store.write(tile.path, b"".join(_hashes(tile)))
        if tile.width == WIDTH:
            store.forget(f"{tile.path}.p")
    if head.size > before:
        store.write(CHECKPOINT, head.note.encode())
    return head.size - before


def _published(store: TileStore, head: TreeHead) -> int:
    """Return the size of the checkpoint that was published last. Raises LedgerForked."""
    raw = store.read(CHECKPOINT)
    if raw is None:
        return 0
    shown = Checkpoint.parse(Note.parse(raw.decode()).text)
    ours = TreeHead.objects.filter(size=shown.size).values_list("root", flat=True).first()
    if shown.size > head.size or ours is None or bytes(ours) != shown.root:
        raise LedgerForked(f"The published checkpoint of {shown.size} leaves is not one of ours ({head.size} leaves).")
    return shown.size


def _hashes(tile: Tile) -> list[bytes]:
    start, end = tile.hashes
    rows = Leaf.objects.all() if tile.level == 0 else Node.objects.filter(level=tile.level)
    found = rows.filter(index__gte=start, index__lt=end).order_by("index").values_list("hash", flat=True)
    return [bytes(one) for one in found]


def first_changed() -> int | None:
    """Return the first leaf that is not what was published, or nothing if none is, or nothing was published."""
    store, place = tile_store(), 0
    raw = store.read(CHECKPOINT)
    size = Checkpoint.parse(Note.parse(raw.decode()).text).size if raw else 0
    for index in range(-(-size // WIDTH)):
        tile = Tile(0, index, min(WIDTH, size - index * WIDTH))
        shown, ours = store.read(tile.path), b"".join(_hashes(tile))
        if shown is not None and shown != ours:
            while shown[: 32 * (place + 1)] == ours[: 32 * (place + 1)]:
                place += 1
            return index * WIDTH + place
    return None
