"""Erasure of what the ledger holds about a person (个人信息删除权)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class Erasure(models.Model):
    """A request to erase a person from the ledger, asked for by one administrator and carried out by another."""

    id = IdField(primary_key=True)
    person_id = models.UUIDField(_("当事人"))
    #: Why it is owed, e.g. 个人信息保护法 §47.
    basis = models.CharField(_("依据"))
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(_("提出时间"), default=now)
    erased_by = models.UUIDField(null=True)
    erased_at = models.DateTimeField(_("执行时间"), null=True)

    class Meta:
        """Listed newest first."""

        verbose_name = _("个人信息删除")
        verbose_name_plural = _("个人信息删除")

    def __str__(self) -> str:
        """Return the id, which says nothing about the person."""
        return str(self.id)
