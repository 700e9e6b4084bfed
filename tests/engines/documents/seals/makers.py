"""A certificate authority, a seal maker and seals for tests, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.seals.certificates import Certificate
from shuzheng.engines.documents.seals.ses import Picture, SealContent
from shuzheng.engines.documents.seals.stamping import Signer
from shuzheng.engines.documents.seals.trust_store import TrustStore
from shuzheng.engines.documents.seals.writing import write_seal
from shuzheng.engines.documents.seals.x509 import AUTHORITY_USES, Subject, Terms, write_certificate
from shuzheng.engines.trust.crypto import Sm2KeyPair, provider
from shuzheng.engines.trust.crypto.encoding import signature_to_der

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2027, 1, 1, tzinfo=UTC)
STAMPED = datetime(2026, 6, 1, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    """A key with its certificate."""

    subject: Subject
    pair: Sm2KeyPair
    certificate: bytes

    def sign(self, data: bytes) -> bytes:
        """Return the DER of a signature."""
        return signature_to_der(provider().sm2_sign(self.pair.private, data))

    @property
    def signer(self) -> Signer:
        """Return it as one who stamps."""
        return Signer(self.certificate, self.sign)


def authority(name: str = "测试根") -> Holder:
    """Return a new authority, which certifies itself."""
    pair, subject = provider().sm2_generate(), Subject(name)
    terms = Terms(1, BEGAN - timedelta(days=1), ENDS + timedelta(days=3650), True, AUTHORITY_USES)
    alone = Holder(subject, pair, b"")
    return Holder(
        subject,
        pair,
        write_certificate(subject, pair.public, terms, issuer=subject, issuer_key=pair.public, sign=alone.sign),
    )


def holder(name: str, by: Holder, serial: int = 2, until: datetime = ENDS) -> Holder:
    """Return somebody with a certificate of an authority."""
    pair, subject = provider().sm2_generate(), Subject(name)
    terms = Terms(serial, BEGAN - timedelta(hours=1), until)
    certificate = write_certificate(
        subject, pair.public, terms, issuer=by.subject, issuer_key=by.pair.public, sign=by.sign
    )
    return Holder(subject, pair, certificate)


def seal_of(stamper: Holder, maker: Holder, *, name: str = "测试专用章", code: str = "36070200000001") -> bytes:
    """Return a seal that a stamper may use."""
    picture = Picture("png", b"\x89PNG\r\n\x1a\n", 42, 42)
    content = SealContent(code, "test", 1, name, (stamper.certificate,), BEGAN, BEGAN, ENDS, picture)
    return write_seal(content, maker.certificate, maker.sign)


def trusting(*anchors: Holder) -> TrustStore:
    """Return a trust store of authorities."""
    return TrustStore(anchors=tuple(Certificate(one.certificate) for one in anchors))


def done_file(file_id: UUID) -> StoredFile:
    """Return a stored file."""
    return StoredFile.objects.get(pk=file_id)
