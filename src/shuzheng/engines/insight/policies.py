"""Who may see figures beyond their own work, and renew them by hand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

REFRESH = permission("insight.refresh", _("重新计算指标"))
