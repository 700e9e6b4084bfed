"""The sandbox SMS centre as a whole: both doors open, receipts sent as they fall due."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import NoReturn

from shuzheng.sandbox.smsc.cmpp import CmppDoor
from shuzheng.sandbox.smsc.http import HttpDoor, report
from shuzheng.sandbox.smsc.store import Store

PAUSE = 0.2


def serve(
    path: str,
    *,
    http: int,
    cmpp: int,
    callback: str,
    secret: str,
    key: str = "sandbox",
    account: str = "900001",
    opened: Callable[[int, int], None] = lambda http, cmpp: None,
) -> NoReturn:
    """Serve until the process ends; port 0 takes any, and ``opened`` is told which."""
    store = Store(path)
    doors = (HttpDoor(http, store, key, secret), CmppDoor(cmpp, store, account, secret))
    for door in doors:
        Thread(target=door.serve_forever, daemon=True).start()
    opened(doors[0].server_address[1], doors[1].server_address[1])
    while True:
        report(store, callback, secret)
        time.sleep(PAUSE)
