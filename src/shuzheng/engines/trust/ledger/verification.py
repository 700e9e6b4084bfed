"""Verifying the ledger: does every leaf still have its record, unchanged, and every record its leaf?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from django.db import connection
from django.utils.translation import gettext as _
from pydantic import BaseModel

from shuzheng.engines.trust.content import COLUMNS, leaf_hash, of_row, record_leaf
from shuzheng.engines.trust.ledger import heads, proofs
from shuzheng.engines.trust.ledger.entries import leaf_of
from shuzheng.engines.trust.ledger.note import BadNote, Checkpoint, Note
from shuzheng.engines.trust.ledger.publishing import first_changed
from shuzheng.engines.trust.ledger.tree import Growth, pieces
from shuzheng.engines.trust.models import AuditRecord, Leaf, LedgerEntry, TreeHead

BATCH = 5000
What = Literal["altered", "removed", "missing", "unlogged", "rewritten", "truncated", "forged"]
#: The first row before the writer's position that has no leaf: written past the ledger.
_UNLOGGED = """
    SELECT r.record FROM (
        SELECT xid, id AS record FROM trust_auditrecord UNION ALL SELECT xid, number FROM trust_ledgerentry
    ) AS r, trust_sequencer AS q
    WHERE r.xid < q.xid AND r.record > %s AND NOT EXISTS (SELECT FROM trust_leaf l WHERE l.record = r.record)
    ORDER BY r.record LIMIT 1
"""


class Finding(BaseModel):
    """The first place where the ledger does not hold."""

    what: What
    #: Place in the tree, from 0.
    index: int
    #: The record or entry concerned, by its number, if there is one.
    record: int | None = None

    @property
    def message(self) -> str:
        """Say in the person's language what was found."""
        return {
            "altered": _("账本第 {place} 项（记录编号 {id}）的内容被改动。"),
            "removed": _("账本第 {place} 项的记录（编号 {id}）已被删除，账本里仍有它的凭据。"),
            "missing": _("账本缺少第 {place} 项，可能被删除。"),
            "unlogged": _("记录（编号 {id}）没有进入账本，可能是绕过系统写入的。"),
            "rewritten": _("账本在第 {place} 项之前被改写，与当时签名的树头不符。"),
            "truncated": _("账本末尾被截断：树头证明曾有 {place} 项，现已不全。"),
            "forged": _("账本第 {place} 项处的树头签名无效。"),
        }[self.what].format(place=self.index, id=self.record)


class LedgerReport(BaseModel):
    """What a verification covered and found."""

    #: First leaf looked at.
    first: int
    #: Leaves found in order, counted from the beginning of the tree.
    size: int
    #: Signed heads that agreed.
    heads: int
    finding: Finding | None = None

    @property
    def sound(self) -> bool:
        """Say whether nothing was found."""
        return self.finding is None


class _Broken(Exception):
    def __init__(self, what: What, index: int, record: int | None = None) -> None:
        self.finding = Finding(what=what, index=index, record=record)
        super().__init__(self.finding)


def verify_ledger(first: int = 0) -> LedgerReport:
    """Recompute the tree from the records themselves, from a leaf on, and report the first fault.

    Every record is hashed anew and compared with its leaf, every signed head with the tree that the leaves make, and
    rows without a leaf are looked for. What lies before ``first`` is taken from the stored tree.
    """
    report = LedgerReport(first=first, size=first, heads=0)
    try:
        _walk(report, _growth_before(first))
        _look_for_unlogged(first)
    except _Broken as broken:
        report.finding = broken.finding
    return report


def _growth_before(first: int) -> Growth:
    """Return the tree of the leaves that are not looked at. Raises _Broken if it is not whole."""
    try:
        roots = proofs.roots([(place << height, (place + 1) << height) for height, place in pieces(0, first)])
    except LookupError:
        raise _Broken("missing", first) from None
    return Growth(heads.hasher(), first, roots)


def _walk(report: LedgerReport, growth: Growth) -> None:
    due = TreeHead.objects.filter(size__gt=report.first).order_by("size").iterator()
    head = next(due, None)
    for leaf, found in _leaves(report.first):
        _check(leaf, found, growth.size)
        growth.extend([bytes(leaf.hash)])
        report.size = growth.size
        while head is not None and head.size == growth.size:
            _compare(head, growth)
            report.heads += 1
            head = next(due, None)
    if head is not None:
        raise _Broken("truncated", head.size)


def _check(leaf: Leaf, found: list[bytes], place: int) -> None:
    """Hold a leaf against what its record hashes to today. Raises _Broken."""
    if leaf.index != place:
        raise _Broken("missing", place)
    if not found:
        raise _Broken("removed", place, leaf.record)
    if found != [bytes(leaf.hash)]:
        raise _Broken("altered", place, leaf.record)


def _compare(head: TreeHead, growth: Growth) -> None:
    """Hold a signed head against the tree. Raises _Broken."""
    try:
        note = Note.parse(head.note)
        signed = Checkpoint.parse(note.text)
    except BadNote:
        raise _Broken("forged", head.size) from None
    if not heads.is_ours(note) or (signed.size, signed.root) != (head.size, bytes(head.root)):
        raise _Broken("forged", head.size)
    if signed.root != growth.root:
        raise _rewritten(head)


def _rewritten(head: TreeHead) -> _Broken:
    """Return the leaf that was changed together with its record, as the published tiles show it, or else only the head."""
    try:
        index = first_changed()
    except (OSError, BadNote):
        index = None
    if index is None or index >= head.size:
        return _Broken("rewritten", head.size)
    return _Broken("altered", index, Leaf.objects.filter(index=index).values_list("record", flat=True).first())


def _leaves(first: int) -> Iterator[tuple[Leaf, list[bytes]]]:
    """Yield leaves in order, each with the hashes of the rows that bear its number, three statements a batch."""
    while batch := list(Leaf.objects.filter(index__gte=first).order_by("index")[:BATCH]):
        hashes: dict[int, list[bytes]] = {}
        for number, hashed in _hashes([leaf.record for leaf in batch]):
            hashes.setdefault(number, []).append(hashed)
        yield from ((leaf, hashes.get(leaf.record, [])) for leaf in batch)
        first = batch[-1].index + 1


def _hashes(numbers: list[int]) -> Iterator[tuple[int, bytes]]:
    """Yield what records and entries hash to, from their content as it is now."""
    rows: Any = AuditRecord.objects.filter(id__in=numbers).values("id", "salt", *COLUMNS)
    for row in rows.iterator():
        yield row["id"], leaf_hash(record_leaf(of_row(row), bytes(row["salt"])))
    for entry in LedgerEntry.objects.filter(number__in=numbers).iterator():
        yield entry.number, leaf_hash(leaf_of(entry))


def _look_for_unlogged(first: int) -> None:
    """Find a row that the writer has passed and that has no leaf. Raises _Broken."""
    after = Leaf.objects.filter(index__gte=first).order_by("index").values_list("record", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(_UNLOGGED, [after if first else 0])
        row = cursor.fetchone()
    if row:
        raise _Broken("unlogged", first, row[0])
