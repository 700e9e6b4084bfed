"""Signed heads of the audit's chain."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChainCheckpoint(models.Model):
    """The chain's head at a moment, signed with SM2: a tail cut off or rewritten later contradicts it.

    Append-only like the audit itself; every checkpoint also goes to the log, where another machine can keep it.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("时间"))
    #: Number of records sealed so far.
    sequence_no = models.BigIntegerField(_("序号"))
    chain_hash = models.BinaryField()
    #: ``SigningKey`` that signed.
    key_id = models.UUIDField()
    #: Raw SM2 signature of ``sealing.checkpoint_text``.
    signature = models.BinaryField()

    class Meta:
        """Kept by SQL of our own, as the audit is."""

        managed = False
        db_table = "trust_chaincheckpoint"
        verbose_name = _("审计链检查点")
        verbose_name_plural = _("审计链检查点")

    def __str__(self) -> str:
        """Return the place in the chain."""
        return f"#{self.sequence_no}"
