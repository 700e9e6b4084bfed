"""Keys of seals and their certificates (印章密钥、数字证书)."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.trust.fields import EncryptedTextField
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class SealKey(models.Model):
    """A key pair: its private part sealed under the key ring, or a reference to hardware that never gives it out."""

    id = IdField()
    #: ``sm2``, or ``p256`` for PDF, whose readers know no SM2.
    algorithm = models.CharField(_("算法"), max_length=10)
    #: ``04 ‖ x ‖ y``.
    public_key = models.BinaryField(_("公钥"))
    #: Hexadecimal; empty when the key lies in hardware.
    private_key = EncryptedTextField(_("私钥"), blank=True)
    #: Index of the key in the hardware; empty in software.
    slot = models.CharField(_("密码机内位置"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("生成时间"), default=now)
    destroyed_at = models.DateTimeField(_("销毁时间"), null=True)

    class Meta:
        """A slot of the hardware holds one key."""

        verbose_name = _("印章密钥")
        verbose_name_plural = _("印章密钥")
        constraints = [
            models.UniqueConstraint(fields=["slot"], name="documents_seal_key_slot", condition=~models.Q(slot=""))
        ]

    def __str__(self) -> str:
        """Return algorithm and id."""
        return f"{self.algorithm} {self.id}"


class CertificateRole(models.TextChoices):
    """What a certificate is for."""

    ROOT = "root", _("根证书")
    MAKER = "maker", _("制章")
    SEAL = "seal", _("盖章")
    PDF_ROOT = "pdf_root", _("PDF 根证书")
    PDF = "pdf", _("PDF 盖章")


class SealCertificate(models.Model):
    """A certificate that was issued for the service (数字证书)."""

    id = IdField()
    #: Hexadecimal.
    serial = models.CharField(_("序列号"), max_length=40, unique=True)
    role = models.CharField(_("用途"), max_length=10, choices=CertificateRole)
    key_id: UUID
    key = models.ForeignKey(SealKey, models.PROTECT, related_name="certificates", verbose_name=_("密钥"))
    subject = models.CharField(_("持有者"), max_length=200)
    der = models.BinaryField(_("证书"))
    not_before = models.DateTimeField(_("生效时间"))
    not_after = models.DateTimeField(_("失效时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True)
    created_at = models.DateTimeField(_("签发时间"), default=now)

    class Meta:
        """Looked up by role, the newest first, and by revocation for the list."""

        verbose_name = _("数字证书")
        verbose_name_plural = _("数字证书")
        indexes = [
            models.Index(fields=["role", "-created_at"], name="documents_cert_role"),
            models.Index(
                fields=["revoked_at"], name="documents_cert_revoked", condition=models.Q(revoked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        """Return holder and serial number."""
        return f"{self.subject} {self.serial}"
