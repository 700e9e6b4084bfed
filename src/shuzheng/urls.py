"""All addresses of the site."""

from __future__ import annotations

from django.urls import include, path
from django.utils.module_loading import module_has_submodule
from importlib import import_module

urlpatterns = []
