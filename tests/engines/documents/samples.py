"""Sample files."""

from __future__ import annotations

import io
import zipfile

from shuzheng.engines.identity.models import Account
from shuzheng.testing.identity import a_resident

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)


def archive(*names: str) -> bytes:
    """Return a ZIP archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        for name in names:
            box.writestr(name, "x")
    return buffer.getvalue()


def named(name: str, username: str) -> Account:
    """Return an account of a person with a name, under a user name."""
    account = Account.objects.get(person=a_resident(name))
    account.username = username
    account.save(update_fields=["username"])
    return account


class Incoming(io.BytesIO):
    """What a plain form sends."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name
        self.size = len(content)
