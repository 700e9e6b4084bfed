"""A composition as PDF: pages, subsets, structure for screen readers, title and language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from shuzheng.engines.documents.drawing import Composition, Element, Sheet, Words
from shuzheng.engines.documents.fonts.face import Face
from shuzheng.engines.documents.fonts.subset import Subset, subset
from shuzheng.engines.documents.pdf.content import MILLIMETRE, Names, begin, operators
from shuzheng.engines.documents.pdf.fonts import add_font
from shuzheng.engines.documents.pdf.images import add_image
from shuzheng.engines.documents.pdf.objects import Name, Objects, Ref

PRODUCER = "Shuzheng"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{created}</xmp:CreateDate><xmp:CreatorTool>{producer}</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(eq=False)
class _Node:
    """An element of the structure, and what belongs to it in reading order."""

    element: Element
    ref: Ref
    kids: list[Any] = field(default_factory=list)


class _Writer:
    """A file being written."""

    def __init__(self, composition: Composition, created: date, author: str) -> None:
        self.composition = composition
        self.created = created
        self.author = author
        self.objects = Objects()
        self.root = self.objects.reserve()
        self.pages = self.objects.reserve()
        self.tree = self.objects.reserve()
        self.document = _Node(Element("Document"), self.objects.reserve())
        self.nodes: dict[Element, _Node] = {}
        self.parents: list[list[Ref]] = []
        self.subsets = self._subsets()
        self.fonts = {f: add_font(self.objects, f, s, f"SZ{n}") for n, (f, s) in enumerate(self.subsets.items())}
        self.images: dict[bytes, Ref] = {}

    def _subsets(self) -> dict[Face, Subset]:
        used: dict[Face, set[str]] = {}
        for sheet in self.composition.sheets:
            marks = [m for item in (*sheet.background, *sheet.body) for m in item.marks] + sheet.watermark
            for mark in marks:
                if isinstance(mark, Words):
                    used.setdefault(mark.face, set()).update(mark.text)
        return {face: subset(face, characters, f"SZ{n}") for n, (face, characters) in enumerate(used.items())}

    def write(self) -> bytes:
        kids = [self._page(number, sheet) for number, sheet in enumerate(self.composition.sheets)]
        self.objects.put(self.pages, {"Type": Name("Pages"), "Kids": kids, "Count": len(kids)})
        self._structure()
        metadata = self.objects.stream(self._metadata(), {"Type": Name("Metadata"), "Subtype": Name("XML")})
        self.objects.put(
            self.root,
            {
                "Type": Name("Catalog"),
                "Pages": self.pages,
                "Lang": b"(" + self.composition.language.encode("ascii") + b")",
                "MarkInfo": {"Marked": True},
                "StructTreeRoot": self.tree,
                "Metadata": metadata,
                "ViewerPreferences": {"DisplayDocTitle": True},
            },
        )
        stamp = self.created.strftime("(D:%Y%m%d000000+08'00')").encode()
        info = {"Title": self.composition.title, "Producer": PRODUCER, "CreationDate": stamp}
        if self.author:
            info["Author"] = self.author
        return self.objects.to_bytes(self.root, self.objects.add(info))

    def _page(self, number: int, sheet: Sheet) -> Ref:
        page = self.objects.reserve()
        names = Names(lambda words: [self.subsets[words.face].glyphs[c] for c in words.text])
        marked: list[Ref] = []
        out = [begin(sheet.height)]
        for item in (*sheet.background, *sheet.body):
            if item.element is None:
                out += ["/Artifact BMC", *operators(item.marks, names), "EMC"]
                continue
            node = self._node(item.element)
            node.kids.append({"Type": Name("MCR"), "Pg": page, "MCID": len(marked)})
            out += [f"/{item.element.role} <</MCID {len(marked)}>> BDC", *operators(item.marks, names), "EMC"]
            marked.append(node.ref)
        if sheet.watermark:
            out += [
                "/Artifact <</Subtype /Watermark /Type /Pagination>> BDC",
                *operators(sheet.watermark, names),
                "EMC",
            ]
        self.parents.append(marked)
        return self.objects.put(
            page,
            {
                "Type": Name("Page"),
                "Parent": self.pages,
                "MediaBox": [0, 0, sheet.width * MILLIMETRE, sheet.height * MILLIMETRE],
                "Contents": self.objects.stream("\n".join(out).encode("ascii")),
                "Resources": self._resources(names),
                "StructParents": number,
                "Tabs": Name("S"),
            },
        )

    def _resources(self, names: Names) -> dict[str, Any]:
        for data in names.images:
            if data not in self.images:
                self.images[data] = add_image(self.objects, data)
        return {
            "Font": {name: self.fonts[face] for face, name in names.fonts.items() if isinstance(face, Face)},
            "XObject": {name: self.images[data] for data, name in names.images.items()},
            "ExtGState": {name: {"ca": alpha / 255, "CA": alpha / 255} for alpha, name in names.alphas.items()},
        }

    def _node(self, element: Element) -> _Node:
        found = self.nodes.get(element)
        if found is None:
            found = self.nodes[element] = _Node(element, self.objects.reserve())
            self._parent(element).kids.append(found.ref)
        return found

    def _parent(self, element: Element) -> _Node:
        return self.document if element.parent is None else self._node(element.parent)

    def _structure(self) -> None:
        for node in (self.document, *self.nodes.values()):
            parent = self.tree if node is self.document else self._parent(node.element).ref
            body: dict[str, Any] = {
                "Type": Name("StructElem"),
                "S": Name(node.element.role),
                "P": parent,
                "K": node.kids,
            }
            if node.element.alternative:
                body["Alt"] = node.element.alternative
            self.objects.put(node.ref, body)
        numbers: list[Any] = []
        for page, marked in enumerate(self.parents):
            numbers += [page, marked]
        parents = self.objects.add({"Nums": numbers})
        self.objects.put(
            self.tree,
            {
                "Type": Name("StructTreeRoot"),
                "K": [self.document.ref],
                "ParentTree": parents,
                "ParentTreeNextKey": len(self.parents),
            },
        )

    def _metadata(self) -> bytes:
        return _XMP.format(
            title=escape(self.composition.title),
            language=self.composition.language,
            created=self.created.isoformat(),
            producer=PRODUCER,
        ).encode()


def to_pdf(composition: Composition, *, created: date, author: str = "") -> bytes:
    """Return a composition as PDF. Raises PictureUnusable."""
    return _Writer(composition, created, author).write()
