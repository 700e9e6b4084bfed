"""The picture of a seal of ours, drawn once per process."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext_noop

from shuzheng.engines.documents.seals.image import RED, SealImage, official_seal
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.raster import png

#: Dots along a side: 240 to the inch at 42 mm.
DOTS = 400
#: Stands on the seals of units that a demonstration invented; in Chinese like the seal itself.
MARK = gettext_noop("演示")


def picture_of(seal: Seal) -> SealImage:
    """Return a seal's drawing. Raises FontMissing, GlyphMissing."""
    return _drawn(seal.name_on_arc, seal.purpose, seal.code, MARK if seal.unit.synthetic else "")


def png_of(seal: Seal) -> bytes:
    """Return the drawing in dots."""
    return _dots(picture_of(seal))


@lru_cache(maxsize=128)
def _drawn(name: str, purpose: str, code: str, mark: str) -> SealImage:
    return official_seal(name, purpose=purpose, code=code, mark=mark)


@lru_cache(maxsize=128)
def _dots(image: SealImage) -> bytes:
    return png(image.path, image.size, dots=DOTS, colour=RED)
