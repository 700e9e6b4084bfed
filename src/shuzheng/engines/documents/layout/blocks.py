"""What flows in a template: how text looks, and the blocks that are put under one another.

Lengths are millimetres; sizes of type are points or the Chinese names (三号 is 16 points).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from shuzheng.engines.documents.fonts.families import Family

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
