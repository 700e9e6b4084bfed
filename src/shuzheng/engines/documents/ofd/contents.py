"""What a document holds beside its pages: fonts, media, attachments, annotations, signatures."""

from __future__ import annotations

from dataclasses import dataclass, field

from shuzheng.engines.documents.ofd.graphics import AnyGraphic
from shuzheng.engines.documents.ofd.shapes import Box


@dataclass(frozen=True)
class Font:
    """A font; ``data`` is the embedded file, if there is one."""

    id: str
    name: str
    family: str
    bold: bool
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Media:
    """An image or another medium; ``data`` is None where its file is missing."""

    id: str
    kind: str
    format: str
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    format: str
    location: str
    visible: bool
    data: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Annotation:
    """An annotation of a page (§15)."""

    kind: str
    subtype: str
    remark: str
    parameters: dict[str, str]
    box: Box
    objects: tuple[AnyGraphic, ...]
    visible: bool


@dataclass(frozen=True)
class Stamp:
    """Where a seal is shown: page, box and what part of it (riding seals)."""

    page: str
    box: Box
    clip: Box | None


@dataclass(frozen=True)
class Signature:
    """An entry of the list of signatures (§18); verified elsewhere."""

    id: str
    kind: str
    location: str
    signed_value: str
    stamps: tuple[Stamp, ...]
