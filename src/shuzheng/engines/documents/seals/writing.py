"""Seals and stamps written as GB/T 38540-2020 (V4) has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from asn1crypto import core

from shuzheng.engines.documents.seals import asn1
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3, SealContent

#: The version that is written.
VERSION = 4


def write_seal(content: SealContent, maker: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """Return a V4 seal signed by its maker; ``sign`` returns the DER of ``r, s``."""
    info = asn1.SealInfo(
        {
            "header": {"id": "ES", "version": VERSION, "vid": content.vendor},
            "es_id": content.code,
            "property": {
                "type": content.kind,
                "name": content.name,
                "cert_list_type": 1,
                "cert_list": core.Any(asn1.CertInfoList(content.certificates)),
                "create_date": _time(content.made_at),
                "valid_start": _time(content.valid_from),
                "valid_end": _time(content.valid_to),
            },
            "picture": {
                "type": content.picture.kind,
                "data": content.picture.data,
                "width": content.picture.width,
                "height": content.picture.height,
            },
        }
    )
    fields = {"e_seal_info": info, "cert": maker, "sign_alg_id": SM2_WITH_SM3, "signed_value": _bits(sign(info.dump()))}
    return asn1.SesSeal(fields).dump()


def write_stamp(
    seal: bytes,
    certificate: bytes,
    sign: Callable[[bytes], bytes],
    *,
    at: datetime,
    digest: bytes,
    location: str,
    time_stamp: Callable[[bytes], bytes | None] | None = None,
) -> bytes:
    """Return a V4 stamp over a Signature.xml's digest; ``sign`` returns the DER of ``r, s``, ``time_stamp`` a token about it."""
    to_sign = asn1.TbsSign(
        {
            "version": VERSION,
            "e_seal": asn1.SesSeal.load(seal),
            "time_info": at.astimezone(UTC).replace(microsecond=0),
            "data_hash": _bits(digest),
            "property_info": location,
        }
    )
    signature = sign(to_sign.dump())
    token = time_stamp(signature) if time_stamp else None
    fields = {"to_sign": to_sign, "cert": certificate, "signature_alg_id": SM2_WITH_SM3, "signature": _bits(signature)}
    return asn1.SesSignature(fields if token is None else {**fields, "time_stamp": _bits(token)}).dump()


def _time(moment: datetime) -> core.Any:
    return core.Any(core.GeneralizedTime(moment.astimezone(UTC).replace(microsecond=0)))


def _bits(content: bytes) -> core.BitString:
    return core.BitString.load(core.OctetBitString(content).dump())
