"""Settings for the test suite."""

from __future__ import annotations

from shuzheng.settings.dev import *
from shuzheng.settings.dev import MIDDLEWARE

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
MIDDLEWARE = ["shuzheng.testing.simulated.SimulatedTimeMiddleware", *MIDDLEWARE]
SHUZHENG_LEDGER_RUN = 0.0
