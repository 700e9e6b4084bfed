"""Stamping an OFD document: a signature that protects every part, with a seal shown where it belongs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from posixpath import dirname

from django.utils.translation import gettext as _
from lxml import etree

from shuzheng.engines.documents.ofd.canvas import element
from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import ROOT, Package, resolve
from shuzheng.engines.documents.seals.places import OnPage, Placed, Riding, placed
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3, SM3, read_seal
from shuzheng.engines.documents.seals.signatures import NAMESPACE, signatures_of
from shuzheng.engines.documents.seals.writing import write_stamp
from shuzheng.engines.trust.crypto import provider

PROVIDER = {"ProviderName": "shuzheng-seals", "Company": "Shuzheng", "Version": "1"}
A4 = (210.0, 297.0)


class Unstampable(ValueError):
    """The document cannot take a stamp; ``reason`` says why, in a sentence for a person."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Signer:
    """Whoever stamps: a certificate and the key behind it, which may lie in hardware."""

    #: DER.
    certificate: bytes
    #: From data to the DER of ``r, s``.
    sign: Callable[[bytes], bytes]
    #: From the signature to a time stamp about it (DER), or to nothing where none is to be had.
    time_stamp: Callable[[bytes], bytes | None] | None = None


@dataclass(frozen=True)
class Stamped:
    """A stamped document."""

    data: bytes
    #: SM3 of SignedValue.dat, hexadecimal: the stamp's name in the ledger.
    digest: str


def stamp_ofd(data: bytes, seal: bytes, signer: Signer, *, place: OnPage | Riding, at: datetime) -> Stamped:
    """Return the document with one more stamp; earlier ones stay valid and are protected as well.

    Raises OfdUnreadable; Unstampable when an earlier signature forbids further ones, or the place is not on a page.
    """
    package = Package.open(data)
    picture = read_seal(seal).content.picture
    listing = _listing(package)
    folder = _free_folder(package, dirname(listing))
    pages = _pages(package)
    try:
        shown = placed(place, [size for _id, size in pages], picture.width, picture.height)
    except ValueError as problem:
        raise Unstampable(str(problem)) from problem
    package.put(f"{folder}/Seal.esl", seal)
    _enlist(package, listing, f"{folder}/Signature.xml")
    told = _signature_xml(package, listing, folder, [pages[one.page][0] for one in shown], shown, at)
    package.put(f"{folder}/Signature.xml", told)
    value = write_stamp(
        seal,
        signer.certificate,
        signer.sign,
        at=at,
        digest=provider().sm3(told),
        location=f"/{folder}/Signature.xml",
        time_stamp=signer.time_stamp,
    )
    package.put(f"{folder}/SignedValue.dat", value)
    return Stamped(package.to_bytes(), provider().sm3(value).hex())


def pages_of(data: bytes) -> list[tuple[float, float]]:
    """Return the size of every page in millimetres. Raises OfdUnreadable."""
    return [size for _id, size in _pages(Package.open(data))]


def _listing(package: Package) -> str:
    """Return the path of Signatures.xml, entering it into OFD.xml when it is new."""
    root = package.xml(ROOT)
    body = root.find(f"{{{NAMESPACE}}}DocBody")
    document = "" if body is None else (body.findtext(f"{{{NAMESPACE}}}DocRoot") or "")
    if body is None or not document:
        raise OfdUnreadable("OFD.xml 没有文档。")
    known = body.find(f"{{{NAMESPACE}}}Signatures")
    if known is not None:
        return _unprotected(package, resolve("", known.text or ""))
    if any(reference.part == ROOT for one in signatures_of(package) for reference in one.references):
        raise Unstampable(_("文件已有的签名不允许再增加签章。"))
    path = f"{dirname(resolve('', document))}/Signs/Signatures.xml"
    element(body, "Signatures", f"/{path}")
    package.put(ROOT, _bytes(root))
    package.put(path, _bytes(element(None, "Signatures")))
    return path


def _unprotected(package: Package, listing: str) -> str:
    if any(reference.part == listing for one in signatures_of(package) for reference in one.references):
        raise Unstampable(_("文件已有的签名不允许再增加签章。"))
    return listing


def _free_folder(package: Package, parent: str) -> str:
    taken = {name.casefold() for name in package.names()}
    number = 0
    while any(name.startswith(f"{parent}/Sign_{number}/".casefold()) for name in taken):
        number += 1
    return f"{parent}/Sign_{number}"


def _enlist(package: Package, listing: str, location: str) -> None:
    root = package.xml(listing)
    known = root.findall(f"{{{NAMESPACE}}}Signature")
    number = max(
        [len(known), *(int(digits) for node in known if (digits := (node.get("ID") or "").lstrip("s")).isdigit())]
    )
    for node in root.findall(f"{{{NAMESPACE}}}MaxSignId"):
        root.remove(node)
    element(root, "Signature", ID=str(number + 1), Type="Seal", BaseLoc=f"/{location}")
    root.insert(0, element(None, "MaxSignId", str(number + 1)))
    package.put(listing, _bytes(root))


def _signature_xml(
    package: Package, listing: str, folder: str, page_ids: list[str], shown: list[Placed], at: datetime
) -> bytes:
    root = element(None, "Signature")
    info = element(root, "SignedInfo")
    element(info, "Provider", **PROVIDER)
    element(info, "SignatureMethod", SM2_WITH_SM3)
    element(info, "SignatureDateTime", f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}")
    references = element(info, "References", CheckMethod=SM3)
    for name in package.names():
        if name != listing:
            digest = base64.b64encode(provider().sm3(package.read(name))).decode()
            element(element(references, "Reference", FileRef=f"/{name}"), "CheckValue", digest)
    for number, (page, one) in enumerate(zip(page_ids, shown, strict=True), 1):
        element(info, "StampAnnot", ID=number, PageRef=page, Boundary=one.box, Clip=one.clip)
    element(element(info, "Seal"), "BaseLoc", f"/{folder}/Seal.esl")
    element(root, "SignedValue", f"/{folder}/SignedValue.dat")
    return _bytes(root)


def _pages(package: Package) -> list[tuple[str, tuple[float, float]]]:
    """Return the identifier and the size of every page of the first document."""
    document = resolve("", package.xml(ROOT).findtext(f".//{{{NAMESPACE}}}DocRoot") or "")
    root, folder = package.xml(document), dirname(document)
    usual = _size(root.find(f"{{{NAMESPACE}}}CommonData")) or A4
    found = []
    for node in root.iterfind(f"{{{NAMESPACE}}}Pages/{{{NAMESPACE}}}Page"):
        page = package.xml(resolve(folder, node.get("BaseLoc") or ""))
        found.append((node.get("ID") or "", _size(page) or usual))
    return found


def _size(node: etree._Element | None) -> tuple[float, float] | None:
    box = "" if node is None else (node.findtext(f".//{{{NAMESPACE}}}PhysicalBox") or "")
    try:
        _x, _y, width, height = (float(part) for part in box.split())
    except ValueError:
        return None
    return width, height


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
