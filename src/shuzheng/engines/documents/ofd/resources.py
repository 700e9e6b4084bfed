"""The resources of a document (GB/T 33190 §7.9): fonts, media, drawing parameters, colour spaces, composite objects."""

from __future__ import annotations

from lxml import etree

from shuzheng.engines.documents.ofd.contents import Font, Media
from shuzheng.engines.documents.ofd.parsing import content, local
from shuzheng.engines.documents.ofd.parts import Parts
from shuzheng.engines.documents.ofd.reading import Reading


class Resources:
    """What pages refer to by identifier, from all resource files that were read."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.fonts: dict[str, Font] = {}
        self.media: dict[str, Media] = {}
        self._pens: dict[str, etree._Element] = {}
        self._spaces: dict[str, str] = {}
        self._composites: dict[str, etree._Element] = {}
        #: Reads objects of pages with these resources.
        self.reading = Reading(self._pens, self._spaces, self._composites)

    def read(self, location: str) -> None:
        """Take up a resource file; what is broken in it is left out."""
        root = self._parts.xml(location)
        if root is None:
            return
        folder = location.rpartition("/")[0]
        base = (root.get("BaseLoc") or "").strip()
        if base not in ("", "."):
            folder = self._parts.resolve(base, folder)
        for node in root.iter():
            self._take(node, folder)

    def _take(self, node: etree._Element, folder: str) -> None:
        id = node.get("ID", "")
        match local(node):
            case "Font":
                self.fonts[id] = self._font(id, node, folder)
            case "MultiMedia":
                self.media[id] = self._medium(id, node, folder)
            case "DrawParam":
                self._pens[id] = node
            case "ColorSpace":
                self._spaces[id] = (node.get("Type") or "").upper()
            case "CompositeGraphicUnit":
                self._composites[id] = node

    def _font(self, id: str, node: etree._Element, folder: str) -> Font:
        bold = (node.get("Bold") or "").lower() == "true"
        data = self._data(content(node, "FontFile"), folder)
        return Font(id, node.get("FontName", ""), node.get("FamilyName", ""), bold, data)

    def _medium(self, id: str, node: etree._Element, folder: str) -> Media:
        place = content(node, "MediaFile")
        kind = node.get("Format") or place.rpartition(".")[2]
        return Media(id, node.get("Type", ""), kind.upper(), self._data(place, folder))

    def _data(self, place: str, folder: str) -> bytes | None:
        return self._parts.data(self._parts.nearby(place, folder)) if place else None
