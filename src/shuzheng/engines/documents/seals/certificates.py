"""X.509 certificates (GB/T 20518, RFC 5280), read and checked against each other."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from asn1crypto import crl, x509

from shuzheng.engines.documents.seals import algorithms
from shuzheng.engines.documents.seals.algorithms import sm2_verifies
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3

#: Bytes up to which a certificate is remembered; it takes a thousand or two.
USUAL = 8 * 1024


class CertificateUnreadable(ValueError):
    """The bytes are no certificate."""


class Certificate:
    """One certificate, parsed when it is made."""

    def __init__(self, der: bytes) -> None:
        """Parse. Raises CertificateUnreadable."""
        self.der = der
        try:
            self._parsed = x509.Certificate.load(der, strict=True)
            told = self._parsed["tbs_certificate"]
            self.signed = told.dump()
            self.algorithm = self._parsed["signature_algorithm"]["algorithm"].dotted
            self.signature = self._parsed["signature_value"].contents[1:]
            self.key_info = told["subject_public_key_info"].dump()
            self.public_key = told["subject_public_key_info"]["public_key"].contents[1:]
            self.serial: int = self._parsed.serial_number
            self.subject = _words(self._parsed.subject)
            self.issuer = _common_name(self._parsed.issuer) or _words(self._parsed.issuer)
            self.not_before: datetime = told["validity"]["not_before"].native
            self.not_after: datetime = told["validity"]["not_after"].native
            self.issuer_name = self._parsed.issuer.dump()
            self.subject_name = self._parsed.subject.dump()
            self.is_authority = bool(self._parsed.ca)
            usage = self._parsed.key_usage_value
            self.usages: set[str] | None = None if usage is None else set(usage.native)
            purposes = self._parsed.extended_key_usage_value
            self.purposes: tuple[str, ...] | None = None if purposes is None else tuple(purposes.native)
            self.purposes_critical = "extended_key_usage" in self._parsed.critical_extensions
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as failure:
            raise CertificateUnreadable(str(failure)) from failure

    @cached_property
    def name(self) -> str:
        """Return the holder's common name, or the whole name when there is none."""
        return _common_name(self._parsed.subject) or self.subject

    def verifies(self, data: bytes, signature: bytes, algorithm: str = SM2_WITH_SM3) -> bool:
        """Say whether this certificate's key gave a signature over data."""
        if algorithm == SM2_WITH_SM3:
            return sm2_verifies(self.public_key, data, signature)
        return algorithms.verifies(algorithm, self.key_info, data, signature)

    def issued(self, other: Certificate | RevocationList) -> bool:
        """Say whether this authority signed a certificate or a list."""
        return (
            self.is_authority
            and (self.usages is None or bool(self.usages & other.needed_usage))
            and other.issuer_name == self.subject_name
            and _signed_by(self, other)
        )

    #: What an authority's key must be for, to sign a certificate.
    needed_usage = frozenset({"key_cert_sign"})

    def may_sign(self) -> bool:
        """Say whether the key is meant for signing (digitalSignature or nonRepudiation, when usage is given)."""
        return self.usages is None or bool(self.usages & {"digital_signature", "non_repudiation"})

    def may_stamp_time(self) -> bool:
        """Say whether the key is for time stamps and nothing else, and says so where nobody may overlook it (RFC 3161 §2.3)."""
        return self.purposes == ("time_stamping",) and self.purposes_critical and self.may_sign()

    def valid_at(self, moment: datetime) -> bool:
        """Say whether a moment lies in the period of validity."""
        return self.not_before <= moment <= self.not_after

    def __eq__(self, other: object) -> bool:
        """Compare the bytes."""
        return isinstance(other, Certificate) and other.der == self.der

    def __hash__(self) -> int:
        """Return the hash of the bytes."""
        return hash(self.der)


class RevocationList:
    """A certificate revocation list (证书撤销列表, RFC 5280)."""

    needed_usage = frozenset({"crl_sign"})

    def __init__(self, der: bytes) -> None:
        """Parse. Raises CertificateUnreadable."""
        try:
            self._parsed = crl.CertificateList.load(der, strict=True)
            told = self._parsed["tbs_cert_list"]
            self.signed = told.dump()
            self.algorithm = self._parsed["signature_algorithm"]["algorithm"].dotted
            self.signature = self._parsed["signature"].contents[1:]
            self.issuer_name = told["issuer"].dump()
            self.updated: datetime = told["this_update"].native
            self.revoked: dict[int, datetime] = {
                entry["user_certificate"].native: entry["revocation_date"].native
                for entry in told["revoked_certificates"]
            }
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as failure:
            raise CertificateUnreadable(str(failure)) from failure


def certificate(der: bytes) -> Certificate:
    """Return the certificate in these bytes, parsed once as long as it is in use. Raises CertificateUnreadable."""
    return _certificate(der) if len(der) <= USUAL else Certificate(der)


@lru_cache(maxsize=256)
def _certificate(der: bytes) -> Certificate:
    return Certificate(der)


def _signed_by(above: Certificate, below: Certificate | RevocationList) -> bool:
    """Say whether the one signed the other; computed once for every pair, since their bytes decide it."""
    work = _verified if len(below.signed) <= USUAL else _verified.__wrapped__
    return work(above, below)


@lru_cache(maxsize=256)
def _verified(above: Certificate, below: Certificate | RevocationList) -> bool:
    return above.verifies(below.signed, below.signature, below.algorithm)


def _common_name(name: Any) -> str:
    told = name.native.get("common_name")
    return told if isinstance(told, str) else ""


def _words(name: Any) -> str:
    return ", ".join(str(value) for value in name.native.values())
