"""A process that sends a bulk as a worker does: ``python -m tests.engines.messaging.bulk_process <bulk> <size> <pause>``.

It says ``batch`` before the announcements of each batch are stored, in the middle of its transaction, and then waits.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import django


def main(bulk_id: str, size: int, pause: float) -> None:
    """Send batches until there are none; after an outage of the database go on, as the worker's retries do."""
    django.setup()
    from django.db import InterfaceError, OperationalError, close_old_connections

    from shuzheng.engines.messaging.actions import SendBatch, bulk_sending
    from shuzheng.engines.messaging.models import Delivery
    from shuzheng.kernel.actor import Actor

    whole = bulk_sending.copy

    def slowly(model: Any, rows: Any) -> None:
        if model is Delivery:
            sys.stdout.write("batch\n")
            sys.stdout.flush()
            time.sleep(pause)
        whole(model, rows)

    setattr(bulk_sending, "copy", slowly)
    more = True
    while more:
        try:
            more = SendBatch.do(Actor.system("worker"), bulk_id=bulk_id, size=size).more
        except (OperationalError, InterfaceError) as gone:
            sys.stdout.write(f"outage {type(gone).__name__}\n")
            sys.stdout.flush()
            close_old_connections()
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
