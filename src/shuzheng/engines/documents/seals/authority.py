"""Who certifies the keys of seals: an interface for a real authority (CA), and a built-in one for tests and demonstrations."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.documents.seals import pdf_certificates
from shuzheng.engines.documents.seals.keys import seal_keys
from shuzheng.engines.documents.seals.models import CertificateRole, SealCertificate, SealKey
from shuzheng.engines.documents.seals.x509 import (
    AUTHORITY_USES,
    SIGNER_USES,
    Subject,
    Terms,
    write_certificate,
    write_revocations,
)
from shuzheng.kernel.error import Unavailable
from shuzheng.kernel.moment import now

#: Certificates of the built-in authority begin this long before they are issued, for clocks that are late.
EARLIER = timedelta(minutes=5)
AUTHORITY_YEARS = timedelta(days=3652)
#: How long a revocation list is believed.
LIST_LIFETIME = timedelta(days=7)


class AuthorityDeclined(Unavailable):
    """The authority did not certify a key."""

    code = "seal-authority"
    message = _("电子认证机构没有签发证书，印章保持原状。请联系电子认证机构后重试。")


class CertificateAuthority(ABC):
    """Certifies keys of seals (电子认证服务机构). Rows are kept in ``SealCertificate`` whoever issues."""

    #: In whose name seals are made.
    MAKER = Subject("制章中心")

    @abstractmethod
    def certify(self, subject: Subject, key: SealKey, role: CertificateRole, not_after: datetime) -> SealCertificate:
        """Return the certificate of a key, valid from now. Raises what the authority's service raises."""

    def maker(self) -> SealCertificate:
        """Return the newest certificate for making that is not about to end, or make one."""
        found = newest(CertificateRole.MAKER)
        if found is not None and found.not_after > now() + timedelta(days=1):
            return found
        with alone("maker"):
            found = newest(CertificateRole.MAKER)
            if found is not None and found.not_after > now() + timedelta(days=1):
                return found
            key = seal_keys().generate("sm2")
            return self.certify(self.MAKER, key, CertificateRole.MAKER, now() + timedelta(days=1826))

    def anchors(self) -> list[bytes]:
        """Return the roots that ever certified here (DER, SM2): stamps outlive a change of authority."""
        return _ders(CertificateRole.ROOT)

    def pdf_anchors(self) -> list[bytes]:
        """Return the roots that ever certified here for PDF (DER, P-256)."""
        return _ders(CertificateRole.PDF_ROOT)

    @abstractmethod
    def revocations(self) -> list[bytes]:
        """Return the present revocation lists (DER)."""

    def revoke(self, certificate: SealCertificate, at: datetime) -> None:
        """Revoke a certificate for good."""
        if certificate.revoked_at is None:
            certificate.revoked_at = at
            certificate.save(update_fields=["revoked_at"])


class BuiltInAuthority(CertificateAuthority):
    """An authority of this installation alone: nobody outside believes it, and its name says so."""

    ROOT = Subject("数政演示根证书（仅供测试）", "数政演示证书中心")
    MAKER = Subject("数政演示制章中心（仅供测试）", "数政演示证书中心")

    def certify(self, subject: Subject, key: SealKey, role: CertificateRole, not_after: datetime) -> SealCertificate:
        """Sign with the root's key."""
        terms = Terms(_serial(), now() - EARLIER, not_after, uses=SIGNER_USES)
        if role is CertificateRole.PDF:
            root = self._own(CertificateRole.PDF_ROOT)
            der = pdf_certificates.write(subject, bytes(key.public_key), terms, self.ROOT, root, seal_keys())
        else:
            root = self._own(CertificateRole.ROOT)
            der = self._write(subject, key, terms, root.key)
        return keep(subject, key, role, terms, der)

    def revocations(self) -> list[bytes]:
        """Return the root's list, signed now; none while there is no root."""
        revoked = SealCertificate.objects.filter(revoked_at__isnull=False).values_list("serial", "revoked_at")
        if newest(CertificateRole.ROOT) is None:
            return []
        return [self._list({int(serial, 16): at for serial, at in revoked})]

    def _list(self, revoked: Mapping[int, datetime]) -> bytes:
        root = self._own(CertificateRole.ROOT)
        return write_revocations(
            revoked,
            issuer=self.ROOT,
            issuer_key=bytes(root.key.public_key),
            at=now(),
            following=now() + LIST_LIFETIME,
            sign=lambda data: seal_keys().sign(root.key, data),
        )

    def _write(self, subject: Subject, key: SealKey, terms: Terms, issuer: SealKey) -> bytes:
        return write_certificate(
            subject,
            bytes(key.public_key),
            terms,
            issuer=self.ROOT,
            issuer_key=bytes(issuer.public_key),
            sign=lambda data: seal_keys().sign(issuer, data),
        )

    def _own(self, role: CertificateRole) -> SealCertificate:
        """Return a root, made at the first use; of two who make it at once, one waits for the other."""
        found = newest(role)
        if found is not None:
            return found
        with alone(role):
            return newest(role) or self._make(role)

    def _make(self, role: CertificateRole) -> SealCertificate:
        terms = Terms(_serial(), now() - EARLIER, now() + AUTHORITY_YEARS, authority=True, uses=AUTHORITY_USES)
        if role is CertificateRole.PDF_ROOT:
            key = seal_keys().generate("p256")
            der = pdf_certificates.write_root(self.ROOT, key, terms, seal_keys())
        else:
            key = seal_keys().generate("sm2")
            der = self._write(self.ROOT, key, terms, key)
        return keep(self.ROOT, key, role, terms, der)


@cache
def authority() -> CertificateAuthority:
    """Return the authority of this installation."""
    return import_string(settings.SHUZHENG_SEAL_AUTHORITY)()


def newest(role: CertificateRole) -> SealCertificate | None:
    """Return the newest certificate of a role that is not revoked."""
    found = SealCertificate.objects.filter(role=role, revoked_at=None).select_related("key")
    return found.order_by("-created_at", "-id").first()


def _ders(role: CertificateRole) -> list[bytes]:
    found = SealCertificate.objects.filter(role=role, revoked_at=None).order_by("-created_at")
    return [bytes(der) for der in found.values_list("der", flat=True)]


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Open a transaction in which nobody else makes the same thing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"documents.seals:{what}"])
        yield


def _serial() -> int:
    """Return an unguessable positive serial number of 16 bytes."""
    return secrets.randbits(126) | 1 << 126


def keep(subject: Subject, key: SealKey, role: CertificateRole, terms: Terms, der: bytes) -> SealCertificate:
    """Write down a certificate that was issued."""
    return SealCertificate.objects.create(
        serial=f"{terms.serial:x}",
        role=role,
        key=key,
        subject=subject.common_name,
        der=der,
        not_before=terms.not_before,
        not_after=terms.not_after,
        created_at=now(),
    )
