"""The site's API: the engines' routers put together."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from ninja import NinjaAPI

from shuzheng.kernel.api import build_api


def site_api() -> NinjaAPI:
    """Return the API of every engine that has one (``api.router``)."""
    engines = [config for config in apps.get_app_configs() if config.name.startswith("shuzheng.engines.")]
    with_api = [config for config in engines if config.module and module_has_submodule(config.module, "api")]
    return build_api(**{config.label: import_module(f"{config.name}.api").router for config in with_api})
