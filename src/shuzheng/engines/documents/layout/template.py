"""What a template may say (kind ``document_template``): the page, its blocks in a flow, its boxes at fixed places.

Lengths are millimetres; sizes of type are points or the Chinese names (三号 is 16 points); gaps are written ``{name}``.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from shuzheng.engines.documents.layout.blocks import AnyBlock, Colour, Length, Look, Part, Size, Text
from shuzheng.kernel.declaration import Declaration

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Gaps that the layout itself fills in headers and footers.
COUNTERS = frozenset({"page", "pages"})


class Border(Part):
    """The edge of a box."""

    colour: Colour = "#000000"
    width: Length = 0.3
    radius: Length = 0
    #: ``guilloche`` is an ornament of interwoven waves (花边), as on certificates.
    kind: Literal["line", "double", "guilloche"] = "line"


class Box(Look):
    """Something at a fixed place: text, a picture, a QR code, a seal, or only a frame.

    ``at`` is left, top, width and height. Text that does not fit is shrunk to no less than ``smallest``, then refused.
    """

    at: tuple[float, float, Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]
    text: Text = ""
    picture: str = ""
    qr: Text = ""
    seal: str = ""
    alternative: str = ""
    when: str = ""
    vertical: Literal["top", "middle", "bottom"] = "middle"
    padding: Length = 0
    smallest: Size = 6.0
    fill: Colour | None = None
    border: Border | None = None
    #: From 0 (nothing) to 1.
    opacity: Annotated[float, Field(ge=0, le=1)] = 1
    #: The page it stands on, from 1; 0 is every page.
    page: Annotated[int, Field(ge=0)] = 1
    #: Written from top to bottom, columns from right to left.
    upright: bool = False
    #: A heading for screen readers.
    heading: bool = False


class Paper(Part):
    """The page; the default is A4 with the margins of official documents (GB/T 9704)."""

    width: Annotated[float, Field(gt=10, le=2000)] = 210
    height: Annotated[float, Field(gt=10, le=2000)] = 297
    top: Length = 37
    right: Length = 26
    bottom: Length = 35
    left: Length = 28
    fill: Colour | None = None


class Margin(Look):
    """A line of text above or below the body; ``{page}`` and ``{pages}`` count."""

    text: Text
    #: Distance from the edge of the paper.
    distance: Length = 15


class Watermark(Look):
    """Text across the page, pale and turned."""

    text: Text
    angle: float = 30
    opacity: Annotated[float, Field(ge=0, le=1)] = 0.15
    #: Distance of its repetitions; 0 writes it once, in the middle.
    gap: Length = 0


class Placeholder(Part):
    """A gap that whoever renders the document fills."""

    title: str
    kind: Literal["text", "rows", "picture"] = "text"
    #: May be left out, and is empty then.
    optional: bool = False
    #: Shown in previews.
    example: str = ""


class DocumentTemplate(Declaration):
    """One source for OFD and PDF."""

    description: str = ""
    language: str = "zh-CN"
    paper: Paper = Paper()
    text: Look = Look()
    placeholders: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Placeholder] = {}
    header: Margin | None = None
    footer: Margin | None = None
    watermark: Watermark | None = None
    blocks: list[AnyBlock] = Field(default=[], max_length=500)
    boxes: list[Box] = Field(default=[], max_length=500)
