"""Django application of `identity`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class IdentityConfig(EngineConfig):
    """Who may act: persons, accounts, organisations, posts, mandates."""

    name = "shuzheng.engines.identity"
    label = "identity"
    verbose_name = _("身份")
