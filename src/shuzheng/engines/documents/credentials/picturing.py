"""The picture of a signed original on a page: SVG, seals included, no plug-in; drawn once and remembered."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from threading import Lock

from cryptography.hazmat.primitives.hashes import SM3, Hash

from shuzheng.engines.documents.layout import fonts_folder
from shuzheng.engines.documents.ofd.document import Document, read
from shuzheng.engines.documents.ofd.errors import OfdUnreadable
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.ofd.shapes import Box
from shuzheng.engines.documents.ofd.svg import SealAppearance, page_svg
from shuzheng.engines.documents.seals.ses import SesUnreadable, read_stamp
from shuzheng.engines.documents.seals.signatures import signatures_of

#: Characters of all pages that one process remembers, and of one page that is remembered at all.
MOST_REMEMBERED = 64_000_000
LARGEST_REMEMBERED = 8_000_000
#: A page (from 0) of the file with this SM3, its identifiers beginning so.
_Key = tuple[bytes, int, str]


class _Remembered:
    """Pages that were drawn, the longest unseen forgotten first; shared by the threads of a process.

    What a page shows depends on nothing but the file, so nothing here grows old. Whoever asks holds the file already.
    """

    def __init__(self) -> None:
        self._pages: OrderedDict[_Key, str] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: _Key) -> str | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: _Key, page: str) -> None:
        if len(page) > LARGEST_REMEMBERED:
            return
        with self._lock:
            self._size += len(page) - len(self._pages.pop(key, ""))
            self._pages[key] = page
            while self._size > MOST_REMEMBERED:
                self._size -= len(self._pages.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0


remembered = _Remembered()


class _Original:
    """A file whose pages are wanted; it is opened when one of them has not been drawn yet."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def document(self) -> Document:
        return read(self._data)

    @cached_property
    def seals(self) -> list[SealAppearance]:
        return _seals(self._data)


def picture(data: bytes, prefix: str = "") -> str:
    """Return the first page of an original as SVG, seals included; empty when the file cannot be read."""
    return next(iter(pictures(data, prefix, most=1)), "")


def pictures(data: bytes, prefix: str = "", *, most: int = 20) -> list[str]:
    """Return the first pages of an original as SVG, seals included; nothing when the file cannot be read."""
    digest = Hash(SM3())
    digest.update(data)
    name, original, pages = digest.finalize(), _Original(data), []
    try:
        for number in range(most):
            page = _page(original, (name, number, prefix))
            if not page:
                break
            pages.append(page)
    except OfdUnreadable:
        return []
    return pages


def _page(original: _Original, key: _Key) -> str:
    """Return a page, drawn if it is not remembered; empty after the last. Raises OfdUnreadable."""
    page = remembered.get(key)
    if page is None:
        _name, number, prefix = key
        listed = original.document.pages
        page = _drawn(original, number, f"{prefix}p{number}") if number < len(listed) else ""
        remembered.put(key, page)
    return page


def _drawn(original: _Original, number: int, prefix: str) -> str:
    document = original.document
    return page_svg(document, document.pages[number], seals=original.seals, prefix=prefix, folder=fonts_folder())


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
