"""Reading an OFD file (GB/T 33190-2016): pages with text and graphics, resources, metadata, annotations, signatures.

Real files are sloppy: what can be read is read, and what cannot is told in ``problems``. Only a file without a readable
root, document or page list is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from shuzheng.engines.documents.ofd.contents import Annotation, Attachment, Font, Media, Signature, Stamp
from shuzheng.engines.documents.ofd.decoding import Decoding
from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.graphics import AnyGraphic
from shuzheng.engines.documents.ofd.package import ROOT, Package, resolve
from shuzheng.engines.documents.ofd.page import Page
from shuzheng.engines.documents.ofd.parsing import box, child, children, content, local
from shuzheng.engines.documents.ofd.parts import Parts
from shuzheng.engines.documents.ofd.resources import Resources

MOST_PAGES = 5_000


class Document:
    """One document of a file."""

    def __init__(self, package: Package, body: etree._Element) -> None:
        self.package = package
        self._info = child(body, "DocInfo")
        self.root_location = resolve("", content(body, "DocRoot") or "Doc_0/Document.xml")
        self.parts = Parts(package, self.root_location.rpartition("/")[0])
        self._root = package.xml(self.root_location)
        common = child(self._root, "CommonData")
        self.area = child(common, "PageArea")
        listed = list(children(child(self._root, "Pages"), "Page"))
        if len(listed) > MOST_PAGES:
            raise OfdUnreadable(f"页数超过 {MOST_PAGES}。")
        self._templates = {node.get("ID", ""): node.get("BaseLoc", "") for node in children(common, "TemplatePage")}
        self._drawn: dict[str, list[AnyGraphic]] = {}
        self.resources = Resources(self.parts)
        #: Makes PNG of images that browsers do not know.
        self.decoding = Decoding()
        for node in children(common, "PublicRes", "DocumentRes"):
            self.resources.read(self.parts.resolve((node.text or "").strip()))
        self.signatures_location = content(body, "Signatures")
        self.pages = [Page(self, node) for node in listed]

    @property
    def problems(self) -> list[str]:
        """What could not be read, in sentences."""
        return self.parts.problems

    @property
    def fonts(self) -> dict[str, Font]:
        """The fonts by identifier."""
        return self.resources.fonts

    @property
    def media(self) -> dict[str, Media]:
        """The images and other media by identifier."""
        return self.resources.media

    # -- metadata ----------------------------------------------------------------------------------------------

    @property
    def info(self) -> dict[str, str]:
        """DocInfo: DocID, Title, Author, CreationDate and so on, as they are written."""
        return {local(node): (node.text or "").strip() for node in children(self._info) if len(node) == 0}

    @property
    def custom(self) -> dict[str, str]:
        """Custom metadata (CustomDatas)."""
        listed = children(child(self._info, "CustomDatas"), "CustomData")
        return {node.get("Name", ""): (node.text or "").strip() for node in listed}

    # -- parts -------------------------------------------------------------------------------------------------

    def template(self, id: str) -> list[AnyGraphic]:
        """Return what a template page shows."""
        if id not in self._drawn:
            location = self._templates.get(id)
            root = self.parts.xml(self.parts.resolve(location)) if location else None
            self._drawn[id] = list(self.resources.reading.objects(child(root, "Content")))
        return self._drawn[id]

    # -- annotations, attachments, signatures ------------------------------------------------------------------

    @cached_property
    def _annotation_places(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in children(self._root, "Annotations"):
            location = self.parts.resolve((node.text or "").strip())
            folder = location.rpartition("/")[0]
            for page in children(self.parts.xml(location), "Page"):
                place = self.parts.nearby(content(page, "FileLoc"), folder)
                found.setdefault(page.get("PageID", ""), []).append(place)
        return found

    def annotations_of(self, page: str) -> Iterator[Annotation]:
        """Yield the annotations of a page."""
        for location in dict.fromkeys(self._annotation_places.get(page, [])):
            for node in children(self.parts.xml(location), "Annot"):
                appearance = child(node, "Appearance")
                place = box(appearance.get("Boundary") if appearance is not None else None) or (0, 0, 0, 0)
                parameters = children(child(node, "Parameters"), "Parameter")
                yield Annotation(
                    kind=node.get("Type", ""),
                    subtype=node.get("Subtype", ""),
                    remark=content(node, "Remark"),
                    parameters={p.get("Name", ""): (p.text or "").strip() for p in parameters},
                    box=place,
                    objects=tuple(self.resources.reading.objects(appearance)),
                    visible=(node.get("Visible") or "true").lower() != "false",
                )

    @cached_property
    def attachments(self) -> list[Attachment]:
        """The files that go along."""
        made: list[Attachment] = []
        for listed in children(self._root, "Attachments"):
            location = self.parts.resolve((listed.text or "").strip())
            folder = location.rpartition("/")[0]
            for node in children(self.parts.xml(location), "Attachment"):
                place = self.parts.nearby(content(node, "FileLoc"), folder)
                visible = (node.get("Visible") or "true").lower() != "false"
                ending = node.get("Format") or place.rpartition(".")[2]
                made.append(Attachment(node.get("Name", ""), ending, place, visible, self.parts.data(place)))
        return made

    @cached_property
    def signatures(self) -> list[Signature]:
        """The signatures that the file lists."""
        if not self.signatures_location:
            return []
        location = self.parts.resolve(self.signatures_location, "")
        folder = location.rpartition("/")[0]
        made: list[Signature] = []
        for node in children(self.parts.xml(location), "Signature"):
            place = self.parts.resolve(node.get("BaseLoc", ""), folder)
            root = self.parts.xml(place)
            value = content(root, "SignedValue")
            signed = self.parts.resolve(value, place.rpartition("/")[0]) if value else ""
            made.append(Signature(node.get("ID", ""), node.get("Type") or "Seal", place, signed, tuple(_stamps(root))))
        return made


def _stamps(root: etree._Element | None) -> Iterator[Stamp]:
    for node in children(child(root, "SignedInfo"), "StampAnnot"):
        place = box(node.get("Boundary"))
        if place is not None:
            yield Stamp(node.get("PageRef", ""), place, box(node.get("Clip")))


def read(data: bytes) -> Document:
    """Return the first document of a file. Raises OfdUnreadable."""
    return read_all(data)[0]


def read_all(data: bytes) -> list[Document]:
    """Return every document of a file; nearly all have one. Raises OfdUnreadable."""
    package = Package.open(data)
    bodies = list(children(package.xml(ROOT), "DocBody"))
    if not bodies:
        raise OfdUnreadable("OFD.xml 中没有文档。")
    if len(bodies) > MOST_PAGES:
        raise OfdUnreadable(f"文档超过 {MOST_PAGES} 个。")
    return [Document(package, body) for body in bodies]
