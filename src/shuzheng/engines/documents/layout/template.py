"""What a template may say (kind ``document_template``): the page, its blocks in a flow, its boxes at fixed places.

Lengths are millimetres; sizes of type are points or the Chinese names (三号 is 16 points); gaps are written ``{name}``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from shuzheng.engines.documents.fonts.families import Family
from shuzheng.kernel.declaration import Declaration

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Gaps that the layout itself fills in headers and footers.
COUNTERS = frozenset({"page", "pages"})
#: Sizes of Chinese type in points.
NAMED_SIZES = {
    "初号": 42.0, "小初": 36.0, "一号": 26.0, "小一": 24.0, "二号": 22.0, "小二": 18.0, "三号": 16.0, "小三": 15.0,
    "四号": 14.0, "小四": 12.0, "五号": 10.5, "小五": 9.0, "六号": 7.5, "小六": 6.5, "七号": 5.5, "八号": 5.0,
}  # fmt: skip


def _points(size: float | str) -> float:
    if isinstance(size, str):
        if size not in NAMED_SIZES:
            raise ValueError(f"字号应为磅数或“{'、'.join(NAMED_SIZES)}”之一")
        size = NAMED_SIZES[size]
    if not 1 <= size <= 300:
        raise ValueError("字号应在 1 至 300 磅之间")
    return size


Size = Annotated[float | str, AfterValidator(_points)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Length = Annotated[float, Field(ge=0, le=2000)]
Text = Annotated[str, Field(max_length=20_000)]


class Part(BaseModel):
    """Base of everything inside a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Look(Part):
    """How text looks; what is not said is inherited from the template."""

    font: Family | None = None
    size: Size | None = None
    bold: bool | None = None
    colour: Colour | None = None
    align: Literal["left", "center", "right", "justify", "spread"] | None = None
    #: Distance of lines, in sizes of type.
    line: Annotated[float, Field(ge=0.8, le=5)] | None = None
    #: First line begins this many characters later.
    indent: Annotated[float, Field(ge=0, le=20)] | None = None
    #: Added between characters, in millimetres.
    letter: Annotated[float, Field(ge=-2, le=50)] | None = None


class Block(Look):
    """Base of the blocks of the flow."""

    #: Left out when this placeholder is empty.
    when: str = ""
    #: Empty space above and below.
    before: Length = 0
    after: Length = 0


class Heading(Block):
    """A heading."""

    heading: Text
    level: Literal[1, 2, 3] = 1


class Paragraph(Block):
    """A paragraph; every line of a value becomes one of its own."""

    paragraph: Text


class Fields(Block):
    """Rows of a label and a text, in a frame."""

    fields: list[tuple[str, Text]] = Field(min_length=1, max_length=100)
    label_width: Length = 38
    frame: bool = True


class Column(Part):
    """A column of a table."""

    title: str
    #: Which entry of each row.
    field: str
    #: Share of the width.
    width: Annotated[float, Field(gt=0)] = 1
    align: Literal["left", "center", "right"] = "left"


class Table(Block):
    """Rows given by a placeholder; the head is repeated on every page."""

    table: str
    columns: list[Column] = Field(min_length=1, max_length=20)


class PictureBlock(Block):
    """A picture given by a placeholder (PNG or JPEG)."""

    picture: str
    width: Length
    height: Length
    alternative: str = ""


class QrCode(Block):
    """A QR code."""

    qr: Text
    width: Length = 25
    alternative: str = "二维码"


class Rule(Block):
    """A line across the page."""

    rule: Length


class Space(Block):
    """Empty space."""

    space: Length


class Signature(Block):
    """Who signs and when, with the place of the seal over both (落款)."""

    signature: Text
    date: Text = ""
    #: Name of the place that the seal goes to; none if empty.
    seal: str = ""
    seal_size: Length = 42


class PageBreak(Block):
    """The next block begins a page."""

    page_break: Literal[True]


class Include(Block):
    """The blocks of another template, with its placeholders."""

    include: str


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


_BLOCKS = {
    "heading": Heading, "paragraph": Paragraph, "fields": Fields, "table": Table, "picture": PictureBlock, "qr": QrCode,
    "rule": Rule, "space": Space, "signature": Signature, "page_break": PageBreak, "include": Include,
}  # fmt: skip


def _which(value: Any) -> str:
    """Return which block this is: the one whose first word it has."""
    given = value if isinstance(value, dict) else value.__dict__
    return next((name for name in _BLOCKS if name in given), "paragraph")


AnyBlock = Annotated[
    Annotated[Heading, Tag("heading")]
    | Annotated[Paragraph, Tag("paragraph")]
    | Annotated[Fields, Tag("fields")]
    | Annotated[Table, Tag("table")]
    | Annotated[PictureBlock, Tag("picture")]
    | Annotated[QrCode, Tag("qr")]
    | Annotated[Rule, Tag("rule")]
    | Annotated[Space, Tag("space")]
    | Annotated[Signature, Tag("signature")]
    | Annotated[PageBreak, Tag("page_break")]
    | Annotated[Include, Tag("include")],
    Discriminator(_which),
]


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
