"""Values of indicators (指标值), ready to be read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.fields import IdField, LtreeField
from shuzheng.kernel.moment import now


class IndicatorValue(models.Model):
    """One value of an indicator (指标值) for one division, unit, post or officer, as it was at its vintage.

    Values of a division include everything below it, so that a page reads what it shows and adds nothing up.
    """

    id = IdField()
    indicator = models.CharField(_("指标"), max_length=60)
    #: Division that the value is of; empty for the whole installation.
    division_path = LtreeField()
    unit_id = models.UUIDField(null=True)
    post = models.CharField(_("岗位"), max_length=40, blank=True)
    #: Officer who holds what was counted.
    officer_id = models.UUIDField(null=True)
    #: What is told apart: a card, a level, the code of an item.
    key = models.CharField(_("分类"), max_length=120, blank=True)
    #: Day of a series; ``None`` for a state.
    day = models.DateField(_("日期"), null=True)
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=4)
    #: Moment of which the value tells.
    vintage = models.DateTimeField(_("数据时间"), default=now)

    class Meta:
        """Read by division, or by unit and officer; one value for one thing."""

        verbose_name = _("指标值")
        verbose_name_plural = _("指标值")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "division_path", "unit_id", "post", "officer_id", "key", "day"],
                name="insight_value_once",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["indicator", "unit_id"], name="insight_value_unit"),
            models.Index(fields=["indicator", "officer_id"], name="insight_value_officer"),
        ]

    def __str__(self) -> str:
        """Return indicator, key and value."""
        return f"{self.indicator} {self.key} {self.value}"
