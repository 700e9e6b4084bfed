"""The public ledger: a page that explains and looks up, its files, and the address to which other logs submit their heads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.trust import queries
from shuzheng.engines.trust.actions.witnessing import CosignCheckpoint
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.gateways.tiles import tile_store
from shuzheng.engines.trust.ledger import cosigning, evidence, heads, tiles, title_of
from shuzheng.engines.trust.ledger.publishing import CHECKPOINT
from shuzheng.engines.trust.models import LedgerEntry, Witness
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, TooLarge
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC

#: A full tile never changes.
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=1"
#: Largest file that is looked up.
LARGEST = 200 * 1024 * 1024


@require_http_methods(["GET", "POST"])
@access(PUBLIC)
def overview(request: Request) -> HttpResponse:
    """Explain the ledger and look up a document: by its digest, or by the file, of which only the digest is taken. Raises TooLarge."""
    upload = request.FILES.get("file")
    if upload is not None and (upload.size or 0) > LARGEST:
        raise TooLarge
    digests = [request.GET.get("digest", "").strip().lower()]
    if upload is not None:
        sha256 = hashlib.sha256()
        digests = [provider().sm3_of(_fed(upload, sha256)).hex(), sha256.hexdigest()]
    found = [entry for digest in digests for entry in queries.evidence_of_digest(digest)]
    context = {
        "digest": digests[0],
        "asked": bool(digests[0]),
        "entries": [_titled(entry) for entry in found],
        "head": heads.newest(),
        "origin": heads.origin(),
        "keys": heads.signers(),
        "witness_key": cosigning.witness_key(),
        "witnesses": Witness.objects.filter(active=True).order_by("key"),
    }
    return render(request, "trust/ledger.html", context)


def _titled(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry with what people call its kind."""
    shown = {"id": entry.id, "at": entry.at, "subject": entry.subject, "content": entry.content}
    return {**shown, "title": title_of(entry.kind)}


def _fed(upload: UploadedFile, digest: hashlib._Hash) -> Iterator[bytes]:
    """Yield a file's chunks, feeding them to a second digest on the way."""
    for chunk in upload.chunks():
        digest.update(chunk)
        yield chunk


@require_GET
@access(PUBLIC)
def entry_evidence(request: Request, entry_id: UUID) -> HttpResponse:
    """Send the evidence of an entry as a file. Raises NotFound while it is not in the tree."""
    found = evidence(entry_id)
    if found is None:
        raise NotFound
    return evidence_file(found.model_dump_json(indent=1), str(entry_id))


def evidence_file(text: str, name: str) -> HttpResponse:
    """Return evidence as a file to keep."""
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="evidence-{name}.json"'
    return response


@require_GET
@access(PUBLIC)
def checkpoint(request: Request) -> HttpResponse:
    """Send the newest published checkpoint."""
    return _file(CHECKPOINT, "text/plain; charset=utf-8", BRIEFLY)


@require_GET
@access(PUBLIC)
def tile(request: Request, tile: str) -> HttpResponse:
    """Send a tile. Raises NotFound, also for a path that is not spelt as the specification wants."""
    if tiles.parse(tile) is None:
        raise NotFound
    return _file(tile, "application/octet-stream", FOREVER)


def _file(path: str, content_type: str, caching: str) -> HttpResponse:
    data = tile_store().read(path)
    if data is None:
        raise NotFound
    response = HttpResponse(data, content_type=content_type)
    response["Cache-Control"] = caching
    return response


@csrf_exempt
@require_POST
@access(PUBLIC)
def add_checkpoint(request: Request) -> HttpResponse:
    """Cosign the head of a log that we watch (C2SP tlog-witness); a log proves itself by its signature, not by a session."""
    try:
        body = request.body.decode()
    except UnicodeDecodeError:
        return HttpResponse(status=400)
    witness = replace(Actor.system("witness"), address=request.actor.address, correlation_id=request.correlation_id)
    answer = cosigning.peek(body) or CosignCheckpoint.do(witness, body=body)
    if answer.status == 409:
        return HttpResponse(f"{answer.size}\n", status=409, content_type="text/x.tlog.size")
    return HttpResponse(answer.lines, status=answer.status, content_type="text/plain; charset=utf-8")
