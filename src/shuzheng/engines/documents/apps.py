"""Django application of `documents`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class DocumentsConfig(EngineConfig):
    """What is certified: files and documents."""

    name = "shuzheng.engines.documents"
    label = "documents"
    verbose_name = _("文档")
