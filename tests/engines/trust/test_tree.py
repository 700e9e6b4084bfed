"""The tree, its tiles and its notes: laws that hold for every size."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.ledger.note import (
    LOG,
    WITNESS,
    BadNote,
    Checkpoint,
    Key,
    Note,
    Signature,
    cosignature,
    cosigned,
)
from shuzheng.engines.trust.ledger.tiles import WIDTH, Tile, grown, needed, parse
from shuzheng.engines.trust.ledger.tree import Growth, Hasher, consistent, extends, includes, is_subtree, path, root

HASHERS = [Hasher(lambda data: hashlib.sha256(data).digest()), Hasher(provider().sm3)]
SIZES = st.integers(1, 200)


def leaves(count: int) -> list[bytes]:
    """Return different leaf hashes."""
    return [n.to_bytes(32, "big") for n in range(1, count + 1)]


def defined(hasher: Hasher, hashes: list[bytes]) -> bytes:
    """Return the root as RFC 9162 §2.1.1 defines it, recursively."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else hasher.digest(b"")
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hasher.node(defined(hasher, hashes[:split]), defined(hasher, hashes[split:]))


@pytest.mark.parametrize("hasher", HASHERS, ids=["sha256", "sm3"])
@settings(deadline=None)
@given(size=st.integers(0, 200), cut=st.integers(0, 200))
def test_growing_in_parts_gives_the_defined_root(hasher: Hasher, size: int, cut: int) -> None:
    every, growth = leaves(size), Growth(hasher)
    growth.extend(every[:cut])
    growth.extend(every[cut:])
    assert (growth.size, growth.root) == (size, defined(hasher, every))


@settings(deadline=None)
@given(size=SIZES, data=st.data())
def test_every_proof_holds_and_no_changed_one_does(size: int, data: st.DataObject) -> None:
    hasher, every = HASHERS[1], leaves(size)
    start, end = data.draw(st.tuples(st.integers(0, size - 1), st.integers(1, size)).filter(lambda r: is_subtree(*r)))
    roots = root(hasher, every[start:end]), root(hasher, every)
    proof = [root(hasher, every[low:high]) for low, high in path(start, end, size)]
    assert len(proof) <= 2 * size.bit_length()
    assert consistent(hasher, (start, end), size, roots, proof)
    assert not consistent(hasher, (start, end), size, roots, [*proof, bytes(32)])
    assert not consistent(hasher, (start, end), size, (roots[0], bytes(32)), proof)
    if (start, end) != (0, size):
        assert not consistent(hasher, (start, end), size, (b"\xff" * 32, roots[1]), proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not consistent(hasher, (start, end), size, roots, proof[:-1])
        assert not consistent(hasher, (start, end), size, roots, [*proof[:at], b"\xfe" * 32, *proof[at + 1 :]])


@settings(deadline=None)
@given(size=SIZES, data=st.data())
def test_a_leaf_is_where_it_is_and_nowhere_else(size: int, data: st.DataObject) -> None:
    hasher, every = HASHERS[1], leaves(size)
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    proof = [root(hasher, every[low:high]) for low, high in path(index, index + 1, size)]
    whole = root(hasher, every)
    assert includes(hasher, index, (0, size), (every[index], whole), proof)
    assert includes(hasher, other, (0, size), (every[index], whole), proof) is (index == other)
    assert not includes(hasher, size, (0, size), (every[index], whole), proof)


@settings(deadline=None)
@given(old=SIZES, more=st.integers(0, 100))
def test_a_tree_that_was_rewritten_does_not_extend_the_old_one(old: int, more: int) -> None:
    hasher, new = HASHERS[1], old + more
    every = leaves(new)
    proof = [root(hasher, every[low:high]) for low, high in path(0, old, new)]
    roots = root(hasher, every[:old]), root(hasher, every)
    assert extends(hasher, old, new, roots, proof)
    rewritten = [b"\xff" * 32, *every[1:]]
    forged = [root(hasher, rewritten[low:high]) for low, high in path(0, old, new)]
    assert not extends(hasher, old, new, (roots[0], root(hasher, rewritten)), forged)


def test_what_is_no_subtree_has_no_proof() -> None:
    for start, end, size in ((1, 3, 4), (2, 2, 4), (0, 5, 4), (-1, 1, 4)):
        with pytest.raises(ValueError):
            path(start, end, size)


# -- tiles -----------------------------------------------------------------------------------------------------


@given(level=st.integers(0, 63), index=st.integers(0, 10**12), width=st.integers(1, WIDTH))
def test_a_tiles_path_leads_back_to_it(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse(tile.path) == tile


def test_paths_are_spelt_as_the_specification_spells_them() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 8).path == "tile/1/000.p/8"
    wrong = (
        "tile/0/1",
        "tile/0/x000/001",
        "tile/64/000",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/../000",
        "tile/00/000",
    )
    for path_ in (*wrong, "tile/0/000\n", "", "checkpoint"):
        assert parse(path_) is None


@settings(deadline=None)
@given(old=st.integers(0, 70000), more=st.integers(0, 70000))
def test_the_tiles_of_a_tree_hold_every_hash_that_it_has(old: int, more: int) -> None:
    new = old + more
    had = {(tile.level, tile.index): tile.width for tile in grown(0, old)}
    added = {(tile.level, tile.index): tile.width for tile in grown(old, new)}
    assert {**had, **added} == {(tile.level, tile.index): tile.width for tile in grown(0, new)}
    for level, indexes in needed([(0, new)]).items():
        assert all({**had, **added}[level, index // WIDTH] > index % WIDTH for index in indexes)


# -- notes -----------------------------------------------------------------------------------------------------


def test_a_note_is_signed_cosigned_and_read_back() -> None:
    pair, other, verify = provider().sm2_generate(), provider().sm2_generate(), provider().sm2_verify
    log, witness = Key("a.example/log", LOG, pair.public), Key("w.example/w1", WITNESS, other.public)
    text = str(Checkpoint("a.example/log", 7, bytes(32), ("time 1",)))
    own = Signature(log.name, log.id, provider().sm2_sign(pair.private, text.encode()))
    theirs = cosignature(witness, 1700000000, provider().sm2_sign(other.private, cosigned(text, 1700000000)))
    note = Note.parse(str(Note(text, (own,)).with_signatures(theirs)))
    assert Checkpoint.parse(note.text) == Checkpoint("a.example/log", 7, bytes(32), ("time 1",))
    assert note.signed_by(log, verify)
    assert note.signed_by(witness, verify)
    assert not note.signed_by(Key(log.name, WITNESS, log.public), verify)
    assert not Note(text.replace("7", "8"), note.signatures).signed_by(log, verify)
    for key in (log, witness):
        assert Key.parse(str(key)) == key


@pytest.mark.parametrize(
    "raw", ["", "text", "text\n", "text\n\n", "text\n\n— a\n", "te\txt\n\n— a QUJDREU=\n", "text\n\n- a QUJDREU=\n", "x\n\n— a QQ==\n", "x\n\n— a QUJDREU="],
)  # fmt: skip
def test_what_is_no_note_is_refused(raw: str) -> None:
    with pytest.raises(BadNote):
        Note.parse(raw)


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n1\n", "a\n-1\nAA==\n", "a\n01\n" + "A" * 43 + "=\n", "a b\n1\n" + "A" * 43 + "=\n", "a\n1\nQQ==\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text)


@pytest.mark.parametrize("text", ["", "a", "a+b", "a+00000000+QQ==", "a+zz+" + "A" * 100])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Key.parse(text)
