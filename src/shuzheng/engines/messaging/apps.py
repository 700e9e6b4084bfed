"""Django application of `messaging`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class MessagingConfig(EngineConfig):
    """How people are reached: inbox, channels, templates, service in law."""

    name = "shuzheng.engines.messaging"
    label = "messaging"
    verbose_name = _("消息")
    declaring = (*EngineConfig.declaring, "built_in", "metrics")
