"""Django application of `ui`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class UiConfig(EngineConfig):
    """The design system: layouts, components, tokens."""

    name = "shuzheng.ui"
    label = "ui"
    verbose_name = _("界面")
