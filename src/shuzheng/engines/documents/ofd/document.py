"""Reading an OFD file (GB/T 33190-2016): pages with text and graphics, resources, metadata, annotations, signatures.

Real files are sloppy: what can be read is read, and what cannot is told in ``problems``. Only a file without a readable
root, document or page list is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.graphics import AnyGraphic, Reading
from shuzheng.engines.documents.ofd.package import ROOT, Package, resolve
from shuzheng.engines.documents.ofd.parsing import box, child, children, content, local
from shuzheng.engines.documents.ofd.shapes import Box
from shuzheng.engines.documents.ofd.words import text_of

MOST_PAGES = 5_000
A4: Box = (0, 0, 210, 297)


@dataclass(frozen=True)
class Font:
    """A font; ``data`` is the embedded file, if there is one."""

    id: str
    name: str
    family: str
    bold: bool
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Media:
    """An image or another medium; ``data`` is None where its file is missing."""

    id: str
    kind: str
    format: str
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    format: str
    location: str
    visible: bool
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Annotation:
    """An annotation of a page (§15)."""

    kind: str
    subtype: str
    remark: str
    parameters: dict[str, str]
    box: Box
    objects: tuple[AnyGraphic, ...]
    visible: bool


@dataclass(frozen=True)
class Stamp:
    """Where a seal is shown: page, box and what part of it (riding seals)."""

    page: str
    box: Box
    clip: Box | None


@dataclass(frozen=True)
class Signature:
    """An entry of the list of signatures (§18); verified elsewhere."""

    id: str
    kind: str
    location: str
    signed_value: str
    stamps: tuple[Stamp, ...]


class Page:
    """A page; its content is read when it is asked for."""

    def __init__(self, document: Document, node: etree._Element) -> None:
        self._document = document
        self.id = node.get("ID", "")
        self.location = document.resolve(node.get("BaseLoc", ""))

    @cached_property
    def _root(self) -> etree._Element | None:
        return self._document.part(self.location)

    @cached_property
    def box(self) -> Box:
        """The paper: x, y, width and height in millimetres."""
        for area in (child(self._root, "Area"), self._document.area):
            found = box(content(area, "PhysicalBox"))
            if found and found[2] > 0 and found[3] > 0:
                return found
        return A4

    @property
    def width(self) -> float:
        """Width in millimetres."""
        return self.box[2]

    @property
    def height(self) -> float:
        """Height in millimetres."""
        return self.box[3]

    @cached_property
    def objects(self) -> tuple[AnyGraphic, ...]:
        """Everything on the page in the order it is painted: templates below, the page, templates above."""
        root = self._root
        own = list(self._document.reading.objects(child(root, "Content")))
        below: list[AnyGraphic] = []
        above: list[AnyGraphic] = []
        for use in children(root, "Template"):
            drawn = self._document.template(use.get("TemplateID", ""))
            (above if use.get("ZOrder") == "Foreground" else below).extend(drawn)
        return (*below, *own, *above)

    @cached_property
    def annotations(self) -> list[Annotation]:
        """The annotations of this page."""
        return list(self._document.annotations_of(self.id))

    @property
    def text(self) -> str:
        """The words of the page, line by line, templates included, annotations not."""
        return text_of(self.objects)


class Document:
    """One document of a file."""

    def __init__(self, package: Package, body: etree._Element) -> None:
        self.package = package
        self.problems: list[str] = []
        self._info = child(body, "DocInfo")
        self.root_location = resolve("", content(body, "DocRoot") or "Doc_0/Document.xml")
        self._folder = self.root_location.rpartition("/")[0]
        self._root = package.xml(self.root_location)
        common = child(self._root, "CommonData")
        self.area = child(common, "PageArea")
        listed = list(children(child(self._root, "Pages"), "Page"))
        if len(listed) > MOST_PAGES:
            raise OfdUnreadable(f"页数超过 {MOST_PAGES}。")
        self._templates = {node.get("ID", ""): node.get("BaseLoc", "") for node in children(common, "TemplatePage")}
        self._drawn: dict[str, list[AnyGraphic]] = {}
        self.fonts: dict[str, Font] = {}
        self.media: dict[str, Media] = {}
        self._read_resources(common, listed)
        self.signatures_location = content(body, "Signatures")
        self.pages = [Page(self, node) for node in listed]

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

    def resolve(self, reference: str, folder: str | None = None) -> str:
        """Return the name of the entry that a reference means; empty, with a problem, for one that leads outside."""
        try:
            return resolve(self._folder if folder is None else folder, reference)
        except OfdUnreadable as problem:
            self.problems.append(problem.reason)
            return ""

    def part(self, name: str) -> etree._Element | None:
        """Return an XML part, or None, with a problem, if it is missing or broken."""
        try:
            return self.package.xml(name)
        except OfdUnreadable as problem:
            self.problems.append(problem.reason)
            return None

    def _data(self, name: str) -> bytes | None:
        try:
            return self.package.read(name)
        except OfdUnreadable as problem:
            self.problems.append(problem.reason)
            return None

    def template(self, id: str) -> list[AnyGraphic]:
        """Return what a template page shows."""
        if id not in self._drawn:
            location = self._templates.get(id)
            root = self.part(self.resolve(location)) if location else None
            self._drawn[id] = list(self.reading.objects(child(root, "Content")))
        return self._drawn[id]

    def _read_resources(self, common: etree._Element | None, pages: list[etree._Element]) -> None:
        pens: dict[str, etree._Element] = {}
        spaces: dict[str, str] = {}
        composites: dict[str, etree._Element] = {}
        self.reading = Reading(pens, spaces, composites)
        for node in children(common, "PublicRes", "DocumentRes"):
            location = self.resolve((node.text or "").strip())
            root = self.part(location)
            if root is None:
                continue
            folder = location.rpartition("/")[0]
            base = (
                self.resolve(root.get("BaseLoc") or ".", folder)
                if root.get("BaseLoc") not in (None, "", ".")
                else folder
            )
            for part in root.iter():
                self._resource(part, base, pens, spaces, composites)

    def _resource(
        self,
        node: etree._Element,
        base: str,
        pens: dict[str, etree._Element],
        spaces: dict[str, str],
        composites: dict[str, etree._Element],
    ) -> None:
        id = node.get("ID", "")
        match local(node):
            case "Font":
                self.fonts[id] = self._font(id, node, base)
            case "MultiMedia":
                place = content(node, "MediaFile")
                data = self._data(self._nearby(place, base)) if place else None
                ending = place.rpartition(".")[2].upper()
                self.media[id] = Media(id, node.get("Type", ""), (node.get("Format") or ending).upper(), data)
            case "DrawParam":
                pens[id] = node
            case "ColorSpace":
                spaces[id] = (node.get("Type") or "").upper()
            case "CompositeGraphicUnit":
                composites[id] = node

    def _font(self, id: str, node: etree._Element, base: str) -> Font:
        place = content(node, "FontFile")
        data = self._data(self._nearby(place, base)) if place else None
        bold = (node.get("Bold") or "").lower() == "true"
        return Font(id, node.get("FontName", ""), node.get("FamilyName", ""), bold, data)

    def _nearby(self, reference: str, base: str) -> str:
        """Return the entry that a reference of a resource means; many writers forget BaseLoc."""
        for folder in (base, self._folder):
            name = self.resolve(reference, folder)
            if name in self.package:
                return name
        return self.resolve(reference, base)

    # -- annotations, attachments, signatures ------------------------------------------------------------------

    @cached_property
    def _annotation_places(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for node in children(self._root, "Annotations"):
            location = self.resolve((node.text or "").strip())
            folder = location.rpartition("/")[0]
            for page in children(self.part(location), "Page"):
                place = self._nearby(content(page, "FileLoc"), folder)
                found.setdefault(page.get("PageID", ""), []).append(place)
        return found

    def annotations_of(self, page: str) -> Iterator[Annotation]:
        """Yield the annotations of a page."""
        for location in self._annotation_places.get(page, []):
            for node in children(self.part(location), "Annot"):
                appearance = child(node, "Appearance")
                place = box(appearance.get("Boundary") if appearance is not None else None) or (0, 0, 0, 0)
                parameters = children(child(node, "Parameters"), "Parameter")
                yield Annotation(
                    kind=node.get("Type", ""),
                    subtype=node.get("Subtype", ""),
                    remark=content(node, "Remark"),
                    parameters={p.get("Name", ""): (p.text or "").strip() for p in parameters},
                    box=place,
                    objects=tuple(self.reading.objects(appearance)),
                    visible=(node.get("Visible") or "true").lower() != "false",
                )

    @cached_property
    def attachments(self) -> list[Attachment]:
        """The files that go along."""
        made: list[Attachment] = []
        for listed in children(self._root, "Attachments"):
            location = self.resolve((listed.text or "").strip())
            folder = location.rpartition("/")[0]
            for node in children(self.part(location), "Attachment"):
                place = self._nearby(content(node, "FileLoc"), folder)
                visible = (node.get("Visible") or "true").lower() != "false"
                ending = node.get("Format") or place.rpartition(".")[2]
                made.append(Attachment(node.get("Name", ""), ending, place, visible, self._data(place)))
        return made

    @cached_property
    def signatures(self) -> list[Signature]:
        """The signatures that the file lists."""
        if not self.signatures_location:
            return []
        location = self.resolve(self.signatures_location, "")
        folder = location.rpartition("/")[0]
        made: list[Signature] = []
        for node in children(self.part(location), "Signature"):
            place = self.resolve(node.get("BaseLoc", ""), folder)
            root = self.part(place)
            value = content(root, "SignedValue")
            signed = self.resolve(value, place.rpartition("/")[0]) if value else ""
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
