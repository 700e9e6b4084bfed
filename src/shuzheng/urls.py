"""All addresses of the site."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from shuzheng.api import site_api


def _own() -> list[URLPattern | URLResolver]:
    """Return the addresses of every engine and portal that has a ``urls`` module; each chooses its own prefix."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith("shuzheng.")]
    return [
        path("", include(f"{config.name}.urls"))
        for config in reversed(ours)
        if config.module and module_has_submodule(config.module, "urls")
    ]


handler400 = handler403 = handler404 = "shuzheng.kernel.http.refuse"
handler500 = "shuzheng.kernel.outage.server_error"
urlpatterns = [
    path("api/", site_api().urls),
    path("admin/", admin.site.urls),
    *_own(),
    # After our own, which replace some of its pages.
    path("accounts/", include("allauth.urls")),
]
