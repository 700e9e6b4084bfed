"""Run the sandbox SMS centre: ``python -m shuzheng.sandbox.smsc``."""

from __future__ import annotations

import argparse
import sys
import time
from threading import Thread

from shuzheng.sandbox.smsc.cmpp import CmppDoor
from shuzheng.sandbox.smsc.http import HttpDoor, report
from shuzheng.sandbox.smsc.store import Store

PAUSE = 0.2


def main() -> None:
    """Open both doors and send receipts until interrupted; prints the ports once they are open."""
    parser = argparse.ArgumentParser(description="沙箱短信中心：演示用，不会发出任何短信。")
    parser.add_argument("--http", type=int, default=9200)
    parser.add_argument("--cmpp", type=int, default=7890)
    parser.add_argument("--store", default="smsc.sqlite")
    parser.add_argument("--callback", default="", help="Address that receipts of the HTTP door are posted to.")
    parser.add_argument("--key", default="sandbox")
    parser.add_argument("--secret", default="sandbox-secret")
    parser.add_argument("--account", default="900001")
    given = parser.parse_args()
    store = Store(given.store)
    doors = (
        HttpDoor(given.http, store, given.key, given.secret),
        CmppDoor(given.cmpp, store, given.account, given.secret),
    )
    for door in doors:
        Thread(target=door.serve_forever, daemon=True).start()
    sys.stdout.write(" ".join(str(door.server_address[1]) for door in doors) + "\n")
    sys.stdout.flush()
    while True:
        report(store, given.callback, given.secret)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
