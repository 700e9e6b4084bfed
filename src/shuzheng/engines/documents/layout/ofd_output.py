"""A composition as OFD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuzheng.engines.documents.drawing import Composition, Item, Mark, Picture, Shape, Words
from shuzheng.engines.documents.ofd.canvas import Canvas
from shuzheng.engines.documents.ofd.writer import Writer


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    data: bytes
    #: Its ending, such as ``json``.
    format: str
    visible: bool = True


def to_ofd(
    composition: Composition,
    *,
    created: date,
    author: str = "",
    custom: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return a composition as OFD. Raises OfdUnwritable."""
    writer = Writer(composition.title, created=created, author=author, custom=custom)
    for sheet in composition.sheets:
        page = writer.page(sheet.width, sheet.height)
        if sheet.background:
            _draw(page.layer("Background"), _marks(sheet.background))
        _draw(page, _marks(sheet.body))
        if sheet.watermark:
            _draw(page.annotation("Watermark"), sheet.watermark)
    for attachment in attachments:
        writer.attach(attachment.name, attachment.data, format=attachment.format, visible=attachment.visible)
    return writer.to_bytes()


def _marks(items: Iterable[Item]) -> Iterable[Mark]:
    for item in items:
        yield from item.marks


def _draw(canvas: Canvas, marks: Iterable[Mark]) -> None:
    for mark in marks:
        match mark:
            case Words():
                canvas.text(
                    mark.x,
                    mark.y,
                    mark.text,
                    mark.face,
                    mark.size,
                    advances=mark.advances,
                    colour=mark.colour,
                    alpha=mark.alpha,
                    angle=mark.angle,
                )
            case Shape():
                canvas.path(
                    mark.commands,
                    stroke=mark.stroke,
                    fill=mark.fill,
                    width=mark.width,
                    dash=mark.dash,
                    alpha=mark.alpha,
                )
            case Picture():
                canvas.image(mark.data, mark.x, mark.y, mark.width, mark.height, alpha=mark.alpha)
