"""Django application of `operator`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class OperatorConfig(EngineConfig):
    """The operators' screens."""

    name = "shuzheng.portals.admin"
    label = "operator"
    verbose_name = _("运维后台")
