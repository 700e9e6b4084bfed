"""Django application of `trust`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class TrustConfig(EngineConfig):
    """Whether it can be proved: cryptography, masking, audit."""

    name = "shuzheng.engines.trust"
    label = "trust"
    verbose_name = _("可信")
