"""Verifying the chain: is every audit record where it was, as it was, and is none missing?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel

from shuzheng.engines.trust import signing
from shuzheng.engines.trust.chain import GENESIS, checkpoint_text, link
from shuzheng.engines.trust.content import COLUMNS, canonical, of_row
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.models import AuditRecord, ChainCheckpoint
from shuzheng.engines.trust.sealing import PURPOSE
from shuzheng.engines.trust.signing import Signature

BATCH = 5000
_FIELDS = ("id", "sequence_no", "chain_hash", "content_hash", *COLUMNS)
What = Literal["altered", "missing", "inserted", "misplaced", "rewritten", "truncated", "forged"]


class Finding(BaseModel):
    """The first place where the chain does not hold."""

    what: What
    #: Place in the chain.
    sequence_no: int
    #: The record found there, if one is.
    record_id: int | None = None

    @property
    def message(self) -> str:
        """Say in the person's language what was found."""
        return {
            "altered": _("第 {place} 条记录（编号 {id}）的内容被改动。"),
            "missing": _("第 {place} 条记录缺失，可能被删除。"),
            "inserted": _("第 {place} 条的位置上多出一条记录（编号 {id}）。"),
            "misplaced": _("第 {place} 条记录（编号 {id}）与前一条不衔接，顺序或哈希被改动。"),
            "rewritten": _("第 {place} 条之前的链被整体重写，与当时签名的检查点不符。"),
            "truncated": _("链尾被截断：检查点证明曾有第 {place} 条记录，现已不存在。"),
            "forged": _("第 {place} 条处的检查点签名无效。"),
        }[self.what].format(place=self.sequence_no, id=self.record_id)


class ChainReport(BaseModel):
    """What a verification covered and found."""

    first: int
    #: Last place that was found in order; ``first - 1`` if none was.
    last: int
    #: Checkpoints that agreed.
    checkpoints: int
    finding: Finding | None = None

    @property
    def sound(self) -> bool:
        """Say whether nothing was found."""
        return self.finding is None


class _Broken(Exception):
    def __init__(self, what: What, sequence_no: int, record_id: int | None = None) -> None:
        self.finding = Finding(what=what, sequence_no=sequence_no, record_id=record_id)
        super().__init__(self.finding)


def verify_chain(first: int = 1, last: int | None = None) -> ChainReport:
    """Recompute the chain between two places (inclusive; to the end by default) and report the first fault.

    Content is hashed anew, every link recomputed, every signed checkpoint in the range compared; without ``last`` a
    tail cut off after a checkpoint is found as well. What lies before ``first`` is taken on trust.
    """
    report = ChainReport(first=first, last=first - 1, checkpoints=0)
    try:
        _walk(report, _before(first), _checkpoints(first, last), last)
    except _Broken as broken:
        report.finding = broken.finding
    return report


def _walk(report: ChainReport, chain_hash: bytes, checkpoints: Iterator[ChainCheckpoint], last: int | None) -> None:
    due = next(checkpoints, None)
    for row in _rows(report.first, last):
        chain_hash = _check(row, report.last + 1, chain_hash)
        report.last += 1
        if due is not None and due.sequence_no == report.last:
            _compare(due, chain_hash)
            report.checkpoints += 1
            due = next(checkpoints, None)
    if due is not None:
        raise _Broken("truncated", due.sequence_no)
    if last is not None and report.last < last:
        raise _Broken("missing", report.last + 1)


def _check(row: dict[str, Any], place: int, previous: bytes) -> bytes:
    """Return the chain hash of a row that is the right one in its place. Raises _Broken."""
    if row["sequence_no"] > place:
        raise _Broken("missing", place)
    if row["sequence_no"] < place:
        raise _Broken("inserted", row["sequence_no"], row["id"])
    content_hash = provider().sm3(canonical(of_row(row)))
    if content_hash != bytes(row["content_hash"]):
        raise _Broken("altered", place, row["id"])
    chain_hash = link(previous, place, row["id"], content_hash)
    if chain_hash != bytes(row["chain_hash"]):
        raise _Broken("misplaced", place, row["id"])
    return chain_hash


def _compare(checkpoint: ChainCheckpoint, chain_hash: bytes) -> None:
    """Hold a checkpoint against the chain. Raises _Broken."""
    text = checkpoint_text(checkpoint.sequence_no, bytes(checkpoint.chain_hash), checkpoint.at)
    if not signing.verify(PURPOSE, text, Signature(checkpoint.key_id, bytes(checkpoint.signature))):
        raise _Broken("forged", checkpoint.sequence_no)
    if bytes(checkpoint.chain_hash) != chain_hash:
        raise _Broken("rewritten", checkpoint.sequence_no)


def _before(first: int) -> bytes:
    """Return the chain hash that the first record continues. Raises _Broken if its predecessor is gone."""
    if first <= 1:
        return GENESIS
    previous = AuditRecord.objects.filter(sequence_no=first - 1).values_list("chain_hash", flat=True).first()
    if previous is None:
        raise _Broken("missing", first - 1)
    return bytes(previous)


def _checkpoints(first: int, last: int | None) -> Iterator[ChainCheckpoint]:
    found = ChainCheckpoint.objects.filter(sequence_no__gte=first).order_by("sequence_no")
    return (found if last is None else found.filter(sequence_no__lte=last)).iterator()


def _rows(first: int, last: int | None) -> Iterator[dict[str, Any]]:
    """Yield sealed rows in order of their places, a batch per statement."""
    rows = AuditRecord.objects.order_by("sequence_no", "id").values(*_FIELDS)
    if last is not None:
        rows = rows.filter(sequence_no__lte=last)
    place, record_id = first, -1
    while True:
        batch = list(rows.filter(sequence_no__gte=place).exclude(sequence_no=place, id__lte=record_id)[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        place, record_id = batch[-1]["sequence_no"], batch[-1]["id"]
