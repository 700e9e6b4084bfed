"""Logs: one event a line, joined by correlation id, without personal data."""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shuzheng.settings.environment import declare

#: Resident identity numbers and mobile numbers, wherever they stand in a text.
PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[0-9Xx]|1[3-9]\d{9})(?![0-9A-Za-z])")
#: Fields whose value never belongs in a log.
SECRET = re.compile(r"password|passwd|secret|token|cookie|authorization|session|id_number|mobile|phone|address$", re.I)
HIDDEN = "***"
Event = MutableMapping[str, Any]


def hide_personal_data(logger: Any, method: str, event: Event) -> Event:
    """Replace the values of telling fields, and identity and mobile numbers in any text, by ``***``."""
    for name, value in event.items():
        if name != "event" and SECRET.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = PERSONAL.sub(HIDDEN, value)
        elif isinstance(value, dict | list | tuple):
            event[name] = PERSONAL.sub(HIDDEN, repr(value))
    return event


def configure(*, pretty: bool) -> dict[str, Any]:
    """Set structlog up and return Django's ``LOGGING``: readable lines for people, or JSON for machines."""
    level = declare(
        "SHUZHENG_LOG_LEVEL", str.upper, "INFO", "Least severity that is logged: DEBUG, INFO, WARNING or ERROR."
    )
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return _handlers(level, shared, renderer)


def _handlers(level: str, shared: list[Any], renderer: Any) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": shared,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structlog": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "procrastinate": {"level": "WARNING"},
            "spiff": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }
