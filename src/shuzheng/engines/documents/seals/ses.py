"""Seals and stamps read from their bytes: V1, V4 and V5; ``writing`` writes V4.

Nothing here judges: ``verify`` does. What a signature covers is kept as the very bytes that came, never encoded anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from asn1crypto import core

from shuzheng.engines.documents.seals import asn1
from shuzheng.engines.trust.crypto import provider

#: SM2 with SM3 (GM/T 0006).
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM3 = "1.2.156.10197.1.401"

#: Bytes up to which a seal is remembered; its picture takes twenty thousand or so.
USUAL = 128 * 1024


class SesUnreadable(ValueError):
    """The bytes are no seal or stamp of a version that is known."""


@dataclass(frozen=True)
class Picture:
    """The seal's image (印章图像)."""

    #: ``png``, ``ofd``, …
    kind: str
    data: bytes
    #: Millimetres.
    width: int
    height: int


@dataclass(frozen=True)
class SealContent:
    """What a seal says of itself."""

    #: The seal's code, ``esID`` (印章编码).
    code: str
    #: Who made the software that made it.
    vendor: str
    #: Kind: 1 for an official seal of a unit and so on, as the maker numbers them.
    kind: int
    name: str
    #: Certificates (DER) whose keys may stamp.
    certificates: tuple[bytes, ...]
    made_at: datetime
    valid_from: datetime
    valid_to: datetime
    picture: Picture


@dataclass(frozen=True)
class Seal:
    """A seal (SES_Seal) as read."""

    version: int
    content: SealContent
    #: Digests in the certificates' stead, where the maker listed those.
    digests: tuple[bytes, ...]
    maker: bytes
    algorithm: str
    #: DER of ``r, s``.
    signature: bytes
    #: What the maker signed.
    signed: bytes
    der: bytes

    def lists(self, certificate: bytes) -> bool:
        """Say whether a certificate may stamp with this seal."""
        return certificate in self.content.certificates or provider().sm3(certificate) in self.digests


@dataclass(frozen=True)
class Stamp:
    """A stamp (SES_Signature) as read."""

    version: int
    seal: Seal
    signed_at: datetime
    #: SM3 of Signature.xml.
    digest: bytes
    #: Path of Signature.xml.
    location: str
    certificate: bytes
    algorithm: str
    signature: bytes
    #: What the stamper signed.
    signed: bytes
    #: A time stamp of a third party, RFC 3161, when there is one.
    time_stamp: bytes | None


def read_seal(der: bytes) -> Seal:
    """Return the seal in these bytes; one that many documents bear is parsed once. Raises SesUnreadable."""
    return _read_seal(der) if len(der) <= USUAL else _read_seal.__wrapped__(der)


@lru_cache(maxsize=64)
def _read_seal(der: bytes) -> Seal:
    return _reading(lambda: _seal(core.Sequence.load(der, strict=True)))


def read_stamp(der: bytes) -> Stamp:
    """Return the stamp in these bytes. Raises SesUnreadable."""
    return _reading(lambda: _stamp(der))


def _reading(read: Callable[[], Any]) -> Any:
    """Turn whatever asn1crypto or a missing field raises into one error."""
    try:
        return read()
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError) as failure:
        raise SesUnreadable(str(failure)) from failure


def _stamp(der: bytes) -> Stamp:
    outer = core.Sequence.load(der, strict=True)
    return _stamp_v1(der) if len(outer) == 2 else _stamp_v4(der)


def _stamp_v4(der: bytes) -> Stamp:
    whole = asn1.SesSignature.load(der, strict=True)
    told = whole["to_sign"]
    stamped = whole["time_stamp"]
    return Stamp(
        version=told["version"].native,
        seal=read_seal(told["e_seal"].dump()),
        signed_at=told["time_info"].native,
        digest=_octets(told["data_hash"]),
        location=told["property_info"].native,
        certificate=whole["cert"].native,
        algorithm=whole["signature_alg_id"].dotted,
        signature=_octets(whole["signature"]),
        signed=told.dump(),
        time_stamp=None if isinstance(stamped, core.Void) else _octets(stamped),
    )


def _stamp_v1(der: bytes) -> Stamp:
    whole = asn1.SesSignatureV1.load(der, strict=True)
    told = whole["to_sign"]
    return Stamp(
        version=told["version"].native,
        seal=read_seal(told["e_seal"].dump()),
        signed_at=_v1_time(_octets(told["time_info"])),
        digest=_octets(told["data_hash"]),
        location=told["property_info"].native,
        certificate=told["cert"].native,
        algorithm=told["signature_algorithm"].dotted,
        signature=_octets(whole["signature"]),
        signed=told.dump(),
        time_stamp=None,
    )


def _seal(outer: core.Sequence) -> Seal:
    der = outer.dump()
    if len(outer) == 2:
        return _seal_v1(der)
    whole = asn1.SesSeal.load(der, strict=True)
    info = whole["e_seal_info"]
    told = info["property"]
    digests: tuple[bytes, ...] = ()
    certificates: tuple[bytes, ...] = ()
    if told["cert_list_type"].native == 1:
        certificates = tuple(told["cert_list"].parse(asn1.CertInfoList).native)
    else:
        digests = tuple(one["value"] for one in told["cert_list"].parse(asn1.CertDigestList).native)
    return Seal(
        version=info["header"]["version"].native,
        content=_content(info, certificates),
        digests=digests,
        maker=whole["cert"].native,
        algorithm=whole["sign_alg_id"].dotted,
        signature=_octets(whole["signed_value"]),
        signed=info.dump(),
        der=der,
    )


def _seal_v1(der: bytes) -> Seal:
    whole = asn1.SesSealV1.load(der, strict=True)
    info, signing = whole["e_seal_info"], whole["sign_info"]
    signed = asn1.SignedPartV1(
        {"e_seal_info": info, "cert": signing["cert"].native, "algorithm": signing["algorithm"].dotted}
    )
    return Seal(
        version=info["header"]["version"].native,
        content=_content(info, tuple(info["property"]["cert_list"].native)),
        digests=(),
        maker=signing["cert"].native,
        algorithm=signing["algorithm"].dotted,
        signature=_octets(signing["signature"]),
        signed=signed.dump(),
        der=der,
    )


def _content(info: Any, certificates: tuple[bytes, ...]) -> SealContent:
    told, picture = info["property"], info["picture"]
    if info["header"]["id"].native != "ES":
        raise ValueError("A seal begins with ES.")
    return SealContent(
        code=info["es_id"].native,
        vendor=info["header"]["vid"].native,
        kind=told["type"].native,
        name=told["name"].native,
        certificates=certificates,
        made_at=_moment(told["create_date"]),
        valid_from=_moment(told["valid_start"]),
        valid_to=_moment(told["valid_end"]),
        picture=Picture(
            picture["type"].native.lower(),
            picture["data"].native,
            picture["width"].native,
            picture["height"].native,
        ),
    )


def _moment(value: Any) -> datetime:
    moment = value.native
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("A date of the seal is no time.")
    return moment


def _v1_time(content: bytes) -> datetime:
    """Read the time of a V1 stamp: DER of a time, or its text."""
    if content[:1] in (b"\x17", b"\x18"):
        return core.load(content, strict=True).native
    text = content.decode("ascii").rstrip("Z")
    return datetime.strptime(text if len(text) == 14 else f"20{text}", "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _octets(value: core.BitString) -> bytes:
    """Return the whole bytes of a bit string. Raises ValueError when bits are left over."""
    if value.contents is None or value.contents[:1] != b"\x00":
        raise ValueError("A bit string of whole bytes was expected.")
    return value.contents[1:]
