"""A real authority, asked over EST (RFC 7030): a certification request goes there, a certificate comes back.

The authority's own certificates and revocation lists are put into ``SHUZHENG_HOME/seal-authorities`` by the operator, so
that checking a seal never waits for the authority's network.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from http.client import HTTPException
from typing import Any

from asn1crypto import cms
from django.conf import settings

from shuzheng.engines.documents.seals.algorithms import ECDSA_WITH_SHA256
from shuzheng.engines.documents.seals.authority import AuthorityDeclined, CertificateAuthority, keep
from shuzheng.engines.documents.seals.certificates import Certificate, CertificateUnreadable
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import CertificateRole, SealCertificate, SealKey
from shuzheng.engines.documents.seals.ses import SM2_WITH_SM3
from shuzheng.engines.documents.seals.x509 import Subject, Terms, key_info, write_request
from shuzheng.kernel import calling

#: Seconds that the authority may take in all.
PATIENCE = 30
#: Bytes of an answer; certificates take a few thousand.
MOST = 256 * 1024


class EstAuthority(CertificateAuthority):
    """Enrols keys at ``SHUZHENG_EST_URL``; how long a certificate lasts is for the authority to say."""

    def certify(self, subject: Subject, key: SealKey, role: CertificateRole, not_after: datetime) -> SealCertificate:
        """Send a request signed by the key and take the certificate of that very key. Raises AuthorityDeclined."""
        algorithm = SM2_WITH_SM3 if key.algorithm == "sm2" else ECDSA_WITH_SHA256
        public = bytes(key.public_key)
        asked = write_request(
            subject,
            key_info(key.algorithm, public),
            lambda data: seal_keys().sign(key, data),
            algorithm=algorithm,
        )
        found = next((one for one in _enrol(asked) if one.public_key == public and not one.is_authority), None)
        if found is None or not found.may_sign():
            raise AuthorityDeclined
        terms = Terms(found.serial, found.not_before, found.not_after)
        return keep(subject, key, role, terms, found.der)

    def revocations(self) -> list[bytes]:
        """Return nothing: the operator puts them into the folder."""
        return []


def _enrol(asked: bytes) -> list[Certificate]:
    headers = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"}
    if settings.SHUZHENG_EST_CREDENTIALS:
        headers["Authorization"] = "Basic " + base64.b64encode(settings.SHUZHENG_EST_CREDENTIALS.encode()).decode()
    try:
        answer = calling.post(
            f"{settings.SHUZHENG_EST_URL}/simpleenroll",
            base64.b64encode(asked),
            headers,
            timeout=PATIENCE,
            largest=MOST + 1,
            trust=settings.SHUZHENG_EST_TRUST,
        )
    except (OSError, HTTPException) as failure:
        raise AuthorityDeclined from failure
    if answer.status != 200 or len(answer.body) > MOST:
        raise AuthorityDeclined
    return _certificates(answer.body)


def _certificates(content: bytes) -> list[Certificate]:
    """Return the certificates of a certs-only PKCS #7 in base64."""
    try:
        told: Any = cms.ContentInfo.load(base64.b64decode(content), strict=True)
        return [Certificate(one.chosen.dump()) for one in told["content"]["certificates"]]
    except (binascii.Error, ValueError, TypeError, KeyError, CertificateUnreadable) as failure:
        raise AuthorityDeclined from failure
