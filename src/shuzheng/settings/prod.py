"""Settings for production: TLS in front, secrets from the environment or the keys folder, JSON logs (ASVS 4.0 level 2)."""

from __future__ import annotations

from shuzheng.settings import logging
from shuzheng.settings.dev import *
from shuzheng.settings.environment import boolean, declare

DEMO = declare("SHUZHENG_DEMO", boolean, "0", "Show the demo banner, demo accounts and the style guide.")
LOGGING = logging.configure(pretty=False)

# V3.4: the prefix lets a browser accept the cookie only from this very host over TLS.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True

# V9.1: only over TLS, which a proxy in front ends and tells us about.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = declare("SHUZHENG_REDIRECT_TO_TLS", boolean, "1", "Send requests that came without TLS to https.")
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = declare("SHUZHENG_HSTS_SECONDS", int, "31536000", "How long browsers insist on TLS, in seconds.")
SECURE_HSTS_INCLUDE_SUBDOMAINS = True

# Files carry a hash of their content in their name and may be kept for ever.
WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
