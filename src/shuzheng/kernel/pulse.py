"""The pulse of a process: every few seconds it hands over what it counted and learns what is paused.

It beats in a thread of its own with a connection of its own, so that no request waits for it.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Mapping
from functools import cache
from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

from shuzheng.kernel.outcomes import TALLY, Count, Key

#: Seconds between two beats: as long a process may go on with what was just paused.
PERIOD = 5.0
Beat = Callable[[Mapping[Key, Count]], None]
_beating: dict[int, Event] = {}
log = structlog.get_logger()


def start() -> None:
    """Begin to beat; called once by each process that serves or works, a second time it does nothing.

    Nor does it where no engine is there to beat for (``SHUZHENG_PULSE``).
    """
    if os.getpid() in _beating or not getattr(settings, "SHUZHENG_PULSE", ""):
        return
    stop = _beating[os.getpid()] = Event()
    thread = Thread(target=_go_on, args=(stop,), name="pulse", daemon=True)
    thread.start()
    atexit.register(_stop, stop, thread)


def beat() -> None:
    """Hand over the counts and learn what is paused; counts that the database cannot take are kept for the next beat."""
    counts = TALLY.take()
    try:
        _beat()(counts)
    except DatabaseError as error:
        TALLY.give_back(counts)
        log.warning("pulse_missed", error=type(error).__name__)


@cache
def _beat() -> Beat:
    return import_string(settings.SHUZHENG_PULSE)


def _stop(stop: Event, thread: Thread) -> None:
    """Hand over what was counted last."""
    stop.set()
    thread.join(PERIOD)


def _go_on(stop: Event) -> None:
    last = False
    while True:
        close_old_connections()
        try:
            beat()
        except Exception:  # a defect here must not leave a process without its pulse for ever
            log.exception("pulse_failed")
        close_old_connections()
        if last:
            return
        last = stop.wait(PERIOD)
