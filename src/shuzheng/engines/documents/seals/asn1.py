"""ASN.1 of seals and of stamps, as it stands in the bytes (GB/T 38540-2020, GM/T 0031-2014)."""

from __future__ import annotations

from asn1crypto import core


class Header(core.Sequence):
    """SES_Header: the mark ``ES``, the version of the format, who made the seal's software."""

    _fields = [("id", core.IA5String), ("version", core.Integer), ("vid", core.IA5String)]


class CertInfoList(core.SequenceOf):
    """CertInfoList: the certificates whose keys may stamp."""

    _child_spec = core.OctetString


class CertDigestObj(core.Sequence):
    """CertDigestObj: a digest in a certificate's stead."""

    _fields = [("type", core.PrintableString), ("value", core.OctetString)]


class CertDigestList(core.SequenceOf):
    """CertDigestList."""

    _child_spec = CertDigestObj


class Property(core.Sequence):
    """SES_ESPropertyInfo of V4 and V5."""

    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("cert_list_type", core.Integer),
        ("cert_list", core.Any),
        ("create_date", core.Any),
        ("valid_start", core.Any),
        ("valid_end", core.Any),
    ]


class PropertyV1(core.Sequence):
    """SES_ESPropertyInfo of V1, which has certificates only."""

    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("cert_list", CertInfoList),
        ("create_date", core.Any),
        ("valid_start", core.Any),
        ("valid_end", core.Any),
    ]


class Picture(core.Sequence):
    """SES_ESPictrueInfo (the standard's own spelling); width and height in millimetres."""

    _fields = [("type", core.IA5String), ("data", core.OctetString), ("width", core.Integer), ("height", core.Integer)]


class SealInfo(core.Sequence):
    """SES_SealInfo. Makers write the extensions with and without their tag, so they are kept as they came."""

    _fields = [
        ("header", Header),
        ("es_id", core.IA5String),
        ("property", Property),
        ("picture", Picture),
        ("ext_datas", core.Any, {"optional": True}),
    ]


class SealInfoV1(core.Sequence):
    """SES_SealInfo of V1."""

    _fields = [
        ("header", Header),
        ("es_id", core.IA5String),
        ("property", PropertyV1),
        ("picture", Picture),
        ("ext_datas", core.Any, {"optional": True}),
    ]


class SesSeal(core.Sequence):
    """SES_Seal of V4 and V5; the maker signs the first field."""

    _fields = [
        ("e_seal_info", SealInfo),
        ("cert", core.OctetString),
        ("sign_alg_id", core.ObjectIdentifier),
        ("signed_value", core.BitString),
    ]


class SignInfoV1(core.Sequence):
    """SES_SignInfo of V1."""

    _fields = [("cert", core.OctetString), ("algorithm", core.ObjectIdentifier), ("signature", core.BitString)]


class SesSealV1(core.Sequence):
    """SES_Seal of V1."""

    _fields = [("e_seal_info", SealInfoV1), ("sign_info", SignInfoV1)]


class SignedPartV1(core.Sequence):
    """What a V1 seal's maker signs: the seal, the certificate and the algorithm."""

    _fields = [("e_seal_info", SealInfoV1), ("cert", core.OctetString), ("algorithm", core.ObjectIdentifier)]


class TbsSign(core.Sequence):
    """TBS_Sign of V4 and V5: what the stamper signs."""

    _fields = [
        ("version", core.Integer),
        ("e_seal", SesSeal),
        ("time_info", core.GeneralizedTime),
        ("data_hash", core.BitString),
        ("property_info", core.IA5String),
        ("ext_datas", core.Any, {"optional": True}),
    ]


class SesSignature(core.Sequence):
    """SES_Signature of V4 and V5."""

    _fields = [
        ("to_sign", TbsSign),
        ("cert", core.OctetString),
        ("signature_alg_id", core.ObjectIdentifier),
        ("signature", core.BitString),
        ("time_stamp", core.BitString, {"explicit": 0, "optional": True}),
    ]


class TbsSignV1(core.Sequence):
    """TBS_Sign of V1, which holds the certificate and writes the time into a bit string."""

    _fields = [
        ("version", core.Integer),
        ("e_seal", SesSealV1),
        ("time_info", core.BitString),
        ("data_hash", core.BitString),
        ("property_info", core.IA5String),
        ("cert", core.OctetString),
        ("signature_algorithm", core.ObjectIdentifier),
    ]


class SesSignatureV1(core.Sequence):
    """SES_Signature of V1."""

    _fields = [("to_sign", TbsSignV1), ("signature", core.BitString)]
