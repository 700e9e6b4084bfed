"""The Merkle tree of RFC 9162 §2, over any hash: growing it, choosing what a proof consists of, verifying proofs.

Leaves are numbered from 0; ``[start, end)`` is a *subtree* when ``start`` is a multiple of the smallest power of two that
is not below its width (draft-ietf-plants-merkle-tree-certs §4). Everything is one theorem: that the subtree
``[start, end)`` has one root and the tree of ``size`` leaves another. A single leaf makes it a proof of inclusion, ``start``
0 a proof of consistency. Pure functions; nothing here knows where hashes are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

#: ``[start, end)`` of leaves.
Range = tuple[int, int]
#: A complete subtree: its height (a leaf has 0) and its place among those of its height.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hasher:
    """How leaves and inner nodes are hashed (RFC 9162 §2.1.1): told apart by their first byte."""

    digest: Callable[[bytes], bytes]
    #: Bytes of a hash.
    size: int = 32

    def leaf(self, data: bytes) -> bytes:
        """Return the hash of a leaf's content."""
        return self.digest(b"\x00" + data)

    def node(self, left: bytes, right: bytes) -> bytes:
        """Return the hash of an inner node."""
        return self.digest(b"\x01" + left + right)

    def fold(self, hashes: Sequence[bytes]) -> bytes:
        """Return the root over the hashes of ``pieces``, or of the empty tree."""
        if not hashes:
            return self.digest(b"")
        root = hashes[-1]
        for left in reversed(hashes[:-1]):
            root = self.node(left, root)
        return root


def pieces(start: int, end: int) -> list[Place]:
    """Return the complete subtrees that make up ``[start, end)``, from left to right."""
    found = []
    while start < end:
        height = (end - start).bit_length() - 1
        if start:
            height = min(height, (start & -start).bit_length() - 1)
        found.append((height, start >> height))
        start += 1 << height
    return found


@dataclass
class Growth:
    """A tree that only grows, of which no more is kept than its frontier: the roots of ``pieces(0, size)``."""

    hasher: Hasher
    size: int = 0
    frontier: list[bytes] = field(default_factory=list)

    @property
    def root(self) -> bytes:
        """Return the tree's root."""
        return self.hasher.fold(self.frontier)

    def extend(self, leaves: Iterable[bytes], every: int = 8) -> list[tuple[Place, bytes]]:
        """Add leaf hashes; return the complete subtrees of heights ``every``, 2 × ``every`` … that they closed."""
        closed, node, frontier = [], self.hasher.node, self.frontier
        for leaf in leaves:
            top, height, place = leaf, 0, self.size
            while place & 1:
                top, height, place = node(frontier.pop(), top), height + 1, place >> 1
                if height % every == 0:
                    closed.append(((height, place), top))
            frontier.append(top)
            self.size += 1
        return closed


def root(hasher: Hasher, leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    growth = Growth(hasher)
    growth.extend(leaves)
    return growth.root


@dataclass(frozen=True, slots=True)
class _Step:
    """One level between the subtree and the root: the range beside it, on its left or right, and whether it belongs to both."""

    beside: Range
    left: bool
    both: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """The way up: from the subtree itself, or from its rightmost part where its root is no node of the tree."""

    base: Range
    #: Whether the way begins at the subtree's own root, which the verifier knows.
    known: bool
    steps: list[_Step]


def is_subtree(start: int, end: int) -> bool:
    """Say whether ``[start, end)`` is one: aligned to the power of two that holds it."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def _plan(start: int, end: int, size: int) -> _Plan:
    """Walk from the root of ``size`` leaves down to the subtree."""
    low, high, known, steps = 0, size, True, []
    while (low, high) != (start, end):
        split = low + (1 << ((high - low - 1).bit_length() - 1))
        if end <= split:
            steps.append(_Step((split, high), left=False))
            high = split
        else:
            both = start < split
            steps.append(_Step((low, split), left=True, both=both))
            low, start, known = split, max(start, split), known and not both
    return _Plan((low, high), known, steps[::-1])


def path(start: int, end: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that ``[start, end)`` is in the tree of ``size`` leaves. Raises ValueError."""
    if not is_subtree(start, end) or end > size:
        raise ValueError(f"[{start}, {end}) is no subtree of {size} leaves.")
    plan = _plan(start, end, size)
    return [*([] if plan.known else [plan.base]), *(step.beside for step in plan.steps)]


def consistent(hasher: Hasher, subtree: Range, size: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that a subtree with the first root lies in a tree of ``size`` leaves with the second.

    The empty subtree lies in every tree.
    """
    start, end = subtree
    if 0 <= start == end <= size:
        return not proof and roots[0] == hasher.fold([])
    if not is_subtree(start, end) or end > size:
        return False
    plan = _plan(start, end, size)
    if len(proof) != len(plan.steps) + (not plan.known):
        return False
    old = new = roots[0] if plan.known else proof[0]
    for step, beside in zip(plan.steps, proof[not plan.known :], strict=True):
        old = hasher.node(beside, old) if step.both else old
        new = hasher.node(beside, new) if step.left else hasher.node(new, beside)
    return (old, new) == roots


def extends(hasher: Hasher, old: int, new: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that a tree of ``old`` leaves, at least one, grew into one of ``new`` without a change."""
    return old > 0 and consistent(hasher, (0, old), new, roots, proof)


def includes(hasher: Hasher, index: int, subtree: Range, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that a leaf hash (the first root) stands at ``index`` in a subtree with the second root."""
    start, end = subtree
    if not is_subtree(start, end) or not start <= index < end or any(len(one) != hasher.size for one in roots):
        return False
    place = index - start
    return consistent(hasher, (place, place + 1), end - start, roots, proof)
