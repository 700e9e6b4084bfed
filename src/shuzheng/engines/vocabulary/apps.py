"""Django application of `vocabulary`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.apps import EngineConfig


class VocabularyConfig(EngineConfig):
    """What a field means: data elements, code lists, divisions, the working calendar."""

    name = "shuzheng.engines.vocabulary"
    label = "vocabulary"
    verbose_name = _("词汇")
