"""How fast one message reaches 100,000 people, beside raw COPY of the same rows in the same run.

``python -m bench.messages`` starts a database of its own in a temporary folder and removes it afterwards. A fifth of the
people also want an SMS, whose deliveries are written in the same transactions. ``--quick`` takes 4,000 people.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.database import database

PEOPLE, QUICK = 100_000, 4_000
#: Share of people who want to be told by SMS.
BY_SMS = 5
#: Messages a second below which sending to a city of five million takes a working day.
GOAL = 10_000
SEED = """
    INSERT INTO identity_person (id, name, id_number, sex, mobile, division_code, address, synthetic, created_at)
    SELECT gen_random_uuid(), '居民' || n, '', '0', '', '360702000000', '', true, now() FROM generate_series(1, %s) n
"""
LIST = """
    INSERT INTO messaging_bulkrecipient (id, bulk_id, person_id, values)
    SELECT gen_random_uuid(), %s, id, '{}' FROM identity_person
"""
ADDRESSES = """
    INSERT INTO messaging_contactaddress (id, owner, channel, address, verified_at, created_at)
    SELECT gen_random_uuid(), id, 'sms', %s, now(), now()
    FROM (SELECT id, row_number() OVER () AS n FROM identity_person) p WHERE n %% %s = 0
"""


def seed(people: int) -> Any:
    """Return a bulk that is ready to be sent to so many people."""
    from django.db import connection

    from shuzheng.engines.messaging.models import Bulk
    from shuzheng.engines.messaging.models.contact_address import ADDRESS
    from shuzheng.engines.messaging.templates import build_in
    from shuzheng.engines.trust.crypto import seal

    build_in(
        code="bench.notice",
        title="停水通知",
        subject="11月27日停水",
        body="章贡区红旗大道将于11月27日 8 时至 20 时停水，请提前储水。给您带来不便，敬请谅解。",
        notice="红旗大道11月27日停水，请提前储水。",
        category="safety",
    )
    bulk = Bulk.objects.create(title="bench", template="bench.notice", audience="list", status="running", total=people)
    with connection.cursor() as cursor:
        cursor.execute(SEED, [people])
        cursor.execute(LIST, [bulk.pk])
        cursor.execute(ADDRESSES, [seal("13812345678", ADDRESS), BY_SMS])
        cursor.execute("ANALYZE")
    return bulk


def fan_out(bulk: Any) -> list[float]:
    """Send the bulk and return the seconds that each batch took."""
    from shuzheng.engines.messaging.actions import SendBatch
    from shuzheng.kernel.actor import Actor

    actor, times, more = Actor.system("bench"), [], True
    while more:
        started = time.perf_counter()
        more = SendBatch.do(actor, bulk_id=bulk.pk).more
        times.append(time.perf_counter() - started)
    return times


def raw_copy(batch: int) -> list[float]:
    """Copy the rows just written into tables with the same indexes and keys, in batches as large; return their times."""
    from django.db import connection, transaction

    times = []
    with connection.cursor() as cursor:
        for table in ("messaging_message", "messaging_delivery"):
            cursor.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(FOREIGN_KEYS, [table])
            for (key,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE raw_{table} ADD {key}")
        cursor.execute("SELECT id FROM messaging_message ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), batch):
            texts = [_text(cursor, where, ids[start : start + batch]) for where in WHERE]
            started = time.perf_counter()
            with transaction.atomic():
                for table, text in zip(WHERE, texts, strict=True):
                    with cursor.copy(f"COPY raw_{table} FROM STDIN") as out:
                        out.write(text)
            times.append(time.perf_counter() - started)
    return times


FOREIGN_KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
#: Tables that a batch fills, and the column by which its rows are found.
WHERE = {"messaging_message": "id", "messaging_delivery": "message_id"}


def _text(cursor: Any, table: str, ids: list[Any]) -> bytes:
    chosen = ",".join(f"'{id}'" for id in ids)
    with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {WHERE[table]} IN ({chosen})) TO STDOUT") as rows:
        return b"".join(bytes(piece) for piece in rows)


def p99(times: list[float]) -> float:
    """Return the 99th percentile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))] * 1000


def main() -> None:
    """Measure and print."""
    people = QUICK if "--quick" in sys.argv else PEOPLE
    table = Table(title=f"One message to {people:,} people")
    for column in ("what", "ours", "raw COPY", "ratio", "goal"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with database():
        from shuzheng.engines.messaging.actions.bulk_sending import BATCH
        from shuzheng.engines.messaging.models import Delivery, Message

        ours = fan_out(seed(people))
        assert Message.objects.count() == people
        assert Delivery.objects.count() == people // BY_SMS
        raw = raw_copy(BATCH)
    rate, limit = people / sum(ours), people / sum(raw)
    table.add_row("messages/s", f"{rate:,.0f}", f"{limit:,.0f}", f"{rate / limit:.2f}", f"{GOAL:,}")
    slowest, bare = p99(ours), p99(raw)
    table.add_row(f"p99 of a batch of {BATCH:,}, ms", f"{slowest:.0f}", f"{bare:.0f}", f"{slowest / bare:.2f}", "500")
    Console().print(table)


if __name__ == "__main__":
    main()
