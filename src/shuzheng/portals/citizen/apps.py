"""Django application of `citizen`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class CitizenConfig(EngineConfig):
    """The residents' portal (赣服通)."""

    name = "shuzheng.portals.citizen"
    label = "citizen"
    verbose_name = _("居民门户")
