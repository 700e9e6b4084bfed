"""Django applications of the kernel and the base of every engine's application."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    """Base of every engine's application: loads the parts that declare something by being imported."""

    default = False
    default_auto_field = "django.db.models.BigAutoField"
    #: Submodules whose import registers permissions, definition kinds, actions and event subscriptions.
    declaring = ("policies", "definitions", "declarations", "actions", "subscriptions")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let Django choose the engine's own class among those its module shows."""
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        """Import the declaring submodules that exist, so that their registries are complete at start-up."""
        for part in self.declaring:
            if self.module is not None and module_has_submodule(self.module, part):
                import_module(f"{self.name}.{part}")


class KernelConfig(EngineConfig):
    """The kernel's own tables: definitions, packs, idempotency keys, events."""

    name = "shuzheng.kernel"
    label = "kernel"
    verbose_name = _("内核")
