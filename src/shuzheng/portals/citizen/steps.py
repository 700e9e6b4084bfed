"""The steps of an application, as every page of it shows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STEPS = [_("为谁办"), _("填表"), _("交材料"), _("核对提交")]
