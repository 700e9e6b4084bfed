"""Django application of `casework`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class CaseworkConfig(EngineConfig):
    """What must be done, by when: service items, cases, clocks, processes."""

    name = "shuzheng.engines.casework"
    label = "casework"
    verbose_name = _("办件")
