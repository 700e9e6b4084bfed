"""The picture of a signed original on a page: SVG, seals included, no plug-in."""

from __future__ import annotations

from shuzheng.engines.documents.layout import fonts_folder
from shuzheng.engines.documents.ofd.document import read
from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.ofd.shapes import Box
from shuzheng.engines.documents.ofd.svg import SealAppearance, page_svg
from shuzheng.engines.documents.seals.ses import SesUnreadable, read_stamp
from shuzheng.engines.documents.seals.signatures import signatures_of


def picture(data: bytes, prefix: str = "") -> str:
    """Return the first page of an original as SVG, seals included; empty when the file cannot be read."""
    return next(iter(pictures(data, prefix, most=1)), "")


def pictures(data: bytes, prefix: str = "", *, most: int = 20) -> list[str]:
    """Return the first pages of an original as SVG, seals included; nothing when the file cannot be read."""
    try:
        document, seals = read(data), _seals(data)
    except OfdUnreadable:
        return []
    return [
        page_svg(document, page, seals=seals, prefix=f"{prefix}p{number}", folder=fonts_folder())
        for number, page in enumerate(document.pages[:most])
    ]


def _seals(data: bytes) -> list[SealAppearance]:
    package, found = Package.open(data), []
    for signature in signatures_of(package):
        try:
            content = read_stamp(package.read(signature.value)).seal.content
        except (OfdUnreadable, SesUnreadable):
            continue
        found += [
            SealAppearance(place.page, box, _box(place.clip), content.picture.data, content.name)
            for place in signature.places
            if (box := _box(place.boundary)) is not None
        ]
    return found


def _box(text: str) -> Box | None:
    try:
        x, y, width, height = (float(part) for part in text.split())
    except ValueError:
        return None
    return x, y, width, height
