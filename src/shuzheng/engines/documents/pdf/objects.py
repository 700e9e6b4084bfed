"""The objects of a PDF file, numbered as they are added, and the table that finds them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from typing import Any

from shuzheng.engines.documents.ofd.shapes import number


class Ref(int):
    """A reference to an object."""


class Name(str):
    """A name of PDF; ASCII letters and digits only."""

    __slots__ = ()


def written(value: Any) -> bytes:
    """Return a value as PDF writes it: names, numbers, texts, lists, dictionaries, references, raw bytes."""
    match value:
        case bytes():
            return value
        case Ref():
            return b"%d 0 R" % int(value)
        case Name():
            return b"/" + value.encode("ascii")
        case bool():
            return b"true" if value else b"false"
        case int() | float():
            return number(value).encode()
        case str():
            return b"<" + (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode() + b">"
        case Mapping():
            inner = b" ".join(b"/%s %s" % (str(key).encode("ascii"), written(item)) for key, item in value.items())
            return b"<< " + inner + b" >>"
        case _:
            return b"[" + b" ".join(written(item) for item in value) + b"]"


class Objects:
    """A file being put together."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    def reserve(self) -> Ref:
        """Return the reference of an object that is given later."""
        self._bodies.append(b"null")
        return Ref(len(self._bodies))

    def put(self, ref: Ref, value: Any) -> Ref:
        """Give a reserved object."""
        self._bodies[ref - 1] = written(value)
        return ref

    def add(self, value: Any) -> Ref:
        """Add an object."""
        return self.put(self.reserve(), value)

    def stream(self, data: bytes, extra: Mapping[str, Any] | None = None, *, packed: bool = False) -> Ref:
        """Add a stream; ``packed`` says that the data is compressed already, as ``extra`` tells."""
        body = data if packed else zlib.compress(data, 6)
        head = dict(extra or {})
        if not packed:
            head["Filter"] = Name("FlateDecode")
        head["Length"] = len(body)
        return self.add(written(head) + b"\nstream\n" + body + b"\nendstream")

    def to_bytes(self, root: Ref, info: Ref) -> bytes:
        """Return the file; its identifier is a digest of its content."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places: list[int] = []
        for count, body in enumerate(self._bodies, start=1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (count, body)
        identifier = b"<" + hashlib.sha256(out).hexdigest()[:32].encode() + b">"
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        trailer = {"Size": len(places) + 1, "Root": root, "Info": info, "ID": [identifier, identifier]}
        return bytes(out + b"trailer\n" + written(trailer) + b"\nstartxref\n%d\n%%%%EOF\n" % table)
