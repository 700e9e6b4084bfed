"""The signatures of an OFD document as its XML lists them (GB/T 33190-2016 §18)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from posixpath import dirname

from lxml import etree

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import ROOT, Package, parse, resolve
from shuzheng.engines.documents.seals.ses import SM3

NAMESPACE = "http://www.ofdspec.org/2016"
#: More signatures than any document bears; each costs a verification.
MOST_SIGNATURES = 200


@dataclass(frozen=True)
class Reference:
    """A part of the package and its digest."""

    part: str
    digest: bytes


@dataclass(frozen=True)
class StampPlace:
    """Where a stamp is shown: millimetres from the page's upper left corner; ``clip`` is the part of the seal shown."""

    page: str
    boundary: str
    clip: str


@dataclass(frozen=True)
class SignatureFile:
    """One Signature.xml."""

    id: str
    #: ``Seal`` or ``Sign`` (a signature without an image).
    kind: str
    location: str
    data: bytes
    method: str
    references: tuple[Reference, ...]
    value: str
    #: The .esl beside it, when there is one.
    seal: str | None
    places: tuple[StampPlace, ...]

    @property
    def own_parts(self) -> set[str]:
        """Return the parts that belong to the signature itself, which it cannot all cover."""
        return {self.location, self.value, *([self.seal] if self.seal else [])}


def lists_of(package: Package) -> list[str]:
    """Return the paths of the Signatures.xml of each document in the package. Raises OfdUnreadable."""
    told = package.xml(ROOT).findall(f".//{{{NAMESPACE}}}Signatures")
    return [resolve("", text) for node in told if (text := (node.text or "").strip())]


def signatures_of(package: Package) -> list[SignatureFile]:
    """Return the signatures in the order in which they are listed. Raises OfdUnreadable."""
    found = []
    for path in lists_of(package):
        for node in package.xml(path).findall(f"{{{NAMESPACE}}}Signature"):
            location = resolve(dirname(path), node.get("BaseLoc") or "")
            found.append(_read(package, location, node.get("ID") or "", node.get("Type") or "Seal"))
    if len(found) > MOST_SIGNATURES:
        raise OfdUnreadable(f"签名超过 {MOST_SIGNATURES} 个。")
    return found


def _read(package: Package, location: str, id: str, kind: str) -> SignatureFile:
    data = package.read(location)
    root = parse(data, location)
    folder = dirname(location)
    references = root.find(f".//{{{NAMESPACE}}}References")
    if references is None or (references.get("CheckMethod") or "MD5") not in ("SM3", SM3, "sm3"):
        raise OfdUnreadable(f"{location} 没有 SM3 摘要清单。")
    return SignatureFile(
        id=id,
        kind=kind,
        location=location,
        data=data,
        method=_text(root, "SignatureMethod"),
        references=tuple(_reference(folder, node) for node in references.findall(f"{{{NAMESPACE}}}Reference")),
        value=resolve(folder, _text(root, "SignedValue")),
        seal=_seal(folder, root),
        places=tuple(_place(node) for node in root.iterfind(f".//{{{NAMESPACE}}}StampAnnot")),
    )


def _seal(folder: str, root: etree._Element) -> str | None:
    node = root.find(f".//{{{NAMESPACE}}}Seal/{{{NAMESPACE}}}BaseLoc")
    return None if node is None else resolve(folder, node.text or "")


def _text(root: etree._Element, name: str) -> str:
    node = root.find(f".//{{{NAMESPACE}}}{name}")
    return "" if node is None else (node.text or "").strip()


def _reference(folder: str, node: etree._Element) -> Reference:
    check = (node.findtext(f"{{{NAMESPACE}}}CheckValue") or "").strip()
    try:
        digest = base64.b64decode(check, validate=True)
    except binascii.Error:
        digest = b""
    return Reference(resolve(folder, node.get("FileRef") or ""), digest)


def _place(node: etree._Element) -> StampPlace:
    return StampPlace(node.get("PageRef") or "", node.get("Boundary") or "", node.get("Clip") or "")
