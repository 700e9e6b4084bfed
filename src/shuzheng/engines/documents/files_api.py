"""HTTP API of files: what there is, its versions, its lock, its rights, its bytes. Changes are actions: POST /api/actions/documents.…"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import BaseModel, ConfigDict

from shuzheng.engines.documents import cards
from shuzheng.engines.documents.models import StoredFile, Use
from shuzheng.engines.documents.views import sent
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.page import Page
from shuzheng.kernel.policy import SIGNED_IN

router = Router()


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class VersionOut(_Out):
    """One version of a file."""

    id: UUID
    version: int
    name: str
    content_type: str
    size: int
    #: SM3 of the bytes (GB/T 32905), hexadecimal; also of bytes that were destroyed.
    sm3: str
    scan_status: str
    reason: str
    author_name: str
    restored_from: int | None
    created_at: datetime
    #: When the bytes were destroyed.
    bytes_gone_at: datetime | None


class LockOut(_Out):
    """Who alone may store versions now, and until when."""

    holder_name: str
    until: datetime
    reason: str


class RetentionOut(_Out):
    """How long a file is kept and what happens then."""

    period: str
    starts_on: date | None
    due_on: date | None
    disposal: str
    held: bool


class RightOut(_Out):
    """What the holder lets somebody do."""

    id: UUID
    recipient: str
    uses: list[Use]
    purpose: str
    valid_until: datetime
    withdrawn_at: datetime | None
    usable: bool


class FileOut(BaseModel):
    """A file as the caller may know it."""

    file: VersionOut
    own: bool
    #: What the caller may do: read, download, print, reuse, revise.
    uses: list[Use]
    lock: LockOut | None
    retention: RetentionOut | None
    #: Whether it belongs to a matter and is kept as long as that matter's archive.
    follows_archive: bool


class VersionsOut(BaseModel):
    """A page of versions; ``next`` goes into ``after`` for the following page."""

    items: list[VersionOut]
    next: str | None


class RightsOut(BaseModel):
    """A page of grants."""

    items: list[RightOut]
    next: str | None


@router.get("", auth=Allow(SIGNED_IN), response=VersionsOut)
def mine(request: Request, after: str | None = None) -> VersionsOut:
    """Return the caller's own files, the newest first, each by its first version."""
    return _versions(cards.mine(request.actor, after))


@router.get("/{id}", auth=Allow(SIGNED_IN), response=FileOut)
def one(request: Request, id: UUID) -> FileOut:
    """Return a file: lock, retention and what the caller may do with it. Raises NoSuchFile."""
    card = cards.card(id, request.actor)
    retention = card.keeping.retention
    return FileOut(
        file=VersionOut.model_validate(card.file),
        own=card.own,
        uses=sorted(card.uses),
        lock=LockOut.model_validate(card.lock) if card.lock else None,
        retention=RetentionOut.model_validate(retention) if retention else None,
        follows_archive=card.keeping.follows,
    )


@router.get("/{id}/versions", auth=Allow(SIGNED_IN), response=VersionsOut)
def versions(request: Request, id: UUID, after: str | None = None) -> VersionsOut:
    """Return the versions that the caller may see, the newest first. Raises NoSuchFile."""
    return _versions(cards.versions(id, request.actor, after))


@router.get("/{id}/rights", auth=Allow(SIGNED_IN), response=RightsOut)
def rights(request: Request, id: UUID, after: str | None = None) -> RightsOut:
    """Return to whom the caller's own file was granted; nothing of another's. Raises NoSuchFile."""
    found = cards.rights(id, request.actor, after)
    return RightsOut(items=[RightOut.model_validate(right) for right in found.items], next=found.next)


@router.get("/{id}/content", auth=Allow(SIGNED_IN), response={200: Any})
def content(request: Request, id: UUID, use: Use = Use.DOWNLOAD, purpose: str = "") -> HttpResponseBase:
    """Send the bytes of a version, or the range asked for, for a use that the caller has; the read is recorded.

    Raises NoSuchFile, InQuarantine, FileGone, StorageDown.
    """
    return sent(request, id, use)


def _versions(found: Page[StoredFile]) -> VersionsOut:
    return VersionsOut(items=[VersionOut.model_validate(version) for version in found.items], next=found.next)
