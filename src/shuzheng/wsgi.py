"""What a WSGI server runs: ``shuzheng.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.settings.dev")
application = get_wsgi_application()
