"""Django application of `office`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class OfficeConfig(EngineConfig):
    """The officials' portal (赣政通)."""

    name = "shuzheng.portals.office"
    label = "office"
    verbose_name = _("政务工作台")
