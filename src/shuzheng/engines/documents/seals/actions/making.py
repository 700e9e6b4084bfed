"""Make a seal (制章), and renew its certificates (更新证书)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.seals.actions.base import SealAction, SealInput
from shuzheng.engines.documents.seals.authority import AuthorityDeclined, authority
from shuzheng.engines.documents.seals.keys import KeysExhausted, seal_keys
from shuzheng.engines.documents.seals.models import CertificateRole, Seal, SealCertificate, SealState
from shuzheng.engines.documents.seals.pictures import png_of
from shuzheng.engines.documents.seals.ses import Picture, SealContent
from shuzheng.engines.documents.seals.writing import write_seal
from shuzheng.engines.documents.seals.x509 import Subject
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now

VENDOR = "Shuzheng"
#: Kinds as the property of the seal numbers them.
KINDS = {"official": 1, "special": 2, "contract": 3, "finance": 4}


class MakeSealInput(SealInput):
    """Which seal, and how long it shall last."""

    months: int = Field(default=36, ge=1, le=60)


class MakeSeal(SealAction[MakeSealInput]):
    """Make a filed seal: key, certificate, picture and the seal's signed data (GB/T 38540). Raises WrongState."""

    name = "documents.make_seal"
    title = _("制章")
    begins_in = frozenset({SealState.FILED})

    def perform(self, actor: Actor, given: MakeSealInput) -> Seal:
        """Make it."""
        seal = make(self.locked(given), given.months)
        return self.enter(seal, "made", SealState.IN_USE)


class RenewSeal(SealAction[MakeSealInput]):
    """Give a seal a new key and certificate; requests that were approved meanwhile can be stamped. Raises WrongState."""

    name = "documents.renew_seal"
    title = _("更新印章证书")
    begins_in = frozenset({SealState.IN_USE, SealState.EXPIRED})

    def perform(self, actor: Actor, given: MakeSealInput) -> Seal:
        """Make it anew; the old private keys are destroyed, so that only one can stamp."""
        seal = self.locked(given)
        former = [certificate for certificate in (seal.certificate, seal.pdf_certificate) if certificate]
        seal = make(seal, given.months)
        for certificate in former:
            seal_keys().destroy(certificate.key)
        return self.enter(seal, "renewed", SealState.IN_USE)


def make(seal: Seal, months: int) -> Seal:
    """Give a seal key, certificates and data, unsaved."""
    valid_to = now() + timedelta(days=round(months * 30.44))
    subject = Subject(seal.name, seal.unit.name, seal.code)
    seal.certificate = authority().certify(subject, seal_keys().generate("sm2"), CertificateRole.SEAL, valid_to)
    seal.pdf_certificate = _pdf(subject, valid_to)
    seal.data, seal.valid_to = _data(seal, valid_to), valid_to
    return seal


def _pdf(subject: Subject, valid_to: datetime) -> SealCertificate | None:
    """Return a certificate for PDF, or nothing where the keys' hardware or the authority has no such keys."""
    try:
        return authority().certify(subject, seal_keys().generate("p256"), CertificateRole.PDF, valid_to)
    except (KeysExhausted, AuthorityDeclined):
        return None


def _data(seal: Seal, valid_to: datetime) -> bytes:
    maker, certificate = authority().maker(), seal.certificate
    assert certificate is not None
    content = SealContent(
        code=seal.code,
        vendor=VENDOR,
        kind=KINDS[seal.kind],
        name=seal.name,
        certificates=(bytes(certificate.der),),
        made_at=now(),
        valid_from=now(),
        valid_to=valid_to,
        picture=Picture("png", png_of(seal), 42, 42),
    )
    return write_seal(content, bytes(maker.der), lambda data: seal_keys().sign(maker.key, data))
