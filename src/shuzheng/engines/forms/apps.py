"""Django application of `forms`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class FormsConfig(EngineConfig):
    """What must be asked: forms made of data elements."""

    name = "shuzheng.engines.forms"
    label = "forms"
    verbose_name = _("表单")
