"""Units of government and the posts in them (机构与岗位)."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class OrgUnit(models.Model):
    """A unit of government (机构): a bureau, an office or a centre in one division."""

    id = IdField()
    #: ``<division code>-<kind>``, e.g. ``360702-market-supervision``.
    code = models.CharField(_("机构编码"), max_length=80, unique=True)
    name = models.CharField(_("机构名称"), max_length=200)
    short_name = models.CharField(_("简称"), max_length=100)
    #: Which of the usual bureaus it is; key of a definition of kind ``unit_kind``.
    kind = models.CharField(_("机构类型"), max_length=60)
    division_code = models.CharField(_("所在区划"), max_length=12)
    #: Path of the division: the scope of whatever the unit's posts may do.
    division_path = LtreeField()
    #: Path of the division, then of the unit: ``36.3607.360702.market_supervision``.
    path = LtreeField(unique=True)
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, verbose_name=_("上级机构"))
    #: Generated for a demonstration; no real unit.
    synthetic = models.BooleanField(_("演示数据"), default=False)
    closed_on = models.DateField(_("撤销日期"), null=True)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """Found by division and kind, and by subtree."""

        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        indexes = [
            models.Index(fields=["division_code", "kind"], name="identity_unit_place"),
            GistIndex(fields=["path"], name="identity_unit_path"),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Post(models.Model):
    """A post in a unit (岗位): work goes to posts, so that people may come and go."""

    id = IdField()
    unit_id: UUID
    unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="posts", verbose_name=_("机构"))
    #: acceptor, handler, approver, inspector, leader or supervisor; key of a definition of kind ``post_kind``.
    code = models.CharField(_("岗位代码"), max_length=40)
    title = models.CharField(_("岗位名称"), max_length=100)
    #: Role that holding the post brings, in the unit's division; empty for none.
    role_code = models.CharField(_("随岗角色"), max_length=60, blank=True)

    class Meta:
        """A unit has each post once."""

        verbose_name = _("岗位")
        verbose_name_plural = _("岗位")
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="identity_post_once")]

    def __str__(self) -> str:
        """Return the title."""
        return self.title
