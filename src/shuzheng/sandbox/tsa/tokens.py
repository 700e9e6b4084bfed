"""Answers of a time-stamping authority (RFC 3161 §2.4), written from nothing but the request, a key and a clock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from shuzheng.engines.documents.seals.algorithms import digest
from shuzheng.sandbox.tsa.keys import Stamper

#: The policy under which the sandbox stamps, and the only one; an arc for examples (RFC 5612).
POLICY = "1.3.6.1.4.1.32473.3161"
_LENGTHS = {32, 48, 64}


class _Answer(core.Sequence):
    """TimeStampResp, whose token is missing where the answer is no."""

    _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


def answer(stampers: Mapping[str, Stamper], asked: bytes, at: datetime) -> bytes:
    """Return the DER of an answer; ``stampers`` are found by the identifier of the digest that is asked about."""
    try:
        request = tsp.TimeStampReq.load(asked, strict=True)
        imprint = request["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].dotted
        seen, nonce, policy = imprint["hashed_message"].native, request["nonce"].native, request["req_policy"].native
    except (ValueError, TypeError, KeyError):
        return _refusal("bad_data_format")
    if algorithm not in stampers or len(seen) not in _LENGTHS:
        return _refusal("bad_alg")
    if policy not in (None, POLICY):
        return _refusal("unaccepted_policy")
    given = token(stampers[algorithm], algorithm, seen, at, nonce=nonce)
    return _Answer({"status": {"status": "granted"}, "token": cms.ContentInfo.load(given)}).dump()


def token(stamper: Stamper, algorithm: str, seen: bytes, at: datetime, *, nonce: int | None = None) -> bytes:
    """Return the DER of a token that says when a digest was seen."""
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": seen},
            "serial_number": secrets.randbits(64) | 1 << 64,
            "gen_time": at.replace(microsecond=0),
            "accuracy": {"seconds": 1},
            **({} if nonce is None else {"nonce": nonce}),
        }
    )
    attributes = _attributes(stamper, info.dump())
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": stamper.key.digest}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info.dump())},
            "certificates": [x509.Certificate.load(stamper.certificate)],
            "signer_infos": [_signature(stamper, attributes)],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


def _attributes(stamper: Stamper, content: bytes) -> cms.CMSAttributes:
    method = stamper.key.digest
    named = {"hash_algorithm": {"algorithm": method}, "cert_hash": digest(method, stamper.certificate)}
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [digest(method, content)]},
            {"type": "signing_certificate_v2", "values": [{"certs": [named]}]},
        ]
    )


def _signature(stamper: Stamper, attributes: cms.CMSAttributes) -> dict[str, Any]:
    certificate = x509.Certificate.load(stamper.certificate)
    return {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": {"algorithm": stamper.key.digest},
        "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": stamper.key.method}),
        "signature": stamper.key.sign(attributes.dump()),
    }


def _refusal(reason: str) -> bytes:
    status = {"status": "rejection", "status_string": [reason], "fail_info": {reason}}
    return _Answer({"status": status}).dump()
