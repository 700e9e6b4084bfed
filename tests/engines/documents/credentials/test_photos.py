"""Photographs on licences: what is handed in is checked, cropped and stripped; they leave on the face alone."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shuzheng.engines.documents.credentials import content, photos, verifying
from shuzheng.engines.documents.credentials.actions import CompleteCredential, IssueCredential
from shuzheng.engines.documents.credentials.facing import metadata_of, print_copy
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.credentials.photos import PhotoUnusable
from shuzheng.engines.documents.credentials.types import PhotoRule
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.documents.seals import results
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today
from shuzheng.testing.credentials import grant
from shuzheng.testing.identity import a_resident, a_unit
from shuzheng.testing.seals import a_seal

RULE = PhotoRule(width=26, height=32)


def a_photo(size: tuple[int, int] = (800, 600), kind: str = "JPEG") -> bytes:
    """Return a photograph that says when and where it was taken, and lies on its side."""
    stream = io.BytesIO()
    picture = Image.new("RGB", size, (200, 180, 160))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = 6, "SecretPhone", "2026:01:02 03:04:05"
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(stream, kind, exif=exif)
    return stream.getvalue()


def test_only_the_picture_is_kept_upright_and_in_its_proportions() -> None:
    data = photos.prepared(a_photo(), RULE)
    kept = Image.open(io.BytesIO(data))
    assert kept.format == "JPEG"
    assert kept.size == (307, 378)
    assert dict(kept.getexif()) == {}
    assert b"SecretPhone" not in data
    assert b"Exif" not in data


def bomb() -> bytes:
    """Return a PNG that claims to have ten thousand million pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    written = [struct.pack(">I", len(d)) + name + d + struct.pack(">I", zlib.crc32(name + d)) for name, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "不是完整的图片"),
        (b"%PDF-1.7", "不是完整的图片"),
        (a_photo()[:200], "不是完整的图片"),
        (a_photo((60, 80)), "太小"),
        (bomb(), "像素太多"),
        (b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), "10 MB"),
    ],
)
def test_what_is_no_usable_photograph_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(PhotoUnusable, match=why):
        photos.prepared(data, RULE)


@pytest.fixture
def issue(world: Any) -> Any:
    """Return what issues an identity card with a photograph."""
    police = a_unit("public-security")
    seal = a_seal(police, number=2, name=police.name)
    grant(seal)
    person = a_resident("李梅")

    def do(data: bytes | None, **more: Any) -> Credential:
        answers: dict[str, Any] = {"valid_until": str(today() + timedelta(days=3650))}
        if data is not None:
            answers["photo"] = [str(receive(world.holder, cast(Any, SimpleUploadedFile("照片.jpg", data))).pk)]
        given = {
            "credential_type": "resident-id-card",
            "applicant_kind": "person",
            "applicant_id": person.pk,
            "applicant_name": person.name,
            "division_code": "360702000000",
            "handling_unit_id": police.pk,
            "answers": answers,
            **more,
        }
        return IssueCredential.do(Actor.system("户籍窗口"), given)

    return do


def test_the_photograph_stands_on_the_face_and_leaves_in_no_other_way(issue: Any) -> None:
    licence = issue(a_photo())
    assert licence.state == "valid", licence.problem
    original = read(results.content_of(licence.original))
    kept = StoredFile.objects.get(pk=licence.values["photo"]["value"])
    assert kept.owner_account_id is None
    assert results.content_of(kept) in [original.package.read(name) for name in original.package.names()]
    assert b"/DCTDecode" in print_copy(licence, "仅用于办理入学")
    assert "photo" not in cast(dict[str, object], metadata_of(licence)["elements"])
    assert "照片" not in dict(content.shown(licence.type.elements, licence.values, masked=False))
    assert "照片" not in dict(verifying.verify(licence.code, "10.0.0.1").elements)


def test_a_photograph_that_cannot_be_used_takes_no_decision_back(issue: Any, world: Any) -> None:
    licence = issue(a_photo((60, 80)))
    assert licence.pk
    assert "photo" not in licence.values
    CompleteCredential.do(Actor.system("test"), credential_id=licence.pk)
