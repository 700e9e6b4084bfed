"""What a WSGI server runs: ``shuzheng.wsgi:application``."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

from shuzheng.kernel import pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.settings.dev")
application = get_wsgi_application()
# What was loaded stays for good: the collector need not look through it again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
pulse.start()
