"""Time stamps of a third party (时间戳, RFC 3161, GB/T 20520), read.

A time-stamping authority (TSA) signs that it saw a digest at a moment. What it saw of a seal is the value of the signature
(GB/T 38540 §6.5 field ``timeStamp``; for PDF the unsigned attribute of RFC 3161 appendix A). So a token proves that the
stamp existed at that moment, and its certificate's state then is the one that counts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, core, tsp

from shuzheng.engines.documents.seals import algorithms
from shuzheng.engines.documents.seals.certificates import Certificate, CertificateUnreadable

TST_INFO = "1.2.840.113549.1.9.16.1.4"
#: SignedData of CMS, and of GM/T 0010.
SIGNED_DATA = ("1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2")
_CONTENT_TYPE, _MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE, _SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
_SHA1 = "1.3.14.3.2.26"
#: Bytes of a token, at most; with its certificates it takes a few thousand.
LARGEST = 64 * 1024


class TimeStampUnreadable(ValueError):
    """The bytes are no time stamp token."""


class _Outer(core.Sequence):
    """ContentInfo, whatever the identifier of its content."""

    _fields = [("content_type", core.ObjectIdentifier), ("content", core.Any, {"explicit": 0})]


@dataclass(frozen=True)
class TimeStamp:
    """A time stamp token as read; nothing of it is judged yet."""

    at: datetime
    policy: str
    #: What was seen: the digest's identifier, and the digest.
    digested: str
    imprint: bytes
    nonce: int | None
    #: TSTInfo, and what its signature covers.
    content: bytes
    signed: bytes
    #: The digest of the content that the signature names, by which method, and the method of the signature.
    content_digest: bytes
    digest_method: str
    method: str
    signature: bytes
    #: Digest of the signer's certificate: its method and its value; issuer (DER) and serial number of the same.
    signer_digest: tuple[str, bytes]
    signer: tuple[bytes, int]
    certificates: tuple[Certificate, ...]

    def is_of(self, certificate: Certificate) -> bool:
        """Say whether a certificate is the one that the token names as its signer's."""
        algorithm, value = self.signer_digest
        if (certificate.issuer_name, certificate.serial) != self.signer:
            return False
        if algorithm == _SHA1:  # a name here, and no proof: the signature holds with this certificate's key alone
            return hashlib.sha1(certificate.der, usedforsecurity=False).digest() == value
        return algorithms.digest(algorithm, certificate.der) == value


def read(token: bytes) -> TimeStamp:
    """Return the token in these bytes. Raises TimeStampUnreadable."""
    try:
        return _read(token)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as failure:
        raise TimeStampUnreadable(str(failure)) from failure


def _read(token: bytes) -> TimeStamp:
    if len(token) > LARGEST:
        raise ValueError("A token is not that long.")
    outer = _Outer.load(token, strict=True)
    if outer["content_type"].dotted not in SIGNED_DATA:
        raise ValueError("A token is SignedData.")
    told: Any = outer["content"].parse(cms.SignedData)
    info, one = _told(told), _only(told["signer_infos"])
    signer = _only_named(one["sid"])
    attributes = _attributes(one)
    if one["digest_algorithm"].dump() != _only(told["digest_algorithms"]).dump() or told["crls"]:
        raise ValueError("A token has one signature by one method.")
    if attributes[_CONTENT_TYPE].dotted != TST_INFO:
        raise ValueError("What is signed is no time.")
    digested = one["digest_algorithm"]["algorithm"].dotted
    content = bytes(told["encap_content_info"]["content"])
    return TimeStamp(
        at=info["gen_time"].native,
        policy=info["policy"].dotted,
        digested=info["message_imprint"]["hash_algorithm"]["algorithm"].dotted,
        imprint=info["message_imprint"]["hashed_message"].native,
        nonce=info["nonce"].native,
        content=content,
        signed=one["signed_attrs"].untag().dump(),
        content_digest=attributes[_MESSAGE_DIGEST].native,
        digest_method=digested,
        method=algorithms.method(one["signature_algorithm"]["algorithm"].dotted, digested),
        signature=one["signature"].native,
        signer_digest=_named_by_digest(attributes),
        signer=signer,
        certificates=_certificates(told),
    )


def _told(told: Any) -> Any:
    """Return the TSTInfo."""
    capsule = told["encap_content_info"]
    if capsule["content_type"].dotted != TST_INFO or told["version"].native != "v3":
        raise ValueError("What is signed is no time.")
    info = tsp.TSTInfo.load(bytes(capsule["content"]), strict=True)
    if info["version"].native != "v1" or info["gen_time"].native.tzinfo is None:
        raise ValueError("A time of another version, or of no zone.")
    if any(extension["critical"].native for extension in info["extensions"] or []):
        raise ValueError("A token says something that must be understood and is not.")
    return info


def _only(values: Any) -> Any:
    (one,) = values
    return one


def _only_named(sid: Any) -> tuple[bytes, int]:
    """Return issuer and serial number of the signer, which a token of RFC 3161 names that way."""
    if sid.name != "issuer_and_serial_number":
        raise ValueError("The signer is named by issuer and number.")
    return sid.chosen["issuer"].dump(), sid.chosen["serial_number"].native


def _attributes(one: Any) -> dict[str, Any]:
    """Return the signed attributes by identifier, each with its only value."""
    if one["version"].native != "v1":
        raise ValueError("A signature of another version.")
    if one["unsigned_attrs"]:
        raise ValueError("A token with additions that nobody signed.")
    pairs = [(attribute["type"].dotted, _only(attribute["values"])) for attribute in one["signed_attrs"]]
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("An attribute stands twice.")
    return dict(pairs)


def _named_by_digest(attributes: dict[str, Any]) -> tuple[str, bytes]:
    """Return how the signer's certificate is digested in ``signingCertificateV2`` (RFC 5816), or before it (RFC 2634)."""
    if _SIGNING_CERTIFICATE in attributes:
        return _SHA1, attributes[_SIGNING_CERTIFICATE]["certs"][0]["cert_hash"].native
    first = attributes[_SIGNING_CERTIFICATE_V2]["certs"][0]
    return first["hash_algorithm"]["algorithm"].dotted, first["cert_hash"].native


def _certificates(told: Any) -> tuple[Certificate, ...]:
    found = []
    for one in told["certificates"] or []:
        try:
            found.append(Certificate(one.chosen.dump()))
        except CertificateUnreadable as failure:
            raise ValueError(str(failure)) from failure
    return tuple(found)
