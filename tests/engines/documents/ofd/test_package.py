"""The container: opened within bounds, written the same way every time."""

from __future__ import annotations

import io
import zipfile

import pytest

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import Package, resolve


def archive(*entries: tuple[str, bytes]) -> bytes:
    """Return a ZIP of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return out.getvalue()


ROOT = ("OFD.xml", b"<OFD/>")


def test_what_was_put_is_read_and_the_bytes_are_the_same_every_time() -> None:
    package = Package.open(archive(ROOT, ("Doc_0/Document.xml", b"<a/>")))
    package.put("/Doc_0/Signs/Signatures.xml", b"<b/>")
    package.put("Doc_0/Document.xml", b"<c/>")
    data = package.to_bytes()
    again = Package.open(data)
    assert again.names() == ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Signs/Signatures.xml"]
    assert again.read("/Doc_0/Document.xml") == b"<c/>"
    assert again.xml("doc_0/signs/signatures.xml").tag == "b"
    assert again.to_bytes() == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ZIP"),
        (b"%PDF-1.7", "ZIP"),
        (archive(("a.xml", b"<a/>")), "OFD.xml"),
        (archive(ROOT, ("../../etc/passwd", b"x")), "容器之外"),
        (archive(ROOT, ("a/../../b", b"x")), "容器之外"),
        (archive(ROOT, ("/", b"x"), ("//OFD.xml", b"<other/>")), "同名"),
        (archive(ROOT, *((f"{n}", b"") for n in range(10_001))), "10000"),
        (archive(ROOT, ("zeros", bytes(8 * 2**20))), "压缩炸弹"),
        (archive(ROOT, *((f"{n}", bytes(2**20)) for n in range(4))), "压缩炸弹"),
    ],
)
def test_an_archive_that_deceives_or_exhausts_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(OfdUnreadable, match=reason):
        Package.open(data)


def test_more_than_the_limit_unpacked_is_refused_before_unpacking() -> None:
    data = bytearray(archive(ROOT, ("big", b"x" * 4096)))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (300 * 2**20).to_bytes(4, "little")
    with pytest.raises(OfdUnreadable, match="200 MB"):
        Package.open(bytes(data))


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"<a", "XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DTD"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DTD"),
        (b"<a>" * 65 + b"</a>" * 65, "过深"),
        (b"<a>" * 500 + b"</a>" * 500, "XML"),
        (b"<a>" + b"<b/>" * 1_000_000 + b"</a>", "过多"),
    ],
)
def test_xml_that_expands_itself_or_nests_without_end_is_refused(xml: bytes, reason: str) -> None:
    package = Package()
    package.put("a.xml", xml)
    with pytest.raises(OfdUnreadable, match=reason):
        package.xml("a.xml")


def test_a_corrupt_entry_is_refused_by_name() -> None:
    data = bytearray(archive(ROOT, ("Doc_0/Document.xml", bytes(range(256)) * 8)))
    at = data.index(b"Doc_0/Document.xml") + 40
    data[at] ^= 0xFF
    with pytest.raises(OfdUnreadable, match=r"Doc_0/Document\.xml"):
        Package.open(bytes(data)).read("Doc_0/Document.xml")


def test_references_are_resolved_in_their_folder_and_never_outside() -> None:
    assert resolve("Doc_0", "Pages/Page_0/Content.xml") == "Doc_0/Pages/Page_0/Content.xml"
    assert resolve("Doc_0/Pages", "../Res/a.png") == "Doc_0/Res/a.png"
    assert resolve("Doc_0", "/Doc_0/PublicRes.xml") == "Doc_0/PublicRes.xml"
    with pytest.raises(OfdUnreadable):
        resolve("Doc_0", "../../x")


def test_names_in_chinese_are_read_whether_or_not_their_encoding_is_declared() -> None:
    plain = archive(ROOT, ("XXXXXX.txt", b"1"))
    for encoding in ("utf-8", "gb18030"):
        name = "正文".encode(encoding)
        data = plain.replace(b"XXXXXX.txt", name.ljust(6, b"_") + b".txt")
        assert Package.open(data).names()[1] in ("正文.txt", "正文__.txt")
