"""What a time stamp proves: a moment, or nothing and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from shuzheng.engines.documents.seals import algorithms
from shuzheng.engines.documents.seals.certificates import Certificate
from shuzheng.engines.documents.seals.timestamps import TimeStamp, read
from shuzheng.engines.documents.seals.trust_store import TrustStore


@dataclass(frozen=True)
class Judged:
    """What a token proves: a moment, or nothing and why."""

    #: Code of the finding.
    code: str
    at: datetime | None = None
    authority: str = ""

    @property
    def proved(self) -> datetime | None:
        """Return the moment when it may be believed."""
        return self.at if self.code == "time-stamped" else None


def judge(token: bytes, over: bytes, trust: TrustStore | None) -> Judged:
    """Say what a token proves of some bytes, here a signature's value. ``trust`` is ``TrustStore.time``."""
    try:
        stamp = read(token)
        if algorithms.digest(stamp.digested, over) != stamp.imprint:
            return Judged("time-imprint", stamp.at)
    except ValueError:
        return Judged("time-unreadable")
    return judge_read(stamp, trust)


def judge_read(stamp: TimeStamp, trust: TrustStore | None) -> Judged:
    """Say what a token proves of the digest that it holds."""
    known = trust or TrustStore()
    try:
        if algorithms.digest(stamp.digest_method, stamp.content) != stamp.content_digest:
            return Judged("time-forged", stamp.at)
        signer = next((c for c in (*stamp.certificates, *known.pinned, *known.anchors) if stamp.is_of(c)), None)
    except ValueError:
        return Judged("time-unreadable", stamp.at)
    if signer is None:
        return Judged("time-unreadable", stamp.at)
    return Judged(_judged(stamp, signer, known), stamp.at, signer.name)


def _judged(stamp: TimeStamp, signer: Certificate, known: TrustStore) -> str:
    if not signer.verifies(stamp.signed, stamp.signature, stamp.method):
        return "time-forged"
    if not signer.may_stamp_time():
        return "time-purpose"
    believed = replace(known, intermediates=(*known.intermediates, *stamp.certificates))
    chain = believed.chain(signer)
    if chain is None:
        return "time-authority-unknown"
    if not all(one.valid_at(stamp.at) for one in chain):
        return "time-period"
    return "time-stamped" if believed.revoked_at(chain) is None else "time-revoked"
