"""Answers to requests for a part of a file (RFC 9110 §14), so that a lost download goes on and a long PDF opens at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from shuzheng.engines.documents.gateways.storage import PIECE

#: One range of bytes; for several the whole is sent, as the standard allows.
_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def answer(request: HttpRequest, stream: BinaryIO, size: int) -> HttpResponseBase | None:
    """Return the part that a request asks for, or nothing where the whole is to be sent."""
    found = _ONE.fullmatch(request.headers.get("Range", ""))
    if found is None or found[0] == "bytes=-":
        return None
    if found[1]:
        begin, end = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < begin:
            return None
    else:
        begin, end = max(0, size - int(found[2])), size - 1
    if begin > end:
        stream.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    stream.seek(begin)
    response = StreamingHttpResponse(_part(stream, end - begin + 1), status=206)
    response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response["Content-Length"] = str(end - begin + 1)
    return response


def _part(stream: BinaryIO, length: int) -> Iterator[bytes]:
    with stream:
        while length > 0 and (piece := stream.read(min(PIECE, length))):
            length -= len(piece)
            yield piece
