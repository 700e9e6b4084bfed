"""Settings for production: TLS in front, every secret from the environment."""

from __future__ import annotations

from shuzheng.settings.dev import *

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
