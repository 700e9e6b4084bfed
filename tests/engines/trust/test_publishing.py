"""The public files of the ledger: a stranger can rebuild the tree from them, and a failing disk loses nothing."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.trust import jobs, ledger
from shuzheng.engines.trust.audit import write
from shuzheng.engines.trust.gateways.tiles import FolderStore
from shuzheng.engines.trust.ledger import heads, publishing
from shuzheng.engines.trust.ledger.note import Checkpoint, Note
from shuzheng.engines.trust.ledger.publishing import LedgerForked, publish
from shuzheng.engines.trust.ledger.tree import root
from shuzheng.engines.trust.ledger.verification import verify_ledger
from shuzheng.engines.trust.models import TreeHead
from shuzheng.kernel.audit import Entry

pytestmark = pytest.mark.usefixtures("empty_ledger", "own_ring")
Act = Callable[..., Entry]


def grow(act: Act, count: int) -> None:
    """Add leaves under a head."""
    write(act() for _ in range(count))
    ledger.sequence()


def hashes(path: str) -> list[bytes]:
    """Fetch a tile as anybody can."""
    response = Client().get(f"/ledger/{path}")
    assert (response.status_code, response["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    return [response.content[at : at + 32] for at in range(0, len(response.content), 32)]


def test_a_stranger_rebuilds_the_tree_from_checkpoint_and_tiles(act: Act, own_ring: Any, settings: Any) -> None:
    grow(act, 200)
    assert publish() == 200
    grow(act, 400)
    assert (publish(), publish()) == (400, 0)
    shown = Client().get("/ledger/checkpoint")
    assert "max-age=1" in shown["Cache-Control"]
    note = Note.parse(shown.content.decode())
    head = Checkpoint.parse(note.text)
    leaves = [*hashes("tile/0/000"), *hashes("tile/0/001"), *hashes("tile/0/002.p/88")]
    assert (head.size, head.root) == (600, root(heads.hasher(), leaves))
    assert hashes("tile/1/000.p/2") == [root(heads.hasher(), leaves[:256]), root(heads.hasher(), leaves[256:512])]
    assert not (Path(settings.HOME) / "ledger/tile/0/000.p").exists()


def test_what_is_not_published_is_not_found() -> None:
    for path in (
        "checkpoint",
        "tile/0/000",
        "tile/0/000.p/3",
        "tile/0/../../keys/master.keys",
        "etc/passwd",
        "tile/entries/000",
    ):
        assert Client().get(f"/ledger/{path}").status_code == 404


class Full(FolderStore):
    """A disk that is full after some files."""

    left = 0

    def write(self, path: str, data: bytes) -> None:
        """Write while there is room."""
        if Full.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        Full.left -= 1
        super().write(path, data)


@pytest.mark.parametrize("room", [0, 1, 2, 3])
def test_a_full_disk_holds_nothing_up_and_is_caught_up_later(
    act: Act, monkeypatch: pytest.MonkeyPatch, room: int, caplog: Any
) -> None:
    grow(act, 300)
    publish()
    monkeypatch.setattr(publishing, "tile_store", Full)
    Full.left = room
    write(act() for _ in range(300))
    with pytest.raises(OSError, match="No space"):
        jobs.sequence()
    assert "ledger_not_published" in caplog.text
    newest = heads.newest()
    assert newest is not None
    assert newest.size == 600
    shown = FolderStore().read("checkpoint") or b""
    assert Checkpoint.parse(Note.parse(shown.decode()).text).size == 300
    monkeypatch.undo()
    assert publish() == 300
    assert len(hashes("tile/0/001")) == 256
    assert verify_ledger().sound


def test_a_draft_that_could_not_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise OSError(errno.EIO, "broken")

    store = FolderStore(tmp_path / "store")
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="broken"):
        store.write("tile/0/000", b"x")
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
    assert store.read("tile/0/000") is None
    assert store.read("tile") is None


def test_a_ledger_that_went_backwards_publishes_nothing_more(act: Act, tamper: Callable[..., None]) -> None:
    grow(act, 5)
    grow(act, 5)
    publish()
    tamper("DELETE FROM trust_treehead WHERE size = 10")
    with pytest.raises(LedgerForked):
        publish()
    tamper("DELETE FROM trust_leaf WHERE index >= 5")
    tamper("UPDATE trust_sequencer SET xid = 0, record = 0")
    grow(act, 5)
    other = TreeHead.objects.filter(size__gte=10).first()
    assert other is not None
    with pytest.raises(LedgerForked):
        publish()
