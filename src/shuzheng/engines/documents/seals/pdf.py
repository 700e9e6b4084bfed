"""Seals on PDF through pyHanko (PAdES), and their verification.

Readers of PDF, and pyHanko with them, know neither SM2 nor GB/T 38540. A seal of ours therefore has a second key on the
curve P-256 with a certificate of the same authority, and shows the same picture; what is binding is said by the ledger.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from asn1crypto import algos, cms, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from shuzheng.engines.documents.ofd.shapes import number
from shuzheng.engines.documents.seals.algorithms import SHA256
from shuzheng.engines.documents.seals.authority import authority
from shuzheng.engines.documents.seals.image import RED, SealImage
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import Seal, SealCertificate
from shuzheng.engines.documents.seals.pictures import picture_of
from shuzheng.engines.documents.seals.places import OnPage, Placed, Riding, placed
from shuzheng.engines.documents.seals.stamping import Stamped, Unstampable
from shuzheng.engines.trust.crypto import provider

#: Points to a millimetre.
POINTS = 72 / 25.4
SUBFILTER = fields.SigSeedSubFilter.PADES
#: Room for the signature container, bytes; the certificates take about two thousand.
ROOM = 8192
#: The same for a time stamp beside it, in hexadecimal.
TOKEN_ROOM = 32768
#: From a digest's identifier and a digest to a time stamp, or to nothing where none is to be had.
Ask = Callable[[str, bytes], bytes | None]
_OPERATORS = {"M": "m", "L": "l", "B": "c"}


class _KeySigner(signers.Signer):
    """Lets pyHanko sign with a key that it never sees."""

    def __init__(self, certificate: SealCertificate) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([x509.Certificate.load(der) for der in authority().pdf_anchors()])
        self._key = certificate.key
        super().__init__(
            signing_cert=x509.Certificate.load(bytes(certificate.der)),
            cert_registry=registry,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            embed_roots=True,
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the signature over data."""
        return bytes(72) if dry_run else seal_keys().sign(self._key, data)


class _NoTime(Exception):
    """The authority gave no time, and stamping goes on without."""


class _Clock(TimeStamper):
    """Lets pyHanko put a time stamp beside the signature that it makes."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the token about a signature's digest. Raises _NoTime."""
        token = self._ask(SHA256, message_digest)
        if token is None:
            raise _NoTime
        return cms.ContentInfo.load(token)


def stamp_pdf(data: bytes, seal: Seal, *, place: OnPage | Riding, ask: Ask | None = None) -> Stamped:
    """Return the PDF with one more seal; earlier ones stay valid. ``ask`` is for a time stamp. Raises Unstampable."""
    if seal.pdf_certificate is None:
        raise Unstampable(_("印章没有用于 PDF 的证书，请印章管理员更新证书。"))
    try:
        return _stamped(data, seal, place, _Clock(ask) if ask else None)
    except _NoTime:
        return _stamped(data, seal, place, None)


def _stamped(data: bytes, seal: Seal, place: OnPage | Riding, clock: _Clock | None) -> Stamped:
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        sizes = _sizes(writer)
    except (PdfError, ValueError, KeyError, IndexError, TypeError) as problem:
        raise Unstampable(_("PDF 文件已损坏、已加密或不受支持。")) from problem
    image = picture_of(seal)
    try:
        shown = placed(place, sizes, image.size, image.size)
    except ValueError as problem:
        raise Unstampable(str(problem)) from problem
    return _signed(writer, seal, image, shown, sizes, clock)


def _signed(
    writer: IncrementalPdfFileWriter,
    seal: Seal,
    image: SealImage,
    shown: list[Placed],
    sizes: list[tuple[float, float]],
    clock: _Clock | None,
) -> Stamped:
    earlier = len(list(fields.enumerate_sig_fields(writer)))
    name = f"Seal{earlier + 1}"
    whole = shown[0] if len(shown) == 1 and shown[0].clip is None else None
    if earlier and whole is None:
        raise Unstampable(_("已经签章的 PDF 不能再盖骑缝章，会使先盖的章失效。请先盖骑缝章，再盖其他章。"))
    box = _box(whole, sizes[whole.page]) if whole else (0, 0, 0, 0)
    for one in shown if whole is None else []:
        _draw_slice(writer, image, one, sizes[one.page])
    spec = fields.SigFieldSpec(name, on_page=whole.page if whole else 0, box=box)
    metadata = signers.PdfSignatureMetadata(
        field_name=name, name=seal.name, md_algorithm="sha256", subfilter=SUBFILTER, reason=seal.code
    )
    certificate = seal.pdf_certificate
    assert certificate is not None
    tool = signers.PdfSigner(
        metadata,
        _KeySigner(certificate),
        timestamper=clock,
        stamp_style=_style(image) if whole else None,
        new_field_spec=spec,
    )
    out = io.BytesIO()
    tool.sign_pdf(writer, output=out, bytes_reserved=ROOM + (TOKEN_ROOM if clock else 0))
    result = out.getvalue()
    return Stamped(result, digest_of_last(result))


def digest_of_last(data: bytes) -> str:
    """Return the SM3 of the last signature's container, hexadecimal: the stamp's name in the ledger."""
    return digest_of(PdfFileReader(io.BytesIO(data)).embedded_signatures[-1])


def digest_of(signature: Any) -> str:
    """Return the SM3 of a signature's container, hexadecimal."""
    return provider().sm3(signature.pkcs7_content).hex()


def _sizes(writer: IncrementalPdfFileWriter) -> list[tuple[float, float]]:
    """Return the pages' sizes in millimetres."""
    count = int(writer.root["/Pages"]["/Count"])
    return [_size(writer, index) for index in range(count)]


def _size(writer: IncrementalPdfFileWriter, index: int) -> tuple[float, float]:
    node: Any = writer.find_page_for_modification(index)[0].get_object()
    while "/MediaBox" not in node:
        node = node["/Parent"]
    left, bottom, right, top = (float(value) for value in node["/MediaBox"])
    return (right - left) / POINTS, (top - bottom) / POINTS


def _box(one: Placed, size: tuple[float, float]) -> tuple[int, int, int, int]:
    """Return a box in points from the lower left corner."""
    x, y, width, height = one.box
    bottom = size[1] - y - height
    left, low, right, top = (round(value * POINTS) for value in (x, bottom, x + width, bottom + height))
    return left, low, right, top


def _style(image: SealImage) -> StaticStampStyle:
    side = image.size * POINTS
    content = RawContent(_operators(image), box=BoxConstraints(width=side, height=side))
    fill = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins(0, 0, 0, 0)
    )
    return StaticStampStyle(border_width=0, background=content, background_layout=fill, background_opacity=1.0)


def _operators(image: SealImage) -> bytes:
    """Return the drawing as operators of PDF, points from the lower left corner."""
    lines = [" ".join(number(part / 255) for part in RED) + " rg"]
    for letter, values in image.path:
        points = zip(values[::2], values[1::2], strict=True)
        told = [part for x, y in points for part in (x * POINTS, (image.size - y) * POINTS)]
        lines.append("h" if letter == "C" else " ".join([*map(number, told), _OPERATORS[letter]]))
    return "\n".join([*lines, "f"]).encode()


def _draw_slice(writer: IncrementalPdfFileWriter, image: SealImage, one: Placed, size: tuple[float, float]) -> None:
    x, y, width, height = one.box
    left, top, across, down = one.clip or (0, 0, width, height)
    origin = (x * POINTS, (size[1] - y - height) * POINTS)
    clip = [left * POINTS, (height - top - down) * POINTS, across * POINTS, down * POINTS]
    head = f"q 1 0 0 1 {number(origin[0])} {number(origin[1])} cm {' '.join(map(number, clip))} re W n\n".encode()
    reference: Any = writer.find_page_for_modification(one.page)[0]
    page = reference.get_object()
    if "/Contents" not in page:
        page["/Contents"] = generic.ArrayObject()
        writer.mark_update(reference)
    stream = generic.StreamObject(stream_data=head + _operators(image) + b"\nQ")
    writer.add_stream_to_page(one.page, writer.add_object(stream))
