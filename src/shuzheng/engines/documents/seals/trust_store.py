"""What an installation trusts: authorities, single certificates, lists of the revoked; and what it knows of seals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shuzheng.engines.documents.seals.certificates import Certificate, RevocationList

#: Certificates between a stamper's and an anchor, at most.
LONGEST_CHAIN = 6


@dataclass(frozen=True)
class Standing:
    """What the seal service knows of a seal (印章状态)."""

    #: in_use, frozen, revoked or expired.
    state: str
    #: From when the state holds.
    since: datetime


@dataclass(frozen=True)
class Logged:
    """A stamp's place in the public ledger."""

    entry: str
    at: datetime


@dataclass(frozen=True)
class TrustStore:
    """What an installation trusts, and what it knows of seals.

    ``anchors`` are authorities; ``pinned`` are single certificates believed without one, for seals whose authority is
    not to be had. ``standing`` and ``logged`` ask the seal service; without them nothing is known. ``time`` is who is
    believed about time: the authorities above time-stamping authorities, with their lists.
    """

    anchors: tuple[Certificate, ...] = ()
    intermediates: tuple[Certificate, ...] = ()
    pinned: tuple[Certificate, ...] = ()
    lists: tuple[RevocationList, ...] = ()
    time: TrustStore | None = None
    #: By seal code: its standing, or nothing if the seal is not ours.
    standing: Callable[[str], Standing | None] = field(default=lambda code: None)
    #: By SM3 of SignedValue.dat in hexadecimal: its place in the ledger.
    logged: Callable[[str], Logged | None] = field(default=lambda digest: None)

    def chain(self, certificate: Certificate) -> tuple[Certificate, ...] | None:
        """Return the certificates from this one to an anchor, both included, or nothing when there is no way."""
        if certificate in self.pinned or certificate in self.anchors:
            return (certificate,)
        chain = [certificate]
        while len(chain) < LONGEST_CHAIN:
            above = _issuer(chain[-1], self.anchors)
            if above is not None:
                return (*chain, above)
            above = _issuer(chain[-1], self.intermediates)
            if above is None or above in chain:
                return None
            chain.append(above)
        return None

    def revoked_at(self, chain: Iterable[Certificate]) -> datetime | None:
        """Return since when a certificate of a chain is revoked, by lists that its own issuer signed."""
        told = [moment for below in chain for moment in self._revocations(below)]
        return min(told, default=None)

    def _revocations(self, certificate: Certificate) -> Iterable[datetime]:
        for one in self.lists:
            listed = one.revoked.get(certificate.serial)
            if listed is None or one.issuer_name != certificate.issuer_name:
                continue
            if _issuer(one, (*self.anchors, *self.intermediates)) is not None:
                yield listed


def _issuer(below: Certificate | RevocationList, candidates: Iterable[Certificate]) -> Certificate | None:
    return next((above for above in candidates if above.issued(below)), None)
