"""What this installation trusts when it checks a seal: its authority, its seals' standing, its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from shuzheng.engines.documents.seals.authority import authority
from shuzheng.engines.documents.seals.certificates import Certificate, CertificateUnreadable, RevocationList
from shuzheng.engines.documents.seals.models import Seal, SealEvent, SealState
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3
from shuzheng.engines.documents.seals.trust_store import Logged, Standing, TrustStore
from shuzheng.engines.trust.crypto.pem import from_pem
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.caching import remembered

T = TypeVar("T")
#: Kind of the entries that stamps make in the public ledger.
LEDGER_KIND = "seal.stamp"
#: Folder under SHUZHENG_HOME with further authorities (``*.pem``) and revocation lists (``*.crl``).
FOLDER = "seal-authorities"
#: The same for those who are believed about time (RFC 3161).
TIME_FOLDER = "time-authorities"


def our_trust() -> TrustStore:
    """Return the trust store of this installation: its own authority and those that its operator put into the folder."""
    own, others, lists = _authorities()
    return TrustStore(
        anchors=(*own, *(one for one in others if one.is_authority)),
        pinned=tuple(one for one in others if not one.is_authority),
        lists=lists,
        time=time_trust(),
        standing=standing_of,
        logged=logged,
    )


@remembered(seconds=10)
def time_trust() -> TrustStore:
    """Return who is believed about time: nobody but those whom the operator put into the folder."""
    found = tuple(_put_here(TIME_FOLDER, "*.pem", "CERTIFICATE", Certificate))
    return TrustStore(
        anchors=tuple(one for one in found if one.is_authority),
        pinned=tuple(one for one in found if not one.is_authority),
        lists=tuple(_put_here(TIME_FOLDER, "*.crl", "X509 CRL", RevocationList)),
    )


def pdf_anchors() -> list[bytes]:
    """Return the authorities for PDF: our own, and those in the folder whose keys readers of PDF know."""
    _own, others, _lists = _authorities()
    return [*authority().pdf_anchors(), *(one.der for one in others if one.algorithm != SM2_WITH_SM3)]


@remembered(seconds=10)
def _authorities() -> tuple[tuple[Certificate, ...], tuple[Certificate, ...], tuple[RevocationList, ...]]:
    own = tuple(Certificate(der) for der in authority().anchors())
    others = tuple(_put_here(FOLDER, "*.pem", "CERTIFICATE", Certificate))
    lists = (
        *(RevocationList(der) for der in authority().revocations()),
        *_put_here(FOLDER, "*.crl", "X509 CRL", RevocationList),
    )
    return own, others, lists


def _put_here(name: str, pattern: str, label: str, read: Callable[[bytes], T]) -> Iterator[T]:
    """Yield what the operator put into a folder, PEM or DER; what cannot be read is no authority."""
    folder = Path(settings.HOME) / name
    for file in sorted(folder.glob(pattern)) if folder.is_dir() else []:
        for content in _blocks(file.read_bytes(), label):
            try:
                yield read(from_pem(label, content.decode()) if content.startswith(b"-----") else content)
            except (CertificateUnreadable, ValueError):
                continue


def _blocks(content: bytes, label: str) -> list[bytes]:
    """Return the PEM blocks of a file, or the file itself when it is DER."""
    begin = f"-----BEGIN {label}-----".encode()
    return [begin + part for part in content.split(begin)[1:]] or [content]


def standing_of(code: str) -> Standing | None:
    """Return how a seal of ours stands now, and since when it was stopped, or nothing for others' seals."""
    seal = Seal.objects.filter(code=code).first()
    if seal is None:
        return None
    since = seal.state_since
    if seal.state in (SealState.FROZEN, SealState.REVOKED):
        since = _stopped_since(seal) or since
    return Standing(seal.state, since)


def _stopped_since(seal: Seal) -> datetime | None:
    """Return since when the seal has been stopped without a break: frozen first, then revoked, counts from the freezing."""
    since = None
    for event in SealEvent.objects.filter(seal=seal).order_by("at", "id").only("at", "state"):
        stopped = event.state in (SealState.FROZEN, SealState.REVOKED)
        since = (since or event.at) if stopped else None
    return since


def logged(digest: str) -> Logged | None:
    """Return a stamp's place in the public ledger."""
    entry = LedgerEntry.objects.filter(kind=LEDGER_KIND, digest=digest).first()
    return None if entry is None else Logged(str(entry.id), entry.at)
