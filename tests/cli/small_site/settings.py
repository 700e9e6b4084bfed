"""Settings of the small site: the kernel, its queue and what Django needs for them."""

from __future__ import annotations

from shuzheng.settings.dev import *

INSTALLED_APPS = [
    "shuzheng.kernel",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "shuzheng.kernel.http.CorrelationMiddleware",
    "shuzheng.kernel.metrics.MetricsMiddleware",
    "shuzheng.kernel.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shuzheng.kernel.http.ActorMiddleware",
    "shuzheng.kernel.http.AccessMiddleware",
    "shuzheng.kernel.http.ProblemMiddleware",
]
AUTH_USER_MODEL = "auth.User"
ROOT_URLCONF = "tests.cli.small_site.urls"
SHUZHENG_ACTOR_OF = "tests.cli.small_site.urls.nobody"
SHUZHENG_AUDIT_SINK = "tests.cli.small_site.urls.no_audit"
PROCRASTINATE_IMPORT_PATHS = ["tests.cli.small_site.work"]
PACKS = []
SHUZHENG_SCALING_OF = "tests.cli.small_site.direction"
