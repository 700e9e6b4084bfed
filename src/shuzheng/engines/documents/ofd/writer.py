"""Writing an OFD file (GB/T 33190-2016): the same content gives the same bytes, whenever and wherever it is written.

>>> writer = Writer("受理通知书", created=date(2026, 11, 22))
>>> page = writer.page(210, 297)
>>> page.text(30, 40, "受理通知书", face("song"), 7)
>>> data = writer.to_bytes()
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lxml import etree

from shuzheng.engines.documents.fonts.face import Face
from shuzheng.engines.documents.fonts.subset import subset
from shuzheng.engines.documents.ofd.canvas import CREATOR, element
from shuzheng.engines.documents.ofd.errors import OfdUnwritable
from shuzheng.engines.documents.ofd.package import ROOT, Package
from shuzheng.engines.documents.ofd.shapes import number
from shuzheng.engines.documents.ofd.written_page import Page

CREATOR_VERSION = "1"
#: First bytes of the images that may stand in a page, their format and the ending of their name.
_IMAGES = {
    b"\x89PNG\r\n\x1a\n": ("PNG", "png"),
    b"\xff\xd8\xff": ("JPEG", "jpg"),
    b"GIF8": ("GIF", "gif"),
    b"BM": ("BMP", "bmp"),
}


@dataclass(frozen=True)
class _Attachment:
    identifier: int
    name: str
    data: bytes
    format: str
    visible: bool


class Writer:
    """A document being written; ``custom`` becomes its custom metadata (CustomDatas, §7.4)."""

    def __init__(
        self,
        title: str,
        *,
        created: date,
        author: str = "",
        subject: str = "",
        keywords: tuple[str, ...] = (),
        custom: Mapping[str, str] | None = None,
        identifier: str = "",
    ) -> None:
        self.title, self.created, self.author, self.subject, self.keywords = title, created, author, subject, keywords
        self.custom = dict(custom or {})
        self._identifier = identifier
        self._last = 0
        self._pages: list[Page] = []
        self._fonts: dict[Face, int] = {}
        self._characters: dict[Face, set[str]] = {}
        self._images: dict[bytes, tuple[int, str, str]] = {}
        self._attachments: list[_Attachment] = []

    def page(self, width: float, height: float) -> Page:
        """Begin a page of a size in millimetres."""
        made = Page(self, (width, height), self.created)
        self._pages.append(made)
        return made

    def attach(self, name: str, data: bytes, *, format: str, visible: bool = True) -> None:
        """Attach a file; ``format`` is its ending, such as ``json``."""
        self._attachments.append(_Attachment(self.next_id(), name, data, format, visible))

    def next_id(self) -> int:
        """Return an identifier that nothing else in the document has."""
        self._last += 1
        return self._last

    def font(self, face: Face, text: str) -> int:
        """Return the identifier of a font and note which characters it must have."""
        self._characters.setdefault(face, set()).update(text)
        if face not in self._fonts:
            self._fonts[face] = self.next_id()
        return self._fonts[face]

    def image(self, data: bytes) -> int:
        """Return the identifier of an image, kept once however often it is shown. Raises OfdUnwritable."""
        if data not in self._images:
            kind = next((kind for magic, kind in _IMAGES.items() if data.startswith(magic)), None)
            if kind is None:
                raise OfdUnwritable("图片只能是 PNG、JPEG、GIF 或 BMP。")
            self._images[data] = (self.next_id(), *kind)
        return self._images[data][0]

    def to_bytes(self) -> bytes:
        """Return the file. Raises OfdUnwritable for a document without pages."""
        if not self._pages:
            raise OfdUnwritable("文件中没有页面。")
        package = Package()
        package.put(ROOT, b"")
        document = self._document()
        package.put("Doc_0/Document.xml", _bytes(document))
        self._put_resources(package)
        for count, page in enumerate(self._pages):
            package.put(f"Doc_0/Pages/Page_{count}/Content.xml", _bytes(page.root))
        self._put_annotations(package)
        self._put_attachments(package)
        package.put(ROOT, _bytes(self._root(package)))
        return package.to_bytes()

    def _document(self) -> etree._Element:
        root = element(None, "Document")
        common = element(root, "CommonData")
        element(common, "MaxUnitID", str(self._last))
        area = element(common, "PageArea")
        element(area, "PhysicalBox", " ".join(map(number, (0, 0, *self._pages[0].size))))
        element(common, "PublicRes", "PublicRes.xml")
        element(common, "DocumentRes", "DocumentRes.xml")
        pages = element(root, "Pages")
        for count, page in enumerate(self._pages):
            element(pages, "Page", ID=page.identifier, BaseLoc=f"Pages/Page_{count}/Content.xml")
        if any(page.annotations for page in self._pages):
            element(root, "Annotations", "Annots/Annotations.xml")
        if self._attachments:
            element(root, "Attachments", "Attachs/Attachments.xml")
        return root

    def _put_resources(self, package: Package) -> None:
        public = element(None, "Res", BaseLoc="Res")
        listed = element(public, "Fonts") if self._fonts else public
        for face, identifier in self._fonts.items():
            name = f"{face.name}{' Bold' if face.bold else ''}"
            made = element(
                listed, "Font", ID=identifier, FontName=name, FamilyName=face.name, Bold=face.bold, Serif=face.serif
            )
            element(made, "FontFile", f"font_{identifier}.ttf")
            data = subset(face, self._characters[face], f"SZ{identifier}").data
            package.put(f"Doc_0/Res/font_{identifier}.ttf", data)
        package.put("Doc_0/PublicRes.xml", _bytes(public))
        own = element(None, "Res", BaseLoc="Res")
        listed = element(own, "MultiMedias") if self._images else own
        for data, (identifier, kind, ending) in self._images.items():
            made = element(listed, "MultiMedia", ID=identifier, Type="Image", Format=kind)
            element(made, "MediaFile", f"image_{identifier}.{ending}")
            package.put(f"Doc_0/Res/image_{identifier}.{ending}", data)
        package.put("Doc_0/DocumentRes.xml", _bytes(own))

    def _put_annotations(self, package: Package) -> None:
        listed = element(None, "Annotations")
        for count, page in enumerate(self._pages):
            if not page.annotations:
                continue
            element(element(listed, "Page", PageID=page.identifier), "FileLoc", f"Page_{count}/Annotation.xml")
            root = element(None, "PageAnnot")
            root.extend(page.annotations)
            package.put(f"Doc_0/Annots/Page_{count}/Annotation.xml", _bytes(root))
        if len(listed):
            package.put("Doc_0/Annots/Annotations.xml", _bytes(listed))

    def _put_attachments(self, package: Package) -> None:
        listed = element(None, "Attachments")
        for attachment in self._attachments:
            place = f"attachment_{attachment.identifier}.{attachment.format}"
            made = element(
                listed,
                "Attachment",
                ID=attachment.identifier,
                Name=attachment.name,
                Format=attachment.format,
                CreationDate=self.created.isoformat(),
                Size=len(attachment.data) / 1024,
                Visible=attachment.visible,
            )
            element(made, "FileLoc", place)
            package.put(f"Doc_0/Attachs/{place}", attachment.data)
        if len(listed):
            package.put("Doc_0/Attachs/Attachments.xml", _bytes(listed))

    def _root(self, package: Package) -> etree._Element:
        root = element(None, "OFD", Version="1.1", DocType="OFD")
        body = element(root, "DocBody")
        info = element(body, "DocInfo")
        element(info, "DocID", self._identifier or _fingerprint(package, self.title))
        element(info, "Title", self.title)
        if self.author:
            element(info, "Author", self.author)
        if self.subject:
            element(info, "Subject", self.subject)
        element(info, "CreationDate", self.created.isoformat())
        if self.keywords:
            listed = element(info, "Keywords")
            for word in self.keywords:
                element(listed, "Keyword", word)
        element(info, "Creator", CREATOR)
        element(info, "CreatorVersion", CREATOR_VERSION)
        if self.custom:
            listed = element(info, "CustomDatas")
            for name, value in self.custom.items():
                element(listed, "CustomData", value, Name=name)
        element(body, "DocRoot", "Doc_0/Document.xml")
        return root


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fingerprint(package: Package, title: str) -> str:
    """Return 32 hexadecimal digits that say what is in the document (DocID, §7.4)."""
    content = hashlib.sha256(title.encode())
    for name in package.names():
        content.update(name.encode() + b"\0" + package.read(name))
    return content.hexdigest()[:32]
