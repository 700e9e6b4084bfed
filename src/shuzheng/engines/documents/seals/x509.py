"""Writing certificates and revocation lists with SM2 (GB/T 20518, GM/T 0015, RFC 5280)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import crl, csr, keys, x509

from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.crypto.encoding import public_key_to_pem
from shuzheng.engines.trust.crypto.pem import from_pem

Sign = Callable[[bytes], bytes]
_ALGORITHM = {"algorithm": SM2_WITH_SM3}
AUTHORITY_USES = frozenset({"key_cert_sign", "crl_sign"})
SIGNER_USES = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names."""

    common_name: str
    organisation: str = ""
    unit: str = ""
    country: str = "CN"

    def name(self) -> x509.Name:
        """Return the distinguished name."""
        told = {
            "country_name": self.country,
            "organization_name": self.organisation,
            "organizational_unit_name": self.unit,
            "common_name": self.common_name,
        }
        return x509.Name.build({key: value for key, value in told.items() if value})


@dataclass(frozen=True)
class Terms:
    """What a certificate says besides names and keys."""

    serial: int
    not_before: datetime
    not_after: datetime
    authority: bool = False
    uses: frozenset[str] = field(default=SIGNER_USES)
    #: Extended key usage, critical: what the key is for and nothing else.
    purposes: tuple[str, ...] = ()


def write_certificate(
    subject: Subject, public_key: bytes, terms: Terms, *, issuer: Subject, issuer_key: bytes, sign: Sign
) -> bytes:
    """Return the DER of a certificate of an SM2 key; ``sign`` returns the DER of ``r, s``."""
    told = certificate_content(
        subject, key_info("sm2", public_key), terms, issuer=issuer, identifiers=(public_key, issuer_key)
    )
    fields = {"tbs_certificate": told, "signature_algorithm": _ALGORITHM, "signature_value": sign(told.dump())}
    return x509.Certificate(fields).dump()


def certificate_content(
    subject: Subject,
    key: keys.PublicKeyInfo,
    terms: Terms,
    *,
    issuer: Subject,
    identifiers: tuple[bytes, bytes],
    algorithm: str = SM2_WITH_SM3,
) -> x509.TbsCertificate:
    """Return what an authority signs; ``identifiers`` are the public keys of the subject and of the issuer."""
    own, above = identifiers
    return x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": terms.serial,
            "signature": {"algorithm": algorithm},
            "issuer": issuer.name(),
            "validity": {"not_before": _time(terms.not_before), "not_after": _time(terms.not_after)},
            "subject": subject.name(),
            "subject_public_key_info": key,
            "extensions": [
                _extension("basic_constraints", {"ca": terms.authority}, critical=True),
                _extension("key_usage", set(terms.uses), critical=True),
                *([_extension("extended_key_usage", list(terms.purposes), critical=True)] if terms.purposes else []),
                _extension("key_identifier", _identifier(own)),
                _extension("authority_key_identifier", {"key_identifier": _identifier(above)}),
            ],
        }
    )


def write_revocations(
    revoked: Mapping[int, datetime],
    *,
    issuer: Subject,
    issuer_key: bytes,
    at: datetime,
    following: datetime,
    sign: Sign,
) -> bytes:
    """Return the DER of a revocation list; ``revoked`` maps serial numbers to moments."""
    told = crl.TbsCertList(
        {
            "version": "v2",
            "signature": _ALGORITHM,
            "issuer": issuer.name(),
            "this_update": _time(at),
            "next_update": _time(following),
            "revoked_certificates": [
                {"user_certificate": serial, "revocation_date": _time(moment)}
                for serial, moment in sorted(revoked.items())
            ],
            "crl_extensions": [
                {
                    "extn_id": "authority_key_identifier",
                    "extn_value": {"key_identifier": _identifier(issuer_key)},
                },
                {"extn_id": "crl_number", "extn_value": int(at.timestamp())},
            ],
        }
    )
    fields = {"tbs_cert_list": told, "signature_algorithm": _ALGORITHM, "signature": sign(told.dump())}
    return crl.CertificateList(fields).dump()


def write_request(subject: Subject, key: keys.PublicKeyInfo, sign: Sign, *, algorithm: str = SM2_WITH_SM3) -> bytes:
    """Return the DER of a certification request (PKCS #10, RFC 2986), with which a real authority is asked."""
    told = csr.CertificationRequestInfo(
        {"version": "v1", "subject": subject.name(), "subject_pk_info": key, "attributes": []}
    )
    fields = {
        "certification_request_info": told,
        "signature_algorithm": {"algorithm": algorithm},
        "signature": sign(told.dump()),
    }
    return csr.CertificationRequest(fields).dump()


def key_info(algorithm: str, point: bytes) -> keys.PublicKeyInfo:
    """Return a public key, SM2 or P-256, as certificates carry it."""
    if algorithm == "sm2":
        return keys.PublicKeyInfo.load(from_pem("PUBLIC KEY", public_key_to_pem(point)))
    return keys.PublicKeyInfo(
        {
            "algorithm": {"algorithm": "ec", "parameters": keys.ECDomainParameters("named", "secp256r1")},
            "public_key": keys.ECPointBitString(point),
        }
    )


def _extension(name: str, value: object, *, critical: bool = False) -> dict[str, object]:
    return {"extn_id": name, "critical": critical, "extn_value": value}


def _identifier(public_key: bytes) -> bytes:
    return provider().sm3(public_key)[:20]


def _time(moment: datetime) -> x509.Time:
    """Return the time in the form that RFC 5280 prescribes for its year."""
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return x509.Time({"utc_time": whole}) if whole.year < 2050 else x509.Time({"general_time": whole})
