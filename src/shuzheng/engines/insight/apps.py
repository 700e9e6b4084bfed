"""Django application of `insight`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class InsightConfig(EngineConfig):
    """How we are doing: indicators and their values."""

    name = "shuzheng.engines.insight"
    label = "insight"
    verbose_name = _("指标")
