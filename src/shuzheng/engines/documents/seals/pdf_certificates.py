"""Certificates for PDF: readers of PDF know no SM2, so a seal has a second key on the curve P-256 under the same authority."""

from __future__ import annotations

from asn1crypto import algos, x509

from shuzheng.engines.documents.seals.algorithms import ECDSA_WITH_SHA256
from shuzheng.engines.documents.seals.keys import SealKeys
from shuzheng.engines.documents.seals.models import SealCertificate, SealKey
from shuzheng.engines.documents.seals.x509 import Subject, Terms, certificate_content, key_info


def write_root(subject: Subject, key: SealKey, terms: Terms, signer: SealKeys) -> bytes:
    """Return the DER of the authority's own certificate."""
    return _write(subject, bytes(key.public_key), terms, subject, key, signer)


def write(
    subject: Subject, public_key: bytes, terms: Terms, issuer: Subject, root: SealCertificate, signer: SealKeys
) -> bytes:
    """Return the DER of a seal's certificate for PDF."""
    return _write(subject, public_key, terms, issuer, root.key, signer)


def _write(
    subject: Subject, public_key: bytes, terms: Terms, issuer: Subject, issuer_key: SealKey, signer: SealKeys
) -> bytes:
    told = certificate_content(
        subject,
        key_info("p256", public_key),
        terms,
        issuer=issuer,
        identifiers=(public_key, bytes(issuer_key.public_key)),
        algorithm=ECDSA_WITH_SHA256,
    )
    fields = {
        "tbs_certificate": told,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": ECDSA_WITH_SHA256}),
        "signature_value": signer.sign(issuer_key, told.dump()),
    }
    return x509.Certificate(fields).dump()
