"""The flow: strips put under one another, page after page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shuzheng.engines.documents.drawing import SealPlace, Sheet
from shuzheng.engines.documents.layout.blocks import AnyBlock, Fields, Signature, Table
from shuzheng.engines.documents.layout.filling import Filled
from shuzheng.engines.documents.layout.strips import Strip, empty, strips_of
from shuzheng.engines.documents.layout.tables import field_strips, table_strips
from shuzheng.engines.documents.layout.template import DocumentTemplate, Paper
from shuzheng.engines.documents.layout.typesetting import Style
from shuzheng.kernel.error import TooLarge

#: More than anybody prints; a table of a million rows is a file, not a letter.
MOST_PAGES = 500
#: Strips before a signature that stay on its page (GB/T 9704 knows no page without text).
HELD = 3
#: Heights are sums of fractions.
_NEARLY = 0.001


class TooManyPages(TooLarge):
    """The document would have more pages than anybody prints."""

    code = "too-many-pages"
    message = "文书超过 500 页，没有生成。请把内容分成几份。"


@dataclass
class _Pages:
    paper: Paper
    sheets: list[Sheet]
    seals: list[SealPlace]
    y: float = 0.0

    @property
    def room(self) -> float:
        """Height left on the page."""
        return self.paper.height - self.paper.bottom - self.y

    @property
    def fresh(self) -> bool:
        """Nothing stands on the page yet."""
        return self.y <= self.paper.top + _NEARLY

    def turn(self) -> None:
        """Begin a page. Raises TooManyPages."""
        if len(self.sheets) >= MOST_PAGES:
            raise TooManyPages
        self.sheets.append(Sheet(self.paper.width, self.paper.height))
        self.y = self.paper.top

    def put(self, strip: Strip) -> None:
        """Draw a strip."""
        self.sheets[-1].body.extend(strip.draw(self.paper.left, self.y))
        if strip.seal:
            name, x, y, width, height = strip.seal
            place = (self.paper.left + x, max(self.y + y, 0))
            self.seals.append(SealPlace(name, len(self.sheets) - 1, *place, width, height))
        self.y += strip.height


def flow(template: DocumentTemplate, filled: Filled, style: Style) -> tuple[list[Sheet], list[SealPlace]]:
    """Return the pages that the blocks fill, at least one, and the places of seals."""
    pages = _Pages(template.paper, [], [])
    pages.turn()
    for chain in _chains(_held(_strips(template, filled, style))):
        _put_chain(pages, chain)
    return pages.sheets, pages.seals


def _strips(template: DocumentTemplate, filled: Filled, style: Style) -> Iterable[tuple[AnyBlock, list[Strip]]]:
    """Yield each block that is shown with its strips."""
    paper = template.paper
    width = paper.width - paper.left - paper.right
    for block in template.blocks:
        if not filled.shown(block.when):
            continue
        if isinstance(block, Fields):
            made = field_strips(block, style, filled, width)
        elif isinstance(block, Table):
            made = table_strips(block, style, filled, width)
        else:
            made = strips_of(block, style, filled, width)
        if block.before:
            made = [empty(block.before), *made]
        yield block, [*made, empty(block.after)] if block.after else made


def _held(blocks: Iterable[tuple[AnyBlock, list[Strip]]]) -> list[Strip]:
    """Return all strips; a signature holds the end of what it signs, so that no page has the signature alone."""
    made: list[Strip] = []
    for block, strips in blocks:
        if isinstance(block, Signature):
            made[-HELD:] = [strip if strip.turn else replace(strip, keep=True) for strip in made[-HELD:]]
        made.extend(strips)
    return made


def _chains(strips: Iterable[Strip]) -> Iterable[list[Strip]]:
    """Yield strips that stay together."""
    chain: list[Strip] = []
    for strip in strips:
        chain.append(strip)
        if not strip.keep and not (strip.space and not strip.turn and len(chain) > 1 and chain[-2].keep):
            yield chain
            chain = []
    if chain:
        yield chain


def _put_chain(pages: _Pages, chain: list[Strip]) -> None:
    height = sum(strip.height for strip in chain)
    body = pages.paper.height - pages.paper.top - pages.paper.bottom
    if height > pages.room + _NEARLY and not pages.fresh and height <= body:
        _turn(pages, chain[0])
    for strip in chain:
        if strip.space and not strip.turn and pages.fresh:
            continue
        if strip.height > pages.room + _NEARLY and not pages.fresh and not strip.space:
            _turn(pages, strip)
        pages.put(strip)
        if strip.turn:
            pages.turn()


def _turn(pages: _Pages, strip: Strip) -> None:
    pages.turn()
    if strip.again is not None:
        pages.put(strip.again)
