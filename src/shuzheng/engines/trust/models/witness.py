"""Witnessing between installations (见证): the logs we watch, and the witnesses that watch ours."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class WatchedLog(models.Model):
    """Another installation's log, for which we are a witness: the newest head that we have seen and found consistent."""

    id = IdField(primary_key=True)
    #: Name of the log.
    origin = models.CharField(_("账本"), unique=True)
    #: Verifier key (C2SP vkey) under which its heads are believed.
    key = models.TextField(_("公钥"))
    size = models.BigIntegerField(_("叶数"), default=0)
    root = models.BinaryField(default=b"")
    #: The head as it was submitted.
    note = models.TextField(default="")
    seen_at = models.DateTimeField(_("见证时间"), null=True)
    #: When it last showed a head that does not continue the one before, and that head.
    refused_at = models.DateTimeField(_("拒绝时间"), null=True)
    refused_note = models.TextField(default="")
    #: Whether two signed heads of one size with different roots were seen, which nothing can explain away.
    forked = models.BooleanField(_("已分叉"), default=False)
    added_at = models.DateTimeField(default=now)

    class Meta:
        """Listed by name."""

        verbose_name = _("被见证的账本")
        verbose_name_plural = _("被见证的账本")

    def __str__(self) -> str:
        """Return the name."""
        return self.origin


class Witness(models.Model):
    """A witness of our log at another installation."""

    id = IdField(primary_key=True)
    #: Verifier key (C2SP vkey) of its cosignatures.
    key = models.TextField(_("公钥"), unique=True)
    #: Submission prefix.
    url = models.CharField(_("地址"))
    active = models.BooleanField(_("启用"), default=True)
    #: Size of the head that it cosigned last.
    size = models.BigIntegerField(_("已见证叶数"), default=0)
    #: What the last attempt that failed said; empty when it went well.
    trouble = models.TextField(_("故障"), default="")
    added_at = models.DateTimeField(default=now)

    class Meta:
        """Listed by key, which begins with the name."""

        verbose_name = _("见证方")
        verbose_name_plural = _("见证方")

    def __str__(self) -> str:
        """Return the name."""
        return self.key.partition("+")[0]


class Cosignature(models.Model):
    """A witness's signature under one of our heads."""

    id = IdField(primary_key=True)
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT)
    #: Size of the head.
    size = models.BigIntegerField()
    #: The signature line.
    line = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        """One for each witness and head."""

        constraints = [models.UniqueConstraint(fields=["size", "witness"], name="trust_one_cosignature")]

    def __str__(self) -> str:
        """Return the line."""
        return self.line
