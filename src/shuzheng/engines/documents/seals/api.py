"""HTTP API of the middle platform (市电子印章中台) and of verification."""

from __future__ import annotations

import base64
from uuid import UUID

from django.conf import settings
from ninja import File, Router
from ninja.files import UploadedFile
from pydantic import BaseModel

from shuzheng.engines.documents.errors import FileTooLarge
from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.seals import limits, results
from shuzheng.engines.documents.seals.actions import StampForApplication
from shuzheng.engines.documents.seals.actions.serving import MEGABYTE, StampForApplicationInput
from shuzheng.engines.documents.seals.findings import SealCheck
from shuzheng.engines.documents.seals.policies import STAMP_AS_APPLICATION
from shuzheng.engines.documents.seals.reading import check_document
from shuzheng.kernel.api import Allow, Key
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC

router = Router()


class StampedOut(BaseModel):
    """A stamped document for the application that sent it."""

    #: The document in base64.
    content: str
    #: The stamp's name in the public ledger.
    digest: str
    ledger_entry: UUID


class FindingOut(BaseModel):
    """One thing that a check found."""

    code: str
    weight: str
    message: str


class CheckOut(BaseModel):
    """What is known of one stamp."""

    kind: str
    intact: bool
    valid: bool
    seal_code: str
    seal_name: str
    signer: str
    issuer: str
    signed_at: str
    #: When it existed at the latest, by a time stamp or the public ledger; empty where only the stamper says so.
    proved_at: str
    #: Parts of the file whose changes this stamp does not show.
    uncovered: list[str]
    digest: str
    findings: list[FindingOut]


@router.post("/stamp", auth=Allow(STAMP_AS_APPLICATION), response=StampedOut, operation_id="seals_stamp")
def stamp(request: Request, given: StampForApplicationInput, key: Key = "") -> StampedOut:
    """Stamp a document within the application's grants and limits. An idempotency key is required; the same one returns the same document."""
    done = StampForApplication.do(request.actor, given, key=key)
    content = results.content_of(StoredFile.objects.get(pk=done.file_id))
    return StampedOut(content=base64.b64encode(content).decode(), digest=done.digest, ledger_entry=done.ledger_entry)


@router.post("/verify", auth=Allow(PUBLIC), response=list[CheckOut], operation_id="seals_verify")
def verify(request: Request, file: File[UploadedFile]) -> list[CheckOut]:
    """Check every stamp on an OFD or PDF document; the document is not kept."""
    limits.spend(request.actor.address)
    if (file.size or 0) > settings.FILE_LIMIT:
        raise FileTooLarge(limit=settings.FILE_LIMIT // MEGABYTE)
    return [_told(check) for check in check_document(file.read())]


def _told(check: SealCheck) -> CheckOut:
    return CheckOut(
        kind=check.kind,
        intact=check.intact,
        valid=check.valid,
        seal_code=check.seal_code,
        seal_name=check.seal_name,
        signer=check.signer,
        issuer=check.issuer,
        signed_at=check.signed_at.isoformat() if check.signed_at else "",
        proved_at=check.proved_at.isoformat() if check.proved_at else "",
        uncovered=list(check.uncovered),
        digest=check.digest,
        findings=[FindingOut(code=one.code, weight=one.weight, message=one.message) for one in check.findings],
    )
