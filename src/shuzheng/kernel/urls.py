"""Addresses for load balancers and monitoring."""

from __future__ import annotations

from django.urls import path

from shuzheng.kernel import health

app_name = "kernel"
urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
