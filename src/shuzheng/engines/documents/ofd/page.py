"""A page of a document that is read."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from shuzheng.engines.documents.ofd.contents import Annotation
from shuzheng.engines.documents.ofd.graphics import AnyGraphic
from shuzheng.engines.documents.ofd.parsing import box, child, children, content
from shuzheng.engines.documents.ofd.shapes import Box
from shuzheng.engines.documents.ofd.words import text_of

if TYPE_CHECKING:
    from shuzheng.engines.documents.ofd.document import Document

A4: Box = (0, 0, 210, 297)
#: Templates that one page may stand on.
MOST_TEMPLATES = 50


class Page:
    """A page; its content is read when it is asked for."""

    def __init__(self, document: Document, node: etree._Element) -> None:
        self._document = document
        self.id = node.get("ID", "")
        self.location = document.parts.resolve(node.get("BaseLoc", ""))

    @cached_property
    def _root(self) -> etree._Element | None:
        root = self._document.parts.xml(self.location)
        for node in children(root, "PageRes"):
            parts = self._document.parts
            self._document.resources.read(parts.nearby((node.text or "").strip(), self.location.rpartition("/")[0]))
        return root

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
        own = list(self._document.resources.reading.objects(child(root, "Content")))
        below: list[AnyGraphic] = []
        above: list[AnyGraphic] = []
        for use in islice(children(root, "Template"), MOST_TEMPLATES):
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
