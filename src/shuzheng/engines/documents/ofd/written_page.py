"""A page being written: its layers and its annotations (GB/T 33190 §7.7, §15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lxml import etree

from shuzheng.engines.documents.ofd.canvas import CREATOR, Canvas, Resources, element
from shuzheng.engines.documents.ofd.shapes import Box, number


class Page(Canvas):
    """A page being drawn; what is drawn on it goes into its body layer."""

    def __init__(self, resources: Resources, size: tuple[float, float], created: date) -> None:
        self.root = element(None, "Page")
        #: What seals refer to.
        self.identifier = resources.next_id()
        self.size = size
        self.annotations: list[etree._Element] = []
        self._created = created
        element(element(self.root, "Area"), "PhysicalBox", " ".join(map(number, (0, 0, *size))))
        self._content = element(self.root, "Content")
        super().__init__(resources, element(self._content, "Layer", Type="Body", ID=resources.next_id()))

    def layer(self, kind: str) -> Canvas:
        """Return a layer below (``Background``) or above (``Foreground``) the body; each of its own."""
        made = element(None, "Layer", Type=kind, ID=self._resources.next_id())
        if kind == "Background":
            self._content.insert(0, made)
        else:
            self._content.append(made)
        return Canvas(self._resources, made)

    def annotation(
        self,
        kind: str,
        box: Box | None = None,
        *,
        remark: str = "",
        parameters: Mapping[str, str] | None = None,
        printed: bool = True,
    ) -> Canvas:
        """Add an annotation (§15: Link, Path, Highlight, Stamp, Watermark); draw on what is returned, from its box's corner."""
        made = element(
            None,
            "Annot",
            ID=self._resources.next_id(),
            Type=kind,
            Creator=CREATOR,
            LastModDate=self._created.isoformat(),
            Subtype=kind,
            Print=printed,
            ReadOnly=True,
        )
        if remark:
            element(made, "Remark", remark)
        if parameters:
            listed = element(made, "Parameters")
            for name, value in parameters.items():
                element(listed, "Parameter", value, Name=name)
        self.annotations.append(made)
        return Canvas(self._resources, element(made, "Appearance", Boundary=box or (0, 0, *self.size)))
