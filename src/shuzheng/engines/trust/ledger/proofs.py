"""Proofs from the stored tree: each is put together from a few ranges of hashes, in one statement."""

from __future__ import annotations

from django.db import connection

from shuzheng.engines.trust.ledger import tree
from shuzheng.engines.trust.ledger.heads import hasher
from shuzheng.engines.trust.ledger.tiles import HEIGHT, needed

_HASHES = """
    SELECT 0, index, hash FROM trust_leaf WHERE index = ANY(%s)
    UNION ALL
    SELECT n.level, n.index, n.hash FROM trust_node n JOIN unnest(%s::int[], %s::bigint[]) AS w (level, index) USING (level, index)
"""


def inclusion(index: int, size: int) -> list[bytes]:
    """Return the proof that a leaf is in the tree of ``size`` leaves. Raises ValueError, LookupError."""
    return roots(tree.path(index, index + 1, size))


def consistency(old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``new`` leaves is that of ``old`` grown on. Raises ValueError, LookupError."""
    return roots(tree.path(0, old, new)) if old else []


def subtree(start: int, end: int, size: int) -> list[bytes]:
    """Return the proof that ``[start, end)`` is in the tree of ``size`` leaves. Raises ValueError, LookupError."""
    return roots(tree.path(start, end, size))


def roots(ranges: list[tree.Range]) -> list[bytes]:
    """Return the roots of ranges. Raises LookupError if a hash is missing."""
    known = _read(needed(ranges))
    ours = hasher()

    def of(place: tree.Place) -> bytes:
        level, inside = divmod(place[0], HEIGHT)
        width = 1 << inside
        return tree.root(ours, (known[level, n] for n in range(place[1] * width, (place[1] + 1) * width)))

    return [ours.fold([of(place) for place in tree.pieces(start, end)]) for start, end in ranges]


def _read(wanted: dict[int, set[int]]) -> dict[tuple[int, int], bytes]:
    above = [(level, index) for level, indexes in wanted.items() if level for index in indexes]
    with connection.cursor() as cursor:
        cursor.execute(_HASHES, [list(wanted.get(0, ())), [level for level, _ in above], [index for _, index in above]])
        return {(level, index): bytes(hashed) for level, index, hashed in cursor.fetchall()}
