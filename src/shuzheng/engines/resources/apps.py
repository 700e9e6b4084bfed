"""Django application of `resources`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class ResourcesConfig(EngineConfig):
    """Operations of our own estate: objectives, alerts, emergency measures, scaling."""

    name = "shuzheng.engines.resources"
    label = "resources"
    verbose_name = _("运行保障")
