"""Legal persons (法人和非法人组织)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.identity.models.person import Person
from shuzheng.kernel.fields import IdField
from shuzheng.kernel.moment import now


class LegalPerson(models.Model):
    """A legal person or other organisation (法人或非法人组织), known by its unified social credit code (GB 32100)."""

    class Kind(models.TextChoices):
        """What sort of organisation it is (民法典 part 1, chapters 3 and 4)."""

        COMPANY = "company", _("企业法人")
        INDIVIDUAL_BUSINESS = "individual", _("个体工商户")
        INSTITUTION = "institution", _("事业单位")
        SOCIAL = "social", _("社会组织")
        COOPERATIVE = "cooperative", _("农民专业合作社")
        AUTHORITY = "authority", _("机关")
        OTHER = "other", _("其他组织")

    id = IdField()
    name = models.CharField(_("名称"), max_length=200)
    #: 统一社会信用代码.
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind, default=Kind.COMPANY)
    #: 法定代表人 or person in charge.
    representative = models.ForeignKey(
        Person, models.PROTECT, related_name="represented", null=True, verbose_name=_("法定代表人")
    )
    division_code = models.CharField(_("所在区划"), max_length=12, blank=True)
    address = models.CharField(_("住所"), max_length=300, blank=True)
    #: GB/T 4754 code.
    industry_code = models.CharField(_("行业代码"), max_length=5, blank=True)
    established = models.DateField(_("成立日期"), null=True)
    synthetic = models.BooleanField(_("演示数据"), default=False)
    created_at = models.DateTimeField(_("登记时间"), default=now)

    class Meta:
        """Found by credit code or through the representative."""

        verbose_name = _("法人")
        verbose_name_plural = _("法人")

    def __str__(self) -> str:
        """Return the name."""
        return self.name
