"""Settings for a demo or a developer's machine: embedded database unless DATABASE_URL is set."""

from __future__ import annotations

from shuzheng.settings import logging
from shuzheng.settings.base import *
from shuzheng.settings.base import HOME
from shuzheng.settings.database import embedded, from_url
from shuzheng.settings.environment import declare
from shuzheng.settings.keys import secret_key

_url = declare("DATABASE_URL", str, "", "PostgreSQL to use instead of the embedded server.", secret=True)
DATABASES = {"default": from_url(_url) if _url else embedded(HOME)}
SECRET_KEY = SECRET_KEY or secret_key(HOME)
LOGGING = logging.configure(pretty=True)
WHITENOISE_USE_FINDERS = True
