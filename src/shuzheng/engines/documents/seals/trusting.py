"""What this installation trusts when it checks a seal: its authority, its seals' standing, its ledger."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from shuzheng.engines.documents.seals.authority import authority
from shuzheng.engines.documents.seals.certificates import (
    Certificate,
    CertificateUnreadable,
    Logged,
    RevocationList,
    Standing,
    TrustStore,
)
from shuzheng.engines.documents.seals.models import Seal, SealEvent, SealState
from shuzheng.engines.trust.crypto.pem import from_pem
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.caching import remembered

#: Kind of the entries that stamps make in the public ledger.
LEDGER_KIND = "seal.stamp"
#: Folder under SHUZHENG_HOME with further authorities in PEM.
FOLDER = "seal-authorities"


def our_trust() -> TrustStore:
    """Return the trust store of this installation: its own authority and those that its operator put into the folder."""
    own, others, lists = _authorities()
    return TrustStore(
        anchors=(*own, *(one for one in others if one.is_authority)),
        pinned=tuple(one for one in others if not one.is_authority),
        lists=lists,
        standing=standing_of,
        logged=logged,
    )


@remembered(seconds=10)
def _authorities() -> tuple[tuple[Certificate, ...], tuple[Certificate, ...], tuple[RevocationList, ...]]:
    own = tuple(Certificate(der) for der in authority().anchors())
    return own, tuple(_others()), tuple(RevocationList(der) for der in authority().revocations())


def _others() -> list[Certificate]:
    folder = Path(settings.HOME) / FOLDER
    found = []
    for file in sorted(folder.glob("*.pem")) if folder.is_dir() else []:
        try:
            found.append(Certificate(from_pem("CERTIFICATE", file.read_text())))
        except (CertificateUnreadable, ValueError):
            continue
    return found


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
