"""A page as SVG: shown by any browser without a plug-in, the same everywhere, safe to put into a page of ours.

Letters are outlines, images are data, nothing is fetched and nothing runs. The words are given once more as the label of
the picture, for those who do not see it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from shuzheng.engines.documents.ofd.document import Annotation, Document, Media, Page, read
from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.glyphs import Outline, Outlines
from shuzheng.engines.documents.ofd.graphics import AnyGraphic, Group, ImageObject, PathObject, TextObject
from shuzheng.engines.documents.ofd.paint import (
    centred,
    clip_path,
    narrowed,
    opacity,
    paint,
    path_element,
    plain,
    tiles,
    unshown,
)
from shuzheng.engines.documents.ofd.parsing import IDENTITY
from shuzheng.engines.documents.ofd.shading import gradient
from shuzheng.engines.documents.ofd.shapes import Box, number

_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"BM": "image/bmp"}
_JBIG2 = b"\x97JB2\r\n\x1a\n"
#: More drawn things than any page of a document has; what is beyond is left out, and said.
MOST_MARKS = 200_000
_SEAL_DEPTH = 2


@dataclass(frozen=True)
class SealAppearance:
    """What a seal looks like and where: from the signed value, which others read and verify."""

    page: str
    box: Box
    clip: Box | None
    #: A PNG, JPEG, GIF, BMP, or an OFD file whose first page is the picture.
    picture: bytes
    #: What is said of it, such as the name of the seal.
    label: str = ""


def page_svg(
    document: Document,
    page: Page,
    *,
    seals: Iterable[SealAppearance] = (),
    prefix: str = "",
    folder: Path | None = None,
) -> str:
    """Return a page as an ``<svg>`` element sized by its view box; ``prefix`` keeps identifiers apart on one page of HTML.

    Never raises for what stands in the file: what cannot be shown is shown as an empty frame.
    """
    drawing = _Drawing(document, prefix, folder)
    body = [_paper(page), *drawing.graphics(page.objects)]
    for annotation in page.annotations:
        body += drawing.annotation(annotation)
    for seal in seals:
        if seal.page == page.id:
            body += drawing.seal(seal, 0)
    left, top, width, height = page.box
    words = " ".join(page.text.split())
    label = quoteattr(f"{document.info.get('Title', '')} {words}".strip()[:5000] or "OFD")
    box = " ".join(map(number, (left, top, width, height)))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" aria-label={label}>'
    return "".join([head, drawing.definitions(), *body, "</svg>"])


def _paper(page: Page) -> str:
    x, y, width, height = map(number, page.box)
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#fff"/>'


def data_address(picture: bytes) -> str:
    """Return a picture that browsers know as an address that holds it; empty for another."""
    kind = next((kind for magic, kind in _TYPES.items() if picture.startswith(magic)), "")
    return f"data:{kind};base64,{base64.b64encode(picture).decode()}" if kind else ""


def cannot_show(media: Media | None) -> str:
    """Return why an image is not shown."""
    if media is None or media.data is None:
        return "文件里没有这幅图片"
    name = media.format.upper()
    if media.data.startswith(_JBIG2) or "BIG2" in name or "JB2" in name:
        return "JBIG2 格式的图片，这里不能显示；请下载原件用版式阅读软件查看"
    return f"{name or '未知'} 格式的图片，这里不能显示；请下载原件用版式阅读软件查看"


class _Drawing:
    """A page being drawn."""

    def __init__(self, document: Document, prefix: str, folder: Path | None, depth: int = 0) -> None:
        self._document = document
        self._prefix = prefix
        self._folder = folder
        self._depth = depth
        self._fonts: dict[tuple[str, bool], Outlines] = {}
        self._glyphs: dict[str, str] = {}
        self._images: dict[str, str] = {}
        #: Clips and shadings.
        self._shared: list[str] = []
        self._marks = 0

    def definitions(self) -> str:
        """Return the outlines and images that are used, each once."""
        glyphs = [f'<path id="{id}" d="{path}"/>' for path, id in self._glyphs.items()]
        return f"<defs>{''.join(glyphs)}{''.join(self._images.values())}{''.join(self._shared)}</defs>"

    def graphics(self, objects: Sequence[AnyGraphic]) -> list[str]:
        """Return what draws these objects."""
        out: list[str] = []
        for graphic in objects:
            self._marks += 1
            if self._marks > MOST_MARKS:
                break
            a, b, c, d, e, f = graphic.ctm
            x, y = graphic.boundary[:2]
            place = f'transform="matrix({" ".join(map(number, (a, b, c, d, e + x, f + y)))})"{opacity(graphic.alpha)}'
            match graphic:
                case TextObject():
                    out.append(self._text(graphic, place))
                case PathObject():
                    out.append(path_element(graphic, place, self._filling(graphic)))
                case ImageObject():
                    out.append(self._image(graphic, place))
                case Group():
                    out.append(f"<g {place}>{''.join(self.graphics(graphic.objects))}</g>")
            if graphic.clips and out:
                out[-1] = self._clipped(graphic, out[-1])
        return out

    def _clipped(self, graphic: AnyGraphic, drawn: str) -> str:
        """Return something drawn, cut to its clips, which stand in the coordinates of its box."""
        x, y = map(number, graphic.boundary[:2])
        back = " ".join(number(-edge) for edge in graphic.boundary[:2])
        drawn = f'<g transform="translate({back})">{drawn}</g>'
        for paths in graphic.clips:
            id = f"{self._prefix}c{len(self._shared)}"
            self._shared.append(clip_path(paths, id))
            drawn = f'<g clip-path="url(#{id})">{drawn}</g>'
        return f'<g transform="translate({x} {y})">{drawn}</g>'

    def _filling(self, graphic: PathObject) -> str:
        """Return the identifier of the shading or pattern that fills a path, put into the file; empty for none."""
        if graphic.pattern is not None:
            cell = "".join(self.graphics(graphic.pattern.objects))
            id = f"{self._prefix}h{len(self._shared)}"
            self._shared.append(tiles(graphic.pattern, graphic.boundary, cell, id))
            return id
        if graphic.shading is None:
            return ""
        id = f"{self._prefix}h{len(self._shared)}"
        self._shared.append(gradient(graphic.shading, id))
        return id

    def annotation(self, annotation: Annotation) -> list[str]:
        """Return what draws an annotation."""
        if not annotation.visible:
            return []
        x, y = annotation.box[:2]
        return [f'<g transform="translate({number(x)} {number(y)})">', *self.graphics(annotation.objects), "</g>"]

    def seal(self, seal: SealAppearance, depth: int) -> list[str]:
        """Return what draws a seal, cut to what of it shows on this page."""
        x, y, width, height = map(number, seal.box)
        clip = ""
        if seal.clip is not None:
            right, bottom = seal.box[2] - seal.clip[0] - seal.clip[2], seal.box[3] - seal.clip[1] - seal.clip[3]
            edges = (seal.clip[1], right, bottom, seal.clip[0])
            clip = f' clip-path="inset({" ".join(f"{number(edge)}px" for edge in edges)})"'
        title = f"<title>{escape(seal.label)}</title>" if seal.label else ""
        frame = f'<svg x="{x}" y="{y}" width="{width}" height="{height}"'
        if address := data_address(seal.picture):
            shown = f'<image width="{width}" height="{height}" preserveAspectRatio="none" href="{address}"/>'
            return [f'<g transform="translate({x} {y})"><g{clip}>{title}{shown}</g></g>']
        inner = self._seal_page(seal.picture)
        if inner is None:
            return [
                f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="#c00" stroke-width="0.3"/>'
            ]
        if clip:
            return [
                f'<g transform="translate({x} {y})"><g{clip}>',
                inner.format(frame=f'<svg width="{width}" height="{height}"'),
                "</g></g>",
            ]
        return [title, inner.format(frame=frame)]

    def _seal_page(self, picture: bytes) -> str | None:
        """Return the first page of a seal that is an OFD file itself, without its paper."""
        if self._depth >= _SEAL_DEPTH:
            return None
        try:
            document = read(picture)
            page = document.pages[0]
        except (OfdUnreadable, IndexError):
            return None
        inner = _Drawing(document, f"{self._prefix}s{len(self._glyphs)}", self._folder, self._depth + 1)
        body = "".join(inner.graphics(page.objects))
        box = " ".join(map(number, page.box))
        drawn = f"{inner.definitions()}{body}".replace("{", "").replace("}", "")
        return f'{{frame}} viewBox="{box}" preserveAspectRatio="none">{drawn}</svg>'

    def _text(self, graphic: TextObject, place: str) -> str:
        outlines = self._outlines(graphic.font, bold=graphic.bold)
        out: list[str] = []
        for run in graphic.runs:
            for n, (character, (x, y)) in enumerate(zip(run.text, run.places, strict=True)):
                self._marks += 1
                if character.isspace() or self._marks > MOST_MARKS:
                    continue
                found = outlines.path(character, run.glyphs.get(n))
                if found is None:
                    out.append(plain(character, x, y, graphic.size))
                    continue
                if found.path:
                    room = run.places[n + 1][0] - x if n + 1 < len(run.places) else 0
                    width = found.width * graphic.size * graphic.scale
                    aside = centred(width, room, graphic.size)
                    out.append(self._use(found, x + aside, y, graphic, narrowed(width, room)))
        ink = paint(graphic.fill, graphic.stroke, graphic.width / (graphic.size or 1) * 1000)
        return f"<g {place} {ink}>{''.join(out)}</g>"

    def _use(self, outline: Outline, x: float, y: float, graphic: TextObject, narrowed: float) -> str:
        id = self._glyphs.setdefault(outline.path, f"{self._prefix}g{len(self._glyphs)}")
        scale = outline.scale * graphic.size
        skew = 0.2 if graphic.italic else 0
        turn = f" rotate({graphic.turned})" if graphic.turned else ""
        matrix = " ".join(f"{v:.6g}" for v in (scale * graphic.scale * narrowed, 0, skew * scale, -scale, 0, 0))
        return f'<use href="#{id}" transform="translate({number(x)} {number(y)}){turn} matrix({matrix})"/>'

    def _outlines(self, font: str, *, bold: bool) -> Outlines:
        key = (font, bold)
        if key not in self._fonts:
            self._fonts[key] = Outlines(self._document.fonts.get(font), bold=bold, folder=self._folder)
        return self._fonts[key]

    def _image(self, graphic: ImageObject, place: str) -> str:
        media = self._document.media.get(graphic.resource)
        width, height = (1.0, 1.0) if graphic.ctm != IDENTITY else graphic.boundary[2:]
        size = f'width="{number(width)}" height="{number(height)}"'
        id = self._image_id(media)
        if id is None:
            return unshown(place, size, cannot_show(media))
        return f'<g {place}><use href="#{id}" transform="scale({number(width)} {number(height)})"/></g>'

    def _image_id(self, media: Media | None) -> str | None:
        """Return the identifier of an image that browsers know; it is put into the file once."""
        if media is None or media.data is None:
            return None
        id = f"{self._prefix}i{media.id}" if media.id.isalnum() else ""
        if id and id not in self._images:
            known = any(media.data.startswith(magic) for magic in _TYPES)
            shown = media.data if known else self._document.decoding.png(media.data)
            if shown is None:
                return None
            picture = f'href="{data_address(shown)}"'
            self._images[id] = f'<image id="{id}" width="1" height="1" preserveAspectRatio="none" {picture}/>'
        return id or None
