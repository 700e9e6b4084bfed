"""What may be allowed to officers in the vocabulary."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.policy import permission

KEEP_CALENDAR = permission("vocabulary.keep_calendar", _("维护工作日历"))
